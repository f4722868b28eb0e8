//! The demonstration's provider, asked by our own relying party and by others.
#![allow(clippy::indexing_slicing, clippy::panic, reason = "clippy knows tests by their attribute")]

mod authorize;
mod pages;
mod token;
mod world;
