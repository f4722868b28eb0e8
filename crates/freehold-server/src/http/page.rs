//! Small HTML pages for what goes wrong outside the scripted pages: sign-in, unknown addresses.

use actix_web::{HttpResponse, http::StatusCode};

use super::support;

/// What a page says. All of it is fixed text, but for the short name of an organization in a link:
/// nothing else of the request gets in.
pub struct Page {
    /// The status of the answer.
    pub status: StatusCode,
    /// The heading.
    pub title: &'static str,
    /// What happened, that nothing was lost, what to do next.
    pub text: &'static str,
    /// Where the one link leads and what it is called; neither needs escapes.
    pub link: Option<(String, &'static str)>,
}

impl Page {
    /// Renders the page with the support id.
    #[must_use]
    pub fn response(&self) -> HttpResponse {
        let link = self.link.as_ref().map_or_else(String::new, |(target, name)| {
            format!("      <p><a class=\"button\" href=\"{target}\">{name}</a></p>\n")
        });
        let body = format!(
            r#"<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <title>{title} – Freehold</title>
    <link rel="icon" href="/style/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/style/freehold.css">
  </head>
  <body>
    <main class="card">
      <h1>{title}</h1>
      <p>{text}</p>
{link}      <p class="support">Support id: <code>{id}</code></p>
    </main>
  </body>
</html>
"#,
            title = self.title,
            text = self.text,
            id = support::current(),
        );
        HttpResponse::build(self.status).content_type("text/html; charset=utf-8").body(body)
    }
}

/// The page for an address that is not there.
#[must_use]
pub fn not_found() -> HttpResponse {
    Page {
        status: StatusCode::NOT_FOUND,
        title: "Page not found",
        text: "There is nothing at this address.",
        link: Some(("/".to_owned(), "Go to your vault")),
    }
    .response()
}

/// The page for a method that an address does not take.
#[must_use]
pub fn method_not_allowed() -> HttpResponse {
    Page {
        status: StatusCode::METHOD_NOT_ALLOWED,
        title: "Not possible here",
        text: "This address cannot be used in this way.",
        link: Some(("/".to_owned(), "Go to your vault")),
    }
    .response()
}
