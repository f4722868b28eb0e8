//! The recovery code: 32 random bytes on paper.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32m, Hrp};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::error::KeyError;
use crate::method::MethodSecret;
use crate::words;

const PREFIX: &str = "fhrec";
/// "fhrec", the separator, 52 characters of data, six of checksum.
const CODE_CHARACTERS: usize = 64;
/// Nobody types more, spaces and all.
const MAX_TYPED_BYTES: usize = 1024;

/// A recovery code.
pub struct RecoveryCode(MethodSecret);

impl RecoveryCode {
    /// Draws a new code.
    #[must_use]
    pub fn make(rng: &mut dyn CryptoRng) -> Self {
        Self(MethodSecret::make(rng))
    }

    /// Reads what was typed or pasted: the code or its 24 words; spaces, hyphens and case do not
    /// matter.
    ///
    /// # Errors
    /// [`KeyError::BadCode`].
    pub fn parse(typed: &[u8]) -> Result<Self, KeyError> {
        if typed.len() > MAX_TYPED_BYTES {
            return Err(KeyError::BadCode);
        }
        let typed = std::str::from_utf8(typed).map_err(|_| KeyError::BadCode)?;
        let pieces = || typed.split(is_separator).filter(|piece| !piece.is_empty());
        let mut compact = Zeroizing::new(String::with_capacity(typed.len()));
        pieces().for_each(|piece| compact.push_str(piece));
        compact.make_ascii_lowercase();
        // No word of the list begins with "fhrec1": it holds no digits.
        if compact.starts_with("fhrec1") {
            return parse_bech32m(&compact);
        }
        let mut lowered = Zeroizing::new(typed.to_owned());
        lowered.make_ascii_lowercase();
        let pieces = lowered.split(is_separator).filter(|piece| !piece.is_empty());
        words::to_bytes(pieces).map(|bytes| Self::from_bytes(&bytes)).ok_or(KeyError::BadCode)
    }

    /// The code with these bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(MethodSecret::from_bytes(bytes))
    }

    /// The method secret: the code's bytes.
    #[must_use]
    pub const fn secret(&self) -> &MethodSecret {
        &self.0
    }

    /// As Bech32m, 64 lowercase characters.
    // BIP-350.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(CODE_CHARACTERS));
        let prefix = Hrp::parse_unchecked(PREFIX);
        bech32::encode_lower_to_fmt::<Bech32m, String>(&mut text, prefix, self.0.expose())
            .expect("32 bytes fit in a Bech32m string");
        text
    }

    /// As 24 words of BIP-39's English list, separated by spaces. The words stand for the bytes
    /// themselves: no seed is derived from them.
    #[must_use]
    pub fn to_words(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(words::WORDS_OF_32_BYTES * 9));
        for word in words::of_bytes(self.0.expose()) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        text
    }

    /// Whether both are the same code.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.0.expose().ct_eq(other.0.expose()).into()
    }
}

fn is_separator(character: char) -> bool {
    // Printers and word processors make hyphens into U+2010 to U+2015.
    character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}')
}

fn parse_bech32m(text: &str) -> Result<RecoveryCode, KeyError> {
    if text.len() != CODE_CHARACTERS {
        return Err(KeyError::BadCode);
    }
    let checked = CheckedHrpstring::new::<Bech32m>(text).map_err(|_| KeyError::BadCode)?;
    // The prefix is "fhrec": the text begins with "fhrec1", and a longer prefix (another "1" further
    // on) would leave fewer than the 52 characters that 32 bytes need.
    // BIP-173: the bits left over in the last character are zeros, or a code had two spellings.
    checked.validate_segwit_padding().map_err(|_| KeyError::BadCode)?;
    let mut bytes = Zeroizing::new([0; 32]);
    let mut decoded = checked.byte_iter();
    for byte in bytes.iter_mut() {
        *byte = decoded.next().ok_or(KeyError::BadCode)?;
    }
    Ok(RecoveryCode::from_bytes(&bytes))
}

#[cfg(test)]
mod tests {
    use bip39::{Language, Mnemonic};

    use super::*;

    fn sample() -> RecoveryCode {
        RecoveryCode::from_bytes(&std::array::from_fn(|i| u8::try_from(i * 7 % 251).unwrap()))
    }

    fn reads_as_sample(typed: &str) -> bool {
        RecoveryCode::parse(typed.as_bytes()).is_ok_and(|code| code.is(&sample()))
    }

    #[test]
    fn both_forms_are_read_back_however_they_are_typed() {
        let code = sample().to_text().to_string();
        let phrase = sample().to_words().to_string();
        assert_eq!(code.len(), CODE_CHARACTERS);
        assert_eq!(phrase.split(' ').count(), words::WORDS_OF_32_BYTES);
        let groups: Vec<_> =
            code.as_bytes().chunks(4).map(|g| std::str::from_utf8(g).unwrap()).collect();
        for typed in [
            code.clone(),
            code.to_uppercase(),
            groups.join("-"),
            groups.join(" "),
            groups.join("\u{2011}"),
            format!("\n  {code}\r\n"),
            phrase.clone(),
            phrase.to_uppercase(),
            phrase.replace(' ', "-"),
            phrase.replace(' ', "\n  "),
        ] {
            assert!(reads_as_sample(&typed), "{typed}");
        }
    }

    #[test]
    fn nobody_types_more_than_a_thousand_and_twenty_four_bytes() {
        let spaced = |length: usize| format!("{:<length$}", *sample().to_text());
        assert!(reads_as_sample(&spaced(MAX_TYPED_BYTES - 1)));
        assert!(reads_as_sample(&spaced(MAX_TYPED_BYTES)));
        assert!(!reads_as_sample(&spaced(MAX_TYPED_BYTES + 1)));
        assert_eq!(MAX_TYPED_BYTES, 1024, "section 5");
    }

    #[test]
    fn another_code_is_not_the_same() {
        for bit in 0..256 {
            let mut bytes = *sample().secret().expose();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(!RecoveryCode::from_bytes(&bytes).is(&sample()), "{bit}");
        }
    }

    #[test]
    fn one_wrong_character_or_word_is_noticed() {
        let code = sample().to_text().to_string();
        for position in 0..code.len() {
            for other in ['q', 'z', '0', '1'] {
                let mut wrong: Vec<char> = code.chars().collect();
                if wrong[position] != other {
                    wrong[position] = other;
                    let wrong: String = wrong.into_iter().collect();
                    assert!(RecoveryCode::parse(wrong.as_bytes()).is_err(), "{wrong}");
                }
            }
        }
        let words = sample().to_words().to_string();
        let swapped = words.splitn(3, ' ').collect::<Vec<_>>();
        let swapped = format!("{} {} {}", swapped[1], swapped[0], swapped[2]);
        assert!(!reads_as_sample(&swapped));
    }

    #[test]
    fn other_lengths_and_other_checksums_are_refused() {
        let bytes = [7u8; 33];
        let hrp = Hrp::parse_unchecked(PREFIX);
        let parse = |text: String| RecoveryCode::parse(text.as_bytes()).map(|_| ());
        let bad = Err(KeyError::BadCode);
        assert_eq!(parse(bech32::encode::<Bech32m>(hrp, &bytes).unwrap()), bad);
        assert_eq!(parse(bech32::encode::<Bech32m>(hrp, &bytes[..31]).unwrap()), bad);
        assert_eq!(parse(bech32::encode::<bech32::Bech32>(hrp, &bytes[..32]).unwrap()), bad);
        let foreign = Hrp::parse_unchecked("fhrex");
        assert_eq!(parse(bech32::encode::<Bech32m>(foreign, &bytes[..32]).unwrap()), bad);
        let twelve = Mnemonic::from_entropy_in(Language::English, &[7; 16]).unwrap();
        assert_eq!(parse(twelve.words().collect::<Vec<_>>().join(" ")), bad);
        assert_eq!(parse(String::new()), bad);
    }
}
