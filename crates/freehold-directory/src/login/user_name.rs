//! Where an admin opted in: a person whose subject is nobody's `externalId` may take the PENDING user of the same name.
//!
//! For tenants that provision `mailNickname` as `externalId`. A name changes hands, so it counts once: the link decides
//! from then on, and a user whose `externalId` is an object id is somebody's already.

use freehold_scim::fold;

use super::ClaimCandidate;
use crate::connections::Connection;
use crate::store::Store;
use crate::store_error::StoreError;

/// The user whose `userName` is the user principal name of the assertion.
pub(super) fn candidate(
    store: &mut dyn Store,
    connection: &Connection,
    upn: Option<&str>,
) -> Result<Option<ClaimCandidate>, StoreError> {
    match upn {
        Some(upn) if connection.matches_user_name => {
            store.claim_candidate_named(connection.organization, &fold(upn))
        }
        _ => Ok(None),
    }
}
