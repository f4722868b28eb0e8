//! The language of the pages that the server itself writes: as somebody chose it on the other pages,
//! else as his browser asks.

use actix_web::{
    HttpMessage, HttpRequest,
    http::header::{AcceptLanguage, Header as _},
};

use super::cookies;

tokio::task_local! {
    static CURRENT: Language;
}

/// A language the pages have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, also for whoever asks for none of these.
    English,
    /// German.
    German,
    /// French.
    French,
    /// Arabic, written from right to left.
    Arabic,
}

impl Language {
    /// The language of a request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let chosen = cookies::value(request, cookies::LANGUAGE).and_then(Self::named);
        chosen.or_else(|| Self::asked(request)).unwrap_or(Self::English)
    }

    /// The first that the browser asks for and that there is.
    // RFC 9110 §12.5.4.
    fn asked(request: &impl HttpMessage) -> Option<Self> {
        let asked = AcceptLanguage::parse(request).ok()?;
        asked.ranked().iter().find_map(|one| Self::named(one.item()?.primary_language()))
    }

    /// The language of a primary subtag, as BCP 47 calls it.
    fn named(tag: &str) -> Option<Self> {
        match tag {
            "en" => Some(Self::English),
            "de" => Some(Self::German),
            "fr" => Some(Self::French),
            "ar" => Some(Self::Arabic),
            _ => None,
        }
    }

    /// The attributes of `<html>`.
    #[must_use]
    pub fn attributes(self) -> &'static str {
        match self {
            Self::English => r#"lang="en" dir="ltr""#,
            Self::German => r#"lang="de" dir="ltr""#,
            Self::French => r#"lang="fr" dir="ltr""#,
            Self::Arabic => r#"lang="ar" dir="rtl""#,
        }
    }

    /// Runs `future` with this language as the current one.
    pub async fn scope<F: Future>(self, future: F) -> F::Output {
        CURRENT.scope(self, future).await
    }
}

/// The language of the request that is being answered.
#[must_use]
pub fn current() -> Language {
    CURRENT.try_with(|language| *language).unwrap_or(Language::English)
}

/// One text in every language; none needs escapes in HTML.
#[derive(Clone, Copy)]
pub struct Text {
    /// In English.
    pub en: &'static str,
    /// In German.
    pub de: &'static str,
    /// In French.
    pub fr: &'static str,
    /// In Arabic.
    pub ar: &'static str,
}

impl Text {
    /// In the language of the request that is being answered.
    #[must_use]
    pub fn now(self) -> &'static str {
        match current() {
            Language::English => self.en,
            Language::German => self.de,
            Language::French => self.fr,
            Language::Arabic => self.ar,
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::{Language, cookies};

    fn of(accept: &str, cookie: &str) -> Language {
        let request = TestRequest::default()
            .insert_header(("accept-language", accept))
            .insert_header(("cookie", cookie));
        Language::of(&request.to_http_request())
    }

    #[test]
    fn the_browser_is_answered_in_the_first_of_its_languages_that_there_is() {
        assert_eq!(of("de-AT,de;q=0.9,en;q=0.8", ""), Language::German);
        assert_eq!(of("en;q=0.5, fr-CA;q=0.7, ja", ""), Language::French);
        assert_eq!(of("ja, *;q=0.1", ""), Language::English);
        assert_eq!(of("AR", ""), Language::Arabic);
        assert_eq!(of(";;;", ""), Language::English);
        assert_eq!(Language::of(&TestRequest::default().to_http_request()), Language::English);
    }

    #[test]
    fn what_somebody_chose_counts_more_if_there_is_such_a_language() {
        let cookie = |value: &str| format!("{}={value}", cookies::LANGUAGE);
        assert_eq!(of("de", &cookie("ar")), Language::Arabic);
        assert_eq!(of("de", &cookie("xx")), Language::German);
    }
}
