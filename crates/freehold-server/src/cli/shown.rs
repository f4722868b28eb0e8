//! How tokens and clients stand in lists: until when they live, when they were last used.

use freehold_directory::{Timestamp, expiry, tokens::LastUse};

use super::{CliError, output};

/// The columns: three of each list's own making, then [`Life::cells`].
pub(super) const HEADING: [&str; 9] =
    ["id", "description", "connection", "state", "expires", "days left", "last used", "from", "by"];

/// A token or client that names no connection where there are several.
pub(super) fn connection_needed(names: &str) -> CliError {
    CliError::Failed(format!(
        "the organization has several connections; say with --connection which one these users \
         sign in with: {names}"
    ))
}

/// A token or client that names a connection that is not there.
pub(super) fn unknown_connection() -> CliError {
    CliError::failed(
        "the organization has no connection of this name; `freehold connection list` shows all",
    )
}

/// The end of a token or client.
pub(super) struct Life {
    pub(super) expires_at: Timestamp,
    pub(super) revoked_at: Option<Timestamp>,
}

impl Life {
    /// What happens to a request with it, leaving the switch of the organization aside.
    pub(super) fn state(&self, now: Timestamp) -> &'static str {
        if self.revoked_at.is_some() {
            "revoked"
        } else if self.expires_at <= now {
            "expired"
        } else {
            "valid"
        }
    }

    /// Whole days until its end, while it is valid.
    pub(super) fn days_left(&self, now: Timestamp) -> Option<u64> {
        expiry::days_left(self.expires_at, now).filter(|_| self.revoked_at.is_none())
    }

    /// The cells for people.
    pub(super) fn cells(&self, last: Option<&LastUse>, now: Timestamp) -> [String; 6] {
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        [
            self.state(now).to_owned(),
            output::time(self.expires_at),
            or_dash(self.days_left(now).map(|days| days.to_string())),
            last.map_or_else(|| "never".to_owned(), |last| output::time(last.at)),
            or_dash(last.map(|last| last.address.clone())),
            or_dash(last.map(|last| last.client.clone())),
        ]
    }
}
