//! What a password is, and hashing it.

use freehold_wire::{Context, PasswordParameters, hash_parts, label};
use zeroize::Zeroizing;

use crate::argon::argon2id;
use crate::error::KeyError;
use crate::method::MethodSecret;
use crate::unicode::{MOST_PARTS, Tables};

/// The fewest bytes of a normalized password.
pub const MIN_PASSWORD_BYTES: usize = 12;
/// The most bytes of a normalized password.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// A password that keeps the rules, normalized.
pub struct Password(Zeroizing<String>);

impl Password {
    /// Checks and normalizes what was typed: UTF-8; no unassigned, private-use or control code
    /// point, no U+FFFD; then NFKC; then 12 to 1024 bytes. Nothing is trimmed.
    ///
    /// # Errors
    /// [`KeyError::PasswordBadCharacter`], `PasswordTooShort`, `PasswordTooLong`.
    pub fn parse(typed: &[u8]) -> Result<Self, KeyError> {
        let typed = std::str::from_utf8(typed).map_err(|_| KeyError::PasswordBadCharacter)?;
        let tables = Tables::read();
        // Unassigned code points would be normalized differently once they are assigned. U+FFFD
        // stands for text that was lost on its way here. Control characters cannot be typed
        // everywhere.
        if !typed.chars().all(|character| tables.is_allowed(character)) {
            return Err(KeyError::PasswordBadCharacter);
        }
        let characters =
            tables.nfkc(typed, MOST_PARTS * MAX_PASSWORD_BYTES).ok_or(KeyError::PasswordTooLong)?;
        let length = characters.iter().map(|character| character.len_utf8()).sum();
        if length < MIN_PASSWORD_BYTES {
            return Err(KeyError::PasswordTooShort);
        }
        if length > MAX_PASSWORD_BYTES {
            return Err(KeyError::PasswordTooLong);
        }
        // Sized beforehand: a string that grows leaves its older copies behind.
        let mut normalized = Zeroizing::new(String::with_capacity(length));
        normalized.extend(characters.iter());
        Ok(Self(normalized))
    }

    /// The normalized bytes, to compute with.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Argon2id with the parameters' profile and `S = H(L("argon-salt") | CTX | salt16)`.
    ///
    /// # Errors
    /// [`KeyError::OutOfMemory`].
    // RFC 9106 §3; version 0x13, no secret, no associated data.
    pub fn derive_secret(
        &self,
        parameters: &PasswordParameters,
        context: Context,
    ) -> Result<MethodSecret, KeyError> {
        let salt = hash_parts(&[&label("argon-salt"), &context.to_bytes(), &parameters.salt]);
        let mut outcome = Ok(());
        let secret = MethodSecret::filled(|out| {
            outcome = argon2id(parameters.profile, self.expose(), &salt, out);
        });
        outcome.map(|()| secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(typed: &str) -> Result<Vec<u8>, KeyError> {
        Password::parse(typed.as_bytes()).map(|password| password.expose().to_vec())
    }

    #[test]
    fn spellings_that_look_alike_are_one_password() {
        let composed = parsed("Åsa hört auf \u{e9}t\u{e9}").unwrap();
        let decomposed = parsed("A\u{30a}sa ho\u{308}rt auf e\u{301}te\u{301}").unwrap();
        assert_eq!(composed, decomposed);
        assert_eq!(parsed("ｆｕｌｌｗｉｄｔｈ１２３").unwrap(), b"fullwidth123");
    }

    #[test]
    fn nothing_is_trimmed() {
        assert_eq!(parsed(" twelve byte").unwrap(), b" twelve byte");
        assert_ne!(parsed(" twelve byte ").unwrap(), parsed("twelve bytes").unwrap());
    }

    #[test]
    fn length_is_counted_in_bytes_after_normalization() {
        assert_eq!(parsed("eleven byte").unwrap_err(), KeyError::PasswordTooShort);
        assert!(parsed("twelve bytes").is_ok());
        // Three bytes each as typed, one each after NFKC.
        assert_eq!(parsed(&"ａ".repeat(11)).unwrap_err(), KeyError::PasswordTooShort);
        assert!(parsed(&"ａ".repeat(1024)).is_ok());
        assert_eq!(parsed(&"a".repeat(1025)).unwrap_err(), KeyError::PasswordTooLong);
        // Three bytes as typed, 33 after NFKC.
        assert_eq!(parsed(&"\u{fdfa}".repeat(32)).unwrap_err(), KeyError::PasswordTooLong);
    }

    #[test]
    fn characters_that_cannot_be_typed_again_are_refused() {
        for bad in [
            "\u{0}",
            "\t",
            "\n",
            "\u{7f}",
            "\u{85}",
            "\u{e000}",
            "\u{10ffff}",
            "\u{378}",
            "\u{fffd}",
        ] {
            let typed = format!("a long password {bad}");
            assert_eq!(parsed(&typed).unwrap_err(), KeyError::PasswordBadCharacter, "{bad:?}");
        }
        assert_eq!(
            Password::parse(b"a long password \xff").err(),
            Some(KeyError::PasswordBadCharacter)
        );
        assert!(parsed("emoji 👩\u{200d}🚀 and joiners").is_ok());
    }
}
