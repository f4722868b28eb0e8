//! What can go wrong, as the person is told it.

/// Why a key operation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Fewer than 12 bytes of UTF-8 after normalization.
    #[error("the password is too short")]
    PasswordTooShort,
    /// More than 1024 bytes of UTF-8 after normalization.
    #[error("the password is too long")]
    PasswordTooLong,
    /// Not UTF-8, or an unassigned, private-use or control code point, or U+FFFD.
    #[error("the password holds a character that cannot be used")]
    PasswordBadCharacter,
    /// The server's list of origins lacks the one that this page came from.
    #[error("the server does not name the origin of this page")]
    WrongOrigin,
    /// A cost profile that is unknown, below the floor, or too high for this client.
    #[error("the server asks for a cost profile that must not be used here")]
    ProfileRefused,
    /// The server offers an epoch older than one that this client has seen.
    #[error("the server offers keys older than those this device has seen")]
    EpochBelow,
    /// The server offers a newer epoch than this client has seen, and the person has not agreed.
    #[error("the server offers newer keys than those this device has seen")]
    EpochAbove,
    /// What the server returned is not what the user's client stored.
    #[error("the key records are damaged or were tampered with ({0})")]
    Tampered(Tampering),
    /// The recovery code was typed wrong: length, alphabet or checksum.
    #[error("not a recovery code: a character or word is wrong")]
    BadCode,
    /// A good recovery code, but not this account's.
    #[error("the recovery code is not the one of this set-up")]
    RecoveryNotProven,
    /// The passkey gave no secret: the PRF extension is missing, or its result is short or empty.
    #[error("the passkey gives no secret to unlock with")]
    BadPasskey,
    /// The second offer is not for the set-up that was begun.
    #[error("the account changed while it was being set up")]
    OfferChanged,
    /// The memory for password hashing cannot be had.
    #[error("not enough memory for password hashing")]
    OutOfMemory,
    /// A message from the server that cannot be read, or an argument that makes no sense.
    #[error("a message of the server cannot be understood")]
    BadMessage,
    /// An item longer than 1 MiB.
    #[error("the item is too long")]
    ItemTooLarge,
}

impl KeyError {
    /// The stable code of the error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PasswordTooShort => "password-too-short",
            Self::PasswordTooLong => "password-too-long",
            Self::PasswordBadCharacter => "password-bad-character",
            Self::WrongOrigin => "wrong-origin",
            Self::ProfileRefused => "profile-refused",
            Self::EpochBelow => "epoch-below",
            Self::EpochAbove => "epoch-above",
            Self::Tampered(_) => "tampered",
            Self::BadCode => "bad-code",
            Self::RecoveryNotProven => "recovery-not-proven",
            Self::BadPasskey => "bad-passkey",
            Self::OfferChanged => "offer-changed",
            Self::OutOfMemory => "out-of-memory",
            Self::BadMessage => "bad-message",
            Self::ItemTooLarge => "item-too-large",
        }
    }
}

impl From<Tampering> for KeyError {
    fn from(what: Tampering) -> Self {
        Self::Tampered(what)
    }
}

/// Which check of an answer failed. People are told only "tampered": the difference serves the
/// support id and the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tampering {
    /// No state, one that cannot be read, or states that are not this account's and epoch's.
    State,
    /// The latest state is older than the remembered one.
    StateOlder,
    /// The states do not follow the remembered one, or each other.
    StateChain,
    /// The wrapped master key does not open.
    Envelope,
    /// The keyring does not open.
    Keyring,
    /// The card cannot be read or verified, or is not this account's and epoch's.
    Card,
    /// The card does not hold the keyring's public keys.
    CardKeys,
    /// A state's signature is not the keyring's.
    StateSignature,
    /// The state lists another card.
    CardHash,
    /// The state lists another keyring.
    KeyringHash,
    /// The state lists other methods than were offered, or another unlock key.
    Methods,
    /// The state lists another envelope for the method.
    EnvelopeHash,
    /// A method is below the floor that the state sets.
    Floor,
    /// An item's envelopes do not open for this item and version.
    Item,
}

impl Tampering {
    /// The check's stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::StateOlder => "state-older",
            Self::StateChain => "state-chain",
            Self::Envelope => "envelope",
            Self::Keyring => "keyring",
            Self::Card => "card",
            Self::CardKeys => "card-keys",
            Self::StateSignature => "state-signature",
            Self::CardHash => "card-hash",
            Self::KeyringHash => "keyring-hash",
            Self::Methods => "methods",
            Self::EnvelopeHash => "envelope-hash",
            Self::Floor => "floor",
            Self::Item => "item",
        }
    }
}

impl std::fmt::Display for Tampering {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
