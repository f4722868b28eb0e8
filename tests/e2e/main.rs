//! The stories, in a real Chromium against the real program, a real identity provider and a real
//! database; nothing between them is replaced. One file a story.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this is test code: a surprise ends the test"
)]

mod accessibility;
mod back_channel;
mod changes;
mod checker;
mod console;
mod deactivated;
mod first_login;
mod guessing;
mod hands;
mod keyboard;
mod kit;
mod languages;
mod leaked;
mod links;
mod lockdown;
mod locks;
mod lost;
mod lost_answers;
mod passkeys;
mod passphrases;
mod race;
mod raised;
mod realm;
mod recovery;
mod reopened;
mod saml;
mod session_end;
mod strangers;
mod tampering;
mod vault;
mod vectors;
mod weight;
mod world;
