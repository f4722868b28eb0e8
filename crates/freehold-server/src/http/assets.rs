//! The pages, scripts, styles and WebAssembly: inside the release binary, from the `web` folder
//! in debug builds, so that a reload shows a change.

use std::{borrow::Cow, collections::BTreeMap, sync::OnceLock};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, CACHE_CONTROL, ETAG, IF_NONE_MATCH, LOCATION},
    },
    middleware::Compress,
    web,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha384};

use super::page;

/// The files that are served, and no other file of the folder.
#[derive(RustEmbed)]
#[folder = "../../web"]
#[include = "enter/*"]
#[include = "setup/*"]
#[include = "unlock/*"]
#[include = "vault/*"]
#[include = "security/*"]
#[include = "admin/*"]
#[include = "signed-out/*"]
#[include = "lib/*"]
#[include = "style/*"]
#[include = "wasm/*"]
#[exclude = "*.d.ts"]
#[exclude = "*/node_modules/*"]
#[exclude = "*/.*"]
struct Web;

/// Folders that are pages.
const PAGES: &[&str] = &["enter", "setup", "unlock", "vault", "security", "admin", "signed-out"];

/// Pages that are the vault's document: the Worker with the keys cannot move between documents.
const OF_VAULT: &[&str] = &["security", "unlock"];

/// The vault's document.
const VAULT: &str = "vault/index.html";

/// Folders that pages load from.
const SHARED: &[&str] = &["lib", "security", "style", "wasm"];

/// What the browser needs and only `cargo xtask wasm` makes.
const BUILT: &[&str] =
    &["wasm/freehold.js", "wasm/freehold_bg.wasm", "wasm/kit.js", "wasm/kit_bg.wasm"];

/// Where the list of everything that is served here is found.
// RFC 8615.
const MANIFEST: &str = "/.well-known/freehold-manifest.json";

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/")
            .route(web::get().to(home))
            .route(web::head().to(home))
            .default_service(web::to(wrong_method)),
    );
    config.service(
        web::resource(MANIFEST)
            .route(web::get().to(show_manifest))
            .route(web::head().to(show_manifest))
            .default_service(web::to(wrong_method)),
    );
    for folder in PAGES {
        config.service(
            web::resource(format!("/{folder}"))
                .route(web::get().to(add_slash))
                .route(web::head().to(add_slash))
                .default_service(web::to(wrong_method)),
        );
    }
    for folder in PAGES.iter().chain(SHARED) {
        config.service(
            web::resource(format!("/{folder}/{{path:.*}}"))
                .wrap(Compress::default())
                .route(web::get().to(file))
                .route(web::head().to(file))
                .default_service(web::to(wrong_method)),
        );
    }
}

/// Says in the log which built files are missing.
pub fn report_missing() {
    for path in BUILT.iter().filter(|path| Web::get(path).is_none()) {
        tracing::error!(
            path,
            "a file that the pages need is missing: build it with `cargo xtask wasm` and start again"
        );
    }
}

/// The path of every file that is served and its SHA-384, as in Subresource Integrity. A page that
/// is fetched by its folder stands there by its folder.
#[must_use]
pub fn manifest() -> Value {
    let mut files = BTreeMap::new();
    for name in Web::iter() {
        let Some(file) = Web::get(&name) else { continue };
        let path = format!("/{}", name.strip_suffix("index.html").unwrap_or(&name));
        let hash = format!("sha384-{}", STANDARD.encode(Sha384::digest(&file.data)));
        if name == VAULT {
            files.extend(OF_VAULT.iter().map(|page| (format!("/{page}/"), hash.clone())));
        }
        files.insert(path, hash);
    }
    json!({ "format": "freehold-manifest-1", "files": files })
}

/// Inside a release binary the files never change.
fn manifest_text() -> String {
    static OF_RELEASE: OnceLock<String> = OnceLock::new();
    if cfg!(debug_assertions) {
        return format!("{:#}\n", manifest());
    }
    OF_RELEASE.get_or_init(|| format!("{:#}\n", manifest())).clone()
}

async fn show_manifest() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-cache"))
        .content_type("application/json")
        .body(manifest_text())
}

async fn wrong_method() -> HttpResponse {
    page::method_not_allowed()
}

async fn home() -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, "/vault/")).finish()
}

/// `/setup` to `/setup/`, so that relative links work.
async fn add_slash(request: HttpRequest) -> HttpResponse {
    let location = request.match_pattern().map(|pattern| format!("{pattern}/"));
    HttpResponse::build(StatusCode::PERMANENT_REDIRECT)
        .insert_header((LOCATION, location.unwrap_or_else(|| "/".to_owned())))
        .finish()
}

async fn file(request: HttpRequest) -> HttpResponse {
    let Some(path) = asset_path(request.path()) else { return page::not_found() };
    let Some(file) = Web::get(&path) else {
        if BUILT.contains(&path.as_str()) {
            tracing::error!(path, "not built: run `cargo xtask wasm`");
        }
        return page::not_found();
    };
    // The hash is of the content; weak, because compression on the way changes the bytes.
    let tag = format!("W/\"{}\"", hex_prefix(&file));
    let mut response = HttpResponse::Ok();
    response
        .insert_header((ETAG, tag.clone()))
        // Kept, but asked about each time: a new release is used at the next load.
        .insert_header((CACHE_CONTROL, "no-cache"));
    if has_tag(&request, &tag) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    response.content_type(content_type(&path)).body(match file.data {
        Cow::Borrowed(bytes) => web::Bytes::from_static(bytes),
        Cow::Owned(bytes) => web::Bytes::from(bytes),
    })
}

/// From the path of a request to the name of a file. Only plain names pass: no dots at the
/// beginning, no escapes, no empty parts, so that no path leads out of the folder.
fn asset_path(path: &str) -> Option<String> {
    let path = path.strip_prefix('/')?;
    let (folders, name) = path.rsplit_once('/')?;
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    };
    if !folders.split('/').all(plain) || !(name.is_empty() || plain(name)) {
        return None;
    }
    Some(match name {
        "" if OF_VAULT.contains(&folders) => VAULT.to_owned(),
        "" => format!("{folders}/index.html"),
        _ => path.to_owned(),
    })
}

/// Browsers run modules and WebAssembly only under exactly these types.
fn content_type(path: &str) -> String {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js" | "mjs") => "text/javascript; charset=utf-8".to_owned(),
        Some("wasm") => "application/wasm".to_owned(),
        Some("html") => "text/html; charset=utf-8".to_owned(),
        Some("css") => "text/css; charset=utf-8".to_owned(),
        _ => mime_guess::from_path(path).first_or_octet_stream().to_string(),
    }
}

fn hex_prefix(file: &EmbeddedFile) -> String {
    file.metadata.sha256_hash().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// RFC 9110 §13.1.2: `If-None-Match` compares weakly.
fn has_tag(request: &HttpRequest, tag: &str) -> bool {
    let opaque = tag.trim_start_matches("W/");
    request
        .headers()
        .get_all(IF_NONE_MATCH)
        .filter_map(|value: &header::HeaderValue| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|one| one.trim().trim_start_matches("W/"))
        .any(|one| one == opaque || one == "*")
}

#[cfg(test)]
mod tests {
    use super::{asset_path, content_type};

    #[test]
    fn a_folder_means_its_index() {
        assert_eq!(asset_path("/setup/").as_deref(), Some("setup/index.html"));
        for page in ["/vault/", "/unlock/", "/security/"] {
            assert_eq!(asset_path(page).as_deref(), Some("vault/index.html"));
        }
        assert_eq!(asset_path("/lib/worker/main.js").as_deref(), Some("lib/worker/main.js"));
    }

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for path in [
            "/lib/../../Cargo.toml",
            "/lib/..%2f..%2fCargo.toml",
            "/lib/%2e%2e/Cargo.toml",
            "/lib//etc/passwd",
            "/lib/.git/config",
            "/lib/a\\..\\b",
            "/lib/a\0b",
            "lib/a",
            "/",
        ] {
            assert_eq!(asset_path(path), None, "{path}");
        }
    }

    #[test]
    fn browsers_get_the_types_they_insist_on() {
        assert_eq!(content_type("wasm/freehold_bg.wasm"), "application/wasm");
        assert!(content_type("lib/app.js").starts_with("text/javascript"));
        assert_eq!(content_type("style/mark.svg"), "image/svg+xml");
    }
}
