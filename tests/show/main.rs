//! What the pages look like, and how quickly they are there: for `cargo xtask screenshots` and `cargo xtask bench web`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this is test code: a surprise ends it"
)]

#[path = "../e2e/world.rs"]
#[allow(dead_code, reason = "the stories need more of it")]
mod world;

mod figures;
mod pictures;

use freehold_testing::Outcome;

/// `pictures FOLDER`, or `figures PROGRAM`.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["pictures", folder] => pictures::take(folder.as_ref()).await,
        ["figures", program] => figures::measure(program.as_ref()).await,
        _ => panic!("usage: show pictures FOLDER | show figures PROGRAM"),
    }
}
