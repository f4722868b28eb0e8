// Every text of the console, in French. Names of fields and menus of other products are as those products write them.

/** What only the console is refused, by the server's code. @type {Record<string, { title: string, safe: string, next: string } | undefined>} */
const problems = {
  'token-over': { title: 'Ce jeton n’est plus valable', safe: 'Rien n’a été modifié.', next: 'Il a été révoqué ou a expiré. Créez un nouveau jeton.' },
  'connection-needed': { title: 'Il existe plusieurs connexions', safe: 'Rien n’a été modifié.', next: 'Rechargez la page et choisissez celle par laquelle ces personnes se connecteront.' },
};

/** @type {typeof import('./en.js').en} */
export const fr = {
  lang: 'fr',
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
    life: {
      states: { live: 'Valable', expiring: 'Expire bientôt', expired: 'Expiré', revoked: 'Révoqué' },
      neverUsed: 'Pas encore utilisé',
      /** @param {string[]} parts address and program */
      from: (parts) => `depuis ${parts.join(', ')}`,
      /** @param {string} name */
      forConnection: (name) => `pour les connexions via ${name}`,
    },
    make: {
      description: 'Description',
      days: 'Jours avant l’expiration',
      daysHint: 'De 1 à 366. À l’expiration, le provisionnement s’arrête ; vous êtes averti 30, 14 et 7 jours puis 1 jour avant.',
      connection: 'Les personnes créées se connecteront via',
      confirm: 'Créer',
      done: 'J’ai copié',
      once: 'Ceci n’est affiché qu’une seule fois. Le serveur ne garde rien qui permette de l’afficher à nouveau.',
      noDescription: 'Indiquez à quoi cela sert.',
      noDays: 'Saisissez un nombre entier de 1 à 366.',
      noConnection: 'Choisissez-en une.',
      lostAnswer: 'La création a peut-être eu lieu malgré tout. Si l’élément figure dans la liste après rechargement, révoquez-le : personne n’a vu son secret.',
    },
    tokens: {
      heading: 'Jetons',
      lead: 'Avec un jeton, votre fournisseur d’identité prouve qu’il peut provisionner. Plusieurs peuvent être valables en même temps.',
      columns: ['Jeton', 'État', 'Expiration', 'Dernière utilisation', 'Actions'],
      none: 'Aucun jeton pour l’instant. Créez-en un et collez-le chez votre fournisseur d’identité.',
      /** @param {number} n */
      over: (n) => (n === 1 ? '1 jeton qui n’est plus valable' : `${n} jetons qui ne sont plus valables`),
      create: 'Créer un jeton',
      descriptionHint: 'À quoi il sert, par exemple le nom du fournisseur d’identité.',
      created: 'Votre nouveau jeton',
      createdLead: 'Collez ces deux valeurs chez votre fournisseur d’identité, puis testez-y la connexion.',
      secretField: 'Jeton (Entra : Jeton secret (Secret token) ; Okta : Authorization)',
      rotate: 'Remplacer',
      /** @param {string} name */
      rotateName: (name) => `Remplacer le jeton ${name}`,
      /** @param {string} name */
      rotateHeading: (name) => `Remplacer le jeton « ${name} »`,
      rotateLead: 'Vous obtenez un nouveau jeton. L’ancien reste valable un moment, afin que le provisionnement continue pendant que vous collez le nouveau.',
      rotateConfirm: 'Créer le nouveau jeton',
      hours: 'Heures pendant lesquelles l’ancien reste valable',
      hoursHint: 'De 1 à 168. Entra interroge environ toutes les 40 minutes ; une journée laisse le temps de coller et de vérifier.',
      noHours: 'Saisissez un nombre entier de 1 à 168.',
      rotatedLead: 'Collez-le chez votre fournisseur d’identité à la place de l’ancien, puis testez-y la connexion.',
      /** @param {number} hours */
      rotatedAfter: (hours) => (hours === 1 ? 'L’ancien jeton expire dans une heure au plus tard.' : `L’ancien jeton expire dans ${hours} heures au plus tard.`),
      newerInUse: 'Un plus récent est utilisé : celui-ci peut être révoqué.',
      newerUnused: 'Un plus récent n’a pas encore servi : collez-le avant l’expiration de celui-ci.',
      revoke: 'Révoquer',
      /** @param {string} name */
      revokeName: (name) => `Révoquer le jeton ${name}`,
      /** @param {string} name */
      revokeHeading: (name) => `Révoquer le jeton « ${name} » ?`,
      revokeLead: 'La prochaine requête avec ce jeton sera refusée. C’est irréversible ; les personnes et les groupes restent inchangés.',
      revokeInUse: 'Il a été utilisé. Si votre fournisseur d’identité l’a encore, le provisionnement s’arrêtera.',
      revoked: 'Le jeton est révoqué',
      /** @param {string} name @param {number} days @param {string} date */
      warning: (name, days, date) => `Le jeton « ${name} » expire ${days === 1 ? 'dans moins d’un jour' : `dans moins de ${days} jours`}, le ${date}. Le provisionnement s’arrêtera alors.`,
      rotateNow: 'Le remplacer maintenant',
    },
    clients: {
      heading: 'Clients OAuth',
      lead: 'Pour les fournisseurs d’identité qui demandent des informations d’identification client OAuth 2.0 (client credentials) au lieu d’un jeton.',
      columns: ['Client', 'État', 'Expiration', 'Dernière utilisation', 'Actions'],
      none: 'Aucun client. Vous n’en avez pas besoin si votre fournisseur d’identité accepte un jeton.',
      /** @param {number} n */
      over: (n) => (n === 1 ? '1 client qui n’est plus valable' : `${n} clients qui ne sont plus valables`),
      create: 'Créer un client',
      created: 'Votre nouveau client',
      createdLead: 'Collez ces valeurs chez votre fournisseur d’identité. Laissez l’étendue (scope) vide.',
      idField: 'ID client',
      secretField: 'Secret client (Client secret)',
      tokenUrl: 'Point de terminaison de jeton (Token endpoint)',
      revoke: 'Révoquer',
      /** @param {string} name */
      revokeName: (name) => `Révoquer le client ${name}`,
      /** @param {string} name */
      revokeHeading: (name) => `Révoquer le client « ${name} » ?`,
      revokeLead: 'Lui et ses jetons d’accès seront refusés dès la prochaine requête. C’est irréversible ; les personnes et les groupes restent inchangés.',
      revoked: 'Le client est révoqué',
    },
  },
};
