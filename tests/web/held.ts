// Where a page writes the type of an answer itself, because it knows which words a text is one of, that type is held to the server's description: a field that
// is missing, renamed or of another kind is an error here.

import type * as Api from '/types/api.js';

type Held<Described, Page extends Described> = Page;

export type All = [
  Held<Api.TokenList, import('../../web/admin/scim/tokens.js').TokenList>,
  Held<Api.NewSecret, import('../../web/admin/scim/tokens.js').Made>,
  Held<Api.ClientList, import('../../web/admin/scim/clients.js').ClientList>,
  Held<Api.NewClientSecret, import('../../web/admin/scim/clients.js').Made>,
  Held<Api.ScimTestReport, import('../../web/admin/scim/trial.js').Report>,
  Held<Api.Users, import('../../web/admin/users/data.js').Users>,
  Held<Api.User, import('../../web/admin/users/data.js').User>,
  Held<Api.Groups, import('../../web/admin/groups/data.js').Groups>,
  Held<Api.Group, import('../../web/admin/groups/data.js').Group>,
  Held<Api.Members, import('../../web/admin/groups/data.js').Members>,
  Held<Api.Connections, import('../../web/admin/connections/model.js').Connections>,
  Held<Api.TestShown, import('../../web/admin/connections/model.js').Test>,
  Held<Api.DomainShown, import('../../web/admin/domains/page.js').Domain>,
  Held<Api.FirstSteps, import('../../web/admin/start/page.js').FirstSteps>,
];
