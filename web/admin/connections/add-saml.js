// A SAML identity provider, by its metadata: an address, a file, or pasted.

import { h } from '../../lib/h.js';
import { field } from '../../lib/parts.js';
import { ownProblem, problemBox } from '../../lib/problem.js';
import { complain, page as show, panel } from '../parts.js';
import { words } from '../strings/index.js';
import { form, further, given, line, matching } from './form.js';
import { atProvider } from './here.js';

/** Metadata of one identity provider are a few KiB; the server reads so many bytes. */
const LARGEST = 512 * 1024;

/**
 * @param {import('../console.js').Console} console
 * @param {import('./model.js').Here} here
 */
export function addSaml(console, here) {
  const text = words.connections.saml;
  const source = metadataSource();
  const name = line('connection-name', { ...words.connections.form.name, optional: true });
  const subject = line('subject-attribute', { ...text.subject, optional: true });
  const audience = line('audience', { ...text.audience, optional: true });
  const tenant = line('tenant', { ...words.connections.form.tenant, optional: true });
  const matches = matching();
  const body = () => ({
    ...source.given(),
    name: given(name.input),
    subjectAttribute: given(subject.input),
    audience: given(audience.input),
    tenant: given(tenant.input),
    matchUserName: matches.input.checked,
  });
  show(
    'add-saml',
    text.heading,
    { lead: text.lead, back: { href: '#/connections', label: words.connections.heading } },
    atProvider('saml', here),
    panel({ heading: text.metadata, text: text.metadataText }, form(console, 'saml', body, source.isReady, source.box, further(name.box, subject.box, audience.box, tenant.box, matches.box))),
  );
}

/** The three ways in which metadata come. */
function metadataSource() {
  const text = words.connections.saml;
  const url = line('metadata-url', text.url, { type: 'url', inputmode: 'url', placeholder: 'https://' });
  const area = h('textarea', { id: 'metadata-text', class: 'text xml', testid: 'metadata-text', rows: 8, spellcheck: 'false', dir: 'ltr', autocapitalize: 'none' });
  const file = h('input', { id: 'metadata-file', type: 'file', accept: '.xml,application/xml,text/xml,application/samlmetadata+xml', testid: 'metadata-file' });
  const fileName = h('p', { class: 'muted small', role: 'status', testid: 'metadata-file-name' });
  const tooLarge = () => problemBox(ownProblem('metadata-too-large', words.problem('metadata-too-large')));
  file.addEventListener('change', async () => {
    const [chosen] = file.files ?? [];
    if (!chosen) return;
    if (chosen.size > LARGEST) {
      file.value = '';
      fileName.replaceChildren(tooLarge());
      return;
    }
    area.value = await chosen.text();
    fileName.textContent = text.chosen(chosen.name);
  });
  const or = () => h('p', { class: 'or' }, text.or);
  const both = () => ({
    ...(given(url.input) ? { metadataUrl: given(url.input) } : {}),
    ...(area.value.trim() ? { metadata: area.value } : {}),
  });
  const isReady = (/** @type {HTMLElement} */ trouble) => {
    const ways = Object.keys(both()).length;
    if (ways !== 1) complain(trouble, url.input, ways === 0 ? text.none : text.both);
    else if (new Blob([area.value]).size > LARGEST) trouble.replaceChildren(tooLarge());
    else return true;
    return false;
  };
  return { box: h('div', { class: 'stack' }, url.box, or(), field(text.file, file, fileName), or(), field(text.text, area)), given: both, isReady };
}
