// A SAML identity provider with a sign-in page of one field, for the stories. Test-only.
//
// One argument, JSON: { port, entityId, acs, key, certificate, people: {login: {attribute: value}} }; key and
// certificate are files. The NameID is the login. /metadata describes it, /sso takes requests, and
// /tile?login=LOGIN answers nobody's request, as the tile of a portal does.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import samlp from 'samlp';

const { port, entityId, acs, key, certificate, people } = JSON.parse(process.argv[2]);
const at = `http://127.0.0.1:${port}`;

function mapper(person) {
  return {
    getClaims: () => people[person.login],
    getNameIdentifier: () => ({ nameIdentifier: person.login }),
  };
}
mapper.prototype.metadata = [];

const options = {
  issuer: entityId,
  key: readFileSync(key),
  cert: readFileSync(certificate),
  destination: acs,
  recipient: acs,
  signResponse: true,
  signAssertion: true,
  lifetimeInSeconds: 300,
  profileMapper: mapper,
  getPostURL: (_audience, _request, _from, callback) => callback(null, acs),
  getUserFromRequest: (request) => ({ login: request.login }),
};

const answer = samlp.auth(options);
const tile = samlp.auth({ ...options, audience: acs.replace('/saml/acs', '/saml/metadata') });

const metadata = samlp.metadata({
  ...options,
  redirectEndpointPath: '/sso',
  postEndpointPath: '/sso',
  logoutEndpointPaths: {},
});

const page = `<!doctype html><html lang="en"><title>Sign in</title>
<form method="post"><label>Login <input name="login" autofocus></label> <button>Sign in</button></form>`;

const body = async (request) => {
  let text = '';
  for await (const part of request) text += part;
  return new URLSearchParams(text);
};

/** What samlp expects of its web framework. */
const dressed = (request, response, query) => {
  request.query = query;
  request.body = {};
  request.headers.host = `127.0.0.1:${port}`;
  request.originalUrl = request.url;
  request.protocol = 'http';
  response.set = (name, value) => response.setHeader(name, value);
  response.send = (text) => response.end(typeof text === 'number' ? String(text) : text);
};

const failed = (response) => (error) => {
  response.statusCode = 500;
  response.end(String(error));
};

createServer(async (request, response) => {
  const url = new URL(request.url, at);
  dressed(request, response, Object.fromEntries(url.searchParams));
  if (url.pathname === '/metadata') return metadata(request, response, failed(response));
  if (url.pathname === '/tile') {
    request.login = url.searchParams.get('login');
    request.query = {};
    return tile(request, response, failed(response));
  }
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'text/html');
    return response.end(page);
  }
  request.login = (await body(request)).get('login');
  if (!people[request.login]) {
    response.statusCode = 403;
    return response.end('unknown login');
  }
  return answer(request, response, failed(response));
}).listen(port, '127.0.0.1', () => console.log('ready'));
