// Every text of the pages, in French.

import { formsOf } from './forms.js';

const { amount, count, duration } = formsOf('fr');

/** @type {typeof import('./en.js').en.problems} */
const problems = {
  'network-unreachable': {
    title: 'Le serveur est injoignable',
    safe: 'Rien n’est perdu.',
    next: 'Vérifiez votre connexion, puis réessayez.',
  },
  'bad-answer': {
    title: 'La réponse du serveur n’a pas de sens',
    safe: 'Rien n’est perdu.',
    next: 'Réessayez dans une minute. Si cela continue, donnez l’identifiant d’assistance à votre administration.',
  },
  busy: {
    title: 'Le serveur est occupé',
    safe: 'Rien n’est perdu.',
    next: 'Attendez un instant, puis réessayez.',
  },
  internal: {
    title: 'Le serveur a rencontré une erreur',
    safe: 'Rien n’est perdu.',
    next: 'Réessayez. Si cela continue, donnez l’identifiant d’assistance à votre administration.',
  },
  full: {
    title: 'Vous avez enregistré tout ce qu’une personne peut enregistrer',
    safe: 'Rien n’est perdu : ce que vous avez saisi est toujours là.',
    next: 'Supprimez d’abord quelque chose, puis réessayez.',
  },
  'signed-out': {
    title: 'Votre connexion a expiré',
    safe: 'Rien n’est perdu.',
    next: 'Connectez-vous à nouveau.',
  },
  suspended: {
    title: 'Votre compte est suspendu',
    safe: 'Vos clés et vos secrets sont conservés tels quels ; rien n’a été supprimé.',
    next: 'Demandez à votre administration de réactiver le compte, puis connectez-vous.',
  },
  locked: {
    title: 'Votre coffre a été verrouillé sur le serveur',
    safe: 'Rien n’est perdu.',
    next: 'Déverrouillez-le à nouveau avec votre phrase secrète.',
  },
  'link-refused': {
    title: 'Ce lien ne fonctionne pas',
    safe: 'Rien n’est perdu. Le lien a déjà servi, ses 15 minutes sont écoulées, ou le compte n’est pas actif.',
    next: 'Demandez-en un nouveau à la personne qui l’a créé.',
  },
  'link-incomplete': {
    title: 'Ce lien est incomplet',
    safe: 'Rien n’est perdu, et aucun lien n’a été utilisé.',
    next: 'Ouvrez-le à nouveau exactement tel que vous l’avez reçu, avec tout ce qui suit le signe #.',
  },
  'too-often': {
    title: 'Trop de tentatives sont venues de votre réseau',
    safe: 'Rien n’est perdu.',
    next: 'Attendez une minute, puis réessayez.',
  },
  'cross-site': {
    title: 'Le serveur a refusé une requête qui ne venait pas de sa propre page',
    safe: 'Rien n’est perdu.',
    next: 'Ouvrez Freehold à son adresse habituelle, puis réessayez.',
  },
  'too-large': {
    title: 'C’est plus que ce que le serveur accepte',
    safe: 'Rien n’est perdu : ce que vous avez saisi est toujours là.',
    next: 'Raccourcissez, puis réessayez.',
  },
  'item-too-large': {
    title: 'Un secret ne peut pas dépasser 1 Mo',
    safe: 'Rien n’est perdu : ce que vous avez saisi est toujours là.',
    next: 'Raccourcissez-le ou répartissez-le sur deux secrets.',
  },
  'not-found': {
    title: 'Cela n’existe plus sur le serveur',
    safe: 'Rien d’autre n’a été modifié.',
    next: 'Un autre onglet ou navigateur l’a peut-être supprimé.',
  },
  'stale-version': {
    title: 'Ce secret a été modifié ailleurs pendant que vous le modifiiez',
    safe: 'Rien n’est perdu : ce que vous avez saisi est toujours là, et l’autre version est conservée jusqu’à votre décision.',
    next: 'Choisissez la version à garder.',
  },
  'invalid-setup': {
    title: 'Le serveur n’a pas accepté les nouvelles clés',
    safe: 'Rien n’a été enregistré et aucun compte n’a été modifié. Le kit de récupération que vous venez de créer n’est pas valable ; jetez-le.',
    next: 'Recommencez. Si cela se reproduit, donnez l’identifiant d’assistance à votre administration.',
  },
  'offer-changed': {
    title: 'Votre compte a changé pendant la configuration',
    safe: 'Rien n’a été enregistré : votre nom d’utilisateur ou une autre donnée est différent maintenant, et les clés n’y auraient pas correspondu. Le kit de récupération que vous venez de créer n’est pas valable ; jetez-le.',
    next: 'Recommencez avec les nouvelles données.',
  },
  'challenge-gone': {
    title: 'Cela a pris trop de temps, le serveur repose donc sa question',
    safe: 'Rien n’est perdu.',
    next: 'Réessayez.',
  },
  'password-too-short': {
    title: 'Cette phrase secrète est trop courte',
    safe: '',
    next: 'Utilisez au moins 12 caractères ; plusieurs mots valent mieux.',
  },
  'password-too-long': {
    title: 'Cette phrase secrète est trop longue',
    safe: '',
    next: 'Utilisez au plus 1 024 octets : environ 1 000 lettres.',
  },
  'password-bad-character': {
    title: 'Cette phrase secrète contient un caractère qui ne se saisit pas partout de la même façon',
    safe: '',
    next: 'Évitez les caractères de contrôle, les symboles privés et les émojis tout récents.',
  },
  'password-weak': {
    title: 'Cette phrase secrète est trop facile à deviner',
    safe: '',
    next: 'Ajoutez des mots sans rapport entre eux, ou prenez celle qui est proposée.',
  },
  'password-repeat': {
    title: 'Les deux phrases secrètes ne sont pas identiques',
    safe: '',
    next: 'Saisissez-la à nouveau, ou appuyez sur « Afficher » pour voir ce que vous tapez.',
  },
  'password-empty': {
    title: 'Saisissez d’abord votre phrase secrète',
    safe: '',
    next: '',
  },
  'wrong-secret': {
    title: 'Ce n’est pas votre phrase secrète',
    safe: 'Rien n’est perdu.',
    next: 'Vérifiez les majuscules, les espaces et la disposition du clavier, puis réessayez.',
  },
  'tries-used-up': {
    title: 'Trop de phrases secrètes erronées',
    safe: 'Rien n’est perdu : vos secrets sont là où ils étaient.',
    next: 'Freehold attend exprès, pour que personne ne puisse deviner rapidement.',
  },
  tampered: {
    title: 'Ce que le serveur a envoyé n’est pas ce que vous avez enregistré',
    safe: 'Votre phrase secrète n’est pas en cause, et aucun secret n’a quitté ce navigateur. Les clés ou les données du serveur ont été modifiées ou endommagées, donc rien n’a été ouvert.',
    next: 'Ne refaites pas la configuration. Donnez l’identifiant d’assistance à votre équipe de sécurité ou à votre administration, et demandez une comparaison avec une sauvegarde.',
  },
  'epoch-below': {
    title: 'Le serveur montre un compte plus ancien que celui que vous connaissez',
    safe: 'Rien n’a été ouvert ni envoyé. Ce navigateur a déjà vu des clés à vous plus récentes que celles que le serveur propose maintenant.',
    next: 'Ne saisissez pas votre phrase secrète ici. Prévenez votre équipe de sécurité ou votre administration : une ancienne copie a peut-être été remise en place.',
  },
  'epoch-above': {
    title: 'Vos clés ont été remplacées depuis votre dernière visite',
    safe: 'Rien n’a été ouvert ni envoyé.',
    next: 'Ne continuez que si vous avez demandé de nouvelles clés.',
  },
  'profile-refused': {
    title: 'Le serveur a demandé une protection plus faible que ce que Freehold permet',
    safe: 'Votre phrase secrète n’a pas été utilisée et rien n’a été envoyé.',
    next: 'Donnez l’identifiant d’assistance à votre équipe de sécurité ou à votre administration.',
  },
  'wrong-origin': {
    title: 'Cette page n’est pas à une adresse dont votre compte fait partie',
    safe: 'Votre phrase secrète n’a pas été utilisée et rien n’a été envoyé.',
    next: 'Ouvrez Freehold à l’adresse que votre administration vous a donnée.',
  },
  'bad-message': {
    title: 'Le serveur a envoyé quelque chose que cette page ne peut pas lire',
    safe: 'Rien n’est perdu.',
    next: 'Rechargez la page. Si cela continue, donnez l’identifiant d’assistance à votre administration.',
  },
  'bad-code': {
    title: 'Ce code de récupération contient une faute de frappe',
    safe: 'Rien n’est perdu : vos nouvelles clés attendent dans cet onglet.',
    next: 'Comparez-le à votre kit, groupe par groupe. Les majuscules, les espaces et les tirets ne comptent pas.',
  },
  'recovery-mismatch': {
    title: 'C’est bien un code de récupération, mais pas celui de ces clés',
    safe: 'Rien n’est perdu : vos nouvelles clés attendent dans cet onglet.',
    next: 'C’est peut-être un kit plus ancien. Utilisez celui que vous venez d’enregistrer, ou revenez en arrière pour l’enregistrer à nouveau.',
  },
  'recovery-empty': {
    title: 'Collez, saisissez ou choisissez d’abord votre kit de récupération',
    safe: '',
    next: '',
  },
  'no-code-in-file': {
    title: 'Il n’y a pas de code de récupération dans ce fichier',
    safe: 'Rien n’est perdu : vos nouvelles clés attendent dans cet onglet.',
    next: 'Choisissez le fichier que vous venez de télécharger ; son nom commence par freehold-kit-de-recuperation. Une copie enregistrée ou numérisée par un autre programme ne compte pas : collez ou saisissez son code.',
  },
  'file-too-large': {
    title: 'Ce fichier est trop grand pour être un kit de récupération',
    safe: 'Rien n’est perdu : vos nouvelles clés attendent dans cet onglet. Le fichier n’a pas été lu.',
    next: 'Choisissez le fichier que vous venez de télécharger ; son nom commence par freehold-kit-de-recuperation.',
  },
  'bad-passkey': {
    title: 'Cette clé d’accès ne peut pas ouvrir de coffre ici',
    safe: 'Rien n’a été modifié. La clé d’accès, ou ce navigateur, ne fournit pas de secret pour déverrouiller (WebAuthn l’appelle PRF) ou ne vérifie pas que c’est bien vous.',
    next: 'Utilisez une autre clé d’accès, un autre navigateur ou votre phrase secrète. Si cette clé d’accès vient d’être créée, vous pouvez la supprimer là où vos clés d’accès sont conservées.',
  },
  'passkey-cancelled': {
    title: 'Aucune clé d’accès n’a été utilisée',
    safe: 'Rien n’est perdu. L’opération a été annulée, a pris trop de temps, n’a pas pu vous reconnaître, ou aucune clé d’accès de ce compte n’est à portée.',
    next: 'Réessayez, ou utilisez votre phrase secrète.',
  },
  'passkey-there': {
    title: 'Une clé d’accès de ce compte s’y trouve déjà',
    safe: 'Rien n’a été modifié. L’appareil choisi en contient déjà une qui ouvre votre coffre.',
    next: 'Choisissez un autre appareil ou une autre clé de sécurité, ou utilisez celle qui existe.',
  },
  'passkey-refused': {
    title: 'Le navigateur n’a pas laissé cette page utiliser de clés d’accès',
    safe: 'Rien n’a été modifié.',
    next: 'Ouvrez Freehold à son adresse habituelle, ou utilisez un autre navigateur.',
  },
  'passkey-removed': {
    title: 'Cette clé d’accès a été retirée de votre compte',
    safe: 'Rien n’est perdu ; elle n’ouvre plus rien.',
    next: 'Utilisez une autre clé d’accès, ou votre phrase secrète.',
  },
  'passkey-required': {
    title: 'Votre organisation demande une clé d’accès à chacun',
    safe: 'Rien n’est perdu, mais rien n’est remis tant qu’il n’y en a pas.',
    next: 'Ajoutez une clé d’accès.',
  },
  'out-of-memory': {
    title: 'Ce navigateur n’a plus de mémoire',
    safe: 'Rien n’est perdu. Votre phrase secrète n’a pas été vérifiée : il ne s’agit pas de juste ou de faux.',
    next: 'Fermez d’autres onglets et programmes, puis réessayez.',
  },
  'no-randomness': {
    title: 'Ce navigateur ne fournit pas de nombres aléatoires sûrs',
    safe: 'Rien n’a été créé ni envoyé.',
    next: 'Utilisez un autre navigateur, ou redémarrez celui-ci.',
  },
  crashed: {
    title: 'La partie de la page qui traite les secrets s’est arrêtée',
    safe: 'Rien n’est perdu. Votre phrase secrète n’a pas été vérifiée. Le plus souvent, le navigateur manquait de mémoire.',
    next: 'Fermez d’autres onglets et programmes, puis réessayez.',
  },
  'out-of-order': {
    title: 'La partie de la page qui gardait vos clés s’est arrêtée',
    safe: 'Rien n’a été enregistré ni envoyé, et ce que vous avez saisi est toujours là.',
    next: 'Copiez ce que vous avez saisi, puis verrouillez votre coffre et déverrouillez-le.',
  },
  'worker-failed': {
    title: 'La partie de la page qui traite les secrets n’a pas pu démarrer',
    safe: 'Rien n’est perdu.',
    next: 'Rechargez la page. Si cela continue, une extension ou un proxy la bloque peut-être : essayez un autre navigateur.',
  },
  'module-altered': {
    title: 'La partie de la page qui traite les secrets n’est pas celle qui a été publiée',
    safe: 'Elle n’a pas été démarrée, et rien de ce que vous avez saisi n’est parti.',
    next: 'Ne saisissez pas de phrase secrète ici. Donnez l’identifiant d’assistance à votre administration : quelqu’un a modifié ce fichier en chemin ou sur le serveur.',
  },
  'password-same': {
    title: 'C’est la phrase secrète que vous avez déjà',
    safe: '',
    next: 'Choisissez-en une autre.',
  },
  'text-unseen': {
    title: 'Ce nom contient un caractère invisible',
    safe: 'Rien n’a été modifié.',
    next: 'Saisissez-le au lieu de le coller.',
  },
  'keys-changed': {
    title: 'Vos clés ou vos secrets ont été modifiés ailleurs au même moment',
    safe: 'Rien de cette modification n’a été enregistré, et rien n’est perdu. Si vous venez de conserver un nouveau kit de récupération, jetez-le : il n’ouvre rien.',
    next: 'Recommencez.',
  },
  'changed-too-often': {
    title: 'Vos clés ont été modifiées trop souvent',
    safe: 'Rien de cette modification n’a été enregistré, et rien n’est perdu. Si vous venez de conserver un nouveau kit de récupération, jetez-le : il n’ouvre rien.',
    next: 'Attendez dix minutes. Recommencez.',
  },
  'damaged-secrets': {
    title: 'L’un de vos secrets ne s’ouvre pas et serait perdu avec les anciennes clés',
    safe: 'Rien n’a été modifié.',
    next: 'Prévenez votre administration, qui a peut-être une sauvegarde ; ou supprimez ce secret dans votre coffre. Puis recommencez.',
  },
  'invalid-change': {
    title: 'Le serveur n’a pas accepté la modification',
    safe: 'Rien n’a été enregistré : tout est comme avant. Si vous venez de conserver un nouveau kit de récupération, jetez-le : il n’ouvre rien.',
    next: 'Recommencez. Si cela se reproduit, donnez l’identifiant d’assistance à votre administration.',
  },
  'keys-replaced': {
    title: 'Vos clés ont été renouvelées ailleurs',
    safe: 'Rien n’a été enregistré : cette fenêtre a encore les anciennes clés.',
    next: 'Copiez ce que vous avez saisi, verrouillez votre coffre, puis déverrouillez-le.',
  },
  'reset-open': {
    title: 'Vous l’avez déjà demandé',
    safe: 'Rien n’a changé.',
    next: 'Votre demande attend que quelqu’un l’approuve.',
  },
  'reset-too-often': {
    title: 'Vous l’avez demandé trois fois aujourd’hui',
    safe: 'Rien n’a changé.',
    next: 'Redemandez demain, et donnez d’abord la raison à votre administration.',
  },
  'reset-settled': {
    title: 'Cette demande n’attend plus',
    safe: 'Vous n’avez rien modifié.',
    next: 'La personne a déverrouillé son coffre ou retiré sa demande, quelqu’un d’autre a décidé, ou le délai est écoulé. Ouvrez à nouveau cet écran.',
  },
  'own-reset': {
    title: 'C’est votre propre demande',
    safe: 'Rien n’a été modifié.',
    next: 'Quelqu’un d’autre doit en décider.',
  },
  'not-appointed': {
    title: 'Quelqu’un d’autre doit l’approuver',
    safe: 'Rien n’a été modifié.',
    next: 'Vous faites partie de l’administration par un groupe, ce qui ne suffit pas ici. Peut l’approuver un propriétaire, ou une personne nommée sur le serveur.',
  },
  'not-allowed': {
    title: 'Votre rôle ne le permet pas',
    safe: 'Rien n’a été modifié.',
    next: 'Demandez à un propriétaire de votre organisation.',
  },
  unlocked: {
    title: 'Votre coffre est ouvert : rien n’est perdu',
    safe: 'Rien n’a été modifié.',
    next: 'Changez votre phrase secrète ou votre code de récupération à l’écran « Sécurité ».',
  },
  'below-policy': {
    title: 'Votre organisation demande une protection plus forte que celle que cette page a utilisée',
    safe: 'Rien n’a été enregistré.',
    next: 'Rechargez la page et recommencez.',
  },
  'not-pending': {
    title: 'Ce compte est déjà configuré',
    safe: 'Rien n’a été modifié.',
    next: 'Déverrouillez-le avec la phrase secrète choisie alors.',
  },
  'sign-in-not-kept': {
    title: 'Vous vous êtes connecté, mais ce navigateur ne l’a pas retenu',
    safe: 'Rien n’est perdu.',
    next: 'Autorisez les cookies pour ce site, puis connectez-vous à nouveau.',
  },
  'clipboard-refused': {
    title: 'Le navigateur n’a pas laissé cette page copier',
    safe: 'Rien n’est perdu.',
    next: 'Sélectionnez le texte et copiez-le à la main.',
  },
  unexpected: {
    title: 'Quelque chose s’est mal passé alors que cela n’aurait pas dû',
    safe: 'Rien de ce qui était enregistré n’est perdu.',
    next: 'Rechargez la page. Si cela se reproduit, donnez l’identifiant d’assistance à votre administration.',
  },
};

/** What the recovery kit says on the screen and in its PDF. */
const paper = {
  title: 'Kit de récupération Freehold',
  codeLabel: 'Code de récupération',
  wordsLabel: 'Le même code en 24 mots',
  wordsHint: 'Le code ou les mots : l’un des deux suffit.',
  can: 'Qui peut vous aider',
};

/** @type {typeof import('./en.js').en} */
export const fr = {
  lang: 'fr',
  product: 'Freehold',
  skip: 'Aller au contenu',
  home: 'Freehold, vers votre coffre',
  title: (screen) => `${screen} · Freehold`,
  footer: 'Vos clés sont créées et utilisées dans ce navigateur. Le serveur ne garde que ce qu’il ne peut pas ouvrir.',
  noticeLabel: 'Pour information',

  language: {
    label: 'Langue',
    heading: 'Afficher les pages dans une autre langue ?',
    text: 'La page sera rechargée. Ce que vous avez saisi ici sera perdu, un coffre ouvert sera verrouillé, et une configuration recommencera au début.',
    keep: 'Rester ici',
    change: 'Changer de langue',
  },

  common: {
    back: 'Retour',
    cancel: 'Annuler',
    copy: 'Copier',
    copied: 'Copié',
    show: 'Afficher',
    hide: 'Masquer',
    retry: 'Réessayer',
    signIn: 'Se connecter',
    signInNewTab: 'Se reconnecter dans un nouvel onglet',
    signOut: 'Se déconnecter',
    supportId: 'Identifiant d’assistance',
    startOver: 'Recommencer',
    capsLock: 'Le verrouillage des majuscules est activé.',
  },

  loading: { heading: 'Un instant', text: 'Freehold démarre.' },

  unsupported: {
    heading: 'Ce navigateur ne peut ni créer ni utiliser vos clés',
    why: 'Freehold a besoin de WebAssembly tel que les navigateurs l’ont depuis 2023. Ce navigateur est plus ancien ou l’a désactivé, comme le font le mode Isolement et les modes de sécurité stricts. Rien n’a été saisi, créé ni envoyé.',
    whatToDo: 'Ce que vous pouvez faire',
    steps: [
      'Sur un iPhone, un iPad ou un Mac en mode Isolement : ouvrez les réglages de la page dans la barre d’adresse et désactivez le mode Isolement pour ce site seulement.',
      'Dans Microsoft Edge : autorisations du site, sécurité renforcée, et ajoutez ce site comme exception.',
      'Dans le navigateur Tor : réglez le niveau de sécurité sur « Normal » pour cette session.',
      'Ou utilisez un autre navigateur. Un Firefox, Chrome, Edge ou Safari à jour convient.',
    ],
    never: 'Il n’y a pas d’accès plus faible pour les anciens navigateurs. Ce serait celui qu’un attaquant utiliserait.',
  },

  sessionEnd: {
    idle: 'Vous serez déconnecté dans environ trois minutes, car cette page n’a pas été utilisée.',
    stay: 'Rester connecté',
    absolute: (when) => `Votre connexion prend fin à ${when}. Reconnectez-vous dans un nouvel onglet ; ce que vous avez saisi ici reste.`,
    ended: 'Votre connexion a expiré. Ce que vous avez saisi est toujours là : reconnectez-vous dans un nouvel onglet, puis continuez dans celui-ci.',
  },

  suspended: { heading: 'Votre compte est suspendu' },

  problems,
  problem: (code) => /** @type {Record<string, import('./en.js').ProblemText | undefined>} */ (problems)[code] ?? problems.unexpected,

  setup: {
    steps: ['Vous', 'Phrase secrète', 'Kit de récupération', 'Preuve', 'Terminé'],
    stepsLabel: 'Configuration',

    who: {
      heading: 'Bienvenue dans Freehold',
      lead: (organization) => `${organization} vous donne un endroit pour vos secrets, que vous seul pouvez ouvrir. La configuration prend environ une minute.`,
      from: 'Selon votre connexion, vous êtes',
      name: 'Nom',
      userName: 'Nom d’utilisateur',
      organization: 'Organisation',
      externalId: 'Identifiant chez votre fournisseur d’identité',
      plan: 'Ce qui se passe maintenant',
      planSteps: [
        'Vous choisissez une phrase secrète. Elle ne quitte jamais ce navigateur.',
        'Vous conservez un kit de récupération, pour le jour où vous oublierez la phrase secrète.',
        'Ce navigateur crée vos clés et n’envoie au serveur que ce que celui-ci ne peut pas ouvrir.',
      ],
      slow: (seconds) => `Cet appareil est lent pour ce genre de travail : créer vos clés prendra environ ${duration(seconds)}. Vous pouvez annuler à tout moment. Un autre navigateur est peut-être bien plus rapide.`,
      again: (when) => `Des clés ont été créées dans ce navigateur le ${when}, mais la configuration n’a pas été terminée : rien n’en a été enregistré. Vous repartez de zéro, et rien n’est perdu. Si vous avez un kit de récupération de ce jour-là, jetez-le : il n’ouvre rien.`,
      otherTab: 'La configuration est aussi ouverte dans un autre onglet de ce navigateur. Continuez là-bas ou ici : un seul des deux peut la terminer.',
      continue: 'Oui, c’est moi',
      notMe: 'Ce n’est pas moi',
    },

    passphrase: {
      heading: 'Choisissez votre phrase secrète',
      lead: 'Vous la saisirez pour ouvrir votre coffre. Elle ne quitte jamais ce navigateur : personne ne peut la retrouver ni la réinitialiser pour vous.',
      choice: 'Quelle phrase secrète ?',
      suggested: 'Prendre celle qui est proposée',
      suggestedHint: 'Sept mots au hasard. Difficile à deviner, facile à taper.',
      own: 'Choisir la mienne',
      ownHint: 'Au moins 12 caractères, dans n’importe quelle langue.',
      suggestedLabel: 'Votre phrase secrète proposée',
      suggestedStrength: 'Très forte : il existe 150 trilliards de phrases secrètes comme celle-ci.',
      another: 'En proposer une autre',
      copy: 'Copier',
      keep: 'Enregistrez-la dans votre gestionnaire de mots de passe, ou notez-la et gardez-la en lieu sûr jusqu’à ce que vous la connaissiez par cœur.',
      field: 'Votre phrase secrète',
      repeat: 'Saisissez-la à nouveau',
      continue: 'Créer mes clés',
    },

    strength: {
      label: 'Solidité',
      idle: 'Plus c’est long, mieux c’est. Le mieux : plusieurs mots sans rapport entre eux.',
      checking: 'Vérification de la difficulté à la deviner',
      failed: 'La solidité n’a pas pu être vérifiée : cette phrase secrète n’a pas été évaluée. Prenez celle qui est proposée, ou une longue phrase que personne d’autre n’utilise.',
      common: 'Elle figure sur la liste des phrases que les attaquants essaient en premier.',
      scores: ['Très faible', 'Faible', 'Pas encore assez', 'Presque', 'Forte'],
      verdict: (score, log10, why) => `${score} : environ ${guesses(log10)}.${why ? ` ${why}` : ''}`,
      warnings: {
        StraightRowsOfKeysAreEasyToGuess: 'Les rangées de touches sont faciles à deviner.',
        ShortKeyboardPatternsAreEasyToGuess: 'Les motifs du clavier sont faciles à deviner.',
        RepeatsLikeAaaAreEasyToGuess: 'Les caractères répétés sont faciles à deviner.',
        RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess: 'La répéter ne la rend guère plus difficile.',
        SequencesLikeAbcAreEasyToGuess: 'Les suites sont faciles à deviner.',
        RecentYearsAreEasyToGuess: 'Les années sont faciles à deviner.',
        AWordByItselfIsEasyToGuess: 'Un mot seul est facile à deviner.',
        DatesAreOftenEasyToGuess: 'Les dates sont faciles à deviner.',
        NamesAndSurnamesByThemselvesAreEasyToGuess: 'Les noms sont faciles à deviner.',
        CommonNamesAndSurnamesAreEasyToGuess: 'Les noms sont faciles à deviner.',
      },
    },

    making: {
      heading: 'Création de vos clés',
      lead: 'C’est lent exprès : qui veut deviner votre phrase secrète doit faire le même travail à chaque essai.',
      label: 'Progression',
      cancel: 'Annuler',
      steps: {
        derive: 'Étirement de votre phrase secrète',
        make: 'Création de vos clés',
        seal: 'Chiffrement de vos clés',
        check: 'Dernière vérification : tout est ouvert encore une fois',
      },
      start: 'Demande de votre compte au serveur',
    },

    kit: {
      heading: 'Conservez votre kit de récupération',
      lead: 'Si vous oubliez votre phrase secrète, ce kit est le seul chemin vers vos clés. Gardez-le là où vous gardez votre passeport.',
      paperFor: 'Si vous oubliez votre phrase secrète, ce code ouvre vos clés à sa place, pour que vous puissiez en choisir une nouvelle. Gardez-le en lieu sûr et ne le montrez à personne.',
      download: 'Télécharger le kit',
      copy: 'Copier le code',
      print: 'Imprimer',
      canText: 'Vous, avec ce kit. Qui le possède peut accéder à vos clés : ne le montrez à personne.',
      cannot: 'Qui ne le peut pas',
      cannotText: 'Votre administration, votre fournisseur d’identité et les personnes qui exploitent ce serveur ne le voient jamais et ne peuvent pas en créer un autre.',
      continue: 'Je l’ai conservé',
      startOver: 'Recommencer avec une autre phrase secrète',
      fileName: (slug, user) => `freehold-kit-de-recuperation-${slug}-${user}.pdf`,
      paper,
      sheetLanguage: '',
      sheet: {
        lang: 'fr',
        paper,
        purpose: 'Si vous oubliez votre phrase secrète, ce code ouvre vos clés à sa place, pour que vous puissiez en choisir une nouvelle. Vous n’en avez pas besoin au quotidien : gardez-le pour le jour où il le faudra.',
        organization: 'Organisation',
        userName: 'Nom d’utilisateur',
        address: 'Adresse',
        made: 'Créé le',
        codeHint: 'Les majuscules, les espaces et les tirets ne comptent pas.',
        qrHint: 'Le même code, à scanner',
        canText: 'Vous, avec ce kit. Qui le possède et se connecte à votre place peut accéder à vos clés : ne le montrez à personne. Jamais l’assistance ne vous le demandera.',
        cannot: 'Qui ne peut pas vous aider',
        cannotText: 'Personne d’autre : ni votre administration, ni votre fournisseur d’identité, ni les personnes qui exploitent le serveur. Ils n’ont jamais vu ce code, ne peuvent pas le retrouver ni en créer un autre.',
        where: 'Où le conserver',
        whereText: 'Imprimez-le et rangez-le avec votre passeport, ou gardez le fichier dans votre gestionnaire de mots de passe ou sur un support dans un tiroir. Pas dans un e-mail, et pas à côté de votre phrase secrète.',
        lost: 'S’il est perdu',
        lostText: 'Tant que vous connaissez votre phrase secrète, rien n’est perdu. Sans phrase secrète ni kit, ce que contient votre coffre reste fermé pour toujours.',
        footer: 'Créé dans votre navigateur. Aucun serveur n’a vu ce code.',
        replaced: 'Créé dans votre navigateur. Un point d’interrogation ci-dessus peut remplacer un caractère que cette page ne peut pas montrer.',
      },
    },

    prove: {
      heading: 'Montrez que vous l’avez conservé',
      lead: 'Un kit jamais enregistré se découvre le pire jour. Rendez-le donc une fois : choisissez le fichier, ou collez ou saisissez le code ou les 24 mots.',
      file: 'Choisir le kit téléchargé',
      or: 'ou',
      text: 'Coller ou saisir le code ou les mots',
      textHint: 'Les majuscules, les espaces et les tirets ne comptent pas.',
      continue: 'Vérifier et terminer',
      back: 'Retour au kit',
    },

    saving: {
      heading: 'Enregistrement de vos clés',
      text: 'Envoi au serveur de ce qu’il ne peut pas ouvrir.',
      networkSafe: 'Rien n’est perdu : vos nouvelles clés attendent dans cet onglet, et réessayer envoie exactement le même message, qui ne peut donc pas compter deux fois.',
      signedOutNext: 'Reconnectez-vous dans un nouvel onglet. Puis revenez à cet onglet et appuyez sur « Réessayer ».',
      waitSafe: 'Rien n’est perdu : vos nouvelles clés attendent dans cet onglet. Laissez-le ouvert.',
    },

    done: {
      heading: 'Terminé. Votre coffre est à vous',
      lead: 'Vos clés sont enregistrées, chiffrées. Personne d’autre que vous ne peut les ouvrir : ni votre administration, ni les personnes qui exploitent ce serveur.',
      next: 'Votre coffre vous demande maintenant votre phrase secrète, pour la première fois d’une longue série.',
      open: 'Ouvrir mon coffre',
      organize: 'Configurer votre organisation',
      receivedHeading: 'Ce que le serveur a reçu',
      receivedLead: 'Voici toutes les données qui ont quitté ce navigateur, et pourquoi chacune reste fermée au serveur.',
      download: 'Télécharger ces données',
      caption: 'Les données que le serveur a reçues',
      record: 'Donnée',
      what: 'Ce que c’est',
      why: 'Pourquoi elle ne peut pas être ouverte',
      bytes: (bytes) => amount(bytes, 'byte'),
      fileName: 'freehold-ce-que-le-serveur-a-recu.json',
      fileAbout: 'Tout ce que le serveur a reçu de ce navigateur à la configuration. « request » est le message tel qu’il a été envoyé, « records » l’explique. Les valeurs binaires sont en base64url.',
      records: {
        card: {
          name: 'Carte',
          what: 'Vos clés publiques et votre nom d’utilisateur, signés par votre propre clé. Les autres s’en servent pour chiffrer à votre intention.',
          why: 'Elle ne contient rien de secret : les clés publiques ne peuvent pas déchiffrer.',
        },
        state: {
          name: 'État du compte',
          what: 'Une liste signée de vos accès, avec les empreintes de toutes les données d’ici, pour que votre navigateur remarque tout échange.',
          why: 'Il ne contient que des clés publiques et des empreintes. Qui le possède peut tester des hypothèses sur votre phrase secrète, chacune aussi lente que celle que vous avez vue : c’est pourquoi la phrase secrète doit être forte.',
        },
        keyring: {
          name: 'Trousseau',
          what: 'Vos clés privées, chiffrées.',
          why: 'Il est chiffré avec une clé tirée de votre clé maîtresse, qui n’a jamais quitté ce navigateur.',
        },
        'password-parameters': {
          name: 'Réglages de la phrase secrète',
          what: 'Un sel aléatoire et le travail que coûte un essai.',
          why: 'Ils ne disent rien de votre phrase secrète.',
        },
        'password-envelope': {
          name: 'Clé maîtresse, fermée par votre phrase secrète',
          what: 'Votre clé maîtresse, chiffrée.',
          why: 'Seule la clé étirée de votre phrase secrète l’ouvre, et elle n’a jamais quitté ce navigateur.',
        },
        'password-proof': {
          name: 'Preuve de la phrase secrète',
          what: 'Une signature de la question du serveur, pour que les prochains déverrouillages puissent être vérifiés.',
          why: 'Une signature montre que vous avez une clé sans montrer la clé.',
        },
        'recovery-envelope': {
          name: 'Clé maîtresse, fermée par votre code de récupération',
          what: 'Votre clé maîtresse, chiffrée une seconde fois.',
          why: 'Seul le code de récupération l’ouvre : 256 bits aléatoires que personne ne peut deviner.',
        },
        'recovery-proof': {
          name: 'Preuve du code de récupération',
          what: 'Une signature de la question du serveur, faite avec une clé tirée du code de récupération.',
          why: 'Une signature montre que vous avez une clé sans montrer la clé.',
        },
      },
    },

    taken: {
      heading: 'Ce compte vient d’être configuré ailleurs',
      text: 'Un autre onglet ou navigateur connecté en votre nom a terminé la configuration en premier. Les clés créées ici n’ont pas été enregistrées et ont disparu ; le compte a un seul jeu de clés, l’autre.',
      kit: 'Si vous avez conservé un kit de récupération ici, jetez-le : il n’ouvre rien. Celui de l’autre endroit est le bon.',
      wasMe: 'Si c’était vous, déverrouillez avec la phrase secrète choisie là-bas.',
      notMe: 'Si ce n’était pas vous, quelqu’un peut se connecter à votre place. Prévenez tout de suite votre administration. Rien de vous n’est encore dans le compte.',
      unlock: 'Déverrouiller',
    },

    epoch: {
      heading: 'Vos clés ont été réinitialisées',
      text: 'Ce navigateur se souvient de clés antérieures. Le serveur dit qu’elles ont été mises de côté et que vous devez en créer de nouvelles. C’est normal si vous l’avez demandé parce que vous aviez tout perdu.',
      yes: 'Je l’ai demandé. Continuer',
      no: 'Ce n’était pas moi. Arrêter ici',
    },
    refusedHeading: 'La configuration est arrêtée',
  },

  unlock: {
    heading: 'Déverrouillez votre coffre',
    lead: (name) => `Connecté en tant que ${name}. Votre phrase secrète fait le reste, dans ce navigateur seulement.`,
    field: 'Phrase secrète',
    submit: 'Déverrouiller',
    triesLeft: (tries) => count(tries, { one: 'Il vous reste un essai avant un temps d’attente.', other: 'Il vous reste # essais avant un temps d’attente.' }),
    noTriesLeft: 'C’était le dernier essai avant un temps d’attente.',
    waitUntil: (when, seconds) => `Vous pourrez réessayer à ${when}, dans ${duration(seconds)}.`,
    waitUnknown: 'Attendre ne sert à rien : ouvrez plutôt vos clés avec votre code de récupération, et choisissez une nouvelle phrase secrète.',
    again: 'Vous pouvez réessayer maintenant.',
    forgot: 'J’ai oublié ma phrase secrète',
    forgotText: [
      'Personne ne peut la retrouver pour vous : c’est tout son intérêt.',
      'Votre kit de récupération ouvre vos clés à sa place. Vous choisissez alors une nouvelle phrase secrète et recevez un nouveau kit.',
    ],
    recover: 'Utiliser mon code de récupération',
    slow: (seconds) => `Sur cet appareil, déverrouiller prend environ ${duration(seconds)}. Vous pouvez annuler à tout moment. Un autre navigateur est peut-être bien plus rapide.`,

    working: {
      heading: 'Déverrouillage',
      lead: 'C’est lent exprès, pour que personne ne puisse deviner rapidement.',
      steps: {
        derive: 'Étirement de votre phrase secrète',
        make: 'Réponse à la question du serveur',
        seal: 'Réponse à la question du serveur',
        check: 'Vérification et ouverture de vos clés',
      },
      start: 'Demande de votre compte au serveur',
    },

    epoch: {
      heading: 'Vos clés ont été remplacées',
      text: 'Le serveur propose des clés plus récentes que celles dont ce navigateur se souvient. C’est normal si vous avez remplacé vos clés ailleurs ou demandé une réinitialisation.',
      yes: 'Je les ai remplacées. Continuer',
      no: 'Ce n’était pas moi. Se déconnecter',
    },
    refusedHeading: 'Non déverrouillé',
    tamperedHeading: 'Quelque chose ne va pas avec votre compte sur le serveur',
    signedOutNext: 'Reconnectez-vous dans un nouvel onglet. Puis revenez à cet onglet et déverrouillez.',
    notCounted: 'Elle n’a pas été envoyée au serveur et ne compte pas comme un essai.',
  },

  lost: {
    open: 'J’ai aussi perdu mon kit de récupération',
    heading: 'Demander de nouvelles clés',
    lead: 'Sans phrase secrète, kit de récupération ni clés d’accès, personne ne peut ouvrir vos secrets, même pas nous. Vous pouvez demander à repartir de zéro.',
    effects: [
      'Demander ne change rien. Si vous retrouvez votre phrase secrète ou votre kit, déverrouillez simplement : cela retire la demande.',
      'Quelqu’un d’autre doit l’approuver. Vos clés et secrets actuels sont alors mis de côté, et vous en configurez de nouveaux ; votre coffre est vide.',
      'Ce qui a été mis de côté est conservé un temps et peut être rétabli jusqu’à ce que vous ayez créé de nouvelles clés. Ensuite, c’est détruit.',
    ],
    byAdmin: 'L’administration de votre organisation doit l’approuver, et devrait vous parler en personne ou par téléphone. Donnez-lui le numéro de la demande.',
    byOperator: 'Personne d’autre dans votre organisation ne peut l’approuver dans ces pages : c’est à la personne qui exploite le serveur de le faire.',
    ask: 'Demander de nouvelles clés',
    back: 'Retour',
    waitingHeading: 'Votre demande attend',
    waiting: (asked, until) => `Demandé le ${asked}. La demande attend jusqu’au ${until}. Rien n’a encore changé.`,
    id: (id) => `Demande ${id}`,
    cancel: 'La retirer',
    look: 'Regarder à nouveau',
    before: {
      requested: '',
      approved: 'Une demande précédente a été approuvée.',
      denied: 'Votre dernière demande a été refusée. Rien n’a été modifié.',
      cancelled: 'Votre dernière demande a été retirée. Rien n’a été modifié.',
      expired: 'Votre dernière demande a attendu trop longtemps et a pris fin. Rien n’a été modifié.',
      undone: 'Votre dernière demande a été annulée : vos clés et secrets précédents sont de retour.',
    },
  },

  passkeys: {
    heading: 'Clés d’accès',
    text: 'Une clé d’accès ouvre votre coffre avec un doigt, un visage, un code ou une clé de sécurité, à la place de la phrase secrète. La phrase secrète et le kit de récupération restent. Elle ne fonctionne qu’à cette adresse, et est aussi sûre que l’appareil ou le service qui la conserve.',
    unlock: 'Déverrouiller avec une clé d’accès',
    useOne: 'Utiliser une clé d’accès',
    add: 'Ajouter une clé d’accès',
    unnamed: 'Une clé d’accès sans nom',
    since: (when) => `Ajoutée le ${when}`,
    rename: 'Renommer',
    renameHeading: 'Renommer cette clé d’accès',
    renamed: 'Renommée.',
    save: 'Enregistrer',
    name: 'Nom',
    nameHint: 'Par exemple l’appareil où elle se trouve.',
    remove: 'Retirer',
    removeHeading: (name) => `Retirer « ${name} » ?`,
    removeLead: 'Elle n’ouvrira plus votre coffre. Montrez d’abord que c’est bien vous.',
    removed: 'Retirée.',
    impossible: 'Ce navigateur ne peut pas utiliser de clés d’accès. Un autre sur cet appareil le peut peut-être.',
    full: (most) => `Vous avez ${most} clés d’accès, autant qu’un compte peut en avoir. Retirez-en une pour en ajouter une autre.`,

    waiting: {
      heading: 'En attente de votre clé d’accès',
      lead: 'Suivez votre navigateur ou votre appareil. Il vous demande votre doigt, votre visage ou un code.',
    },

    adding: {
      heading: 'Ajouter une clé d’accès',
      proveLead: 'Montrez d’abord que c’est bien vous.',
      prove: 'Continuer',
      makeLead: 'Donnez-lui un nom, puis laissez votre navigateur ou votre appareil la créer.',
      defaultName: (n) => `Clé d’accès ${n}`,
      create: 'Créer la clé d’accès',
      useHeading: 'Utilisez-la une fois',
      useLead: 'La clé d’accès est créée. Utilisez-la maintenant, pour être certain qu’elle ouvrira votre coffre plus tard. Rien n’est enregistré avant cela.',
      use: 'L’utiliser maintenant',
      added: 'La clé d’accès a été ajoutée. Elle ouvre désormais votre coffre.',
    },

    first: {
      heading: 'Votre organisation demande une clé d’accès',
      text: 'Chacun dans votre organisation doit avoir une clé d’accès, et votre compte n’en a pas encore. Ajoutez-en une, et votre coffre s’ouvre.',
      kept: 'Vos secrets sont là où ils étaient. Votre phrase secrète reste valable.',
    },

    problems: {
      wrong: {
        title: 'Cette clé d’accès n’a pas déverrouillé votre coffre',
        safe: 'Rien n’est perdu. Elle a donné un autre secret que lors de son ajout : son appareil ou son service a peut-être été réinitialisé.',
        next: 'Déverrouillez avec votre phrase secrète ou une autre clé d’accès. Puis retirez celle-ci et ajoutez-la à nouveau.',
      },
      usedUp: {
        title: 'Trop d’essais avec des clés d’accès',
        safe: 'Rien n’est perdu, et votre phrase secrète n’est pas concernée.',
        next: 'Déverrouillez avec votre phrase secrète, ou attendez une heure.',
      },
      last: {
        title: 'C’est votre seule clé d’accès, et votre organisation en demande une',
        safe: 'Elle n’a pas été retirée.',
        next: 'Ajoutez-en d’abord une autre.',
      },
    },
  },

  vault: {
    heading: 'Votre coffre',
    add: 'Ajouter un secret',
    search: 'Rechercher par nom',
    lock: 'Verrouiller',
    console: 'Administration',
    security: 'Sécurité',
    listLabel: 'Vos secrets',
    count: (shown, all) => (shown === all ? '' : `${shown} sur `) + count(all, { one: '# secret', other: '# secrets' }),
    emptyHeading: 'Rien ici pour l’instant',
    emptyText: 'Gardez un mot de passe, un code ou une note. C’est chiffré dans ce navigateur avant d’être envoyé.',
    settings: 'Réglages pour ce navigateur',
    lockSetting: {
      label: 'Verrouiller dès que cet onglet n’est plus visible',
      hint: 'Quand vous passez à un autre onglet ou programme, ou que l’écran se verrouille. Sans cela, votre coffre se verrouille après 15 minutes sans utilisation.',
    },
    noMatch: 'Aucun secret n’a cela dans son nom.',
    reveal: 'Afficher',
    conceal: 'Masquer',
    copy: 'Copier',
    edit: 'Modifier',
    remove: 'Supprimer',
    value: 'Valeur',
    note: 'Remarque',
    noValue: 'Aucune valeur',
    actionOn: (action, name) => `${action} : ${name}`,
    changed: (when, version) => `Version n° ${version} · modifiée le ${when}`,
    copiedValue: 'Copié. La valeur reste dans le presse-papiers jusqu’à ce que vous copiiez autre chose.',
    damagedName: 'Un secret qui ne s’ouvre pas',
    damagedText: 'Il a été modifié ou endommagé hors de votre navigateur. Vos autres secrets ne sont pas touchés. Prévenez votre administration, qui a peut-être une sauvegarde ; le supprimer ici est définitif.',
    saved: 'Enregistré.',
    deleted: 'Supprimé.',
    loading: 'Ouverture de vos secrets',
    idle: 'Toujours là ? Votre coffre se verrouille dans une minute.',
    stay: 'Le laisser ouvert',

    deleteHeading: 'Supprimer ce secret ?',
    deleteText: (name) => `« ${name} » disparaîtra définitivement. Personne ne pourra le récupérer.`,
    deleteConfirm: 'Supprimer',
    notDeleted: {
      title: 'Ce secret a été modifié ailleurs',
      safe: 'Il n’a pas été supprimé, et rien n’est perdu.',
      next: 'Regardez ce qu’il est maintenant, puis décidez à nouveau.',
    },

    notices: {
      failedSince: (n) => `Depuis votre dernier déverrouillage, il y a eu ${count(n, { one: '# essai manqué', other: '# essais manqués' })} sur votre coffre. Si ce n’était pas vous, prévenez votre administration : quelqu’un peut se connecter à votre place.`,
      changedAt: (when) => `Vos clés ont été modifiées pour la dernière fois le ${when}.`,
      lockedIdle: 'Verrouillé après 15 minutes sans utilisation. Rien n’est perdu.',
      lockedIdleDraft: 'Verrouillé après 15 minutes sans utilisation. Ce que vous saisissiez est conservé, chiffré, et revient quand vous déverrouillez.',
      lockedHidden: 'Verrouillé parce que cet onglet n’était plus visible, comme vous l’avez demandé. Rien n’est perdu.',
      lockedHiddenDraft: 'Verrouillé parce que cet onglet n’était plus visible, comme vous l’avez demandé. Ce que vous saisissiez est conservé, chiffré, et revient quand vous déverrouillez.',
      lockedCrashed: 'Verrouillé : la partie de la page qui gardait vos clés s’est arrêtée. Rien n’est perdu. Le plus souvent, le navigateur manquait de mémoire.',
      lockedByYou: 'Verrouillé. Vos clés ont disparu de la mémoire de ce navigateur.',
      lockedElsewhere: 'Verrouillé depuis un autre onglet.',
      lockedOvertaken: 'Vos clés ont été modifiées ailleurs, le serveur redemande donc votre phrase secrète : la plus récente.',
      lockedByServer: 'Le serveur redemande votre phrase secrète. Rien n’est perdu.',
      lockedByServerDraft: 'Le serveur redemande votre phrase secrète. Ce que vous saisissiez est conservé, chiffré, et revient quand vous déverrouillez.',
      draftBack: 'Voici ce que vous saisissiez avant le verrouillage du coffre. Ce n’est pas encore enregistré.',
    },
  },

  security: {
    heading: 'Sécurité',
    back: 'Retour à votre coffre',
    continue: 'Continuer',
    lead: (when) => `Vos clés ont été modifiées pour la dernière fois le ${when}. Si ce n’était pas vous, prévenez votre administration.`,
    ways: 'Ce qui ouvre vos clés',
    since: (when) => `Depuis le ${when}`,

    confirm: {
      heading: 'Votre phrase secrète actuelle',
      submit: 'Continuer',
      working: { heading: 'Vérification de votre phrase secrète', lead: 'C’est lent exprès, pour que personne ne puisse deviner rapidement.' },
    },

    working: {
      heading: 'Vos clés sont refermées à neuf',
      lead: 'C’est lent exprès : qui veut deviner votre phrase secrète doit faire le même travail à chaque essai. Rien n’est encore enregistré.',
      start: 'C’est parti',
      steps: {
        derive: 'Étirement de votre phrase secrète',
        make: 'Création de vos clés',
        seal: 'Chiffrement de vos clés',
        check: 'Dernière vérification : tout est ouvert encore une fois',
      },
    },

    saving: {
      heading: 'Enregistrement de la modification',
      text: 'Envoi au serveur de ce qu’il ne peut pas ouvrir. Laissez cet onglet ouvert.',
      waitSafe: 'Rien n’est perdu. Soit toute la modification est enregistrée, soit rien ne l’est, et réessayer envoie exactement le même message, qui ne peut donc pas compter deux fois. Si vous partez avant une réponse, le nouveau compte si l’enregistrement a eu lieu, sinon l’ancien.',
    },

    passphrase: {
      name: 'Phrase secrète',
      what: 'Vous la saisissez pour ouvrir votre coffre.',
      change: 'Changer',
      reason: 'Pour changer de phrase secrète, saisissez l’actuelle.',
      choose: {
        heading: 'Choisissez une nouvelle phrase secrète',
        lead: 'Elle ouvre les mêmes clés : vos secrets restent tels quels, et votre kit de récupération reste valable.',
        continue: 'Changer ma phrase secrète',
      },
      done: {
        heading: 'Votre phrase secrète est changée',
        text: ['La nouvelle compte désormais ; l’ancienne n’ouvre plus rien. Vos secrets et votre kit de récupération restent tels quels.', 'Vos autres navigateurs sont verrouillés et demanderont la nouvelle.'],
      },
    },

    code: {
      name: 'Code de récupération',
      what: 'Il ouvre vos clés si vous oubliez la phrase secrète.',
      change: 'Remplacer',
      reason: 'Pour obtenir un nouveau kit de récupération, saisissez votre phrase secrète. L’ancien reste valable jusqu’à ce que vous ayez montré que vous avez conservé le nouveau.',
      done: {
        heading: 'Votre code de récupération est remplacé',
        text: ['Le kit que vous venez de conserver est le bon. Jetez l’ancien : son code n’ouvre plus rien.', 'Vos autres navigateurs sont verrouillés et demanderont votre phrase secrète.'],
      },
    },

    unmade: {
      not: {
        text: 'La modification que vous aviez commencée n’a pas été faite. Votre ancienne phrase secrète et votre ancien code de récupération restent valables, sauf si vous les avez modifiés ailleurs depuis.',
        kit: (made) => `Le kit de récupération du ${made} n’est pas valable : il n’ouvre rien. Détruisez-le, pour que personne ne le prenne pour le bon.`,
      },
      unknown: {
        text: 'Aucune réponse n’est arrivée à la modification que vous aviez envoyée : ce navigateur ne sait donc pas si elle a été enregistrée. Si vous aviez choisi une nouvelle phrase secrète, essayez d’abord celle-ci, puis l’ancienne.',
        kit: (made) => `Tant que vous ne le savez pas, conservez votre ancien kit de récupération et celui du ${made} : si la modification a été enregistrée, seul le nouveau ouvre vos clés, sinon seul l’ancien. Sous « Sécurité », vous voyez depuis quand votre code de récupération est valable.`,
      },
    },

    resets: {
      heading: 'Demandes de nouvelles clés',
      text: 'Quelqu’un qui a tout perdu demande à repartir de zéro. Parlez d’abord à la personne, pas par e-mail : qui se connecte en son nom crée les nouvelles clés.',
      none: 'Personne ne demande.',
      asked: (when) => `demandé le ${when}`,
      own: 'C’est votre propre demande. Quelqu’un d’autre doit en décider.',
      approve: 'Approuver',
      deny: 'Refuser',
      sure: (name) => `Les clés et secrets de ${name} seront mis de côté, puis détruits après un temps. Avez-vous parlé à la personne et comparé le numéro de la demande ?`,
      approveSure: 'Oui, mettre les anciennes clés de côté',
      approved: 'Approuvé. La personne peut maintenant configurer de nouvelles clés.',
      denied: 'Refusé. Rien n’a été modifié.',
    },
    received: {
      heading: 'Ce que le serveur a reçu',
      short: 'Chaque donnée que le serveur conserve de vous, ce que c’est, et pourquoi il ne peut pas l’ouvrir.',
      open: 'Voir les données',
      lead: 'Voici les données telles que le serveur les a remises à ce navigateur lors de votre dernier déverrouillage, et pourquoi chacune lui reste fermée. Il ne remet une enveloppe qu’à qui a prouvé le moyen qui l’ouvre : les autres n’ont donc pas de taille ici.',
      clear: 'En clair, il a ce que votre fournisseur d’identité lui a dit de vous, quand et d’où vous vous êtes connecté, les noms de vos clés d’accès, et combien de secrets vous avez, leur taille et la date de leurs modifications.',
      fileName: 'freehold-ce-que-le-serveur-a.json',
      fileAbout: 'Les données que le serveur conserve de ce compte, telles qu’il les a remises au dernier déverrouillage. Les valeurs binaires sont en base64url ; les valeurs multiples d’une donnée sont dans leur ordre.',
      passkey: {
        name: (name) => `Clé d’accès « ${name} »`,
        what: 'Ce qu’il faut demander à la clé d’accès, et votre clé maîtresse, chiffrée une fois de plus.',
        why: 'Seul le secret que donne la clé d’accès l’ouvre, et il n’a jamais quitté vos appareils.',
      },
      items: {
        name: (number) => `Dans votre coffre : ${number}`,
        what: 'Le nom, la valeur et la remarque de chaque secret, chiffrés avec une clé qui lui est propre.',
        why: 'Cette clé est chiffrée pour votre clé privée, qui est dans votre trousseau.',
      },
    },

    leaked: {
      heading: 'Quelqu’un connaît peut-être ma phrase secrète ou mon code',
      short: 'Quelqu’un vous a peut-être vu taper, a trouvé votre kit, ou un appareil à vous a été volé ou infecté. Une autre phrase secrète ne suffit alors pas : renouvelez toutes les clés.',
      begin: 'Renouveler toutes mes clés',
      lead: 'De nouvelles clés sont créées pour tout ce que vous avez, pour que qui a appris votre phrase secrète ou votre code ne puisse plus rien en faire. Cela prend quelques minutes.',
      effects: [
        'Vous choisissez une nouvelle phrase secrète et recevez un nouveau kit de récupération. Les anciens n’ouvrent plus rien.',
        'Vos secrets restent. Chacun est placé sous les nouvelles clés.',
        'Les clés d’accès doivent être ajoutées à nouveau.',
        'Vos autres navigateurs sont verrouillés. Ils demandent si vous avez remplacé vos clés, puis la nouvelle phrase secrète.',
      ],
      items: 'Ce que quelqu’un a déjà lu ne peut pas être effacé de sa mémoire : changez ensuite aussi les mots de passe que vous gardez dans votre coffre.',
      continue: 'Continuer',
      reason: 'Pour renouveler toutes vos clés, saisissez votre phrase secrète actuelle.',
      choose: {
        heading: 'Choisissez une nouvelle phrase secrète',
        lead: 'Choisissez-en une sans aucun rapport avec l’ancienne.',
        continue: 'Créer de nouvelles clés',
      },
      done: {
        heading: 'Toutes vos clés sont nouvelles',
        text: [
          'L’ancienne phrase secrète et l’ancien kit n’ouvrent plus rien. Vos secrets sont tous là, sous les nouvelles clés.',
          'Vos autres navigateurs sont verrouillés. Quand ils demandent si vous avez remplacé vos clés, répondez oui.',
          'Les clés d’accès doivent être ajoutées à nouveau. Et changez les mots de passe que vous gardez dans votre coffre, si quelqu’un a pu les lire.',
        ],
      },
    },

    recover: {
      heading: 'Utilisez votre code de récupération',
      lead: 'Il se trouve dans votre kit de récupération. Il ouvre vos clés une fois, pour que vous puissiez choisir une nouvelle phrase secrète ; vous recevez en même temps un nouveau code.',
      file: 'Choisir votre kit de récupération',
      or: 'ou',
      text: 'Coller ou saisir le code ou les mots',
      textHint: 'Les majuscules, les espaces et les tirets ne comptent pas.',
      continue: 'Ouvrir mes clés',
      back: 'Retour',
      tooMany: 'Trop de codes de récupération erronés',
      badCodeSafe: 'Il n’a pas été envoyé au serveur et ne compte pas comme un essai.',
      wrong: {
        title: 'C’est bien un code de récupération, mais pas celui de votre compte',
        next: 'Il vient peut-être d’un kit plus ancien. Le plus récent est le bon.',
      },
      passphrase: {
        heading: 'Choisissez une nouvelle phrase secrète',
        lead: 'Votre code de récupération est juste. Il reste valable jusqu’à ce que vous ayez une nouvelle phrase secrète et conservé un nouveau kit ; rien n’est modifié avant.',
        continue: 'Continuer vers le nouveau kit',
      },
      done: {
        heading: 'Vous avez retrouvé l’accès',
        text: ['Votre nouvelle phrase secrète et votre nouveau kit comptent désormais. L’ancienne phrase secrète et l’ancien code n’ouvrent plus rien : jetez l’ancien kit.', 'Vos secrets sont tels qu’ils étaient. Vos autres navigateurs sont verrouillés et demanderont la nouvelle phrase secrète.'],
      },
    },

    raising: {
      heading: 'Renforcement de la protection de vos clés',
      lead: 'Votre organisation demande une protection plus forte que celle de vos clés. Votre phrase secrète reste la même, et votre coffre s’ouvre dans un instant.',
      start: 'Question au serveur',
      steps: {
        derive: 'Étirement plus fort de votre phrase secrète',
        make: 'Enregistrement de la protection renforcée',
        seal: 'Enregistrement de la protection renforcée',
        check: 'Enregistrement de la protection renforcée',
      },
      skip: 'Pas maintenant',
    },

    sessions: {
      heading: 'Où vous êtes connecté',
      lead: 'Mettre fin à une connexion verrouille aussitôt ce navigateur-là. Il ne peut plus être déverrouillé sans se reconnecter.',
      thisOne: 'Ce navigateur',
      unknown: 'Navigateur inconnu',
      client: (browser, system) => `${browser} sous ${system}`,
      seen: (when) => `Dernière utilisation : ${when}`,
      since: (when) => `Connecté depuis le ${when}`,
      end: 'Y mettre fin',
      endOthers: 'Mettre fin à toutes les autres',
      ended: 'C’est fait.',
    },
  },

  edit: {
    newHeading: 'Ajouter un secret',
    changeHeading: 'Modifier le secret',
    name: 'Nom',
    nameHint: 'Par exemple le site ou le programme auquel il appartient.',
    value: 'Valeur secrète',
    note: 'Remarque',
    noteHint: 'Chiffrée comme la valeur.',
    optional: 'facultatif',
    save: 'Enregistrer',
    nameMissing: 'Donnez-lui un nom, pour le retrouver.',
    theirs: 'L’autre version',
    keepMine: 'Enregistrer la mienne comme version la plus récente',
    takeTheirs: 'Abandonner la mienne, garder l’autre',
    goneTitle: 'Ce secret a été supprimé ailleurs pendant que vous le modifiiez',
    gone: 'Ce que vous avez saisi est toujours là.',
    signedOutNext: 'Reconnectez-vous dans un nouvel onglet. Puis revenez à cet onglet et appuyez sur « Réessayer ».',
    keepAsNew: 'Le garder comme nouveau secret',
    dropMine: 'L’abandonner',
  },

  enter: {
    heading: 'Se connecter avec un lien à usage unique',
    lead: 'Ce lien vous connecte sans votre fournisseur d’identité. Votre coffre ne s’ouvre toujours qu’avec votre phrase secrète.',
    once: 'Il fonctionne une fois. Qui est connecté à Freehold dans ce navigateur sera déconnecté.',
    continue: 'Continuer',
  },

  signedOut: {
    heading: 'Vous êtes déconnecté',
    text: 'Vos clés ont disparu de la mémoire de ce navigateur. Vous êtes peut-être encore connecté chez votre fournisseur d’identité ; sur un ordinateur partagé, déconnectez-vous là aussi.',
  },
};

/** @param {number} log10 */
function guesses(log10) {
  const names = ['million', 'milliard', 'billion', 'billiard', 'trillion', 'trilliard'];
  const power = Math.min(23, Math.max(0, Math.floor(log10)));
  if (power < 6) return count(10 ** power, { one: 'un essai', other: '# essais' });
  const n = 10 ** (power % 3);
  const name = names[Math.floor(power / 3) - 2] ?? '';
  return `${n} ${name}${n === 1 ? '' : 's'} d’essais`;
}
