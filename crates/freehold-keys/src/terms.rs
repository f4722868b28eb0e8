//! What a client brings to a set-up or unlock, and what it refuses before any hashing.

use freehold_wire::{
    Context, MAX_ORIGIN_BYTES, MAX_ORIGINS, MAX_SUBJECT_BYTES, MethodKind, OfferedMethod,
    OrganizationId, PasskeyParameters, PasswordParameters, Profile, SetupOffer, UnlockOffer,
    UserId, is_method_list,
};

use crate::error::KeyError;
use crate::remembered::Remembered;

/// Where the client runs and what it remembers.
#[derive(Clone, Copy, Debug)]
pub struct Client<'a> {
    /// The origin that the page came from (`location.origin`).
    pub origin: &'a str,
    /// The highest cost profile that this client can compute.
    pub highest_profile: Profile,
    /// What this client remembers of this user.
    pub remembered: Option<&'a Remembered>,
}

impl Client<'_> {
    /// A set-up starts an epoch that this client has not seen.
    pub(crate) fn check_setup(&self, offer: &SetupOffer) -> Result<(), KeyError> {
        let remembered = self.remembered_of(offer.organization, offer.user)?;
        if remembered.is_some_and(|known| offer.epoch <= known.epoch) {
            return Err(KeyError::EpochBelow);
        }
        self.check_origins(&offer.origins)?;
        let subject = (1..=MAX_SUBJECT_BYTES).contains(&offer.subject.len());
        let linked = (offer.epoch == 1) == offer.previous_card.is_none();
        if subject && linked { Ok(()) } else { Err(KeyError::BadMessage) }
    }

    /// An unlock is of the epoch that this client has seen, or of a higher one with the person's
    /// agreement.
    pub(crate) fn check_unlock(&self, offer: &UnlockOffer) -> Result<(), KeyError> {
        if let Some(known) = self.remembered_of(offer.organization, offer.user)? {
            if offer.epoch < known.epoch {
                return Err(KeyError::EpochBelow);
            }
            if offer.epoch > known.epoch && known.accept_epoch != Some(offer.epoch) {
                return Err(KeyError::EpochAbove);
            }
        }
        self.check_origins(&offer.origins)?;
        self.check_methods(offer.epoch, &offer.methods)
    }

    /// One password, one recovery code, passkeys, all with parameters that may be used. All are
    /// looked at, not only the one that is used now: one cheap profile in the list would let a
    /// server buy cheap guesses at the password later.
    fn check_methods(&self, epoch: u64, methods: &[OfferedMethod]) -> Result<(), KeyError> {
        if !is_method_list(methods.iter().map(|method| (method.kind, &*method.parameters))) {
            return Err(KeyError::BadMessage);
        }
        for OfferedMethod { kind, parameters } in methods {
            match kind {
                MethodKind::Password => {
                    let offered = self.password_parameters(parameters)?;
                    if offered.profile < self.floor_of(epoch) {
                        return Err(KeyError::ProfileRefused);
                    }
                }
                MethodKind::RecoveryCode if parameters.is_empty() => {}
                MethodKind::Passkey if PasskeyParameters::parse(parameters).is_some() => {}
                MethodKind::RecoveryCode | MethodKind::Passkey => return Err(KeyError::BadMessage),
            }
        }
        Ok(())
    }

    /// The floor of the state that this client saw last, if it was of this epoch.
    pub(crate) fn floor_of(&self, epoch: u64) -> Profile {
        self.remembered
            .filter(|known| known.epoch == epoch)
            .and_then(|known| known.profile_floor)
            .unwrap_or(Profile::FLOOR)
    }

    /// The parameters of a password, if this client may use them.
    pub(crate) fn password_parameters(
        &self,
        parameters: &[u8],
    ) -> Result<PasswordParameters, KeyError> {
        PasswordParameters::parse(parameters)
            .ok()
            .filter(|p| (Profile::FLOOR..=self.highest_profile).contains(&p.profile))
            .ok_or(KeyError::ProfileRefused)
    }

    fn check_origins(&self, origins: &[String]) -> Result<(), KeyError> {
        check_origins(self.origin, origins)
    }

    fn remembered_of(
        &self,
        organization: OrganizationId,
        user: UserId,
    ) -> Result<Option<&Remembered>, KeyError> {
        match self.remembered {
            Some(known) if (known.organization, known.user) != (organization, user) => {
                Err(KeyError::BadMessage)
            }
            known => Ok(known),
        }
    }
}

/// The page's own origin is among those that the server names.
pub(crate) fn check_origins(own: &str, origins: &[String]) -> Result<(), KeyError> {
    let plausible = origins.len() <= MAX_ORIGINS
        && origins.iter().all(|origin| origin.len() <= MAX_ORIGIN_BYTES);
    if !plausible {
        return Err(KeyError::BadMessage);
    }
    if origins.iter().any(|origin| origin == own) { Ok(()) } else { Err(KeyError::WrongOrigin) }
}

/// The context of an offer.
pub(crate) const fn context_of(organization: OrganizationId, user: UserId) -> Context {
    Context::of_user(organization, user)
}
