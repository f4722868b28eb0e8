// Every text of the pages, in German.

import { formsOf } from './forms.js';

const { amount, count, duration } = formsOf('de');

/** @type {typeof import('./en.js').en.problems} */
const problems = {
  'network-unreachable': {
    title: 'Der Server ist nicht erreichbar',
    safe: 'Es ging nichts verloren.',
    next: 'Prüfen Sie Ihre Verbindung und versuchen Sie es dann noch einmal.',
  },
  'bad-answer': {
    title: 'Die Antwort des Servers ergibt keinen Sinn',
    safe: 'Es ging nichts verloren.',
    next: 'Versuchen Sie es in einer Minute noch einmal. Bleibt es dabei, nennen Sie Ihrer Administration die Support-ID.',
  },
  busy: {
    title: 'Der Server ist ausgelastet',
    safe: 'Es ging nichts verloren.',
    next: 'Warten Sie einen Moment und versuchen Sie es dann noch einmal.',
  },
  internal: {
    title: 'Im Server ist ein Fehler aufgetreten',
    safe: 'Es ging nichts verloren.',
    next: 'Versuchen Sie es noch einmal. Bleibt es dabei, nennen Sie Ihrer Administration die Support-ID.',
  },
  full: {
    title: 'Sie haben so viel gespeichert, wie eine Person speichern kann',
    safe: 'Es ging nichts verloren: Was Sie eingegeben haben, steht noch hier.',
    next: 'Löschen Sie zuerst etwas und versuchen Sie es dann noch einmal.',
  },
  'signed-out': {
    title: 'Ihre Anmeldung ist abgelaufen',
    safe: 'Es ging nichts verloren.',
    next: 'Melden Sie sich noch einmal an.',
  },
  suspended: {
    title: 'Ihr Konto ist gesperrt',
    safe: 'Ihre Schlüssel und Geheimnisse bleiben, wie sie sind; es wurde nichts gelöscht.',
    next: 'Bitten Sie Ihre Administration, das Konto wieder einzuschalten. Melden Sie sich danach an.',
  },
  locked: {
    title: 'Ihr Tresor wurde auf dem Server verschlossen',
    safe: 'Es ging nichts verloren.',
    next: 'Öffnen Sie ihn wieder mit Ihrer Passphrase.',
  },
  'link-refused': {
    title: 'Dieser Link funktioniert nicht',
    safe: 'Es ging nichts verloren. Der Link wurde schon benutzt, seine 15 Minuten sind vorbei, oder das Konto ist nicht aktiv.',
    next: 'Bitten Sie die Person, die ihn erstellt hat, um einen neuen.',
  },
  'link-incomplete': {
    title: 'Dieser Link ist unvollständig',
    safe: 'Es ging nichts verloren, und kein Link wurde verbraucht.',
    next: 'Öffnen Sie ihn noch einmal genau so, wie Sie ihn bekommen haben, mit allem nach dem Zeichen #.',
  },
  'too-often': {
    title: 'Aus Ihrem Netz kamen zu viele Versuche',
    safe: 'Es ging nichts verloren.',
    next: 'Warten Sie eine Minute und versuchen Sie es dann noch einmal.',
  },
  'cross-site': {
    title: 'Der Server hat eine Anfrage abgelehnt, die nicht von seiner eigenen Seite kam',
    safe: 'Es ging nichts verloren.',
    next: 'Öffnen Sie Freehold unter der gewohnten Adresse und versuchen Sie es noch einmal.',
  },
  'too-large': {
    title: 'Das ist mehr, als der Server annimmt',
    safe: 'Es ging nichts verloren: Was Sie eingegeben haben, steht noch hier.',
    next: 'Kürzen Sie es und versuchen Sie es dann noch einmal.',
  },
  'item-too-large': {
    title: 'Ein Geheimnis kann höchstens 1 MB groß sein',
    safe: 'Es ging nichts verloren: Was Sie eingegeben haben, steht noch hier.',
    next: 'Kürzen Sie es, oder teilen Sie es auf zwei auf.',
  },
  'not-found': {
    title: 'Das gibt es auf dem Server nicht mehr',
    safe: 'Sonst wurde nichts geändert.',
    next: 'Vielleicht wurde es in einem anderen Tab oder Browser gelöscht.',
  },
  'stale-version': {
    title: 'Dieses Geheimnis wurde anderswo geändert, während Sie es bearbeitet haben',
    safe: 'Es ging nichts verloren: Was Sie eingegeben haben, steht noch hier, und die andere Fassung bleibt, bis Sie sich entscheiden.',
    next: 'Wählen Sie, welche Fassung bleiben soll.',
  },
  'invalid-setup': {
    title: 'Der Server hat die neuen Schlüssel nicht angenommen',
    safe: 'Es wurde nichts gespeichert und kein Konto geändert. Das Wiederherstellungs-Kit von eben ist ungültig; werfen Sie es weg.',
    next: 'Beginnen Sie von vorn. Geschieht es ein zweites Mal, nennen Sie Ihrer Administration die Support-ID.',
  },
  'offer-changed': {
    title: 'Ihr Konto hat sich während der Einrichtung geändert',
    safe: 'Es wurde nichts gespeichert: Ihr Benutzername oder eine andere Angabe ist jetzt anders, und die Schlüssel hätten nicht dazu gepasst. Das Wiederherstellungs-Kit von eben ist ungültig; werfen Sie es weg.',
    next: 'Beginnen Sie mit den neuen Angaben von vorn.',
  },
  'challenge-gone': {
    title: 'Das hat zu lange gedauert, deshalb fragt der Server noch einmal',
    safe: 'Es ging nichts verloren.',
    next: 'Versuchen Sie es noch einmal.',
  },
  'password-too-short': {
    title: 'Diese Passphrase ist zu kurz',
    safe: '',
    next: 'Nehmen Sie mindestens 12 Zeichen; mehrere Wörter sind besser.',
  },
  'password-too-long': {
    title: 'Diese Passphrase ist zu lang',
    safe: '',
    next: 'Nehmen Sie höchstens 1024 Byte: rund 1000 Buchstaben.',
  },
  'password-bad-character': {
    title: 'Diese Passphrase enthält ein Zeichen, das sich nicht überall gleich eingeben lässt',
    safe: '',
    next: 'Lassen Sie Steuerzeichen, private Symbole und ganz neue Emojis weg.',
  },
  'password-weak': {
    title: 'Diese Passphrase ist zu leicht zu erraten',
    safe: '',
    next: 'Fügen Sie Wörter hinzu, die nichts miteinander zu tun haben, oder nehmen Sie die vorgeschlagene.',
  },
  'password-repeat': {
    title: 'Die beiden Passphrasen sind nicht gleich',
    safe: '',
    next: 'Geben Sie sie noch einmal ein, oder lassen Sie sich mit „Anzeigen“ zeigen, was Sie eingeben.',
  },
  'password-empty': {
    title: 'Geben Sie zuerst Ihre Passphrase ein',
    safe: '',
    next: '',
  },
  'wrong-secret': {
    title: 'Das ist nicht Ihre Passphrase',
    safe: 'Es ging nichts verloren.',
    next: 'Prüfen Sie Großschreibung, Leerzeichen und Tastaturbelegung und versuchen Sie es dann noch einmal.',
  },
  'tries-used-up': {
    title: 'Zu viele falsche Passphrasen',
    safe: 'Es ging nichts verloren: Ihre Geheimnisse sind, wo sie waren.',
    next: 'Freehold wartet mit Absicht, damit niemand schnell raten kann.',
  },
  tampered: {
    title: 'Was der Server geschickt hat, ist nicht das, was Sie gespeichert haben',
    safe: 'An Ihrer Passphrase liegt es nicht, und kein Geheimnis hat diesen Browser verlassen. Die Schlüssel oder Datensätze auf dem Server wurden verändert oder beschädigt, deshalb wurde nichts geöffnet.',
    next: 'Richten Sie nichts neu ein. Nennen Sie Ihrem Sicherheitsteam oder Ihrer Administration die Support-ID und bitten Sie um einen Vergleich mit einer Sicherung.',
  },
  'epoch-below': {
    title: 'Der Server zeigt ein älteres Konto, als Sie es kennen',
    safe: 'Es wurde nichts geöffnet und nichts gesendet. Dieser Browser hat schon neuere Schlüssel von Ihnen gesehen, als der Server jetzt anbietet.',
    next: 'Geben Sie Ihre Passphrase hier nicht ein. Sagen Sie es Ihrem Sicherheitsteam oder Ihrer Administration: Vielleicht wurde eine alte Kopie eingespielt.',
  },
  'epoch-above': {
    title: 'Ihre Schlüssel wurden ersetzt, seit Sie zuletzt hier waren',
    safe: 'Es wurde nichts geöffnet und nichts gesendet.',
    next: 'Machen Sie nur weiter, wenn Sie um neue Schlüssel gebeten haben.',
  },
  'profile-refused': {
    title: 'Der Server wollte einen schwächeren Schutz, als Freehold zulässt',
    safe: 'Ihre Passphrase wurde nicht benutzt, und es wurde nichts gesendet.',
    next: 'Nennen Sie Ihrem Sicherheitsteam oder Ihrer Administration die Support-ID.',
  },
  'wrong-origin': {
    title: 'Diese Seite hat keine Adresse, zu der Ihr Konto gehört',
    safe: 'Ihre Passphrase wurde nicht benutzt, und es wurde nichts gesendet.',
    next: 'Öffnen Sie Freehold unter der Adresse, die Sie von Ihrer Administration bekommen haben.',
  },
  'bad-message': {
    title: 'Der Server hat etwas geschickt, das diese Seite nicht lesen kann',
    safe: 'Es ging nichts verloren.',
    next: 'Laden Sie die Seite neu. Bleibt es dabei, nennen Sie Ihrer Administration die Support-ID.',
  },
  'bad-code': {
    title: 'In diesem Wiederherstellungscode ist ein Tippfehler',
    safe: 'Es ging nichts verloren: Ihre neuen Schlüssel warten in diesem Tab.',
    next: 'Vergleichen Sie ihn Gruppe für Gruppe mit Ihrem Kit. Großschreibung, Leerzeichen und Bindestriche spielen keine Rolle.',
  },
  'recovery-mismatch': {
    title: 'Das ist ein Wiederherstellungscode, aber nicht der zu diesen Schlüsseln',
    safe: 'Es ging nichts verloren: Ihre neuen Schlüssel warten in diesem Tab.',
    next: 'Vielleicht ist es ein älteres Kit. Nehmen Sie das, was Sie gerade gespeichert haben, oder gehen Sie zurück und speichern Sie es noch einmal.',
  },
  'recovery-empty': {
    title: 'Fügen Sie zuerst Ihr Wiederherstellungs-Kit ein, tippen Sie es ab, oder wählen Sie die Datei',
    safe: '',
    next: '',
  },
  'no-code-in-file': {
    title: 'In dieser Datei ist kein Wiederherstellungscode',
    safe: 'Es ging nichts verloren: Ihre neuen Schlüssel warten in diesem Tab.',
    next: 'Wählen Sie die Datei, die Sie gerade heruntergeladen haben; ihr Name beginnt mit freehold-wiederherstellung. Eine Kopie, die ein anderes Programm gespeichert oder gescannt hat, zählt nicht: Fügen Sie deren Code ein, oder tippen Sie ihn ab.',
  },
  'file-too-large': {
    title: 'Diese Datei ist zu groß für ein Wiederherstellungs-Kit',
    safe: 'Es ging nichts verloren: Ihre neuen Schlüssel warten in diesem Tab. Die Datei wurde nicht gelesen.',
    next: 'Wählen Sie die Datei, die Sie gerade heruntergeladen haben; ihr Name beginnt mit freehold-wiederherstellung.',
  },
  'bad-passkey': {
    title: 'Dieser Passkey kann hier keinen Tresor öffnen',
    safe: 'Es wurde nichts geändert. Der Passkey oder dieser Browser gibt kein Geheimnis zum Öffnen her (bei WebAuthn heißt das PRF) oder prüft nicht, ob Sie es sind.',
    next: 'Nehmen Sie einen anderen Passkey, einen anderen Browser oder Ihre Passphrase. Wurde dieser Passkey gerade erst erstellt, können Sie ihn dort löschen, wo Ihre Passkeys liegen.',
  },
  'passkey-cancelled': {
    title: 'Es wurde kein Passkey benutzt',
    safe: 'Es ging nichts verloren. Der Vorgang wurde abgebrochen, dauerte zu lange, konnte Sie nicht erkennen, oder es ist kein Passkey für dieses Konto zur Hand.',
    next: 'Versuchen Sie es noch einmal, oder nehmen Sie Ihre Passphrase.',
  },
  'passkey-there': {
    title: 'Einen Passkey dieses Kontos gibt es dort schon',
    safe: 'Es wurde nichts geändert. Auf dem gewählten Gerät liegt schon einer, der Ihren Tresor öffnet.',
    next: 'Wählen Sie ein anderes Gerät oder einen anderen Sicherheitsschlüssel, oder benutzen Sie den vorhandenen.',
  },
  'passkey-refused': {
    title: 'Der Browser hat dieser Seite keine Passkeys erlaubt',
    safe: 'Es wurde nichts geändert.',
    next: 'Öffnen Sie Freehold unter der gewohnten Adresse, oder nehmen Sie einen anderen Browser.',
  },
  'passkey-removed': {
    title: 'Dieser Passkey wurde aus Ihrem Konto entfernt',
    safe: 'Es ging nichts verloren; er öffnet nichts mehr.',
    next: 'Nehmen Sie einen anderen Passkey oder Ihre Passphrase.',
  },
  'passkey-required': {
    title: 'Ihre Organisation verlangt von allen einen Passkey',
    safe: 'Es ging nichts verloren, aber ohne Passkey wird nichts herausgegeben.',
    next: 'Fügen Sie einen Passkey hinzu.',
  },
  'out-of-memory': {
    title: 'Diesem Browser ist der Speicher ausgegangen',
    safe: 'Es ging nichts verloren. Ihre Passphrase wurde nicht geprüft: Es geht hier nicht um richtig oder falsch.',
    next: 'Schließen Sie andere Tabs und Programme und versuchen Sie es dann noch einmal.',
  },
  'no-randomness': {
    title: 'Dieser Browser liefert keine sicheren Zufallszahlen',
    safe: 'Es wurde nichts erzeugt oder gesendet.',
    next: 'Nehmen Sie einen anderen Browser, oder starten Sie diesen neu.',
  },
  crashed: {
    title: 'Der Teil der Seite, der mit den Geheimnissen arbeitet, ist stehen geblieben',
    safe: 'Es ging nichts verloren. Ihre Passphrase wurde nicht geprüft. Meistens hatte der Browser zu wenig Speicher.',
    next: 'Schließen Sie andere Tabs und Programme und versuchen Sie es dann noch einmal.',
  },
  'out-of-order': {
    title: 'Der Teil der Seite, der Ihre Schlüssel hielt, ist stehen geblieben',
    safe: 'Es wurde nichts gespeichert oder gesendet, und was Sie eingegeben haben, steht noch hier.',
    next: 'Kopieren Sie Ihre Eingabe, sperren Sie dann Ihren Tresor, und öffnen Sie ihn wieder.',
  },
  'worker-failed': {
    title: 'Der Teil der Seite, der mit den Geheimnissen arbeitet, konnte nicht starten',
    safe: 'Es ging nichts verloren.',
    next: 'Laden Sie die Seite neu. Bleibt es dabei, blockiert ihn vielleicht eine Erweiterung oder ein Proxy: Nehmen Sie einen anderen Browser.',
  },
  'module-altered': {
    title: 'Der Teil der Seite, der mit den Geheimnissen arbeitet, ist nicht der veröffentlichte',
    safe: 'Er wurde nicht gestartet, und keine Ihrer Eingaben hat die Seite verlassen.',
    next: 'Geben Sie hier keine Passphrase ein. Nennen Sie Ihrer Administration die Support-ID: Jemand hat diese Datei unterwegs oder auf dem Server verändert.',
  },
  'password-same': {
    title: 'Diese Passphrase haben Sie schon',
    safe: '',
    next: 'Wählen Sie eine andere.',
  },
  'text-unseen': {
    title: 'In diesem Namen steht ein Zeichen, das man nicht sieht',
    safe: 'Es wurde nichts geändert.',
    next: 'Tippen Sie ihn, statt ihn einzufügen.',
  },
  'keys-changed': {
    title: 'Ihre Schlüssel oder Geheimnisse wurden im selben Moment anderswo geändert',
    safe: 'Von dieser Änderung wurde nichts gespeichert, und es ging nichts verloren. Haben Sie gerade ein neues Wiederherstellungs-Kit aufbewahrt, werfen Sie es weg: Es öffnet nichts.',
    next: 'Beginnen Sie noch einmal.',
  },
  'changed-too-often': {
    title: 'Ihre Schlüssel wurden zu oft geändert',
    safe: 'Von dieser Änderung wurde nichts gespeichert, und es ging nichts verloren. Haben Sie gerade ein neues Wiederherstellungs-Kit aufbewahrt, werfen Sie es weg: Es öffnet nichts.',
    next: 'Warten Sie zehn Minuten. Beginnen Sie noch einmal.',
  },
  'damaged-secrets': {
    title: 'Eines Ihrer Geheimnisse lässt sich nicht öffnen und ginge mit den alten Schlüsseln verloren',
    safe: 'Es wurde nichts geändert.',
    next: 'Sagen Sie es Ihrer Administration, die vielleicht eine Sicherung hat; oder löschen Sie dieses Geheimnis in Ihrem Tresor. Beginnen Sie dann noch einmal.',
  },
  'invalid-change': {
    title: 'Der Server hat die Änderung nicht angenommen',
    safe: 'Es wurde nichts gespeichert: Alles ist, wie es war. Haben Sie gerade ein neues Wiederherstellungs-Kit aufbewahrt, werfen Sie es weg: Es öffnet nichts.',
    next: 'Beginnen Sie noch einmal. Geschieht es ein zweites Mal, nennen Sie Ihrer Administration die Support-ID.',
  },
  'keys-replaced': {
    title: 'Ihre Schlüssel wurden anderswo erneuert',
    safe: 'Es wurde nichts gespeichert: Dieses Fenster hat noch die alten Schlüssel.',
    next: 'Kopieren Sie Ihre Eingabe, sperren Sie Ihren Tresor, und öffnen Sie ihn wieder.',
  },
  'reset-open': {
    title: 'Sie haben schon darum gebeten',
    safe: 'Es hat sich nichts geändert.',
    next: 'Ihre Anfrage wartet auf jemanden, der sie genehmigt.',
  },
  'reset-too-often': {
    title: 'Sie haben heute dreimal darum gebeten',
    safe: 'Es hat sich nichts geändert.',
    next: 'Bitten Sie morgen wieder darum, und nennen Sie vorher jemandem aus der Administration den Grund.',
  },
  'reset-settled': {
    title: 'Diese Anfrage wartet nicht mehr',
    safe: 'Sie haben nichts geändert.',
    next: 'Die Person hat ihren Tresor geöffnet oder die Anfrage zurückgezogen, jemand anders hat entschieden, oder die Zeit ist abgelaufen. Öffnen Sie diese Ansicht noch einmal.',
  },
  'own-reset': {
    title: 'Das ist Ihre eigene Anfrage',
    safe: 'Es wurde nichts geändert.',
    next: 'Jemand anders muss darüber entscheiden.',
  },
  'not-appointed': {
    title: 'Das muss jemand anders genehmigen',
    safe: 'Es wurde nichts geändert.',
    next: 'Sie gehören durch eine Gruppe zur Administration, das genügt hier nicht. Genehmigen kann es, wem die Organisation gehört oder wer auf dem Server dafür ernannt wurde.',
  },
  'not-allowed': {
    title: 'Ihre Rolle erlaubt das nicht',
    safe: 'Es wurde nichts geändert.',
    next: 'Fragen Sie jemanden, dem Ihre Organisation gehört.',
  },
  unlocked: {
    title: 'Ihr Tresor ist offen: Nichts ist verloren',
    safe: 'Es wurde nichts geändert.',
    next: 'Ändern Sie Ihre Passphrase oder Ihren Wiederherstellungscode unter „Sicherheit“.',
  },
  'below-policy': {
    title: 'Ihre Organisation verlangt einen stärkeren Schutz, als diese Seite verwendet hat',
    safe: 'Es wurde nichts gespeichert.',
    next: 'Laden Sie die Seite neu und beginnen Sie noch einmal.',
  },
  'not-pending': {
    title: 'Dieses Konto ist schon eingerichtet',
    safe: 'Es wurde nichts geändert.',
    next: 'Öffnen Sie es mit der Passphrase, mit der es eingerichtet wurde.',
  },
  'sign-in-not-kept': {
    title: 'Sie haben sich angemeldet, aber dieser Browser hat es sich nicht gemerkt',
    safe: 'Es ging nichts verloren.',
    next: 'Erlauben Sie Cookies für diese Website und melden Sie sich dann noch einmal an.',
  },
  'clipboard-refused': {
    title: 'Der Browser hat dieser Seite das Kopieren nicht erlaubt',
    safe: 'Es ging nichts verloren.',
    next: 'Markieren Sie den Text und kopieren Sie ihn von Hand.',
  },
  unexpected: {
    title: 'Etwas ist schiefgegangen, das nicht schiefgehen sollte',
    safe: 'Nichts Gespeichertes ist verloren.',
    next: 'Laden Sie die Seite neu. Geschieht es wieder, nennen Sie Ihrer Administration die Support-ID.',
  },
};

/** What the recovery kit says on the screen and in its PDF. */
const paper = {
  title: 'Freehold Wiederherstellungs-Kit',
  codeLabel: 'Wiederherstellungscode',
  wordsLabel: 'Derselbe Code als 24 Wörter',
  wordsHint: 'Code oder Wörter: Eines von beiden genügt.',
  can: 'Wer helfen kann',
};

/** @type {typeof import('./en.js').en} */
export const de = {
  lang: 'de',
  product: 'Freehold',
  skip: 'Zum Inhalt',
  home: 'Freehold, zu Ihrem Tresor',
  title: (screen) => `${screen} · Freehold`,
  footer: 'Ihre Schlüssel entstehen in diesem Browser und werden nur hier benutzt. Der Server bewahrt nur auf, was er nicht öffnen kann.',
  noticeLabel: 'Zur Information',

  language: {
    label: 'Sprache',
    heading: 'Die Seiten in einer anderen Sprache zeigen?',
    text: 'Dafür wird die Seite neu geladen. Was Sie hier eingegeben haben, geht verloren, ein offener Tresor wird gesperrt, und eine Einrichtung beginnt von vorn.',
    keep: 'Hier bleiben',
    change: 'Sprache wechseln',
  },

  common: {
    back: 'Zurück',
    cancel: 'Abbrechen',
    copy: 'Kopieren',
    copied: 'Kopiert',
    show: 'Anzeigen',
    hide: 'Verbergen',
    retry: 'Noch einmal versuchen',
    signIn: 'Anmelden',
    signInNewTab: 'In einem neuen Tab wieder anmelden',
    signOut: 'Abmelden',
    supportId: 'Support-ID',
    startOver: 'Von vorn beginnen',
    capsLock: 'Die Feststelltaste ist an.',
  },

  loading: { heading: 'Einen Moment', text: 'Freehold startet.' },

  unsupported: {
    heading: 'Dieser Browser kann Ihre Schlüssel weder erzeugen noch benutzen',
    why: 'Freehold braucht WebAssembly, wie es Browser seit 2023 haben. Dieser Browser ist älter oder hat es abgeschaltet: Das tun Blockierungsmodus und strenge Sicherheitsstufen. Es wurde nichts eingegeben, erzeugt oder gesendet.',
    whatToDo: 'Was Sie tun können',
    steps: [
      'Auf iPhone, iPad oder Mac im Blockierungsmodus: Öffnen Sie in der Adresszeile die Einstellungen der Seite und schalten Sie den Blockierungsmodus nur für diese Website aus.',
      'In Microsoft Edge: Websiteberechtigungen, erweiterte Sicherheit, und diese Website als Ausnahme hinzufügen.',
      'Im Tor-Browser: Stellen Sie die Sicherheitsstufe für diese Sitzung auf „Standard“.',
      'Oder nehmen Sie einen anderen Browser. Ein aktueller Firefox, Chrome, Edge oder Safari genügt.',
    ],
    never: 'Einen schwächeren Zugang für ältere Browser gibt es nicht. Es wäre der, den ein Angreifer nähme.',
  },

  sessionEnd: {
    idle: 'Sie werden in etwa drei Minuten abgemeldet, weil diese Seite nicht benutzt wurde.',
    stay: 'Angemeldet bleiben',
    absolute: (when) => `Ihre Anmeldung endet um ${when}. Melden Sie sich in einem neuen Tab wieder an; was Sie hier eingegeben haben, bleibt.`,
    ended: 'Ihre Anmeldung ist abgelaufen. Was Sie eingegeben haben, ist noch hier: Melden Sie sich in einem neuen Tab wieder an und machen Sie dann in diesem weiter.',
  },

  suspended: { heading: 'Ihr Konto ist gesperrt' },

  problems,
  problem: (code) => /** @type {Record<string, import('./en.js').ProblemText | undefined>} */ (problems)[code] ?? problems.unexpected,

  setup: {
    steps: ['Sie', 'Passphrase', 'Wiederherstellung', 'Nachweis', 'Fertig'],
    stepsLabel: 'Einrichtung',

    who: {
      heading: 'Willkommen bei Freehold',
      lead: (organization) => `${organization} gibt Ihnen einen Ort für Ihre Geheimnisse, den nur Sie öffnen können. Die Einrichtung dauert etwa eine Minute.`,
      from: 'Laut Ihrer Anmeldung sind Sie',
      name: 'Name',
      userName: 'Benutzername',
      organization: 'Organisation',
      externalId: 'ID bei Ihrem Identitätsanbieter',
      plan: 'Was jetzt geschieht',
      planSteps: [
        'Sie wählen eine Passphrase. Sie verlässt diesen Browser nie.',
        'Sie bewahren ein Wiederherstellungs-Kit auf, für den Tag, an dem Sie die Passphrase vergessen.',
        'Dieser Browser erzeugt Ihre Schlüssel und schickt dem Server nur, was dieser nicht öffnen kann.',
      ],
      slow: (seconds) => `Dieses Gerät ist bei solcher Arbeit langsam: Ihre Schlüssel zu erzeugen dauert etwa ${duration(seconds)}. Sie können jederzeit abbrechen. Ein anderer Browser ist vielleicht viel schneller.`,
      again: (when) => `In diesem Browser wurden am ${when} Schlüssel erzeugt, aber die Einrichtung wurde nicht beendet, also wurde nichts davon gespeichert. Sie beginnen von vorn, und nichts ist verloren. Falls Sie ein Wiederherstellungs-Kit von damals haben, werfen Sie es weg: Es öffnet nichts.`,
      otherTab: 'Die Einrichtung ist auch in einem anderen Tab dieses Browsers offen. Machen Sie dort oder hier weiter: Nur einer von beiden kann sie beenden.',
      continue: 'Ja, das bin ich',
      notMe: 'Das bin ich nicht',
    },

    passphrase: {
      heading: 'Wählen Sie Ihre Passphrase',
      lead: 'Mit ihr öffnen Sie Ihren Tresor. Sie verlässt diesen Browser nie, deshalb kann niemand sie für Sie nachsehen oder zurücksetzen.',
      choice: 'Welche Passphrase?',
      suggested: 'Die vorgeschlagene nehmen',
      suggestedHint: 'Sieben zufällige Wörter. Schwer zu erraten, leicht zu tippen.',
      own: 'Eine eigene wählen',
      ownHint: 'Mindestens 12 Zeichen, in jeder Sprache.',
      suggestedLabel: 'Ihre vorgeschlagene Passphrase',
      suggestedStrength: 'Sehr stark: Es gibt 150 Trilliarden solcher Passphrasen.',
      another: 'Eine andere vorschlagen',
      copy: 'Kopieren',
      keep: 'Speichern Sie sie in Ihrem Passwortmanager, oder schreiben Sie sie auf und verwahren Sie sie sicher, bis Sie sie auswendig können.',
      field: 'Ihre Passphrase',
      repeat: 'Noch einmal eingeben',
      continue: 'Meine Schlüssel erzeugen',
    },

    strength: {
      label: 'Stärke',
      idle: 'Länger ist besser. Am besten sind mehrere Wörter, die nichts miteinander zu tun haben.',
      checking: 'Es wird geprüft, wie schwer sie zu erraten ist',
      failed: 'Die Stärke konnte nicht geprüft werden, diese Passphrase ist also nicht beurteilt. Nehmen Sie die vorgeschlagene oder einen langen Satz, den niemand sonst benutzt.',
      common: 'Sie steht auf der Liste der Passphrasen, die Angreifer zuerst versuchen.',
      scores: ['Sehr schwach', 'Schwach', 'Noch nicht genug', 'Beinahe', 'Stark'],
      verdict: (score, log10, why) => `${score}: etwa ${guesses(log10)}.${why ? ` ${why}` : ''}`,
      warnings: {
        StraightRowsOfKeysAreEasyToGuess: 'Tastenreihen sind leicht zu erraten.',
        ShortKeyboardPatternsAreEasyToGuess: 'Tastaturmuster sind leicht zu erraten.',
        RepeatsLikeAaaAreEasyToGuess: 'Wiederholte Zeichen sind leicht zu erraten.',
        RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess: 'Wiederholen macht es kaum schwerer.',
        SequencesLikeAbcAreEasyToGuess: 'Folgen sind leicht zu erraten.',
        RecentYearsAreEasyToGuess: 'Jahreszahlen sind leicht zu erraten.',
        AWordByItselfIsEasyToGuess: 'Ein einzelnes Wort ist leicht zu erraten.',
        DatesAreOftenEasyToGuess: 'Daten sind leicht zu erraten.',
        NamesAndSurnamesByThemselvesAreEasyToGuess: 'Namen sind leicht zu erraten.',
        CommonNamesAndSurnamesAreEasyToGuess: 'Namen sind leicht zu erraten.',
      },
    },

    making: {
      heading: 'Ihre Schlüssel werden erzeugt',
      lead: 'Das ist absichtlich langsam: Wer Ihre Passphrase erraten will, muss dieselbe Arbeit bei jedem Versuch leisten.',
      label: 'Fortschritt',
      cancel: 'Abbrechen',
      steps: {
        derive: 'Ihre Passphrase wird gestreckt',
        make: 'Ihre Schlüssel werden erzeugt',
        seal: 'Sie werden verschlüsselt',
        check: 'Zur Sicherheit wird alles noch einmal geöffnet',
      },
      start: 'Der Server wird nach Ihrem Konto gefragt',
    },

    kit: {
      heading: 'Bewahren Sie Ihr Wiederherstellungs-Kit auf',
      lead: 'Wenn Sie Ihre Passphrase vergessen, führt nur dieses Kit zurück zu Ihren Schlüsseln. Bewahren Sie es dort auf, wo Ihr Reisepass liegt.',
      paperFor: 'Wenn Sie Ihre Passphrase vergessen, öffnet dieser Code an ihrer Stelle Ihre Schlüssel, und Sie können eine neue wählen. Verwahren Sie ihn sicher und zeigen Sie ihn niemandem.',
      download: 'Kit herunterladen',
      copy: 'Code kopieren',
      print: 'Drucken',
      canText: 'Sie, mit diesem Kit. Wer es hat, kann an Ihre Schlüssel kommen: Zeigen Sie es niemandem.',
      cannot: 'Wer es nicht kann',
      cannotText: 'Ihre Administration, Ihr Identitätsanbieter und die Betreiber dieses Servers sehen es nie und können kein zweites machen.',
      continue: 'Ich habe es aufbewahrt',
      startOver: 'Mit einer anderen Passphrase von vorn beginnen',
      fileName: (slug, user) => `freehold-wiederherstellung-${slug}-${user}.pdf`,
      paper,
      sheetLanguage: '',
      sheet: {
        lang: 'de',
        paper,
        purpose: 'Wenn Sie Ihre Passphrase vergessen, öffnet dieser Code an ihrer Stelle Ihre Schlüssel, und Sie können eine neue wählen. Im Alltag brauchen Sie ihn nicht: Bewahren Sie ihn auf für den Tag, an dem Sie ihn brauchen.',
        organization: 'Organisation',
        userName: 'Benutzername',
        address: 'Adresse',
        made: 'Erstellt',
        codeHint: 'Großschreibung, Leerzeichen und Bindestriche spielen keine Rolle.',
        qrHint: 'Derselbe Code zum Scannen',
        canText: 'Sie, mit diesem Kit. Wer es hat und sich als Sie anmeldet, kann an Ihre Schlüssel kommen: Zeigen Sie es niemandem. Kein Support wird je danach fragen.',
        cannot: 'Wer nicht helfen kann',
        cannotText: 'Niemand sonst: nicht Ihre Administration, nicht Ihr Identitätsanbieter, nicht die Betreiber des Servers. Sie haben diesen Code nie gesehen, können ihn nicht nachsehen und keinen zweiten machen.',
        where: 'Wo Sie es aufbewahren',
        whereText: 'Drucken Sie es aus und legen Sie es zu Ihrem Reisepass, oder legen Sie die Datei in Ihren Passwortmanager oder auf einen Datenträger in der Schublade. Nicht in eine E-Mail und nicht neben Ihre Passphrase.',
        lost: 'Wenn es verloren geht',
        lostText: 'Solange Sie Ihre Passphrase kennen, ist nichts verloren. Ohne Passphrase und Kit bleibt für immer verschlossen, was in Ihrem Tresor ist.',
        footer: 'In Ihrem Browser erstellt. Kein Server hat diesen Code gesehen.',
        replaced: 'In Ihrem Browser erstellt. Ein Fragezeichen oben steht vielleicht für ein Zeichen, das diese Seite nicht darstellen kann.',
      },
    },

    prove: {
      heading: 'Zeigen Sie, dass Sie es aufbewahrt haben',
      lead: 'Dass ein Kit nie gespeichert wurde, merkt man am schlimmsten Tag. Geben Sie es deshalb einmal zurück: Wählen Sie die Datei, oder fügen oder tippen Sie den Code oder die 24 Wörter ein.',
      file: 'Das heruntergeladene Kit wählen',
      or: 'oder',
      text: 'Code oder Wörter einfügen oder eintippen',
      textHint: 'Großschreibung, Leerzeichen und Bindestriche spielen keine Rolle.',
      continue: 'Prüfen und abschließen',
      back: 'Zurück zum Kit',
    },

    saving: {
      heading: 'Ihre Schlüssel werden gespeichert',
      text: 'Der Server bekommt, was er nicht öffnen kann.',
      networkSafe: 'Es ging nichts verloren: Ihre neuen Schlüssel warten in diesem Tab, und ein neuer Versuch sendet genau dieselbe Nachricht, sie kann also nicht doppelt zählen.',
      signedOutNext: 'Melden Sie sich in einem neuen Tab wieder an. Kommen Sie dann in diesen Tab zurück und wählen Sie „Noch einmal versuchen“.',
      waitSafe: 'Es ging nichts verloren: Ihre neuen Schlüssel warten in diesem Tab. Lassen Sie ihn offen.',
    },

    done: {
      heading: 'Fertig. Ihr Tresor gehört Ihnen',
      lead: 'Ihre Schlüssel sind gespeichert, verschlüsselt. Niemand außer Ihnen kann sie öffnen: nicht Ihre Administration, nicht die Betreiber dieses Servers.',
      next: 'Ihr Tresor fragt jetzt nach Ihrer Passphrase, das erste von vielen Malen.',
      open: 'Meinen Tresor öffnen',
      organize: 'Ihre Organisation einrichten',
      receivedHeading: 'Was der Server bekommen hat',
      receivedLead: 'Das sind alle Datensätze, die diesen Browser verlassen haben, und warum jeder dem Server verschlossen bleibt.',
      download: 'Diese Datensätze herunterladen',
      caption: 'Die Datensätze, die der Server bekommen hat',
      record: 'Datensatz',
      what: 'Was es ist',
      why: 'Warum man es nicht öffnen kann',
      bytes: (bytes) => amount(bytes, 'byte'),
      fileName: 'freehold-was-der-server-bekommen-hat.json',
      fileAbout: 'Alles, was der Server bei der Einrichtung von diesem Browser bekommen hat. „request“ ist die Nachricht, wie sie gesendet wurde, „records“ erklärt sie. Binäre Werte sind base64url.',
      records: {
        card: {
          name: 'Karte',
          what: 'Ihre öffentlichen Schlüssel und Ihr Benutzername, mit Ihrem eigenen Schlüssel unterschrieben. Andere verschlüsseln damit für Sie.',
          why: 'Sie enthält nichts Geheimes: Öffentliche Schlüssel können nicht entschlüsseln.',
        },
        state: {
          name: 'Kontostand',
          what: 'Eine unterschriebene Liste Ihrer Zugänge, mit Fingerabdrücken aller Datensätze hier, damit Ihr Browser jeden Austausch bemerkt.',
          why: 'Er enthält nur öffentliche Schlüssel und Fingerabdrücke. Wer ihn hat, kann Vermutungen über Ihre Passphrase prüfen, jede so langsam wie die, die Sie gesehen haben: Darum muss die Passphrase stark sein.',
        },
        keyring: {
          name: 'Schlüsselbund',
          what: 'Ihre privaten Schlüssel, verschlüsselt.',
          why: 'Er ist mit einem Schlüssel verschlüsselt, der aus Ihrem Hauptschlüssel entsteht, und der hat diesen Browser nie verlassen.',
        },
        'password-parameters': {
          name: 'Einstellungen der Passphrase',
          what: 'Ein zufälliges Salz und wie viel Arbeit ein Versuch kostet.',
          why: 'Es sagt nichts über Ihre Passphrase.',
        },
        'password-envelope': {
          name: 'Hauptschlüssel, mit Ihrer Passphrase verschlossen',
          what: 'Ihr Hauptschlüssel, verschlüsselt.',
          why: 'Nur der Schlüssel aus Ihrer gestreckten Passphrase öffnet ihn, und der hat diesen Browser nie verlassen.',
        },
        'password-proof': {
          name: 'Nachweis für die Passphrase',
          what: 'Eine Unterschrift unter die Frage des Servers, damit spätere Öffnungen geprüft werden können.',
          why: 'Eine Unterschrift zeigt, dass Sie einen Schlüssel haben, ohne ihn zu zeigen.',
        },
        'recovery-envelope': {
          name: 'Hauptschlüssel, mit Ihrem Wiederherstellungs\u00adcode verschlossen',
          what: 'Ihr Hauptschlüssel, ein zweites Mal verschlüsselt.',
          why: 'Nur der Wiederherstellungscode öffnet ihn: 256 zufällige Bit, die niemand errät.',
        },
        'recovery-proof': {
          name: 'Nachweis für den Wiederherstellungs\u00adcode',
          what: 'Eine Unterschrift unter die Frage des Servers, mit einem Schlüssel aus dem Wiederherstellungscode.',
          why: 'Eine Unterschrift zeigt, dass Sie einen Schlüssel haben, ohne ihn zu zeigen.',
        },
      },
    },

    taken: {
      heading: 'Dieses Konto wurde gerade anderswo eingerichtet',
      text: 'Ein anderer Tab oder Browser, der mit Ihrer Anmeldung läuft, war mit der Einrichtung schneller. Die Schlüssel von hier wurden nicht gespeichert und sind weg; das Konto hat genau einen Satz Schlüssel, den anderen.',
      kit: 'Falls Sie hier ein Wiederherstellungs-Kit aufbewahrt haben, werfen Sie es weg: Es öffnet nichts. Das von der anderen Stelle ist das richtige.',
      wasMe: 'Wenn Sie das waren, öffnen Sie den Tresor mit der Passphrase, die Sie dort gewählt haben.',
      notMe: 'Wenn Sie es nicht waren, kann sich jemand als Sie anmelden. Sagen Sie es sofort Ihrer Administration. Von Ihnen ist noch nichts im Konto.',
      unlock: 'Öffnen',
    },

    epoch: {
      heading: 'Ihre Schlüssel wurden zurückgesetzt',
      text: 'Dieser Browser erinnert sich an frühere Schlüssel von Ihnen. Der Server sagt, dass sie beiseitegelegt wurden und Sie neue erzeugen sollen. Das ist richtig, wenn Sie darum gebeten haben, weil Sie alles verloren hatten.',
      yes: 'Ich habe darum gebeten. Weiter',
      no: 'Ich war das nicht. Hier aufhören',
    },
    refusedHeading: 'Die Einrichtung wurde angehalten',
  },

  unlock: {
    heading: 'Öffnen Sie Ihren Tresor',
    lead: (name) => `Angemeldet als ${name}. Den Rest tut Ihre Passphrase, nur in diesem Browser.`,
    field: 'Passphrase',
    submit: 'Öffnen',
    triesLeft: (tries) => count(tries, { one: 'Sie haben noch einen Versuch bis zu einer Wartezeit.', other: 'Sie haben noch # Versuche bis zu einer Wartezeit.' }),
    noTriesLeft: 'Das war der letzte Versuch vor einer Wartezeit.',
    waitUntil: (when, seconds) => `Sie können es um ${when} wieder versuchen, in ${duration(seconds)}.`,
    waitUnknown: 'Warten hilft nicht: Öffnen Sie Ihre Schlüssel stattdessen mit Ihrem Wiederherstellungscode, und wählen Sie eine neue Passphrase.',
    again: 'Sie können es jetzt wieder versuchen.',
    forgot: 'Ich habe meine Passphrase vergessen',
    forgotText: [
      'Niemand kann sie für Sie nachsehen: Das ist der Sinn der Sache.',
      'Ihr Wiederherstellungs-Kit öffnet Ihre Schlüssel an ihrer Stelle. Sie wählen dann eine neue Passphrase und bekommen ein neues Kit.',
    ],
    recover: 'Wiederherstellungscode verwenden',
    slow: (seconds) => `Auf diesem Gerät dauert das Öffnen etwa ${duration(seconds)}. Sie können jederzeit abbrechen. Ein anderer Browser ist vielleicht viel schneller.`,

    working: {
      heading: 'Ihr Tresor wird geöffnet',
      lead: 'Das ist absichtlich langsam, damit niemand schnell raten kann.',
      steps: {
        derive: 'Ihre Passphrase wird gestreckt',
        make: 'Die Frage des Servers wird beantwortet',
        seal: 'Die Frage des Servers wird beantwortet',
        check: 'Ihre Schlüssel werden geprüft und geöffnet',
      },
      start: 'Der Server wird nach Ihrem Konto gefragt',
    },

    epoch: {
      heading: 'Ihre Schlüssel wurden ersetzt',
      text: 'Der Server bietet neuere Schlüssel an als die, an die sich dieser Browser erinnert. Das ist richtig, wenn Sie Ihre Schlüssel anderswo ersetzt oder um ein Zurücksetzen gebeten haben.',
      yes: 'Ich habe sie ersetzt. Weiter',
      no: 'Ich war das nicht. Abmelden',
    },
    refusedHeading: 'Nicht geöffnet',
    tamperedHeading: 'Mit Ihrem Konto auf dem Server stimmt etwas nicht',
    signedOutNext: 'Melden Sie sich in einem neuen Tab wieder an. Kommen Sie dann in diesen Tab zurück und öffnen Sie Ihren Tresor.',
    notCounted: 'Es wurde nicht an den Server gesendet und zählt nicht als Versuch.',
  },

  lost: {
    open: 'Ich habe auch mein Wiederherstellungs-Kit verloren',
    heading: 'Um neue Schlüssel bitten',
    lead: 'Ohne Passphrase, Wiederherstellungs-Kit und Passkeys kann niemand Ihre Geheimnisse öffnen, auch wir nicht. Sie können darum bitten, neu anzufangen.',
    effects: [
      'Die Bitte ändert nichts. Finden Sie Ihre Passphrase oder Ihr Kit wieder, öffnen Sie einfach Ihren Tresor: Das zieht die Bitte zurück.',
      'Jemand anders muss sie genehmigen. Ihre jetzigen Schlüssel und Geheimnisse werden dann beiseitegelegt, und Sie richten neue ein; Ihr Tresor ist leer.',
      'Was beiseitegelegt wurde, bleibt eine Weile und kann zurückgeholt werden, bis Sie neue Schlüssel erzeugt haben. Danach wird es vernichtet.',
    ],
    byAdmin: 'Genehmigen muss es jemand aus der Administration Ihrer Organisation, möglichst nachdem Sie persönlich oder am Telefon gesprochen haben. Nennen Sie die Nummer der Anfrage.',
    byOperator: 'Niemand sonst in Ihrer Organisation kann es auf diesen Seiten genehmigen: Das muss tun, wer den Server betreibt.',
    ask: 'Um neue Schlüssel bitten',
    back: 'Zurück',
    waitingHeading: 'Ihre Anfrage wartet',
    waiting: (asked, until) => `Angefragt am ${asked}. Sie wartet bis ${until}. Noch hat sich nichts geändert.`,
    id: (id) => `Anfrage ${id}`,
    cancel: 'Zurückziehen',
    look: 'Noch einmal nachsehen',
    before: {
      requested: '',
      approved: 'Eine frühere Anfrage wurde genehmigt.',
      denied: 'Ihre letzte Anfrage wurde abgelehnt. Es wurde nichts geändert.',
      cancelled: 'Ihre letzte Anfrage wurde zurückgezogen. Es wurde nichts geändert.',
      expired: 'Ihre letzte Anfrage hat zu lange gewartet und ist erledigt. Es wurde nichts geändert.',
      undone: 'Ihre letzte Anfrage wurde rückgängig gemacht: Ihre früheren Schlüssel und Geheimnisse sind wieder da.',
    },
  },

  passkeys: {
    heading: 'Passkeys',
    text: 'Ein Passkey öffnet Ihren Tresor mit Finger, Gesicht, PIN oder Sicherheitsschlüssel statt mit der Passphrase. Passphrase und Wiederherstellungs-Kit bleiben. Er funktioniert nur unter dieser Adresse und ist so sicher wie das Gerät oder der Dienst, der ihn verwahrt.',
    unlock: 'Mit einem Passkey öffnen',
    useOne: 'Passkey verwenden',
    add: 'Passkey hinzufügen',
    unnamed: 'Ein Passkey ohne Namen',
    since: (when) => `Hinzugefügt ${when}`,
    rename: 'Umbenennen',
    renameHeading: 'Diesen Passkey umbenennen',
    renamed: 'Umbenannt.',
    save: 'Speichern',
    name: 'Name',
    nameHint: 'Zum Beispiel das Gerät, auf dem er liegt.',
    remove: 'Entfernen',
    removeHeading: (name) => `„${name}“ entfernen?`,
    removeLead: 'Er wird Ihren Tresor nicht mehr öffnen. Zeigen Sie zuerst, dass Sie es sind.',
    removed: 'Entfernt.',
    impossible: 'Dieser Browser kann keine Passkeys verwenden. Ein anderer auf diesem Gerät vielleicht schon.',
    full: (most) => `Sie haben ${most} Passkeys, so viele, wie ein Konto haben kann. Entfernen Sie einen, um einen anderen hinzuzufügen.`,

    waiting: {
      heading: 'Ihr Passkey wird erwartet',
      lead: 'Folgen Sie Ihrem Browser oder Gerät. Es fragt nach Finger, Gesicht oder PIN.',
    },

    adding: {
      heading: 'Passkey hinzufügen',
      proveLead: 'Zeigen Sie zuerst, dass Sie es sind.',
      prove: 'Weiter',
      makeLead: 'Geben Sie ihm einen Namen, und lassen Sie ihn dann von Ihrem Browser oder Gerät erstellen.',
      defaultName: (n) => `Passkey Nr. ${n}`,
      create: 'Passkey erstellen',
      useHeading: 'Verwenden Sie ihn einmal',
      useLead: 'Der Passkey ist erstellt. Verwenden Sie ihn jetzt, damit sicher ist, dass er Ihren Tresor später öffnet. Vorher wird nichts gespeichert.',
      use: 'Jetzt verwenden',
      added: 'Der Passkey wurde hinzugefügt. Er öffnet ab jetzt Ihren Tresor.',
    },

    first: {
      heading: 'Ihre Organisation verlangt einen Passkey',
      text: 'Alle in Ihrer Organisation brauchen einen Passkey, und Ihr Konto hat noch keinen. Fügen Sie einen hinzu, dann öffnet sich Ihr Tresor.',
      kept: 'Ihre Geheimnisse sind, wo sie waren. Ihre Passphrase gilt weiter.',
    },

    problems: {
      wrong: {
        title: 'Dieser Passkey hat Ihren Tresor nicht geöffnet',
        safe: 'Es ging nichts verloren. Er hat ein anderes Geheimnis geliefert als beim Hinzufügen: Vielleicht wurde sein Gerät oder Dienst zurückgesetzt.',
        next: 'Öffnen Sie mit Ihrer Passphrase oder einem anderen Passkey. Entfernen Sie diesen dann und fügen Sie ihn neu hinzu.',
      },
      usedUp: {
        title: 'Zu viele Versuche mit Passkeys',
        safe: 'Es ging nichts verloren, und Ihre Passphrase ist davon nicht betroffen.',
        next: 'Öffnen Sie mit Ihrer Passphrase, oder warten Sie eine Stunde.',
      },
      last: {
        title: 'Das ist Ihr einziger Passkey, und Ihre Organisation verlangt einen',
        safe: 'Er wurde nicht entfernt.',
        next: 'Fügen Sie zuerst einen anderen hinzu.',
      },
    },
  },

  vault: {
    heading: 'Ihr Tresor',
    add: 'Geheimnis hinzufügen',
    search: 'Nach Namen suchen',
    lock: 'Sperren',
    console: 'Verwaltung',
    security: 'Sicherheit',
    listLabel: 'Ihre Geheimnisse',
    count: (shown, all) => (shown === all ? '' : `${shown} von `) + count(all, { one: '# Geheimnis', other: shown === all ? '# Geheimnisse' : '# Geheimnissen' }),
    emptyHeading: 'Hier ist noch nichts',
    emptyText: 'Legen Sie ein Passwort, einen Code oder eine Notiz ab. Es wird in diesem Browser verschlüsselt, bevor es gesendet wird.',
    settings: 'Einstellungen für diesen Browser',
    lockSetting: {
      label: 'Sperren, sobald dieser Tab nicht zu sehen ist',
      hint: 'Wenn Sie zu einem anderen Tab oder Programm wechseln oder der Bildschirm gesperrt wird. Ohne diese Einstellung wird Ihr Tresor nach 15 Minuten ohne Benutzung gesperrt.',
    },
    noMatch: 'Kein Geheimnis hat das im Namen.',
    reveal: 'Anzeigen',
    conceal: 'Verbergen',
    copy: 'Kopieren',
    edit: 'Bearbeiten',
    remove: 'Löschen',
    value: 'Wert',
    note: 'Notiz',
    noValue: 'Kein Wert',
    actionOn: (action, name) => `${action}: ${name}`,
    changed: (when, version) => `Fassung ${version} · geändert am ${when}`,
    copiedValue: 'Kopiert. Es bleibt in der Zwischenablage, bis Sie etwas anderes kopieren.',
    damagedName: 'Ein Geheimnis, das sich nicht öffnen lässt',
    damagedText: 'Es wurde außerhalb Ihres Browsers verändert oder beschädigt. Ihre anderen Geheimnisse sind nicht betroffen. Sagen Sie es Ihrer Administration, die vielleicht eine Sicherung hat; hier zu löschen lässt sich nicht rückgängig machen.',
    saved: 'Gespeichert.',
    deleted: 'Gelöscht.',
    loading: 'Ihre Geheimnisse werden geöffnet',
    idle: 'Noch da? Ihr Tresor wird in einer Minute gesperrt.',
    stay: 'Offen lassen',

    deleteHeading: 'Dieses Geheimnis löschen?',
    deleteText: (name) => `„${name}“ ist dann endgültig weg. Niemand kann es zurückholen.`,
    deleteConfirm: 'Löschen',
    notDeleted: {
      title: 'Dieses Geheimnis wurde anderswo geändert',
      safe: 'Es wurde nicht gelöscht, und es ging nichts verloren.',
      next: 'Sehen Sie nach, wie es jetzt ist, und entscheiden Sie dann noch einmal.',
    },

    notices: {
      failedSince: (n) => `Seit Sie zuletzt geöffnet haben, gab es ${count(n, { one: '# fehlgeschlagenen Versuch', other: '# fehlgeschlagene Versuche' })} an Ihrem Tresor. Wenn Sie das nicht waren, sagen Sie es Ihrer Administration: Jemand kann sich als Sie anmelden.`,
      changedAt: (when) => `Ihre Schlüssel wurden zuletzt am ${when} geändert.`,
      lockedIdle: 'Nach 15 Minuten ohne Benutzung gesperrt. Es ging nichts verloren.',
      lockedIdleDraft: 'Nach 15 Minuten ohne Benutzung gesperrt. Ihre Eingabe ist verschlüsselt aufgehoben und kommt nach dem Öffnen wieder.',
      lockedHidden: 'Gesperrt, weil dieser Tab nicht zu sehen war, wie Sie es eingestellt haben. Es ging nichts verloren.',
      lockedHiddenDraft: 'Gesperrt, weil dieser Tab nicht zu sehen war, wie Sie es eingestellt haben. Ihre Eingabe ist verschlüsselt aufgehoben und kommt nach dem Öffnen wieder.',
      lockedCrashed: 'Gesperrt: Der Teil der Seite, der Ihre Schlüssel hielt, ist stehen geblieben. Es ging nichts verloren. Meistens hatte der Browser zu wenig Speicher.',
      lockedByYou: 'Gesperrt. Ihre Schlüssel sind aus dem Speicher dieses Browsers verschwunden.',
      lockedElsewhere: 'Von einem anderen Tab aus gesperrt.',
      lockedOvertaken: 'Ihre Schlüssel wurden anderswo geändert, deshalb fragt der Server wieder nach Ihrer Passphrase: nach der neuesten.',
      lockedByServer: 'Der Server fragt wieder nach Ihrer Passphrase. Es ging nichts verloren.',
      lockedByServerDraft: 'Der Server fragt wieder nach Ihrer Passphrase. Ihre Eingabe ist verschlüsselt aufgehoben und kommt nach dem Öffnen wieder.',
      draftBack: 'Das hatten Sie eingegeben, bevor der Tresor gesperrt wurde. Es ist noch nicht gespeichert.',
    },
  },

  security: {
    heading: 'Sicherheit',
    back: 'Zurück zu Ihrem Tresor',
    continue: 'Weiter',
    lead: (when) => `Ihre Schlüssel wurden zuletzt am ${when} geändert. Wenn Sie das nicht waren, sagen Sie es Ihrer Administration.`,
    ways: 'Was Ihre Schlüssel öffnet',
    since: (when) => `Seit ${when}`,

    confirm: {
      heading: 'Ihre jetzige Passphrase',
      submit: 'Weiter',
      working: { heading: 'Ihre Passphrase wird geprüft', lead: 'Das ist absichtlich langsam, damit niemand schnell raten kann.' },
    },

    working: {
      heading: 'Ihre Schlüssel werden neu verschlossen',
      lead: 'Das ist absichtlich langsam: Wer Ihre Passphrase erraten will, muss dieselbe Arbeit bei jedem Versuch leisten. Noch ist nichts gespeichert.',
      start: 'Es geht los',
      steps: {
        derive: 'Ihre Passphrase wird gestreckt',
        make: 'Ihre Schlüssel werden erzeugt',
        seal: 'Sie werden verschlüsselt',
        check: 'Zur Sicherheit wird alles noch einmal geöffnet',
      },
    },

    saving: {
      heading: 'Die Änderung wird gespeichert',
      text: 'Der Server bekommt, was er nicht öffnen kann. Lassen Sie diesen Tab offen.',
      waitSafe: 'Es ging nichts verloren. Entweder ist die ganze Änderung gespeichert oder nichts davon, und ein neuer Versuch sendet genau dieselbe Nachricht, sie kann also nicht doppelt zählen. Gehen Sie vor einer Antwort weg, gilt das Neue, falls gespeichert wurde, sonst das Bisherige.',
    },

    passphrase: {
      name: 'Passphrase',
      what: 'Mit ihr öffnen Sie Ihren Tresor.',
      change: 'Ändern',
      reason: 'Um Ihre Passphrase zu ändern, geben Sie die jetzige ein.',
      choose: {
        heading: 'Wählen Sie eine neue Passphrase',
        lead: 'Sie öffnet dieselben Schlüssel: Ihre Geheimnisse bleiben, wie sie sind, und Ihr Wiederherstellungs-Kit bleibt gültig.',
        continue: 'Meine Passphrase ändern',
      },
      done: {
        heading: 'Ihre Passphrase ist geändert',
        text: ['Ab jetzt gilt die neue; die alte öffnet nichts mehr. Ihre Geheimnisse und Ihr Wiederherstellungs-Kit bleiben, wie sie waren.', 'Ihre anderen Browser sind gesperrt und fragen nach der neuen.'],
      },
    },

    code: {
      name: 'Wiederherstellungs\u00adcode',
      what: 'Er öffnet Ihre Schlüssel, wenn Sie die Passphrase vergessen.',
      change: 'Ersetzen',
      reason: 'Für ein neues Wiederherstellungs-Kit geben Sie Ihre Passphrase ein. Das alte gilt, bis Sie gezeigt haben, dass Sie das neue aufbewahrt haben.',
      done: {
        heading: 'Ihr Wiederherstellungscode ist ersetzt',
        text: ['Das Kit, das Sie gerade aufbewahrt haben, ist das richtige. Werfen Sie das alte weg: Sein Code öffnet nichts mehr.', 'Ihre anderen Browser sind gesperrt und fragen nach Ihrer Passphrase.'],
      },
    },

    unmade: {
      not: {
        text: 'Die Änderung, die Sie begonnen hatten, wurde nicht vorgenommen. Ihre alte Passphrase und Ihr alter Wieder\u00adherstellungs\u00adcode gelten weiter, wenn Sie sie nicht inzwischen anderswo geändert haben.',
        kit: (made) => `Das Wieder\u00adherstellungs-Kit vom ${made} ist ungültig: Es öffnet nichts. Vernichten Sie es, damit niemand es für das richtige hält.`,
      },
      unknown: {
        text: 'Auf die Änderung, die Sie abgeschickt hatten, kam keine Antwort, deshalb weiß dieser Browser nicht, ob sie gespeichert wurde. Wenn Sie eine neue Passphrase gewählt hatten, versuchen Sie zuerst diese, dann die alte.',
        kit: (made) => `Bis Sie es wissen, bewahren Sie Ihr altes Wieder\u00adherstellungs-Kit und das vom ${made} auf: Wurde die Änderung gespeichert, öffnet nur das neue Ihre Schlüssel, sonst nur das alte. Unter „Sicherheit“ sehen Sie, seit wann Ihr Wieder\u00adherstellungs\u00adcode gilt.`,
      },
    },

    resets: {
      heading: 'Bitten um neue Schlüssel',
      text: 'Jemand hat alles verloren und bittet um einen neuen Anfang. Sprechen Sie zuerst mit der Person, nicht per E-Mail: Wer sich als diese Person anmeldet, erzeugt die neuen Schlüssel.',
      none: 'Niemand bittet darum.',
      asked: (when) => `angefragt am ${when}`,
      own: 'Das ist Ihre eigene Anfrage. Jemand anders muss entscheiden.',
      approve: 'Genehmigen',
      deny: 'Ablehnen',
      sure: (name) => `Die Schlüssel und Geheimnisse von ${name} werden beiseitegelegt und nach einer Weile vernichtet. Haben Sie mit der Person gesprochen und die Nummer der Anfrage verglichen?`,
      approveSure: 'Ja, die alten Schlüssel beiseitelegen',
      approved: 'Genehmigt. Die Person kann jetzt neue Schlüssel einrichten.',
      denied: 'Abgelehnt. Es wurde nichts geändert.',
    },
    received: {
      heading: 'Was der Server bekommen hat',
      short: 'Jeder Datensatz, den der Server von Ihnen aufbewahrt, was er ist und warum er dort nicht geöffnet werden kann.',
      open: 'Datensätze ansehen',
      lead: 'Das sind die Datensätze, wie sie der Server diesem Browser gab, als Sie zuletzt geöffnet haben, und warum jeder ihm verschlossen bleibt. Einen Umschlag gibt er nur heraus, wenn der Weg, der ihn öffnet, nachgewiesen ist; bei den anderen steht deshalb hier keine Größe.',
      clear: 'Offen liegt bei ihm, was Ihr Identitätsanbieter ihm über Sie gesagt hat, wann und von wo Sie sich angemeldet haben, die Namen Ihrer Passkeys und wie viele Geheimnisse Sie haben, wie groß sie sind und wann sie geändert wurden.',
      fileName: 'freehold-was-der-server-hat.json',
      fileAbout: 'Die Datensätze, die der Server von diesem Konto aufbewahrt, wie er sie beim letzten Öffnen gab. Binäre Werte sind base64url; mehrere Werte eines Datensatzes stehen in ihrer Reihenfolge.',
      passkey: {
        name: (name) => `Passkey „${name}“`,
        what: 'Was der Passkey gefragt wird, und Ihr Hauptschlüssel, noch einmal verschlüsselt.',
        why: 'Nur das Geheimnis, das der Passkey liefert, öffnet ihn, und das hat Ihre Geräte nie verlassen.',
      },
      items: {
        name: (number) => `In Ihrem Tresor: ${number}`,
        what: 'Name, Wert und Notiz jedes Geheimnisses, mit einem eigenen Schlüssel verschlüsselt.',
        why: 'Dieser Schlüssel ist für Ihren privaten Schlüssel verschlüsselt, und der liegt in Ihrem Schlüsselbund.',
      },
    },

    leaked: {
      heading: 'Jemand kennt vielleicht meine Passphrase oder meinen Code',
      short: 'Vielleicht hat Ihnen jemand beim Tippen zugesehen, Ihr Kit gefunden, oder ein Gerät von Ihnen wurde gestohlen oder infiziert. Dann genügt eine andere Passphrase nicht: Erneuern Sie alle Schlüssel.',
      begin: 'Alle meine Schlüssel erneuern',
      lead: 'Das erzeugt neue Schlüssel für alles, was Sie haben. Wer Ihre Passphrase oder Ihren Code erfahren hat, kann von da an nichts mehr damit anfangen. Es dauert ein paar Minuten.',
      effects: [
        'Sie wählen eine neue Passphrase und bekommen ein neues Wiederherstellungs-Kit. Die alten öffnen nichts mehr.',
        'Ihre Geheimnisse bleiben. Jedes kommt unter die neuen Schlüssel.',
        'Passkeys müssen neu hinzugefügt werden.',
        'Ihre anderen Browser werden gesperrt. Sie fragen, ob Sie Ihre Schlüssel ersetzt haben, und dann nach der neuen Passphrase.',
      ],
      items: 'Was jemand schon gelesen hat, lässt sich nicht ungelesen machen: Ändern Sie danach auch die Passwörter, die in Ihrem Tresor liegen.',
      continue: 'Weiter',
      reason: 'Um alle Ihre Schlüssel zu erneuern, geben Sie die jetzige Passphrase ein.',
      choose: {
        heading: 'Wählen Sie eine neue Passphrase',
        lead: 'Wählen Sie eine, die nichts mit der alten zu tun hat.',
        continue: 'Neue Schlüssel erzeugen',
      },
      done: {
        heading: 'Alle Ihre Schlüssel sind neu',
        text: [
          'Die alte Passphrase und das alte Kit öffnen nichts mehr. Ihre Geheimnisse sind alle hier, unter den neuen Schlüsseln.',
          'Ihre anderen Browser sind gesperrt. Wenn sie fragen, ob Sie Ihre Schlüssel ersetzt haben, sagen Sie ja.',
          'Passkeys müssen neu hinzugefügt werden. Und ändern Sie die Passwörter in Ihrem Tresor, wenn jemand sie gelesen haben könnte.',
        ],
      },
    },

    recover: {
      heading: 'Verwenden Sie Ihren Wiederherstellungscode',
      lead: 'Er steht in Ihrem Wiederherstellungs-Kit. Er öffnet Ihre Schlüssel einmal, damit Sie eine neue Passphrase wählen können; einen neuen Code bekommen Sie dazu.',
      file: 'Ihr Wiederherstellungs-Kit wählen',
      or: 'oder',
      text: 'Code oder Wörter einfügen oder eintippen',
      textHint: 'Großschreibung, Leerzeichen und Bindestriche spielen keine Rolle.',
      continue: 'Meine Schlüssel öffnen',
      back: 'Zurück',
      tooMany: 'Zu viele falsche Wiederherstellungscodes',
      badCodeSafe: 'Er wurde nicht an den Server gesendet und zählt nicht als Versuch.',
      wrong: {
        title: 'Das ist ein Wiederherstellungscode, aber nicht der Ihres Kontos',
        next: 'Vielleicht ist er aus einem älteren Kit. Das neueste ist das richtige.',
      },
      passphrase: {
        heading: 'Wählen Sie eine neue Passphrase',
        lead: 'Ihr Wiederherstellungscode stimmt. Er gilt, bis Sie eine neue Passphrase haben und ein neues Kit aufbewahren; vorher wird nichts geändert.',
        continue: 'Weiter zum neuen Kit',
      },
      done: {
        heading: 'Sie sind wieder drin',
        text: ['Ab jetzt gelten Ihre neue Passphrase und Ihr neues Kit. Die alte Passphrase und der alte Code öffnen nichts mehr: Werfen Sie das alte Kit weg.', 'Ihre Geheimnisse sind, wie sie waren. Ihre anderen Browser sind gesperrt und fragen nach der neuen Passphrase.'],
      },
    },

    raising: {
      heading: 'Der Schutz Ihrer Schlüssel wird erhöht',
      lead: 'Ihre Organisation verlangt einen stärkeren Schutz, als Ihre Schlüssel haben. Ihre Passphrase bleibt dieselbe, und Ihr Tresor öffnet sich gleich.',
      start: 'Der Server wird gefragt',
      steps: {
        derive: 'Ihre Passphrase wird stärker gestreckt als bisher',
        make: 'Der stärkere Schutz wird gespeichert',
        seal: 'Der stärkere Schutz wird gespeichert',
        check: 'Der stärkere Schutz wird gespeichert',
      },
      skip: 'Jetzt nicht',
    },

    sessions: {
      heading: 'Wo Sie angemeldet sind',
      lead: 'Eine Anmeldung zu beenden sperrt den Browser dort sofort. Ohne neue Anmeldung lässt sich der Tresor dort nicht mehr öffnen.',
      thisOne: 'Dieser Browser',
      unknown: 'Unbekannter Browser',
      client: (browser, system) => `${browser} unter ${system}`,
      seen: (when) => `Zuletzt benutzt ${when}`,
      since: (when) => `Angemeldet ${when}`,
      end: 'Beenden',
      endOthers: 'Alle anderen beenden',
      ended: 'Beendet.',
    },
  },

  edit: {
    newHeading: 'Geheimnis hinzufügen',
    changeHeading: 'Geheimnis bearbeiten',
    name: 'Name',
    nameHint: 'Zum Beispiel die Website oder das Programm, zu dem es gehört.',
    value: 'Geheimer Wert',
    note: 'Notiz',
    noteHint: 'Verschlüsselt wie der Wert.',
    optional: 'freiwillig',
    save: 'Speichern',
    nameMissing: 'Geben Sie ihm einen Namen, damit Sie es wiederfinden.',
    theirs: 'Die andere Fassung',
    keepMine: 'Meine als neueste Fassung speichern',
    takeTheirs: 'Meine verwerfen, die andere behalten',
    goneTitle: 'Dieses Geheimnis wurde anderswo gelöscht, während Sie es bearbeitet haben',
    gone: 'Was Sie eingegeben haben, steht noch hier.',
    signedOutNext: 'Melden Sie sich in einem neuen Tab wieder an. Kommen Sie dann in diesen Tab zurück und wählen Sie „Noch einmal versuchen“.',
    keepAsNew: 'Als neues Geheimnis behalten',
    dropMine: 'Verwerfen',
  },

  enter: {
    heading: 'Mit einem Einmal-Link anmelden',
    lead: 'Dieser Link meldet Sie ohne Ihren Identitätsanbieter an. Ihr Tresor öffnet sich weiterhin nur mit Ihrer Passphrase.',
    once: 'Er funktioniert einmal. Wer in diesem Browser bei Freehold angemeldet ist, wird abgemeldet.',
    continue: 'Weiter',
  },

  signedOut: {
    heading: 'Sie sind abgemeldet',
    text: 'Ihre Schlüssel sind aus dem Speicher dieses Browsers verschwunden. Bei Ihrem Identitätsanbieter sind Sie vielleicht noch angemeldet; melden Sie sich an einem gemeinsam benutzten Rechner auch dort ab.',
  },
};

/** @param {number} log10 */
function guesses(log10) {
  const names = ['Million', 'Milliarde', 'Billion', 'Billiarde', 'Trillion', 'Trilliarde'];
  const power = Math.min(23, Math.max(0, Math.floor(log10)));
  if (power < 6) return count(10 ** power, { one: 'ein Versuch', other: '# Versuche' });
  const n = 10 ** (power % 3);
  const name = names[Math.floor(power / 3) - 2] ?? '';
  const ending = name.endsWith('e') ? 'n' : 'en';
  return `${n} ${name}${n === 1 ? '' : ending} Versuche`;
}
