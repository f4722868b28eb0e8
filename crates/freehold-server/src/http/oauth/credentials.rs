//! How a client says who it is: by HTTP Basic or in the body, never both (RFC 6749 §2.3.1).

use actix_web::{HttpRequest, http::header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use freehold_directory::{ClientId, ScimClientSecret, clients::Credentials};

use super::{form::Form, problem::OauthProblem};

/// The credentials of a request.
///
/// # Errors
/// Two ways at once or a header twice (`invalid_request`); none, or what cannot be a client of ours
/// (`invalid_client`).
pub(super) fn parse(request: &HttpRequest, form: &Form) -> Result<Credentials, OauthProblem> {
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let (first, second) = (headers.next(), headers.next());
    if second.is_some() {
        return Err(OauthProblem::invalid_request("There are two Authorization headers."));
    }
    let (id, secret) = match first {
        Some(value) => by_header(value.to_str().ok(), form)?,
        None => by_body(form)?,
    };
    // What has not the form of ours is told no differently from what is unknown.
    let id =
        ClientId::parse(&id).ok_or_else(|| OauthProblem::no_client("not the form of an id"))?;
    let secret = ScimClientSecret::parse(&secret)
        .ok_or_else(|| OauthProblem::no_client("not the form of a secret"))?;
    Ok(Credentials { id, secret })
}

fn by_header(value: Option<&str>, form: &Form) -> Result<(String, String), OauthProblem> {
    if form.get("client_secret").is_some() {
        return Err(OauthProblem::invalid_request(
            "Authenticate by the Authorization header or in the body, not by both.",
        ));
    }
    let (id, secret) =
        value.and_then(basic).ok_or_else(|| OauthProblem::no_client("not Basic credentials"))?;
    // Some clients repeat their id in the body: that is no second way, if it is the same.
    if form.get("client_id").is_some_and(|other| other != id) {
        return Err(OauthProblem::invalid_request(
            "The client_id of the body differs from the one in the Authorization header.",
        ));
    }
    Ok((id, secret))
}

fn by_body(form: &Form) -> Result<(String, String), OauthProblem> {
    match (form.get("client_id"), form.get("client_secret")) {
        (Some(id), Some(secret)) => Ok((id.to_owned(), secret.to_owned())),
        _ => Err(OauthProblem::no_client("no credentials")),
    }
}

/// `Basic` with id and secret, each form-encoded before they were joined (RFC 6749 §2.3.1): a colon
/// or an accent in them comes as `%3A`, `%C3%A4`.
fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, credentials) = value.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    // RFC 7617 §2: the first colon separates.
    let (id, secret) = text.split_once(':')?;
    Some((form_decoded(id)?, form_decoded(secret)?))
}

/// One value of a form; `None` for a percent sign without two digits and for what is not UTF-8.
fn form_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => digit(rest.next()?)? * 16 + digit(rest.next()?)?,
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    use super::basic;

    fn read(text: &str) -> Option<(String, String)> {
        basic(&format!("Basic {}", STANDARD.encode(text)))
    }

    fn pair(id: &str, secret: &str) -> Option<(String, String)> {
        Some((id.to_owned(), secret.to_owned()))
    }

    #[test]
    fn id_and_secret_are_decoded_after_they_were_separated() {
        assert_eq!(read("a:b"), pair("a", "b"));
        assert_eq!(read("a%3Ab:c%3ad+e%2B"), pair("a:b", "c:d e+"));
        assert_eq!(read("a:b:c"), pair("a", "b:c"));
        assert_eq!(read("%C3%A4:"), pair("ä", ""));
        assert_eq!(read("a&b=c:d;e"), pair("a&b=c", "d;e"));
    }

    #[test]
    fn what_is_malformed_is_nothing() {
        for text in ["", "a", "a:%", "a:%4", "a:%zz", "%+1:b", "a:%ff"] {
            assert_eq!(read(text), None, "{text}");
        }
        for value in ["Basic", "Basic !!!", "Basic YTpi=", "Bearer YTpi", "BasicYTpi", ""] {
            assert_eq!(basic(value), None, "{value}");
        }
        assert_eq!(basic("basic  YTpi"), pair("a", "b"));
    }
}
