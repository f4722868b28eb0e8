//! The cookies: who is signed in, which browser began to sign in, and in which language.

use std::time::Duration;

use actix_web::{
    HttpRequest,
    http::header::{COOKIE, HeaderName, SET_COOKIE},
};

/// The session. `__Host-`: this host only, https only (browsers except localhost), path `/`.
pub const SESSION: &str = "__Host-sid";

/// Ties a sign-in to the browser that began it.
pub const PRE_LOGIN: &str = "__Host-pre";

/// The language that somebody chose. Written and read by the pages too, and nothing secret.
pub const LANGUAGE: &str = "__Host-language";

/// The header that makes a cookie; `value` is one of our secrets, which need no escapes.
///
/// `Lax`, because the answer of the identity provider is a navigation from its site, which a
/// `Strict` cookie would not accompany.
#[must_use]
pub fn make(name: &str, value: &str, lifetime: Duration) -> (HeaderName, String) {
    let seconds = lifetime.as_secs();
    let cookie =
        format!("{name}={value}; Max-Age={seconds}; Path=/; Secure; HttpOnly; SameSite=Lax");
    (SET_COOKIE, cookie)
}

/// The header that ends a cookie.
#[must_use]
pub fn end(name: &str) -> (HeaderName, String) {
    make(name, "", Duration::ZERO)
}

/// The value of a cookie, if exactly one of this name came (RFC 6265 §5.4).
#[must_use]
pub fn value<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let mut named = request
        .headers()
        .get_all(COOKIE)
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(known, _)| *known == name);
    match (named.next(), named.next()) {
        (Some((_, value)), None) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use actix_web::test::TestRequest;

    use super::{PRE_LOGIN, SESSION, end, make, value};

    #[test]
    fn a_cookie_is_bound_to_this_host_and_kept_from_scripts() {
        let (_, cookie) = make(SESSION, "x", Duration::from_secs(60));
        let expected = "__Host-sid=x; Max-Age=60; Path=/; Secure; HttpOnly; SameSite=Lax";
        assert_eq!(cookie, expected);
        assert!(end(SESSION).1.starts_with("__Host-sid=; Max-Age=0; "));
    }

    #[test]
    fn of_several_cookies_the_named_one_is_read_and_never_one_of_two() {
        let read = |header: &str| {
            let request = TestRequest::get().insert_header(("cookie", header)).to_http_request();
            value(&request, SESSION).map(str::to_owned)
        };
        assert_eq!(read("a=b; __Host-sid=x=y;c").as_deref(), Some("x=y"));
        assert_eq!(read("__Host-sid=x; __Host-sid=y"), None);
        assert_eq!(read("Host-sid=x; __host-sid=y"), None);
        let request = TestRequest::get().to_http_request();
        assert_eq!(value(&request, PRE_LOGIN), None);
    }
}
