//! A passphrase for those who want one made: the page offers it first.
//!
//! Its words are BIP-39's English list, from the package `bip39` (CC0-1.0; docs/WORD-LISTS.md).

use bip39::Language;
use rand_core::CryptoRng;
use zeroize::{Zeroize as _, Zeroizing};

/// Seven words of a list of 2048: 77 bits.
pub const PASSPHRASE_WORDS: usize = 7;

/// Makes a passphrase: seven words of BIP-39's English list, joined by hyphens.
#[must_use]
pub fn make_passphrase(rng: &mut dyn CryptoRng) -> Zeroizing<String> {
    let list = Language::English.word_list();
    let mut passphrase = Zeroizing::new(String::with_capacity(PASSPHRASE_WORDS * 9));
    for _ in 0..PASSPHRASE_WORDS {
        let mut random = [0u8; 2];
        rng.fill_bytes(&mut random);
        // 2048 = 2^11: the lowest eleven bits choose without bias.
        let index = usize::from(u16::from_be_bytes(random) & 0x07ff);
        random.zeroize();
        if !passphrase.is_empty() {
            passphrase.push('-');
        }
        passphrase.push_str(list.get(index).expect("the list has 2048 words"));
    }
    passphrase
}
