// A certified OpenID provider with a sign-in page of one field, for the stories. Test-only.
//
// One argument, JSON: { port, client: {id, secret}, redirectUri, people: {login: {claims}} }.
// `sub` is the login; further claims (oid, tid, name) are as given for the person. Who signs out here
// (/session/end) is signed out at the client too, behind the browser's back.

import Provider from 'oidc-provider';

const { port, client, redirectUri, people } = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: client.id,
      client_secret: client.secret,
      redirect_uris: [redirectUri],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      backchannel_logout_uri: new URL('/oidc/back-channel-logout', redirectUri).href,
      backchannel_logout_session_required: true,
    },
  ],
  // Entra puts its claims into the ID token, and so does this.
  conformIdTokenClaims: false,
  claims: { openid: ['sub', 'oid', 'tid'], profile: ['name', 'preferred_username'], email: ['email'] },
  pkce: { required: () => true },
  cookies: { keys: ['test-only'] },
  // It talks to no address of this machine, where the stories have everything.
  fetch: (url, { dispatcher: _guard, ...options }) => fetch(url, options),
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    // Its own pages ask the net for a font.
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (context, form) => {
        context.body = `<!doctype html><html lang="en"><title>Sign out</title>${form}
<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`;
      },
      postLogoutSuccessSource: (context) => {
        context.body = '<!doctype html><html lang="en"><title>Signed out</title><p>Signed out.</p>';
      },
    },
  },
  interactions: { url: (_context, interaction) => `/sign-in/${interaction.uid}` },
  findAccount: (_context, login) =>
    people[login] && { accountId: login, claims: async () => ({ sub: login, ...people[login] }) },
  // Nobody is asked for consent: an administrator has given it, as for an enterprise application.
  loadExistingGrant: async (context) => {
    const grant = new context.oidc.provider.Grant({
      clientId: context.oidc.client.clientId,
      accountId: context.oidc.session.accountId,
    });
    grant.addOIDCScope('openid profile email');
    await grant.save();
    return grant;
  },
});

const page = `<!doctype html><html lang="en"><title>Sign in</title>
<form method="post"><label>Login <input name="login" autofocus></label> <button>Sign in</button></form>`;

const body = async (request) => {
  let text = '';
  for await (const part of request) text += part;
  return new URLSearchParams(text);
};

provider.use(async (context, next) => {
  if (!context.path.startsWith('/sign-in/')) return next();
  if (context.method !== 'POST') {
    context.type = 'html';
    context.body = page;
    return undefined;
  }
  const login = (await body(context.req)).get('login');
  if (!people[login]) {
    context.status = 403;
    context.body = 'unknown login';
    return undefined;
  }
  const to = await provider.interactionResult(context.req, context.res, { login: { accountId: login } });
  context.redirect(to);
  return undefined;
});

provider.listen(port, '127.0.0.1', () => console.log('ready'));
