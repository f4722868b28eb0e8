// Every text of the console, in French. Names of fields and menus of other products are as those products write them.

/** What only the console is refused, by the server's code. @type {Record<string, { title: string, safe: string, next: string } | undefined>} */
const problems = {};

/** @type {typeof import('./en.js').en} */
export const fr = {
  lang: 'fr',
  problems,
  /** @param {string} code */
  problem: (code) => problems[code],
  refused: 'Le serveur ne l’accepte pas',
  nothingChanged: 'Rien n’a été modifié.',

  nav: {
    label: 'Console',
    menu: 'Menu',
    vault: 'Votre coffre',
    authentication: 'Authentification',
    scim: 'Provisionnement SCIM',
  },

  scim: {
    heading: 'Provisionnement SCIM',
    lead: 'Votre fournisseur d’identité indique à Freehold qui travaille ici. Il ne voit jamais aucune clé.',
    state: 'Provisionnement',
    on: 'SCIM est activé',
    off: 'SCIM est désactivé : chaque requête reçoit la réponse 403. Les personnes et les jetons sont conservés.',
    toggle: 'Accepter les requêtes SCIM',
    url: 'URL SCIM (Entra : URL de locataire)',
  },
};
