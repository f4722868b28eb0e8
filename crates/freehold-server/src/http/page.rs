//! Small HTML pages for what goes wrong outside the scripted pages: sign-in, unknown addresses.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header::VARY},
};

use super::{
    language::{self, Text},
    support,
    texts::{self, Said},
};

/// A page. All of it is fixed text, but for the short name of an organization in a link: nothing
/// else of the request gets in.
pub struct Page {
    /// The status of the answer.
    pub status: StatusCode,
    /// The heading and the text.
    pub said: Said,
    /// Where the one link leads and what it is called; neither needs escapes.
    pub link: Option<(String, Text)>,
}

impl Page {
    /// Renders the page with the support id.
    #[must_use]
    pub fn response(&self) -> HttpResponse {
        let link = self.link.as_ref().map_or_else(String::new, |(target, name)| {
            let name = name.now();
            format!("      <p><a class=\"button\" href=\"{target}\">{name}</a></p>\n")
        });
        let Said { title, text } = self.said;
        let content = format!("      <p>{}</p>\n{link}", text.now());
        Html { status: self.status, title, screen: "said", head: "", content: &content }.response()
    }
}

/// A page in HTML: what is dynamic in it has its escapes.
pub(super) struct Html<'a> {
    /// The status of the answer.
    pub(super) status: StatusCode,
    /// The heading.
    pub(super) title: Text,
    /// What the page is called by tests.
    pub(super) screen: &'a str,
    /// More lines of the head.
    pub(super) head: &'a str,
    /// The lines between heading and support id.
    pub(super) content: &'a str,
}

impl Html<'_> {
    /// Renders the page with the support id.
    pub(super) fn response(&self) -> HttpResponse {
        let body = format!(
            r#"<!doctype html>
<html {attributes}>
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
{head}    <title>{title} – Freehold</title>
    <link rel="icon" href="/style/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/style/freehold.css">
  </head>
  <body>
    <main class="card" data-screen="{screen}">
      <h1>{title}</h1>
{content}      <p class="support">{support}: <code>{id}</code></p>
    </main>
  </body>
</html>
"#,
            head = self.head,
            attributes = language::current().attributes(),
            title = self.title.now(),
            support = texts::SUPPORT_ID.now(),
            screen = self.screen,
            content = self.content,
            id = support::current(),
        );
        HttpResponse::build(self.status)
            .content_type("text/html; charset=utf-8")
            .insert_header((VARY, "Accept-Language, Cookie"))
            .body(body)
    }
}

/// A text as it stands in HTML, inside quotes too.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The page for an address that is not there.
#[must_use]
pub fn not_found() -> HttpResponse {
    Page {
        status: StatusCode::NOT_FOUND,
        said: texts::NOT_FOUND,
        link: Some(("/".to_owned(), texts::TO_VAULT)),
    }
    .response()
}

/// The page for a method that an address does not take.
#[must_use]
pub fn method_not_allowed() -> HttpResponse {
    Page {
        status: StatusCode::METHOD_NOT_ALLOWED,
        said: texts::NOT_POSSIBLE,
        link: Some(("/".to_owned(), texts::TO_VAULT)),
    }
    .response()
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn no_text_ends_its_quotes() {
        assert_eq!(escaped(r#"/a?b="><c>&quot;"#), "/a?b=&quot;&gt;&lt;c&gt;&amp;quot;");
    }
}
