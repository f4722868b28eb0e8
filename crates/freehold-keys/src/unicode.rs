//! What passwords need of Unicode: which characters may stand in one, and NFKC.
//!
//! The tables are of ours, small enough for a page to load; the crates `unicode-properties` and
//! `unicode-normalization`, of the same version of Unicode, are what they are made of and compared
//! with.
// Unicode Standard Annex #15; The Unicode Standard §3.12 (Hangul syllables).

mod hangul;
mod nfkc;
mod tables;

#[cfg(test)]
mod generate;
#[cfg(test)]
mod tests;

pub(crate) use tables::Tables;

/// No character that NFKC leaves stands for more characters than these, decomposed.
pub(crate) const MOST_PARTS: usize = 4;
