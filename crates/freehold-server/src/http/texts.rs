//! Every text of the pages that the server itself writes, in every language.

use super::language::Text;

/// What a page says: a heading, and what happened, that nothing was lost, what to do next.
#[derive(Clone, Copy)]
pub struct Said {
    /// The heading.
    pub title: Text,
    /// The text below it.
    pub text: Text,
}

/// Before the id that support asks for.
pub const SUPPORT_ID: Text =
    Text {
        en: "Support id", de: "Support-ID", fr: "Identifiant d’assistance", ar: "معرّف الدعم"
    };

/// A link.
pub const TO_VAULT: Text = Text {
    en: "Go to your vault",
    de: "Zu Ihrem Tresor",
    fr: "Aller à votre coffre",
    ar: "الذهاب إلى خزنتك",
};

/// A link.
pub const SIGN_IN_AGAIN: Text = Text {
    en: "Sign in again",
    de: "Noch einmal anmelden",
    fr: "Se connecter à nouveau",
    ar: "تسجيل الدخول من جديد",
};

/// A button and a link.
pub const CONTINUE: Text =
    Text { en: "Continue", de: "Weiter", fr: "Continuer", ar: "متابعة" };

/// An address that is not there.
pub const NOT_FOUND: Said = Said {
    title: Text {
        en: "Page not found",
        de: "Seite nicht gefunden",
        fr: "Page introuvable",
        ar: "الصفحة غير موجودة",
    },
    text: Text {
        en: "There is nothing at this address.",
        de: "Unter dieser Adresse ist nichts.",
        fr: "Il n’y a rien à cette adresse.",
        ar: "لا يوجد شيء على هذا العنوان.",
    },
};

/// A method that an address does not take.
pub const NOT_POSSIBLE: Said = Said {
    title: Text {
        en: "Not possible here",
        de: "Hier nicht möglich",
        fr: "Impossible ici",
        ar: "غير ممكن هنا",
    },
    text: Text {
        en: "This address cannot be used in this way.",
        de: "Diese Adresse kann man so nicht verwenden.",
        fr: "Cette adresse ne s’utilise pas ainsi.",
        ar: "لا يُستعمل هذا العنوان بهذه الطريقة.",
    },
};

/// The identity provider cannot be reached or is not set up rightly.
pub const PROVIDER_UNAVAILABLE: Said = Said {
    title: Text {
        en: "Your organization’s sign-in does not answer",
        de: "Die Anmeldung Ihrer Organisation antwortet nicht",
        fr: "La connexion de votre organisation ne répond pas",
        ar: "تسجيل الدخول لدى مؤسستك لا يستجيب",
    },
    text: Text {
        en: "Nothing was lost. Try again in a minute. If it stays like this, tell your \
             administrator the support id.",
        de: "Es ging nichts verloren. Versuchen Sie es in einer Minute noch einmal. Bleibt es \
             dabei, nennen Sie Ihrer Administration die Support-ID.",
        fr: "Rien n’est perdu. Réessayez dans une minute. Si cela continue, donnez l’identifiant \
             d’assistance à votre administration.",
        ar: "لم يُفقد شيء. أعد المحاولة بعد دقيقة. وإن استمر الأمر فأعطِ معرّف الدعم للمسؤول.",
    },
};

/// The answer belongs to no sign-in of this browser, or to one that is over.
pub const START_AGAIN: Said = Said {
    title: Text {
        en: "Please sign in again",
        de: "Bitte melden Sie sich noch einmal an",
        fr: "Veuillez vous connecter à nouveau",
        ar: "سجّل الدخول من جديد من فضلك",
    },
    text: Text {
        en: "This sign-in took too long, was finished already, or was begun in another browser. \
             Nothing was lost.",
        de: "Diese Anmeldung hat zu lange gedauert, war schon beendet oder wurde in einem anderen \
             Browser begonnen. Es ging nichts verloren.",
        fr: "Cette connexion a pris trop de temps, était déjà terminée ou a été commencée dans un \
             autre navigateur. Rien n’est perdu.",
        ar: "طال تسجيل الدخول هذا، أو كان قد انتهى، أو بدأ في متصفح آخر. لم يُفقد شيء.",
    },
};

/// Verified or not, the person gets no session.
pub const REFUSED: Said = Said {
    title: Text {
        en: "You could not be signed in",
        de: "Sie konnten nicht angemeldet werden",
        fr: "La connexion n’a pas été possible",
        ar: "تعذّر تسجيل دخولك",
    },
    text: Text {
        en: "Your organization’s sign-in worked or was cancelled, but it leads to no account here \
             that you can use. Nothing was lost. Tell your administrator the support id; the \
             reason is in the server’s log.",
        de: "Die Anmeldung bei Ihrer Organisation gelang oder wurde abgebrochen, führt hier aber zu \
             keinem Konto, das Sie benutzen können. Es ging nichts verloren. Nennen Sie Ihrer \
             Administration die Support-ID; der Grund steht im Protokoll des Servers.",
        fr: "La connexion auprès de votre organisation a réussi ou a été annulée, mais elle ne mène \
             à aucun compte que vous puissiez utiliser ici. Rien n’est perdu. Donnez l’identifiant \
             d’assistance à votre administration ; la raison est dans le journal du serveur.",
        ar: "نجح تسجيل الدخول لدى مؤسستك أو أُلغي، لكنه لا يؤدي إلى حساب هنا يمكنك استعماله. لم \
             يُفقد شيء. أعطِ معرّف الدعم للمسؤول؛ والسبب مدوّن في سجل الخادم.",
    },
};

/// Too many sign-ins from one address.
pub const TOO_MANY: Said = Said {
    title: Text {
        en: "One moment", de: "Einen Moment", fr: "Un instant", ar: "لحظة من فضلك"
    },
    text: Text {
        en: "Too many sign-ins were begun from your network. Try again in a minute.",
        de: "Aus Ihrem Netz wurden zu viele Anmeldungen begonnen. Versuchen Sie es in einer Minute \
             noch einmal.",
        fr: "Trop de connexions ont été commencées depuis votre réseau. Réessayez dans une minute.",
        ar: "بدأت من شبكتك عمليات تسجيل دخول كثيرة جدًا. أعد المحاولة بعد دقيقة.",
    },
};

/// The server itself cannot go on.
pub const UNAVAILABLE: Said = Said {
    title: Text {
        en: "Try again in a moment",
        de: "Versuchen Sie es gleich noch einmal",
        fr: "Réessayez dans un instant",
        ar: "أعد المحاولة بعد لحظة",
    },
    text: Text {
        en: "The server cannot store or read anything right now. Nothing was lost.",
        de: "Der Server kann im Moment nichts speichern oder lesen. Es ging nichts verloren.",
        fr: "Le serveur ne peut rien enregistrer ni lire en ce moment. Rien n’est perdu.",
        ar: "لا يستطيع الخادم حفظ شيء أو قراءته الآن. لم يُفقد شيء.",
    },
};

/// The page that asks whose people come.
pub const SIGN_IN: Text =
    Text { en: "Sign in", de: "Anmelden", fr: "Se connecter", ar: "تسجيل الدخول" };

/// The one field of that page.
pub const WHO: Text = Text {
    en: "Work e-mail address, or short name of your organization",
    de: "Dienstliche E-Mail-Adresse oder Kurzname Ihrer Organisation",
    fr: "Adresse e-mail professionnelle, ou nom court de votre organisation",
    ar: "بريد العمل الإلكتروني، أو الاسم القصير لمؤسستك",
};

/// What was typed there is not known.
pub const WHO_UNKNOWN: Text = Text {
    en: "No sign-in was found for this. Check the spelling, or use the link that your organization \
         gave you.",
    de: "Dazu wurde keine Anmeldung gefunden. Prüfen Sie die Schreibweise, oder nehmen Sie den Link, \
         den Sie von Ihrer Organisation bekommen haben.",
    fr: "Aucune connexion ne correspond. Vérifiez l’orthographe, ou utilisez le lien que votre \
         organisation vous a donné.",
    ar: "لم يُعثر على تسجيل دخول لهذا. تحقّق من الكتابة، أو استعمل الرابط الذي أعطتك إياه مؤسستك.",
};

/// The page that leads on by itself.
pub const GOES_ON: Text = Text {
    en: "On to your organization’s sign-in",
    de: "Weiter zur Anmeldung Ihrer Organisation",
    fr: "Vers la connexion de votre organisation",
    ar: "إلى تسجيل الدخول لدى مؤسستك",
};

/// The page that lists the ways to sign in.
pub const HOW: Said = Said {
    title: Text {
        en: "How do you sign in?",
        de: "Wie melden Sie sich an?",
        fr: "Comment vous connectez-vous\u{202f}?",
        ar: "كيف تسجّل الدخول؟",
    },
    text: Text {
        en: "Your organization has several ways. If you do not know yours, ask your administrator.",
        de: "Ihre Organisation hat mehrere Wege. Wenn Sie Ihren nicht kennen, fragen Sie Ihre \
             Administration.",
        fr: "Votre organisation propose plusieurs moyens. Si vous ne connaissez pas le vôtre, \
             demandez à votre administration.",
        ar: "لدى مؤسستك عدة طرق. إن لم تعرف طريقتك فاسأل المسؤول.",
    },
};
