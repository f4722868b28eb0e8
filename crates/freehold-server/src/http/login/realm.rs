//! Whose people come: the page that asks for an e-mail address or an organization, and the page that
//! lists an organization's connections.
//!
//! The answer leads to the same `/login?organization=..` that an organization's own link is. An
//! address of a verified domain leads there too; the domain chooses where to sign in and nothing
//! else, and what is not known gets one and the same page.
//!
//! The form is a POST because addresses would stand in logs of proxies otherwise. It needs no token
//! against other sites: it changes nothing and sets no cookie, and where it leads any site can lead
//! a browser by a link. For the same reason what it answers is a page that goes on by itself and no
//! redirect: Chromium holds every hop of a form's way against `form-action 'self'`, the one to the
//! identity provider too.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Payload},
};
use freehold_directory::{
    Slug,
    domains::{self, Realm},
    login::ReturnPath,
};

use super::{
    begin::{admitted, storage_failed},
    pages,
};
use crate::http::{
    App, body,
    page::{Html, escaped},
    texts,
};

/// Bodies: an e-mail address and a path, encoded.
const LIMIT: usize = 4 * 1024;

/// What the form sends.
#[derive(Default)]
struct Answer {
    who: String,
    path: Option<ReturnPath>,
}

impl Answer {
    /// Reads the form; what cannot be read names nobody.
    async fn of(request: &HttpRequest, payload: Payload) -> Self {
        let mut answer = Self::default();
        if !body::is_of_type(request, &["application/x-www-form-urlencoded"]) {
            return answer;
        }
        let Ok(form) = body::read(request, &mut payload.into_inner(), LIMIT).await else {
            return answer;
        };
        for (name, value) in url::form_urlencoded::parse(&form) {
            match name.as_ref() {
                "who" => answer.who = value.into_owned(),
                "return" => answer.path = ReturnPath::parse(&value).ok(),
                _ => {}
            }
        }
        answer
    }
}

/// `POST /login`: finds out where somebody signs in, and leads there.
pub(super) async fn find(request: HttpRequest, payload: Payload, app: Data<App>) -> HttpResponse {
    if !admitted(&request, &app) {
        return pages::too_many();
    }
    let Answer { who, path } = Answer::of(&request, payload).await;
    match app.database.read(move |store| domains::realm(store, &who)).await {
        Ok(Some(realm)) => go_on(&realm, path.as_ref()),
        Ok(None) => {
            tracing::info!("sign-in not begun: what was typed is not known");
            unknown(path.as_ref())
        }
        Err(error) => storage_failed(&error),
    }
}

/// Asks whose people come.
pub(super) fn ask(path: Option<&ReturnPath>) -> HttpResponse {
    form(StatusCode::OK, "", "", path)
}

/// Asks again: there is no such sign-in, whatever the reason.
pub(super) fn unknown(path: Option<&ReturnPath>) -> HttpResponse {
    let problem = format!(
        "      <div class=\"problem\"><p id=\"problem\">{}</p></div>\n",
        texts::WHO_UNKNOWN.now()
    );
    let refers = " aria-invalid=\"true\" aria-describedby=\"problem\"";
    form(StatusCode::NOT_FOUND, &problem, refers, path)
}

/// What was typed is not repeated: the page is the same for all.
fn form(
    status: StatusCode,
    problem: &str,
    refers: &str,
    path: Option<&ReturnPath>,
) -> HttpResponse {
    let path = path.map_or_else(String::new, |path| {
        let value = escaped(path.as_str());
        format!("        <input type=\"hidden\" name=\"return\" value=\"{value}\">\n")
    });
    let content = format!(
        r#"{problem}      <form class="stack" method="post" action="/login">
        <div class="field">
          <label for="who">{who}</label>
          <input type="text" id="who" name="who" required maxlength="320" autocomplete="email" inputmode="email" autocapitalize="none" spellcheck="false" autofocus{refers}>
        </div>
{path}        <p class="actions"><button class="button primary" type="submit">{on}</button></p>
      </form>
"#,
        who = texts::WHO.now(),
        on = texts::CONTINUE.now(),
    );
    let screen = "sign-in";
    Html { status, title: texts::SIGN_IN, screen, head: "", content: &content }.response()
}

/// Goes on to a sign-in by itself, or by a link where the browser does not.
fn go_on(realm: &Realm, path: Option<&ReturnPath>) -> HttpResponse {
    let target = target(&realm.organization, realm.connection.as_ref(), path);
    Html {
        status: StatusCode::OK,
        title: texts::GOES_ON,
        screen: "sign-in-goes-on",
        head: &format!("    <meta http-equiv=\"refresh\" content=\"0;url={target}\">\n"),
        content: &format!(
            "      <p><a class=\"button primary\" href=\"{target}\">{}</a></p>\n",
            texts::CONTINUE.now()
        ),
    }
    .response()
}

/// Lists the ways to sign in.
pub(super) fn choose(
    organization: &Slug,
    connections: &[Slug],
    path: Option<&ReturnPath>,
) -> HttpResponse {
    let ways: String = connections
        .iter()
        .map(|name| {
            let target = target(organization, Some(name), path);
            format!("        <li><a class=\"button\" href=\"{target}\">{name}</a></li>\n")
        })
        .collect();
    Html {
        status: StatusCode::OK,
        title: texts::HOW.title,
        screen: "sign-in-choice",
        head: "",
        content: &format!(
            "      <p>{}</p>\n      <ul class=\"ways\">\n{ways}      </ul>\n",
            texts::HOW.text.now()
        ),
    }
    .response()
}

/// The address of a sign-in, as it stands in HTML.
fn target(organization: &Slug, connection: Option<&Slug>, path: Option<&ReturnPath>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("organization", organization.as_str());
    if let Some(connection) = connection {
        query.append_pair("connection", connection.as_str());
    }
    if let Some(path) = path {
        query.append_pair("return", path.as_str());
    }
    escaped(&format!("/login?{}", query.finish()))
}
