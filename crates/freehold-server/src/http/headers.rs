//! Security headers, on every answer, errors included.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};

use crate::config::Site;

/// What pages may load and do: scripts, styles and connections of this origin, WebAssembly, and
/// Workers through the one Trusted Types policy of `web/lib`. No inline code, no eval, no frames.
pub const CONTENT_SECURITY_POLICY_TEXT: &str = "default-src 'none'; \
     script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; \
     style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types freehold-worker";

/// Powers that no page here needs.
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), \
     gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), \
     browsing-topics=()";

/// The headers of one site.
#[derive(Clone)]
pub struct SecurityHeaders(Vec<(HeaderName, HeaderValue)>);

impl SecurityHeaders {
    /// The headers for this site; HSTS only where browsers reach it by https.
    #[must_use]
    pub fn new(site: &Site) -> Self {
        let own = HeaderName::from_static;
        let mut headers = vec![
            (CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY_TEXT),
            // Together these make the pages crossOriginIsolated: no other site's window or
            // resource shares their process.
            (own("cross-origin-opener-policy"), "same-origin"),
            (own("cross-origin-embedder-policy"), "require-corp"),
            (own("cross-origin-resource-policy"), "same-origin"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (REFERRER_POLICY, "no-referrer"),
            (own("permissions-policy"), PERMISSIONS),
        ];
        if site.is_https() {
            // RFC 6797 §6.1.1: one year.
            headers.push((STRICT_TRANSPORT_SECURITY, "max-age=31536000"));
        }
        let fixed = |(name, value)| (name, HeaderValue::from_static(value));
        Self(headers.into_iter().map(fixed).collect())
    }

    /// Puts them on an answer. Answers that say nothing about caching are not stored.
    pub fn apply(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.0 {
            headers.insert(name.clone(), value.clone());
        }
        if !headers.contains_key(CACHE_CONTROL) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
}
