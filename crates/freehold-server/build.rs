//! Rebuilds the release binary, which carries the pages, when one of them changes.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Debug builds read the pages from disk: no reason to rebuild.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../../web");
    }
}
