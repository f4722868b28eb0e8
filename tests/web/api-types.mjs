// Writes types/api.d.ts, the types of what the server answers and takes, from docs/openapi.json: so the pages are checked against the description
// that the server's own tests are held to.

import { readFileSync, writeFileSync } from 'node:fs';

const at = (path) => new URL(path, import.meta.url);
const { components } = JSON.parse(readFileSync(at('../../docs/openapi.json'), 'utf8'));

/** @param {Record<string, any>} schema */
function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives) return alternatives.map(typeOf).join(' | ');
  if (schema.allOf) return schema.allOf.map(typeOf).join(' & ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  switch (schema.type) {
    case 'null':
      return 'null';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
    case 'string':
      return schema.type;
    case 'array':
      return `Array<${typeOf(schema.items)}>`;
    case 'object':
      return objectOf(schema);
    default:
      return 'unknown';
  }
}

/**
 * What an answer may leave out it may have as null, and the other way round.
 * @param {Record<string, any>} schema
 */
function objectOf({ properties = {}, required = [], additionalProperties }) {
  const members = Object.entries(properties).map(([name, schema]) => `${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}${required.includes(name) ? '' : ' | undefined'};`);
  if (additionalProperties && members.length === 0) return `Record<string, ${additionalProperties === true ? 'unknown' : typeOf(additionalProperties)}>`;
  return `{ ${members.join(' ')} }`;
}

const types = Object.entries(components.schemas).map(([name, schema]) => `export type ${name} = ${typeOf(schema)};\n`);
writeFileSync(at('types/api.d.ts'), `// Made by api-types.mjs.\n${types.join('')}`);
