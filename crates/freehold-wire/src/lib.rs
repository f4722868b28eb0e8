//! What both sides may know: identifiers, messages, the encodings of the key protocol, and the
//! verification of what a browser uploads.
//!
//! This crate holds no secret and no code that could open anything: it is all that the server
//! links of the key protocol. The normative text is `crates/freehold-keys/PROTOCOL.md`.
//!
//! Untrusted bytes become a type once, here: [`verify_setup`] turns a [`SetupRequest`] into a
//! [`VerifiedSetup`], [`verify_unlock`] an [`UnlockRequest`] into a [`VerifiedUnlock`],
//! [`ItemEnvelopes::parse`] the two envelopes of an item into a checked pair. The results have
//! private fields and no other constructor, so that nothing unverified can be stored by mistake.

mod card;
mod cbor;
mod change;
mod context;
mod cose;
mod encoding;
mod enroll;
mod envelope;
mod handover;
pub mod ids;
mod item;
mod keys;
mod messages;
mod methods;
mod padding;
mod profile;
mod proof;
mod renewal;
mod setup;
mod state;
pub mod time;
mod unlock;

pub use card::{Card, MAX_CARD_BYTES, MAX_SUBJECT_BYTES, VerifiedCard, subject_of};
pub use cbor::{CborError, Reader as CborReader, Writer as CborWriter};
pub use change::{ChangeExpectation, ChangeRefusal, VerifiedChange, verify_change};
pub use context::{CONTEXT_BYTES, Context, label, length_prefixed};
pub use cose::{Statement, StatementError, assemble, to_be_signed};
pub use encoding::{
    AtMost, Exact, MAX_COUNTER, decode_base64url, encode_base64url, hash, hash_parts,
};
pub use enroll::VerifiedMethod;
pub use envelope::{
    Envelope, EnvelopeError, EnvelopeType, HEADER_BYTES, KEY_ID_BYTES, PREFIX_BYTES, SUITE,
    TAG_BYTES,
};
pub use handover::{Handover, MAX_HANDOVER_BYTES};
pub use ids::{
    ConnectionId, GroupId, ItemId, OrganizationId, ResourceId, SessionId, TokenId, UserId,
};
pub use item::{
    CONTENT_TYPE_SECRET, ItemEnvelopes, ItemRefusal, MAX_CONTENT_BYTES, MAX_ITEM_BYTES,
};
pub use keys::{AgreementPublicKey, PublicKeyError, SigningPublicKey};
pub use messages::{
    ChangeOffer, ChangeRequest, ItemRecord, KeyPolicy, MAX_CHANGE_REQUEST_BYTES,
    MAX_ITEM_REQUEST_BYTES, MAX_ORIGIN_BYTES, MAX_ORIGINS, MAX_RENEWAL_REQUEST_BYTES,
    MAX_SETUP_REQUEST_BYTES, MAX_UNLOCK_REQUEST_BYTES, MessageError, NewMethod, OfferedMethod,
    RememberedPoint, RenewalRequest, RewrappedItem, SetupOffer, SetupRequest, UnlockAnswer,
    UnlockOffer, UnlockRequest,
};
pub use methods::{
    MAX_CREDENTIAL_ID_BYTES, MAX_PARAMETERS_BYTES, MAX_PASSKEYS, MethodKind, MethodRecord,
    MethodRefusal, PasskeyParameters, is_method_list,
};
pub use padding::{is_padded_length, padded_length};
pub use profile::{ParametersRefusal, PasswordParameters, Profile};
pub use proof::{ProofSubject, Purpose};
pub use renewal::{RenewalExpectation, RenewalRefusal, VerifiedRenewal, verify_renewal};
pub use setup::{SetupExpectation, SetupRefusal, VerifiedSetup, verify_setup};
pub use state::{MAX_STATE_BYTES, State, VerifiedState};
pub use time::{Clock, Timestamp};
pub use unlock::{UnlockExpectation, UnlockRefusal, VerifiedUnlock, verify_unlock};
