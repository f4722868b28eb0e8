//! What the server checks of a set-up, with public keys only.

use crate::card::VerifiedCard;
use crate::context::Context;
use crate::cose::StatementError;
use crate::encoding::hash;
use crate::enroll::{Enrollment, VerifiedMethod};
use crate::envelope::{Envelope, EnvelopeType};
use crate::ids::{OrganizationId, UserId};
use crate::messages::SetupRequest;
use crate::methods::MethodRefusal;
use crate::profile::Profile;
use crate::state::{State, VerifiedState};

/// What the server itself knows of the set-up it offered.
#[derive(Clone, Debug)]
pub struct SetupExpectation<'a> {
    /// The organization of the session's user.
    pub organization: OrganizationId,
    /// The session's user.
    pub user: UserId,
    /// The epoch that was offered.
    pub epoch: u64,
    /// Hash of the card of the epoch before; none in epoch 1.
    pub previous_card: Option<[u8; 32]>,
    /// The subject that was offered.
    pub subject: &'a str,
    /// The server's origins.
    pub origins: &'a [String],
    /// The challenge that was offered.
    pub challenge: [u8; 32],
    /// The lowest floor that the state may set.
    pub floor: Profile,
}

/// Why a set-up was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupRefusal {
    /// The card is malformed or its signature wrong.
    #[error("card: {0}")]
    Card(StatementError),
    /// The card is for another organization, user or epoch.
    #[error("the card is for another account or epoch")]
    CardElsewhere,
    /// The card does not follow the card before.
    #[error("the card does not name the card before")]
    CardBefore,
    /// The card shows another subject than was offered.
    #[error("the card shows another subject")]
    CardSubject,
    /// The state is malformed or its signature wrong.
    #[error("account state: {0}")]
    State(StatementError),
    /// The state is for another organization, user or epoch.
    #[error("the account state is for another account or epoch")]
    StateElsewhere,
    /// The state is not the first of its epoch.
    #[error("the account state is not the first of its epoch")]
    StateNotFirst,
    /// The state lists another card.
    #[error("the account state lists another card")]
    CardHash,
    /// The keyring is not an envelope of type 5.
    #[error("the keyring is not an envelope of type 5")]
    Keyring,
    /// The state lists another keyring.
    #[error("the account state lists another keyring")]
    KeyringHash,
    /// The state's floor is below the one that this account must have.
    #[error("the account state sets too low a floor")]
    Floor,
    /// A method was refused.
    #[error(transparent)]
    Method(#[from] MethodRefusal),
}

impl SetupRefusal {
    /// The refusal's stable name, for logs and test vectors.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Card(StatementError::Frame) => "card-frame",
            Self::Card(StatementError::Payload) => "card-payload",
            Self::Card(StatementError::PublicKey) => "card-public-key",
            Self::Card(StatementError::Unsupported) => "card-unsupported",
            Self::Card(StatementError::Signature) => "card-signature",
            Self::CardElsewhere => "card-elsewhere",
            Self::CardBefore => "card-before",
            Self::CardSubject => "card-subject",
            Self::State(error) => error.code_of_state(),
            Self::StateElsewhere => "state-elsewhere",
            Self::StateNotFirst => "state-not-first",
            Self::CardHash => "card-hash",
            Self::Keyring => "keyring",
            Self::KeyringHash => "keyring-hash",
            Self::Floor => "floor",
            Self::Method(refusal) => refusal.code(),
        }
    }
}

/// A set-up that passed every check. The only way to it is [`verify_setup`].
#[derive(Clone, Debug)]
pub struct VerifiedSetup {
    card: Vec<u8>,
    card_hash: [u8; 32],
    state: Vec<u8>,
    state_hash: [u8; 32],
    sequence: u64,
    epoch: u64,
    keyring: Vec<u8>,
    methods: Vec<VerifiedMethod>,
    request_hash: [u8; 32],
}

impl VerifiedSetup {
    /// The card's bytes.
    #[must_use]
    pub fn card(&self) -> &[u8] {
        &self.card
    }

    /// Hash of the card.
    #[must_use]
    pub const fn card_hash(&self) -> &[u8; 32] {
        &self.card_hash
    }

    /// The account state's bytes.
    #[must_use]
    pub fn state(&self) -> &[u8] {
        &self.state
    }

    /// Hash of the account state.
    #[must_use]
    pub const fn state_hash(&self) -> &[u8; 32] {
        &self.state_hash
    }

    /// The account state's sequence number: 1.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.sequence
    }

    /// The epoch that was set up.
    #[must_use]
    pub const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The keyring envelope.
    #[must_use]
    pub fn keyring(&self) -> &[u8] {
        &self.keyring
    }

    /// The password, then the recovery code.
    #[must_use]
    pub fn methods(&self) -> &[VerifiedMethod] {
        &self.methods
    }

    /// [`SetupRequest::hash`] of the request.
    #[must_use]
    pub const fn request_hash(&self) -> &[u8; 32] {
        &self.request_hash
    }
}

/// Checks a set-up: forms, floors, that it is for this account, epoch and challenge, signatures,
/// hashes, proofs.
///
/// # Errors
/// [`SetupRefusal`], the first check that fails.
pub fn verify_setup(
    request: &SetupRequest,
    expected: &SetupExpectation<'_>,
) -> Result<VerifiedSetup, SetupRefusal> {
    let card = verify_card(request, expected)?;
    let state = verify_state(request, expected, &card)?;
    verify_keyring(request, state.state())?;
    let methods = verify_methods(request, expected, state.state())?;
    Ok(VerifiedSetup {
        card: request.card.to_vec(),
        card_hash: *card.hash(),
        state: request.state.to_vec(),
        state_hash: *state.hash(),
        sequence: state.state().sequence,
        epoch: expected.epoch,
        keyring: request.keyring.to_vec(),
        methods,
        request_hash: request.hash(),
    })
}

fn verify_card(
    request: &SetupRequest,
    expected: &SetupExpectation<'_>,
) -> Result<VerifiedCard, SetupRefusal> {
    let verified = VerifiedCard::verify(&request.card).map_err(SetupRefusal::Card)?;
    let card = verified.card();
    let place = (card.organization, card.user, card.epoch);
    if place != (expected.organization, expected.user, expected.epoch) {
        return Err(SetupRefusal::CardElsewhere);
    }
    if card.previous != expected.previous_card.unwrap_or([0; 32]) {
        return Err(SetupRefusal::CardBefore);
    }
    if card.subject != expected.subject {
        return Err(SetupRefusal::CardSubject);
    }
    Ok(verified)
}

fn verify_state(
    request: &SetupRequest,
    expected: &SetupExpectation<'_>,
    card: &VerifiedCard,
) -> Result<VerifiedState, SetupRefusal> {
    let verified = VerifiedState::verify(&request.state, &card.card().signing_key)
        .map_err(SetupRefusal::State)?;
    let state = verified.state();
    let place = (state.organization, state.user, state.epoch);
    if place != (expected.organization, expected.user, expected.epoch) {
        return Err(SetupRefusal::StateElsewhere);
    }
    // With sequence 1 the parser has required zeros for the state before.
    if state.sequence != 1 {
        return Err(SetupRefusal::StateNotFirst);
    }
    if &state.card_hash != card.hash() {
        return Err(SetupRefusal::CardHash);
    }
    if state.profile_floor < expected.floor {
        return Err(SetupRefusal::Floor);
    }
    Ok(verified)
}

fn verify_keyring(request: &SetupRequest, state: &State) -> Result<(), SetupRefusal> {
    Envelope::parse(&request.keyring, EnvelopeType::Keyring).map_err(|_| SetupRefusal::Keyring)?;
    if hash(&request.keyring) == state.keyring_hash {
        Ok(())
    } else {
        Err(SetupRefusal::KeyringHash)
    }
}

fn verify_methods(
    request: &SetupRequest,
    expected: &SetupExpectation<'_>,
    state: &State,
) -> Result<Vec<VerifiedMethod>, SetupRefusal> {
    // The state's parser has required one password and one recovery code to begin with. Passkeys
    // are added to an account that has keys.
    if state.methods.len() != 2 || request.methods.len() != 2 {
        return Err(MethodRefusal::Listed.into());
    }
    let enrollment = Enrollment {
        context: Context::of_user(expected.organization, expected.user),
        epoch: expected.epoch,
        origins: expected.origins,
        challenge: &expected.challenge,
        floor: state.profile_floor,
    };
    let pairs = request.methods.iter().zip(&state.methods);
    pairs.map(|(sent, listed)| Ok(enrollment.verify(sent, listed)?)).collect()
}
