//! The product's own page, and of Freehold's pages the two folders that it needs.

use std::path::Path;

use actix_web::{HttpRequest, HttpResponse, middleware::DefaultHeaders};

/// No script but from here, WebAssembly, and the one Trusted Types policy of `web/lib/trusted.js`.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; \
     style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types freehold-worker";

/// On every answer. What an attacker can run in the page, he can ask the person's passphrase with.
pub fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("Content-Security-Policy", POLICY))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
        .add(("Cross-Origin-Embedder-Policy", "require-corp"))
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("Referrer-Policy", "no-referrer"))
        .add(("Cache-Control", "no-store"))
}

/// A file by its path.
pub async fn file(request: HttpRequest) -> HttpResponse {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = request.path();
    let found = match path {
        "/" => Some(here.join("page/index.html")),
        "/main.js" => Some(here.join("page/main.js")),
        _ if is_plain(path) => Some(here.join("../../../web").join(path.trim_start_matches('/'))),
        _ => None,
    };
    let Some(content) = found.and_then(|file| std::fs::read(file).ok()) else {
        return HttpResponse::NotFound().finish();
    };
    let kind = match path.rsplit_once('.') {
        Some((_, "js")) => "text/javascript",
        Some((_, "wasm")) => "application/wasm",
        _ => "text/html; charset=utf-8",
    };
    HttpResponse::Ok().content_type(kind).body(content)
}

/// A path in one of the two folders that leads out of neither.
fn is_plain(path: &str) -> bool {
    let parts = |path: &str| {
        path.split('/').all(|part| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b))
        })
    };
    ["/lib/", "/wasm/"].iter().any(|folder| path.strip_prefix(folder).is_some_and(parts))
}
