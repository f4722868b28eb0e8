//! The pages. Plain HTML, no script; each says that it is a demonstration.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::web::Data;
use url::form_urlencoded;

use super::Idp;
use super::client::Client;
use crate::people::{COMPANY, PEOPLE, Person};

const STYLE: &str = include_str!("style.css");
const ICON: &str = include_str!("icon.svg");

/// Nothing but our own style; the form may lead back to the client (a browser checks where a
/// form's redirect goes by `form-action`, too).
pub(super) fn policy(client: &Client) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {}; base-uri 'none'; \
         frame-ancestors 'none'",
        client.origin()
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

pub(super) async fn style() -> HttpResponse {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(STYLE)
}

pub(super) async fn icon() -> HttpResponse {
    HttpResponse::Ok().content_type("image/svg+xml").body(ICON)
}

/// `GET /`: what this is, and the way to where it is used.
pub(super) async fn welcome(idp: Data<Idp>) -> HttpResponse {
    let origin = escaped(&idp.client.origin());
    let mut list = String::new();
    for person in &PEOPLE {
        let _ = write!(list, "<li class=\"person\">{}</li>", card(person));
    }
    let content = format!(
        "<h1>{company} signs in here</h1>\
         <p>This small OpenID provider belongs to the demonstration of Freehold. It knows five \
         invented people and asks nobody for a password.</p>\
         <p><a class=\"go\" href=\"{origin}/\">Go to Freehold</a></p>\
         <h2>The people</h2><ul class=\"people\">{list}</ul>\
         <p class=\"small\">Issuer <code>{issuer}</code>, client <code>{client}</code></p>",
        company = escaped(COMPANY),
        issuer = escaped(idp.issuer()),
        client = escaped(idp.client.id()),
    );
    page(StatusCode::OK, "Sign in", &content)
}

/// The page with the people. `query` is the checked request, sent along with the choice.
pub(super) fn people(client: &Client, query: &str) -> HttpResponse {
    let mut fields = String::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        // The choice is made here, not by whoever wrote the link.
        if name != "person" {
            let (name, value) = (escaped(&name), escaped(&value));
            let _ = write!(fields, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
        }
    }
    let mut list = String::new();
    for person in &PEOPLE {
        let _ = write!(
            list,
            "<li><button class=\"person\" name=\"person\" value=\"{}\" \
             data-testid=\"person-{}\">{}</button></li>",
            escaped(person.object_id),
            escaped(person.user_name),
            card(person)
        );
    }
    let content = format!(
        "<h1>Who are you today?</h1>\
         <p>Pick a person to sign in to <strong>{}</strong>.</p>\
         <form method=\"post\" action=\"/authorize\">{fields}<ul class=\"people\">{list}</ul>\
         <p><button class=\"cancel\" name=\"person\" value=\"\">Go back without signing in</button></p>\
         </form>",
        escaped(&client.origin()),
    );
    page(StatusCode::OK, "Who are you today?", &content)
}

/// A request that is not answered and may be anybody's: it leads nowhere.
pub(super) fn refused(text: &str) -> HttpResponse {
    let content = format!(
        "<h1>This sign-in cannot go on</h1><p>{}</p>\
         <p>Nothing was lost. Start again from Freehold; if it happens again, compare the client \
         id and the redirect URI on both sides.</p>",
        escaped(text)
    );
    page(StatusCode::BAD_REQUEST, "This sign-in cannot go on", &content)
}

pub(super) async fn not_found() -> HttpResponse {
    let content =
        "<h1>There is no such page</h1><p><a class=\"go\" href=\"/\">To the start</a></p>";
    page(StatusCode::NOT_FOUND, "There is no such page", content)
}

fn card(person: &Person) -> String {
    format!(
        "<span class=\"initials\" aria-hidden=\"true\">{}</span>\
         <span class=\"who\"><span class=\"name\">{}</span>\
         <span class=\"what\">{}</span><span class=\"what\">{}</span></span>",
        escaped(&person.initials()),
        escaped(person.display_name),
        escaped(person.title),
        escaped(person.user_name),
    )
}

fn page(status: StatusCode, title: &str, content: &str) -> HttpResponse {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>{} - Demonstration</title><link rel=\"stylesheet\" href=\"/style.css\">\
         <link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\"></head>\
         <body><p class=\"banner\"><strong>Demonstration.</strong> Invented people, no passwords. \
         Never for production.</p><main>{content}</main></body></html>",
        escaped(title)
    );
    HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html)
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}
