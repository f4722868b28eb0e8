//! Whom a refused sign-in concerns: noted there for the admin who asks why somebody does not come in. It decides nothing.

use freehold_scim::fold;
use freehold_sso::VerifiedAssertion;
use freehold_wire::{Timestamp, UserId};

use super::{ClaimRefusal, SubjectKey};
use crate::connections::Connection;
use crate::identity::comparable;
use crate::store::Store;
use crate::store_error::StoreError;

/// More users with one `externalId` than so many are not told.
const FEW: usize = 10;

pub(super) fn note(
    store: &mut dyn Store,
    connection: &Connection,
    assertion: &VerifiedAssertion,
    refusal: &ClaimRefusal,
    now: Timestamp,
) -> Result<(), StoreError> {
    // Who answers for another connection or tenant says nothing of people here.
    if matches!(refusal, ClaimRefusal::OtherConnection | ClaimRefusal::OtherTenant) {
        return Ok(());
    }
    for user in concerned(store, connection, assertion)? {
        store.note_refused_sign_in(user, now, refusal.code())?;
    }
    Ok(())
}

/// The person's account; else those with the person's `externalId`; else the one of that `userName`, whose `externalId`
/// is then the likely reason.
fn concerned(
    store: &mut dyn Store,
    connection: &Connection,
    assertion: &VerifiedAssertion,
) -> Result<Vec<UserId>, StoreError> {
    let subject = comparable(assertion.subject());
    let person = SubjectKey {
        connection: connection.id,
        tenant: comparable(assertion.tenant().unwrap_or_default()),
        subject: subject.clone(),
    };
    if let Some(user) = store.linked_user(&person)? {
        return Ok(vec![user]);
    }
    let candidates = store.claim_candidates(connection.organization, &subject)?;
    if !candidates.is_empty() {
        return Ok(candidates.iter().take(FEW).map(|candidate| candidate.user).collect());
    }
    let Some(upn) = assertion.upn().filter(|upn| !upn.contains('\0')) else {
        return Ok(Vec::new());
    };
    let named = store.claim_candidate_named(connection.organization, &fold(upn))?;
    Ok(named.map(|candidate| candidate.user).into_iter().collect())
}
