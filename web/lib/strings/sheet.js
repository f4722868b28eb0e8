// What the recovery kit says around its code, in English. It stands in the PDF of every language whose letters the PDF's fonts do not have.

export const sheet = {
  lang: 'en',
  paper: {
    title: 'Freehold recovery kit',
    codeLabel: 'Recovery code',
    wordsLabel: 'The same code as 24 words',
    wordsHint: 'Code or words: either one is enough.',
    can: 'Who can help',
  },
  purpose:
    'If you forget your passphrase, this code opens your keys in its place, so that you can choose a new one. You do not need it day by day: keep it for the day you do.',
  organization: 'Organization',
  userName: 'User name',
  address: 'Address',
  made: 'Made',
  codeHint: 'Capitals, spaces and hyphens do not matter.',
  qrHint: 'The same code, to scan',
  canText:
    'You, with this kit. Whoever holds it and signs in as you can get at your keys: show it to nobody. Nobody from support will ever ask for it.',
  cannot: 'Who cannot help',
  cannotText:
    'Nobody else: not your administrator, not your identity provider, not the people who run the server. They never saw this code, cannot look it up and cannot make another.',
  where: 'Where to keep it',
  whereText:
    'Print it and keep it where you keep your passport, or keep the file in your password manager or on a drive in a drawer. Not in e-mail, and not beside your passphrase.',
  lost: 'If it is lost',
  lostText: 'As long as you know your passphrase, nothing is lost. Without passphrase and kit, what is in your vault stays closed for good.',
  footer: 'Made in your browser. No server has seen this code.',
  replaced: 'Made in your browser. A question mark above may stand for a character that this page cannot show.',
};
