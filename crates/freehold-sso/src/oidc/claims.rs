//! From a signed ID token to a person.

use openidconnect::core::CoreGenderClaim;
use openidconnect::{AdditionalClaims, IdTokenClaims};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::connection::Connection;
use super::error::Refusal;
use crate::assertion::Verified;
use crate::naming::{is_same_tenant, showable, shown, subject_problem};
use crate::{SubjectClaim, VerifiedAssertion};

/// How far the clocks of provider and server may differ.
pub(super) const SKEW_S: i64 = 60;
/// How old an ID token may be that was issued in answer to us just now. Entra dates its tokens
/// five minutes back.
pub(super) const MAX_AGE_S: i64 = 10 * 60;
/// Claims that OpenID Connect does not define, and `nbf`. As any JSON, so that a wrong type is
/// told from a wrong value.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct ExtraClaims {
    nbf: Option<Value>,
    oid: Option<Value>,
    tid: Option<Value>,
    upn: Option<Value>,
    sid: Option<Value>,
}

impl AdditionalClaims for ExtraClaims {}

pub(super) type Claims = IdTokenClaims<ExtraClaims, CoreGenderClaim>;

/// The person whom these claims name. Signature, issuer, audience, expiry and nonce are verified.
pub(super) fn verified(
    connection: &Connection,
    claims: &Claims,
    now_ms: u64,
) -> Result<VerifiedAssertion, Refusal> {
    let now_s = i64::try_from(now_ms / 1000).map_err(|_| Refusal::IssueTime)?;
    check_authorized_party(connection, claims)?;
    check_times(claims, now_s)?;
    check_tenant(connection.tenant.as_deref(), claims)?;
    let subject = subject(connection.subject_claim, claims)?.to_owned();
    Ok(VerifiedAssertion::new(Verified {
        connection: connection.id.clone(),
        issuer: connection.issuer.as_str().to_owned(),
        tenant: connection.tenant.clone(),
        subject,
        display: display(claims),
        upn: upn(claims),
    }))
}

/// The provider's name for its session (OpenID Connect Back-Channel Logout §2.1). One that is unfit
/// is left out: then no logout finds the session by it.
pub(super) fn session(claims: &Claims) -> Option<String> {
    claims.additional_claims().sid.as_ref().and_then(Value::as_str).and_then(showable)
}

/// OpenID Connect Core §3.1.3.7, point 5: `azp`, if present, is our client.
fn check_authorized_party(connection: &Connection, claims: &Claims) -> Result<(), Refusal> {
    match claims.authorized_party() {
        Some(party) if party.as_str() != connection.client_id => Err(Refusal::AuthorizedParty),
        _ => Ok(()),
    }
}

fn check_times(claims: &Claims, now_s: i64) -> Result<(), Refusal> {
    let issued_s = claims.issue_time().timestamp();
    if issued_s > now_s + SKEW_S || issued_s < now_s - MAX_AGE_S {
        return Err(Refusal::IssueTime);
    }
    // RFC 7519 §4.1.5; openidconnect does not look at it.
    match &claims.additional_claims().nbf {
        None => Ok(()),
        Some(value) => match value.as_f64() {
            #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^52")]
            Some(not_before_s) if not_before_s <= (now_s + SKEW_S) as f64 => Ok(()),
            Some(_) => Err(Refusal::NotYetValid),
            None => Err(Refusal::MalformedToken),
        },
    }
}

fn check_tenant(configured: Option<&str>, claims: &Claims) -> Result<(), Refusal> {
    let Some(configured) = configured else { return Ok(()) };
    match &claims.additional_claims().tid {
        Some(Value::String(tid)) if is_same_tenant(configured, tid) => Ok(()),
        Some(Value::String(tid)) => Err(Refusal::Tenant(shown(tid))),
        Some(_) => Err(Refusal::Tenant("(not a text)".to_owned())),
        None => Err(Refusal::Tenant("(no tid claim)".to_owned())),
    }
}

fn subject(claim: SubjectClaim, claims: &Claims) -> Result<&str, Refusal> {
    let refuse = |problem| Refusal::Subject { claim: claim.as_str(), problem };
    let subject = match (claim, &claims.additional_claims().oid) {
        (SubjectClaim::Sub, _) => claims.subject().as_str(),
        (SubjectClaim::Oid, Some(Value::String(oid))) => oid,
        (SubjectClaim::Oid, Some(_)) => return Err(refuse("is not one text")),
        (SubjectClaim::Oid, None) => {
            return Err(refuse("is missing; allow the scope profile, or choose sub"));
        }
    };
    match subject_problem(subject) {
        Some(problem) => Err(refuse(problem)),
        None => Ok(subject),
    }
}

fn display(claims: &Claims) -> Option<String> {
    claims.name().and_then(|name| name.get(None)).and_then(|name| showable(name))
}

fn upn(claims: &Claims) -> Option<String> {
    let upn = claims.additional_claims().upn.as_ref().and_then(Value::as_str);
    upn.or_else(|| claims.preferred_username().map(|name| name.as_str())).and_then(showable)
}
