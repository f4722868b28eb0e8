// Every text of the console, in German. Names of fields and menus of other products are as those products write them.

/** What only the console is refused, by the server's code. @type {Record<string, { title: string, safe: string, next: string } | undefined>} */
const problems = {};

/** @type {typeof import('./en.js').en} */
export const de = {
  lang: 'de',
  problems,
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
  },
};
