//! What the server checks of a change of key records, with public keys only.

use crate::card::VerifiedCard;
use crate::context::Context;
use crate::cose::StatementError;
use crate::encoding::hash;
use crate::enroll::{Enrollment, VerifiedMethod};
use crate::ids::{OrganizationId, UserId};
use crate::messages::ChangeRequest;
use crate::methods::{MethodKind, MethodRecord, MethodRefusal};
use crate::profile::Profile;
use crate::state::{State, VerifiedState};

/// What the server itself knows of the account that is to change.
#[derive(Clone, Debug)]
pub struct ChangeExpectation<'a> {
    /// The organization of the session's user.
    pub organization: OrganizationId,
    /// The session's user.
    pub user: UserId,
    /// The epoch of the user's keys.
    pub epoch: u64,
    /// The stored card of this epoch.
    pub card: &'a [u8],
    /// The latest stored account state.
    pub state: &'a [u8],
    /// The server's origins.
    pub origins: &'a [String],
    /// The challenge that was offered.
    pub challenge: [u8; 32],
    /// The lowest floor that a state with a new password may set: the organization's policy.
    pub floor: Profile,
    /// The method that the session was unlocked by.
    pub unlocked_by: MethodKind,
}

/// Why a change was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefusal {
    /// The stored card or state cannot be used: the record is damaged.
    #[error("the stored card or account state is damaged")]
    Stored,
    /// The state is malformed or its signature is not by the card's key.
    #[error("account state: {0}")]
    State(StatementError),
    /// The state is for another organization, user or epoch.
    #[error("the account state is for another account or epoch")]
    StateElsewhere,
    /// The state does not follow the stored one.
    #[error("the account state does not follow the stored one")]
    StateNotNext,
    /// The state lists another card.
    #[error("the account state lists another card")]
    CardHash,
    /// The state lists another keyring.
    #[error("the account state lists another keyring")]
    KeyringHash,
    /// The state lowers the floor, or does not reach the policy's.
    #[error("the account state sets too low a floor")]
    Floor,
    /// A method was refused.
    #[error(transparent)]
    Method(#[from] MethodRefusal),
    /// A recovery code replaces password and code, both, or nothing.
    #[error("a session unlocked by the recovery code replaces password and code together")]
    RecoveryIncomplete,
    /// Nothing changes.
    #[error("the account state changes nothing")]
    Nothing,
}

impl ChangeRefusal {
    /// The refusal's stable name, for logs and test vectors.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::State(error) => error.code_of_state(),
            Self::StateElsewhere => "state-elsewhere",
            Self::StateNotNext => "state-not-next",
            Self::CardHash => "card-hash",
            Self::KeyringHash => "keyring-hash",
            Self::Floor => "floor",
            Self::Method(refusal) => refusal.code(),
            Self::RecoveryIncomplete => "recovery-incomplete",
            Self::Nothing => "nothing",
        }
    }
}

/// A change that passed every check. The only way to it is [`verify_change`].
#[derive(Clone, Debug)]
pub struct VerifiedChange {
    epoch: u64,
    state: Vec<u8>,
    state_hash: [u8; 32],
    sequence: u64,
    previous: [u8; 32],
    added: Vec<VerifiedMethod>,
    removed: Vec<(MethodKind, Vec<u8>)>,
}

impl VerifiedChange {
    /// The epoch of the keys.
    #[must_use]
    pub const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The new account state's bytes.
    #[must_use]
    pub fn state(&self) -> &[u8] {
        &self.state
    }

    /// Hash of the new account state.
    #[must_use]
    pub const fn state_hash(&self) -> &[u8; 32] {
        &self.state_hash
    }

    /// The new account state's sequence number.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.sequence
    }

    /// Hash of the state that must still be the latest when the change is stored.
    #[must_use]
    pub const fn previous(&self) -> &[u8; 32] {
        &self.previous
    }

    /// Methods that are new, or stand in the place of a removed one.
    #[must_use]
    pub fn added(&self) -> &[VerifiedMethod] {
        &self.added
    }

    /// Type and `P` of methods whose envelope and unlock key are to be destroyed.
    #[must_use]
    pub fn removed(&self) -> &[(MethodKind, Vec<u8>)] {
        &self.removed
    }

    /// Whether a method of this type is new.
    #[must_use]
    pub fn adds(&self, kind: MethodKind) -> bool {
        self.added.iter().any(|method| method.kind == kind)
    }
}

/// Checks a change: that the state is signed by the card's key and follows the stored one, that
/// every method it lists is either the stored one unchanged or a new one with its proof, that no
/// floor falls.
///
/// # Errors
/// [`ChangeRefusal`], the first check that fails.
pub fn verify_change(
    request: &ChangeRequest,
    expected: &ChangeExpectation<'_>,
) -> Result<VerifiedChange, ChangeRefusal> {
    let card = VerifiedCard::verify(expected.card).map_err(|_| ChangeRefusal::Stored)?;
    let key = &card.card().signing_key;
    let before = VerifiedState::verify(expected.state, key).map_err(|_| ChangeRefusal::Stored)?;
    let after = VerifiedState::verify(&request.state, key).map_err(ChangeRefusal::State)?;
    check_place(after.state(), &before, expected)?;
    let (before, state) = (before.state(), after.state());
    // The policy's floor can be reached only where a password is hashed anew.
    let hashes_anew = request.methods.iter().any(|method| method.kind == MethodKind::Password);
    let asked = if hashes_anew { expected.floor } else { Profile::FLOOR };
    if state.profile_floor < before.profile_floor.max(asked) {
        return Err(ChangeRefusal::Floor);
    }
    let added = verify_methods(request, expected, before, state)?;
    let removed: Vec<_> = before
        .methods
        .iter()
        .filter(|method| !state.methods.contains(method))
        .map(|method| (method.kind, method.parameters.clone()))
        .collect();
    if added.is_empty() && removed.is_empty() && state.profile_floor == before.profile_floor {
        return Err(ChangeRefusal::Nothing);
    }
    let change = VerifiedChange {
        epoch: expected.epoch,
        state: request.state.to_vec(),
        state_hash: *after.hash(),
        sequence: state.sequence,
        previous: state.previous,
        added,
        removed,
    };
    let replaces_both = change.adds(MethodKind::Password) && change.adds(MethodKind::RecoveryCode);
    if expected.unlocked_by == MethodKind::RecoveryCode && !replaces_both {
        return Err(ChangeRefusal::RecoveryIncomplete);
    }
    Ok(change)
}

fn check_place(
    state: &State,
    before: &VerifiedState,
    expected: &ChangeExpectation<'_>,
) -> Result<(), ChangeRefusal> {
    let place = (state.organization, state.user, state.epoch);
    if place != (expected.organization, expected.user, expected.epoch) {
        return Err(ChangeRefusal::StateElsewhere);
    }
    let next = before.state().sequence + 1;
    if (state.sequence, &state.previous) != (next, before.hash()) {
        return Err(ChangeRefusal::StateNotNext);
    }
    if state.card_hash != hash(expected.card) {
        return Err(ChangeRefusal::CardHash);
    }
    if state.keyring_hash != before.state().keyring_hash {
        return Err(ChangeRefusal::KeyringHash);
    }
    Ok(())
}

/// Every listed method is the stored one, or the next of those that were sent.
fn verify_methods(
    request: &ChangeRequest,
    expected: &ChangeExpectation<'_>,
    before: &State,
    state: &State,
) -> Result<Vec<VerifiedMethod>, ChangeRefusal> {
    let enrollment = Enrollment {
        context: Context::of_user(expected.organization, expected.user),
        epoch: expected.epoch,
        origins: expected.origins,
        challenge: &expected.challenge,
        floor: state.profile_floor,
    };
    let mut sent = request.methods.iter();
    let mut added = Vec::new();
    for listed in &state.methods {
        if before.methods.contains(listed) {
            listed.keeps_floor(state.profile_floor)?;
            continue;
        }
        if reuses(listed, before) {
            return Err(MethodRefusal::Listed.into());
        }
        let sent = sent.next().ok_or(MethodRefusal::Listed)?;
        added.push(enrollment.verify(sent, listed)?);
    }
    if sent.next().is_some() {
        return Err(MethodRefusal::Listed.into());
    }
    Ok(added)
}

/// A new record has a salt of its own and an unlock key that no stored method has.
fn reuses(listed: &MethodRecord, before: &State) -> bool {
    let same_parameters = before.method(listed.kind, &listed.parameters).is_some();
    let salted = listed.kind != MethodKind::RecoveryCode;
    let same_key = |method: &MethodRecord| method.unlock_public_key == listed.unlock_public_key;
    (salted && same_parameters) || before.methods.iter().any(same_key)
}
