// Every text of the console, in German. Names of fields and menus of other products are as those products write them.

/** What only the console is refused, by the server's code. @type {Record<string, { title: string, safe: string, next: string } | undefined>} */
const problems = {
  'token-over': { title: 'Dieses Token gilt nicht mehr', safe: 'Es wurde nichts geändert.', next: 'Es wurde widerrufen oder ist abgelaufen. Erstellen Sie ein neues Token.' },
  'connection-needed': { title: 'Es gibt mehrere Verbindungen', safe: 'Es wurde nichts geändert.', next: 'Laden Sie die Seite neu und wählen Sie die Verbindung, über die sich diese Personen anmelden werden.' },
};

/** @type {typeof import('./en.js').en} */
export const de = {
  lang: 'de',
  /** @param {string} code */
  problem: (code) => problems[code],
  refused: 'Das nimmt der Server nicht an',
  nothingChanged: 'Es wurde nichts geändert.',

  nav: {
    label: 'Verwaltung',
    menu: 'Menü',
    vault: 'Ihr Tresor',
    authentication: 'Anmeldung',
    scim: 'SCIM-Bereitstellung',
  },

  scim: {
    heading: 'SCIM-Bereitstellung',
    lead: 'Ihr Identitätsanbieter sagt Freehold, wer hier arbeitet. Einen Schlüssel sieht er nie.',
    state: 'Bereitstellung',
    on: 'SCIM ist an',
    off: 'SCIM ist aus: Jede Anfrage wird mit 403 beantwortet. Personen und Token bleiben erhalten.',
    toggle: 'SCIM-Anfragen annehmen',
    url: 'SCIM-URL (Entra: Mandanten-URL)',
    life: {
      states: { live: 'Gültig', expiring: 'Endet bald', expired: 'Abgelaufen', revoked: 'Widerrufen' },
      neverUsed: 'Noch nicht verwendet',
      /** @param {string[]} parts address and program */
      from: (parts) => `von ${parts.join(', ')}`,
      /** @param {string} name */
      forConnection: (name) => `für Anmeldungen über ${name}`,
    },
    make: {
      description: 'Beschreibung',
      days: 'Tage bis zum Ende',
      daysHint: '1 bis 366. Mit dem Ende hört die Bereitstellung auf; 30, 14 und 7 Tage sowie 1 Tag vorher werden Sie gewarnt.',
      connection: 'Die damit angelegten Personen melden sich an über',
      confirm: 'Erstellen',
      done: 'Ich habe es kopiert',
      once: 'Das wird nur dieses eine Mal angezeigt. Der Server behält nichts, woraus er es noch einmal anzeigen könnte.',
      noDescription: 'Geben Sie an, wofür es ist.',
      noDays: 'Geben Sie eine ganze Zahl von 1 bis 366 ein.',
      noConnection: 'Wählen Sie eine aus.',
      lostAnswer: 'Vielleicht wurde es dennoch erstellt. Steht es nach dem Neuladen in der Liste, dann widerrufen Sie es: Sein Geheimnis hat niemand gesehen.',
    },
    tokens: {
      heading: 'Token',
      lead: 'Mit einem Token weist Ihr Identitätsanbieter nach, dass er bereitstellen darf. Mehrere können gleichzeitig gelten.',
      columns: ['Token', 'Zustand', 'Endet', 'Zuletzt verwendet', 'Aktionen'],
      none: 'Noch kein Token. Erstellen Sie eines und fügen Sie es bei Ihrem Identitätsanbieter ein.',
      /** @param {number} n */
      over: (n) => (n === 1 ? '1 Token, das nicht mehr gilt' : `${n} Token, die nicht mehr gelten`),
      create: 'Token erstellen',
      descriptionHint: 'Wofür es ist, zum Beispiel der Name des Identitätsanbieters.',
      created: 'Ihr neues Token',
      createdLead: 'Fügen Sie beides bei Ihrem Identitätsanbieter ein und testen Sie dort die Verbindung.',
      secretField: 'Token (Entra: Geheimes Token (Secret token); Okta: Authorization)',
      rotate: 'Ersetzen',
      /** @param {string} name */
      rotateName: (name) => `Das Token ${name} ersetzen`,
      /** @param {string} name */
      rotateHeading: (name) => `Das Token „${name}“ ersetzen`,
      rotateLead: 'Sie erhalten ein neues Token. Das alte gilt noch eine Weile weiter, damit die Bereitstellung läuft, während Sie das neue einfügen.',
      rotateConfirm: 'Neues Token erstellen',
      hours: 'Stunden, die das alte weiter gilt',
      hoursHint: '1 bis 168. Entra fragt etwa alle 40 Minuten; ein Tag lässt Zeit zum Einfügen und Nachsehen.',
      noHours: 'Geben Sie eine ganze Zahl von 1 bis 168 ein.',
      rotatedLead: 'Fügen Sie es bei Ihrem Identitätsanbieter anstelle des alten ein und testen Sie dort die Verbindung.',
      /** @param {number} hours */
      rotatedAfter: (hours) => (hours === 1 ? 'Das alte Token endet spätestens in einer Stunde.' : `Das alte Token endet spätestens in ${hours} Stunden.`),
      newerInUse: 'Ein neueres ist in Gebrauch: Dieses können Sie widerrufen.',
      newerUnused: 'Ein neueres wurde noch nicht verwendet: Fügen Sie es ein, bevor dieses endet.',
      revoke: 'Widerrufen',
      /** @param {string} name */
      revokeName: (name) => `Das Token ${name} widerrufen`,
      /** @param {string} name */
      revokeHeading: (name) => `Das Token „${name}“ widerrufen?`,
      revokeLead: 'Die nächste Anfrage damit wird abgewiesen. Das lässt sich nicht rückgängig machen; Personen und Gruppen bleiben, wie sie sind.',
      revokeInUse: 'Es war in Gebrauch. Hat Ihr Identitätsanbieter es noch, dann hört die Bereitstellung auf.',
      revoked: 'Das Token ist widerrufen',
      /** @param {string} name @param {number} days @param {string} date */
      warning: (name, days, date) => `Das Token „${name}“ endet ${days === 1 ? 'innerhalb eines Tages' : `innerhalb von ${days} Tagen`}, am ${date}. Dann hört die Bereitstellung auf.`,
      rotateNow: 'Jetzt ersetzen',
    },
    clients: {
      heading: 'OAuth-Clients',
      lead: 'Für Identitätsanbieter, die statt eines Tokens OAuth-2.0-Clientanmeldeinformationen (client credentials) verlangen.',
      columns: ['Client', 'Zustand', 'Endet', 'Zuletzt verwendet', 'Aktionen'],
      none: 'Kein Client. Sie brauchen keinen, wenn Ihr Identitätsanbieter ein Token nimmt.',
      /** @param {number} n */
      over: (n) => (n === 1 ? '1 Client, der nicht mehr gilt' : `${n} Clients, die nicht mehr gelten`),
      create: 'Client erstellen',
      created: 'Ihr neuer Client',
      createdLead: 'Fügen Sie dies bei Ihrem Identitätsanbieter ein. Lassen Sie den Bereich (Scope) leer.',
      idField: 'Client-ID',
      secretField: 'Clientgeheimnis (Client secret)',
      tokenUrl: 'Token-Endpunkt (Token endpoint)',
      revoke: 'Widerrufen',
      /** @param {string} name */
      revokeName: (name) => `Den Client ${name} widerrufen`,
      /** @param {string} name */
      revokeHeading: (name) => `Den Client „${name}“ widerrufen?`,
      revokeLead: 'Er und seine Zugriffstoken werden ab der nächsten Anfrage abgewiesen. Das lässt sich nicht rückgängig machen; Personen und Gruppen bleiben, wie sie sind.',
      revoked: 'Der Client ist widerrufen',
    },
  },
};
