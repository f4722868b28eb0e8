//! Refusals of the JSON API, as `application/problem+json` (RFC 9457). The one place that maps
//! what went wrong to a status, a code and a text; causes go to the log.

use std::{borrow::Cow, fmt, time::Duration};

use actix_web::{HttpResponse, ResponseError, http::StatusCode, http::header};
use freehold_directory::{StoreError, TextError};
use serde_json::{Value, json};

use super::support;

/// A refusal with a fixed text.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: Cow<'static, str>,
    extra: Option<(&'static str, u64)>,
    retry_after_seconds: Option<u64>,
}

impl Problem {
    fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, code, title, detail: detail.into(), extra: None, retry_after_seconds: None }
    }

    /// No session, or one that has ended.
    #[must_use]
    pub fn signed_out() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "signed-out",
            "Signed out",
            "Your session has ended. Sign in again; nothing that was stored is lost.",
        )
    }

    /// The user has no keys yet, or the step needs a pending user.
    #[must_use]
    pub fn not_pending(detail: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, "not-pending", "Not the step to take now", detail)
    }

    /// Somebody else completed the set-up: the loser of a race.
    #[must_use]
    pub fn already_set_up() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "already-set-up",
            "Already set up",
            "Keys were made for this account in another window or browser. Those are the ones that \
             count; unlock with the passphrase chosen there. What was made here was not kept.",
        )
    }

    /// The signature did not verify: a wrong passphrase or recovery code.
    #[must_use]
    pub fn wrong_secret(tries_left: u32) -> Self {
        let mut problem = Self::new(
            StatusCode::FORBIDDEN,
            "wrong-secret",
            "That did not unlock",
            "The passphrase or code does not belong to this account. Nothing was lost; try again.",
        );
        problem.extra = Some(("triesLeft", tries_left.into()));
        problem
    }

    /// No tries left for now.
    #[must_use]
    pub fn tries_used_up(retry_after_seconds: Option<u64>) -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "tries-used-up",
            "Too many tries",
            "Too many wrong tries. Wait, or use the recovery code; nothing was lost.",
        );
        problem.extra = retry_after_seconds.map(|seconds| ("retryAfterSeconds", seconds));
        problem.retry_after_seconds = retry_after_seconds;
        problem
    }

    /// The challenge was used, replaced or has expired.
    #[must_use]
    pub fn challenge_gone() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "challenge-gone",
            "Start this step again",
            "This step took too long or was begun anew in another window. Start it again; nothing \
             was lost.",
        )
    }

    /// A one-time link that admits nobody, whatever the reason.
    #[must_use]
    pub fn link_refused() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "link-refused",
            "This link does not work",
            "It was used already, its time is over, or the account is not active. Make a new one on \
             the server; nothing was lost.",
        )
    }

    /// One address asked too often.
    #[must_use]
    pub fn too_often() -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-often",
            "Too many requests",
            "Too many attempts came from your network. Wait a minute, then try again; nothing was \
             lost.",
        );
        problem.retry_after_seconds = Some(60);
        problem
    }

    /// As many streams are open as a session, an organization or this server may have.
    #[must_use]
    pub fn too_many_streams() -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-streams",
            "Open in too many windows",
            "The log is shown live in as many windows as are possible. Close one of them, or load this page again \
             from time to time.",
        );
        problem.retry_after_seconds = Some(30);
        problem
    }

    /// The session has not proved the passphrase, or may not do this.
    #[must_use]
    pub fn locked() -> Self {
        Self::new(StatusCode::FORBIDDEN, "locked", "Locked", "Unlock with your passphrase first.")
    }

    /// The person's role does not reach so far.
    #[must_use]
    pub fn not_allowed() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "not-allowed",
            "Not for your role",
            "This is for people with another role in your organization. Ask one of its owners.",
        )
    }

    /// An admin by a group alone.
    #[must_use]
    pub fn not_appointed() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "not-appointed",
            "Somebody else must approve this",
            "You are an admin by a group of your identity provider, which is not enough here: an \
             owner, or an admin who was appointed himself, can approve it.",
        )
    }

    /// A decision on one's own request.
    #[must_use]
    pub fn own_reset() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "own-reset",
            "This is your own request",
            "Somebody else has to decide on it. You can cancel it.",
        )
    }

    /// Nothing is lost: the session is unlocked.
    #[must_use]
    pub fn unlocked() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "unlocked",
            "You are unlocked",
            "You have just proved that you have your keys, so there is no need for new ones.",
        )
    }

    /// A request for new keys waits already.
    #[must_use]
    pub fn reset_open() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "reset-open",
            "You have asked already",
            "Your request waits for somebody who approves it. Nothing is changed until then.",
        )
    }

    /// Too many requests for new keys.
    #[must_use]
    pub fn reset_too_often(retry_after_seconds: u64) -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "reset-too-often",
            "You have asked too often",
            "You can ask for new keys three times a day. Ask again tomorrow; nothing was lost.",
        );
        problem.extra = Some(("retryAfterSeconds", retry_after_seconds));
        problem.retry_after_seconds = Some(retry_after_seconds);
        problem
    }

    /// A request for new keys that does not wait any more.
    #[must_use]
    pub fn reset_settled() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "reset-settled",
            "This request does not wait any more",
            "Somebody has decided on it, the person has unlocked or cancelled it, or its time is \
             over. Load the list again.",
        )
    }

    /// A set-up that the organization's policy refuses.
    #[must_use]
    pub fn below_policy() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "below-policy",
            "Your organization demands more",
            "Your organization demands stronger protection of passphrases than this page used. \
             Nothing was stored; reload the page and try again.",
        )
    }

    /// The organization asks for a passkey, and the account has none or would have none.
    #[must_use]
    pub fn passkey_required() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "passkey-required",
            "A passkey is needed",
            "Your organization asks everybody for a passkey. Add one; nothing was lost.",
        )
    }

    /// The identity provider has switched the user off.
    #[must_use]
    pub fn suspended() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "suspended",
            "Access is suspended",
            "Your organization has suspended this account. Your keys are kept; ask your \
             administrator.",
        )
    }

    /// Somebody else wrote first.
    #[must_use]
    pub fn stale_version() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "stale-version",
            "Changed elsewhere",
            "This was changed in another window or browser. Load it again, then repeat the change.",
        )
    }

    /// Missing, or another's: both look alike.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", "There is nothing here.")
    }

    /// The request cannot be read; `detail` says where and never repeats what was sent.
    #[must_use]
    pub fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", "Bad request", detail)
    }

    /// A field that does not fit; the rule names the field and never repeats what was sent.
    #[must_use]
    pub fn bad_text(rule: &TextError) -> Self {
        if rule.is_of_unseen() {
            return Self::unseen();
        }
        Self::bad_request(format!("{rule}."))
    }

    /// There are `most` already, and more are not possible.
    #[must_use]
    pub fn too_many(most: usize) -> Self {
        let detail = format!(
            "There are {most} of these, and more are not possible. Remove or revoke one first."
        );
        Self::conflict("too-many", detail).counting("most", most as u64)
    }

    /// A name with characters that cannot be seen.
    #[must_use]
    pub fn unseen() -> Self {
        Self::unusable("text-unseen", "A name holds a character that cannot be seen.")
    }

    /// Several connections, and none was named.
    #[must_use]
    pub fn connection_needed() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "connection-needed",
            "Which connection?",
            "The organization has several connections. Name the one that these people will sign in \
             over; nothing was changed.",
        )
    }

    /// A connection that is not there.
    #[must_use]
    pub fn unknown_connection() -> Self {
        Self::bad_request("The organization has no connection of this name.")
    }

    /// A token that has ended has nothing to go on with.
    #[must_use]
    pub fn token_over() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "token-over",
            "This token has ended",
            "It was revoked or has expired, so there is nothing to go on with. Create a new token; \
             nothing was changed.",
        )
    }

    /// A trial of the connection is under way, or there were too many.
    #[must_use]
    pub fn test_too_often(wait: Duration) -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "test-too-often",
            "One test at a time",
            "A test of this organization is under way, or there were many in a short time. Wait a \
             little, then try again.",
        );
        problem.retry_after_seconds = Some(whole_seconds(wait));
        problem
    }

    /// An organization had this server ask others too often.
    #[must_use]
    pub fn asked_too_often(wait: Duration) -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "asked-too-often",
            "Others were asked too often",
            "Your organization had this server ask identity providers or the DNS many times in a short time. Wait a \
             little, then try again; nothing was changed.",
        );
        problem.retry_after_seconds = Some(whole_seconds(wait));
        problem
    }

    /// A person changed keys too often.
    #[must_use]
    pub fn changed_too_often(wait: Duration) -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "changed-too-often",
            "Keys were changed too often",
            "These keys were changed many times in a short time. Wait a little, then begin again; nothing of this change \
             was stored.",
        );
        problem.retry_after_seconds = Some(whole_seconds(wait));
        problem
    }

    /// The method is not one of the route's.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "bad-request",
            "Method not allowed",
            "This address does not take that method.",
        )
    }

    /// The body is not JSON by its own word.
    #[must_use]
    pub fn unsupported_media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "Unsupported media type",
            "Send application/json, without a content encoding.",
        )
    }

    /// The body is longer than the route takes.
    #[must_use]
    pub fn too_large(limit_bytes: usize) -> Self {
        let detail = format!("The request is longer than {} KiB.", limit_bytes / 1024);
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large", detail)
    }

    /// The person keeps as much as one may.
    #[must_use]
    pub fn full() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "full",
            "No room for more",
            "You have stored as much as one person can. Delete something first; nothing was lost.",
        )
    }

    /// Another site made the browser send this, or no browser did.
    #[must_use]
    pub fn cross_site() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "cross-site",
            "Refused",
            "Only the pages of this server may call this address.",
        )
    }

    /// The set-up records do not verify. The reason, which names no secret, stands in the log.
    #[must_use]
    pub fn invalid_setup() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid-setup",
            "The records were refused",
            "What the browser sent does not verify, so nothing was stored. Reload the page and try \
             again; if it happens again, tell your administrator.",
        )
    }

    /// The new key records do not verify. The reason, which names no secret, stands in the log.
    #[must_use]
    pub fn invalid_change() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid-change",
            "The records were refused",
            "What the browser sent does not verify, so nothing was changed. Reload the page and \
             try again; if it happens again, tell your administrator.",
        )
    }

    /// The keys that something was sealed with are not the account's any more.
    #[must_use]
    pub fn keys_replaced() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "keys-replaced",
            "Your keys were made new in another place",
            "This window still holds the old keys, which would open nothing any more, so nothing was \
             stored. Copy what you typed, lock, and unlock again.",
        )
    }

    /// The key records are not those that the change started from.
    #[must_use]
    pub fn keys_changed() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "keys-changed",
            "Your account was changed in another place",
            "Another window or device changed this account's keys or items meanwhile, so this \
             change was not made. Start it again; nothing was lost.",
        )
    }

    /// A search that no name can meet.
    #[must_use]
    pub fn long_search() -> Self {
        Self::bad_request(
            "The search is longer than 200 characters, or holds one that no name has. Type less.",
        )
    }

    /// Nobody else could act as an owner.
    #[must_use]
    pub fn last_owner() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "last-owner",
            "The last owner stays",
            "Without this owner nobody could give roles here. Nothing was changed; make another owner \
             first.",
        )
    }

    /// A role that no page gives.
    #[must_use]
    pub fn owner_by_link() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "owner-by-link",
            "An owner is made by a link",
            "Only a one-time link makes an owner, which is made on the server: freehold admin link. \
             Nothing was changed.",
        )
    }

    /// Somebody else has a unique value of a deleted person by now.
    #[must_use]
    pub fn restore_taken(attribute: &str) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "restore-taken",
            "Somebody else has this by now",
            format!(
                "Another person has this {attribute} by now. Nothing was changed; change or delete that \
                 one at the identity provider first."
            ),
        )
    }

    /// The person of a deleted account has another one by now.
    #[must_use]
    pub fn restore_person() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "restore-person",
            "The person has another account by now",
            "The person has signed in to another account since. Nothing was changed; delete that one at \
             the identity provider first.",
        )
    }

    /// The retention window is over.
    #[must_use]
    pub fn restore_late() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "restore-late",
            "It is too late",
            "The time in which this person could come back is over. Keys and secrets are destroyed.",
        )
    }

    /// The database is busy or away.
    #[must_use]
    pub fn busy() -> Self {
        let mut problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "Try again in a moment",
            "The server cannot store or read anything right now. Nothing was lost; try again.",
        );
        problem.retry_after_seconds = Some(2);
        problem
    }

    /// What an admin handed in of an identity provider, or the provider itself, is of no use.
    #[must_use]
    pub fn unusable(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, "This cannot be used", detail)
    }

    /// The change does not fit what is there.
    #[must_use]
    pub fn conflict(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, code, "This does not fit what is there", detail)
    }

    /// The same with a number.
    #[must_use]
    pub fn counting(mut self, name: &'static str, number: u64) -> Self {
        self.extra = Some((name, number));
        self
    }

    /// Something that should not happen; the cause stands in the log under the support id.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong here",
            "The server met an error of its own. Nothing was lost; try again, and give the support \
             id if it stays.",
        )
    }

    /// The stable code, for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The body, with the support id of the current request.
    fn document(&self) -> Value {
        let mut document = json!({
            "type": format!("urn:freehold:problem:{}", self.code),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": self.code,
            "supportId": support::current().to_string(),
        });
        if let (Some((name, number)), Some(map)) = (self.extra, document.as_object_mut()) {
            map.insert(name.to_owned(), number.into());
        }
        document
    }
}

/// As `Retry-After` says it: never too early.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.content_type("application/problem+json");
        if let Some(seconds) = self.retry_after_seconds {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        response.body(self.document().to_string())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if log_store_error(&error) { Self::busy() } else { Self::internal() }
    }
}

/// Writes the cause to the log. True if the same request may succeed later.
pub(crate) fn log_store_error(error: &StoreError) -> bool {
    let passing = matches!(
        error,
        StoreError::Busy
            | StoreError::Unavailable(_)
            | StoreError::ReadOnly
            | StoreError::DiskFull
            | StoreError::TimedOut
    );
    if passing {
        tracing::warn!(%error, "the database cannot serve now");
    } else {
        tracing::error!(%error, "the database refused unexpectedly");
    }
    passing
}
