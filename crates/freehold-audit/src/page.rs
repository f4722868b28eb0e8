//! What a server serves, compared with a published list.
//!
//! The list is [`Manifest`]: the path of every file of the pages and its SHA-384, as the release
//! says. A server serves its own at [`MANIFEST_PATH`]; believing that one would be believing the
//! server, so the list to compare with comes from elsewhere.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha384};

/// Where a server says what it serves.
pub const MANIFEST_PATH: &str = "/.well-known/freehold-manifest.json";

/// The longest file that is read.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// What a release's pages are made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `freehold-manifest-1`.
    pub format: String,
    /// Path to `sha384-` and the hash in base64, as in Subresource Integrity.
    pub files: BTreeMap<String, String>,
}

/// One file that is not what the list says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The path.
    pub path: String,
    /// What is wrong with it.
    pub what: String,
}

/// The hash as the list writes it.
// W3C Subresource Integrity §3.1.
#[must_use]
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

/// Compares every file of the list with what `fetch` gives for its path, and the server's own list
/// with this one: a file that only the server knows of is a difference too.
pub fn compare(
    manifest: &Manifest,
    mut fetch: impl FnMut(&str) -> Result<Vec<u8>, String>,
) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut differs = |path: &str, what: String| {
        differences.push(Difference { path: path.to_owned(), what });
    };
    for (path, expected) in &manifest.files {
        match fetch(path) {
            Ok(bytes) if integrity(&bytes) == *expected => {}
            Ok(bytes) => differs(path, format!("is {} and not {expected}", integrity(&bytes))),
            Err(error) => differs(path, error),
        }
    }
    match fetch(MANIFEST_PATH).map(|bytes| serde_json::from_slice::<Manifest>(&bytes)) {
        Ok(Ok(own)) => {
            for path in own.files.keys().filter(|path| !manifest.files.contains_key(*path)) {
                differs(path, "is served and not on the list".to_owned());
            }
        }
        Ok(Err(error)) => differs(MANIFEST_PATH, format!("cannot be read: {error}")),
        Err(error) => differs(MANIFEST_PATH, error),
    }
    differences
}

/// Fetches from a server, which is given by its address without a path. Redirects are not followed:
/// a page that is somewhere else is not the page.
///
/// # Errors
/// What went wrong, for people.
pub fn fetch(server: &str, path: &str) -> Result<Vec<u8>, String> {
    let agent: ureq::Agent = ureq::Agent::config_builder().max_redirects(0).build().into();
    let url = format!("{}{path}", server.trim_end_matches('/'));
    let mut answer = agent.get(&url).call().map_err(|error| format!("{url}: {error}"))?;
    if answer.status() != 200 {
        return Err(format!("{url}: status {}", answer.status().as_u16()));
    }
    answer
        .body_mut()
        .with_config()
        .limit(MAX_FILE_BYTES)
        .read_to_vec()
        .map_err(|error| format!("{url}: {error}"))
}
