//! Every check of what a server returns, in the protocol's order. A failure here is tampering or
//! damage, never a wrong password: the server has already accepted the proof.

use freehold_wire::{
    Card, Context, Exact, MethodKind, Profile, State, UnlockAnswer, VerifiedCard, VerifiedState,
    hash,
};

use crate::error::Tampering;
use crate::keyring::Keyring;
use crate::method::MethodKeys;
use crate::remembered::Remembered;
use crate::secret::MasterKey;

/// What was asked for; the answer is measured against it.
pub(crate) struct Asked<'a> {
    pub(crate) context: Context,
    pub(crate) epoch: u64,
    /// Type and `P` of every method that was offered.
    pub(crate) methods: &'a [(MethodKind, &'a [u8])],
    /// What this client remembers of this epoch.
    pub(crate) remembered: Option<&'a Remembered>,
    /// The keys of the method that was proved.
    pub(crate) keys: &'a MethodKeys,
}

/// An answer that passed every check: the account's keys, and the records they belong to.
pub(crate) struct Opened {
    pub(crate) master: MasterKey,
    pub(crate) keyring: Keyring,
    pub(crate) card: VerifiedCard,
    pub(crate) state: VerifiedState,
}

impl Opened {
    /// What the client remembers of the account's state.
    pub(crate) fn remembered(&self) -> Remembered {
        Self::remembered_of(&self.state)
    }

    /// What the client remembers of a state.
    pub(crate) fn remembered_of(verified: &VerifiedState) -> Remembered {
        let state = verified.state();
        Remembered {
            organization: state.organization,
            user: state.user,
            epoch: state.epoch,
            seq: state.sequence,
            state_hash: Exact(*verified.hash()),
            profile_floor: (state.profile_floor > Profile::FLOOR).then_some(state.profile_floor),
            accept_epoch: None,
        }
    }
}

impl Asked<'_> {
    /// Opens an answer.
    pub(crate) fn open(&self, answer: &UnlockAnswer) -> Result<Opened, Tampering> {
        self.check_claim(answer)?;
        let master =
            self.keys.open(&answer.envelope, self.epoch).map_err(|_| Tampering::Envelope)?;
        let keyring_key = master.derive_keyring_key(self.context, self.epoch);
        let keyring = Keyring::open(&keyring_key, self.context, self.epoch, &answer.keyring)
            .map_err(|_| Tampering::Keyring)?;
        let card = self.check_card(answer, &keyring)?;
        let latest = self.check_states(answer, &keyring)?;
        self.check_listed(latest.state(), answer, &card)?;
        if !latest.state().keeps_its_floor() {
            return Err(Tampering::Floor);
        }
        Ok(Opened { master, keyring, card, state: latest })
    }

    /// The latest state as a claim: of this account and epoch, not older than the remembered one.
    fn check_claim(&self, answer: &UnlockAnswer) -> Result<(), Tampering> {
        let latest = answer.states.last().ok_or(Tampering::State)?;
        let latest = State::claimed(latest).map_err(|_| Tampering::State)?;
        self.check_place(&latest)?;
        match self.remembered {
            Some(known) if latest.sequence < known.seq => Err(Tampering::StateOlder),
            _ => Ok(()),
        }
    }

    fn check_place(&self, state: &State) -> Result<(), Tampering> {
        let place = (Context::of_user(state.organization, state.user), state.epoch);
        if place == (self.context, self.epoch) { Ok(()) } else { Err(Tampering::State) }
    }

    /// The card verifies, is this account's, and holds both public halves of the keyring.
    fn check_card(
        &self,
        answer: &UnlockAnswer,
        keyring: &Keyring,
    ) -> Result<VerifiedCard, Tampering> {
        let verified = VerifiedCard::verify(&answer.card).map_err(|_| Tampering::Card)?;
        let card: &Card = verified.card();
        let place = (Context::of_user(card.organization, card.user), card.epoch);
        if place != (self.context, self.epoch) {
            return Err(Tampering::Card);
        }
        let keys = (card.signing_key, card.agreement_key);
        if keys != (keyring.signing_public_key(), keyring.agreement_public_key()) {
            return Err(Tampering::CardKeys);
        }
        Ok(verified)
    }

    /// Every state verifies under the keyring's key, and they lead from the remembered one to the
    /// latest without a gap.
    fn check_states(
        &self,
        answer: &UnlockAnswer,
        keyring: &Keyring,
    ) -> Result<VerifiedState, Tampering> {
        let key = keyring.signing_public_key();
        let mut before: Option<(u64, [u8; 32])> =
            self.remembered.map(|known| (known.seq, known.state_hash.0));
        let mut latest = None;
        for (position, bytes) in answer.states.iter().enumerate() {
            let verified =
                VerifiedState::verify(bytes, &key).map_err(|_| Tampering::StateSignature)?;
            self.check_place(verified.state())?;
            let here = (verified.state().sequence, *verified.hash());
            let is_the_remembered = position == 0 && answer.states.len() == 1;
            let follows = match before {
                Some(known) if is_the_remembered && known == here => true,
                Some((sequence, hash)) => {
                    here.0 == sequence + 1 && verified.state().previous == hash
                }
                None => is_the_remembered,
            };
            if !follows {
                return Err(Tampering::StateChain);
            }
            before = Some(here);
            latest = Some(verified);
        }
        latest.ok_or(Tampering::State)
    }

    /// Everything that was used is what the state lists.
    fn check_listed(
        &self,
        state: &State,
        answer: &UnlockAnswer,
        card: &VerifiedCard,
    ) -> Result<(), Tampering> {
        if &state.card_hash != card.hash() {
            return Err(Tampering::CardHash);
        }
        if state.keyring_hash != hash(&answer.keyring) {
            return Err(Tampering::KeyringHash);
        }
        let listed = state.methods.iter().map(|m| (m.kind, m.parameters.as_slice()));
        if !listed.eq(self.methods.iter().copied()) {
            return Err(Tampering::Methods);
        }
        let used =
            state.method(self.keys.kind(), self.keys.parameters()).ok_or(Tampering::Methods)?;
        if used.unlock_public_key != self.keys.unlock_key().public_key() {
            return Err(Tampering::Methods);
        }
        if used.envelope_hash != hash(&answer.envelope) {
            return Err(Tampering::EnvelopeHash);
        }
        Ok(())
    }
}
