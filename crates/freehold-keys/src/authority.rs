//! An account opened to be changed.
//!
//! An [`Account`] keeps the personal key only. What changes key records needs master key and
//! keyring, and so a secret that was typed, or a passkey that was touched, just now.

use freehold_wire::{Context, MethodKind, State, UnlockAnswer};

use crate::account::Account;
use crate::verify::Opened;

/// Master key and keyring of an account, with the records they belong to.
pub struct Authority {
    pub(crate) opened: Opened,
    /// The records as the server gave them.
    pub(crate) records: UnlockAnswer,
    pub(crate) origin: String,
    pub(crate) used: MethodKind,
}

impl Authority {
    pub(crate) const fn new(
        opened: Opened,
        records: UnlockAnswer,
        origin: String,
        used: MethodKind,
    ) -> Self {
        Self { opened, records, origin, used }
    }

    /// The unlocked account.
    #[must_use]
    pub fn account(&self) -> Account {
        Account::new(&self.opened, self.records.failed_since)
    }

    /// The account state as it is.
    #[must_use]
    pub const fn state(&self) -> &State {
        self.opened.state.state()
    }

    /// Which method opened it. After a recovery code, password and code have to be replaced.
    #[must_use]
    pub const fn used(&self) -> MethodKind {
        self.used
    }

    pub(crate) const fn context(&self) -> Context {
        Context::of_user(self.state().organization, self.state().user)
    }
}
