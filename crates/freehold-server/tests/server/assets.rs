//! The pages and what they load.

use crate::support::Installation;

#[test]
fn the_root_leads_to_the_vault_and_folders_get_their_slash() {
    let server = Installation::new().serve_new();
    let reply = server.request("GET", "/").send().is(303);
    assert_eq!(reply.header("location"), Some("/vault/"));
    for folder in ["enter", "setup", "unlock", "vault", "signed-out"] {
        let reply = server.request("GET", &format!("/{folder}?a=//evil.example")).send().is(308);
        assert_eq!(reply.header("location"), Some(format!("/{folder}/").as_str()));
    }
}

#[test]
fn a_script_is_asked_about_each_time_and_sent_once() {
    let server = Installation::new().serve_new();
    let reply = server.request("GET", "/lib/h.js").send().is(200);
    assert_eq!(reply.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(reply.header("cache-control"), Some("no-cache"));
    let tag = reply.header("etag").unwrap().to_owned();
    let again = server.request("GET", "/lib/h.js").header("If-None-Match", &tag).send().is(304);
    assert!(again.body.is_empty());
    server.request("GET", "/lib/h.js").header("If-None-Match", "W/\"other\"").send().is(200);
    assert!(server.request("HEAD", "/lib/h.js").send().is(200).body.is_empty());
}

#[test]
fn a_long_script_is_compressed_for_who_takes_it() {
    let server = Installation::new().serve_new();
    let request = server.request("GET", "/lib/h.js").header("Accept-Encoding", "gzip");
    assert_eq!(request.send().is(200).header("content-encoding"), Some("gzip"));
}

#[test]
fn no_address_leads_out_of_the_folder_or_to_a_hidden_file() {
    let server = Installation::new().serve_new();
    for path in [
        "/lib/../../Cargo.toml",
        "/lib/..%2f..%2fCargo.toml",
        "/lib/%2e%2e/%2e%2e/Cargo.toml",
        "/lib/..\\..\\Cargo.toml",
        "/lib//etc/passwd",
        "/lib/.gitkeep",
        "/wasm/.gitkeep",
        "/Cargo.toml",
        "/package.json",
        "/node_modules/typescript/package.json",
        "/lib/%00",
        "/lib/",
        "/lib",
    ] {
        server.request("GET", path).send().is(404);
    }
}

#[test]
fn pages_take_no_other_methods() {
    let server = Installation::new().serve_new();
    for path in ["/", "/setup", "/setup/", "/lib/h.js", "/healthz", "/readyz"] {
        server.request("POST", path).send().is(405);
    }
}

/// The list of what is served is right: every file on it has the hash it says.
#[test]
fn the_manifest_lists_every_file_with_its_hash() {
    let server = Installation::new().serve_new();
    let path = "/.well-known/freehold-manifest.json";
    let manifest = server.request("GET", path).send().is(200).json();
    let files = manifest["files"].as_object().unwrap();
    for expected in ["/setup/", "/vault/", "/unlock/", "/lib/worker/keys.js", "/style/freehold.css"]
    {
        assert!(files.contains_key(expected), "{expected} is not on the list");
    }
    for (path, hash) in files {
        let body = server.request("GET", path).send().is(200).body;
        let digest = <sha2::Sha384 as sha2::Digest>::digest(&body);
        let found = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, digest);
        assert_eq!(hash.as_str(), Some(format!("sha384-{found}").as_str()), "{path}");
    }
    assert!(!files.keys().any(|path| path.contains("..") || path.ends_with(".d.ts")));
}
