//! What is fuzzed of the key protocol. Apart from [`crate`]'s other functions, so that the plain
//! tests of freehold-keys can replay the corpus without the SCIM crate.
//!
//! The corpus is from the vectors; the secrets of their accounts are known here, so that payloads
//! can be signed and envelopes opened, and random bytes get further than a signature or a tag.

use freehold_keys::envelope::{Binding, open};
use freehold_keys::{MAX_PASSWORD_BYTES, MIN_PASSWORD_BYTES, Password, RecoveryCode, SigningSeed};
use freehold_wire::{
    CborReader, CborWriter, Context, Envelope, EnvelopeType, ItemId, MAX_CARD_BYTES, MAX_COUNTER,
    MAX_SETUP_REQUEST_BYTES, MAX_STATE_BYTES, MAX_SUBJECT_BYTES, MAX_UNLOCK_REQUEST_BYTES,
    MethodKind, OrganizationId, SetupRequest, State, Statement, StatementError, UnlockRequest,
    UserId, VerifiedCard, VerifiedState, assemble, hash, is_padded_length, to_be_signed,
};

/// An envelope is of one type, is written the same as it was read, and opens only if every byte is
/// the one that was sealed.
pub fn envelope(data: &[u8]) {
    let mut taken = 0;
    for (kind, binding) in asked() {
        let Ok(envelope) = Envelope::parse(data, kind) else { continue };
        taken += 1;
        assert_eq!(envelope.kind(), kind);
        let ciphertext = envelope.ciphertext();
        let length = u32::try_from(ciphertext.len()).expect("a length of four bytes was read");
        let header = kind.header(envelope.key_id(), envelope.salt());
        let parts = [&header[..], envelope.commitment(), &length.to_be_bytes(), ciphertext];
        assert_eq!(parts.concat(), data, "{kind:?}");
        let content = ciphertext.len() - 16;
        assert!(kind.plaintext_bytes().map_or(is_padded_length(content), |exact| content == exact));
        let key = hash(format!("key of type {}", kind.number()).as_bytes());
        let sealed = SEALED.contains(&hex(&hash(data)).as_str());
        assert_eq!(open(&key, &binding, data).is_ok(), sealed, "{kind:?}");
    }
    assert!(taken <= 1, "two types at once");
}

/// Hashes of the five envelopes of the corpus that were sealed for what [`asked`] says.
const SEALED: [&str; 5] = [
    "04315c7aeccc9ff1b5fdc29d8c249c4df8221d32c434a7fb07e97074b935e25f",
    "0eb188287099b7f9ebf42d1ce8cde47880f4296ccb7f2cc7f44982594c19e87d",
    "cfed2e78ea63e4b6ff452f42eecae4052ba2eca558f91b8f8f3dfa6688b1e4ea",
    "bcbbb7a17d01edab3077653e2742ff391efbc1760d8911fc249b3260299564b4",
    "cae5cfbbfc61682c78516263a065e15ddef0327a5ff6026f1d853ddc455e2d3e",
];

/// Every type, and what the envelope of the corpus is asked for as.
fn asked() -> [(EnvelopeType, Binding); 5] {
    let organization = OrganizationId::from_bytes([0x11; 16]);
    let context = Context::of_user(organization, UserId::from_bytes([0x22; 16]));
    let item = ItemId::from_bytes([0x44; 16]);
    let head = [1, 0, 1, 0, 0, 0, 3, 0, 1, 0, 0, 0, 0, 0, 4];
    let parameters = [&head[..], &[0xa1; 16]].concat();
    let of_master_key =
        |method, parameters: &[u8]| Binding::of_master_key(context, 1, method, parameters);
    [
        (EnvelopeType::MasterKeyForPassword, of_master_key(MethodKind::Password, &parameters)),
        (EnvelopeType::MasterKeyForRecoveryCode, of_master_key(MethodKind::RecoveryCode, &[])),
        (EnvelopeType::Keyring, Binding::of_keyring(context, 1)),
        (EnvelopeType::Item, Binding::of_item(context, item, 7, 1)),
        (EnvelopeType::PersonalItemKey, Binding::of_item_key(context, 3, item, 7)),
    ]
}

/// A recovery code that is read is one of its two texts but for spaces, hyphens and case, and both
/// texts are read as it.
pub fn recovery_code(data: &[u8]) {
    let Ok(code) = RecoveryCode::parse(data) else { return };
    let (text, words) = (code.to_text(), code.to_words());
    assert_eq!((text.len(), words.split(' ').count()), (64, 24));
    for printed in [text.as_str(), words.as_str()] {
        let read = RecoveryCode::parse(printed.as_bytes()).expect("a code prints as a code");
        assert!(read.is(&code), "{printed}");
    }
    let typed = std::str::from_utf8(data).expect("a code is text").to_ascii_lowercase();
    let separates =
        |c: char| c.is_whitespace() || c == '-' || ('\u{2010}'..='\u{2015}').contains(&c);
    let pieces: Vec<&str> = typed.split(separates).filter(|piece| !piece.is_empty()).collect();
    assert!(pieces.concat() == *text || pieces.join(" ") == *words, "{typed:?}");
}

/// A password that is taken keeps the rules, and is taken as itself again.
pub fn password(data: &[u8]) {
    let Ok(password) = Password::parse(data) else { return };
    let bytes = password.expose();
    assert!((MIN_PASSWORD_BYTES..=MAX_PASSWORD_BYTES).contains(&bytes.len()));
    let text = std::str::from_utf8(bytes).expect("a password is UTF-8");
    assert!(!text.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER));
    if data.is_ascii() {
        assert_eq!(bytes, data, "ASCII stays as it is");
    }
    let again = Password::parse(bytes).map(|again| again.expose().to_vec());
    assert_eq!(again.as_deref(), Ok(bytes));
}

/// A card that is taken is written the same as it was read and keeps its limits, whether its bytes
/// came signed or are signed here; and nobody else's signature is taken.
pub fn card(data: &[u8]) {
    let signed =
        |seed: &SigningSeed, statement| assemble(data, &seed.sign(&to_be_signed(statement, data)));
    for bytes in [data.to_vec(), signed(&ada(), Statement::Card)] {
        let Ok(verified) = VerifiedCard::verify(&bytes) else { continue };
        let card = verified.card();
        let payload = card.encode();
        assert_eq!(payload_of(&bytes), Some(payload.as_slice()));
        assert!(bytes.len() <= MAX_CARD_BYTES);
        assert!((1..=MAX_SUBJECT_BYTES).contains(&card.subject.len()));
        assert!((1..=MAX_COUNTER).contains(&card.epoch));
        assert_eq!(verified.hash(), &hash(&bytes));
    }
    for (seed, statement) in [(ada(), Statement::State), (eve(), Statement::Card)] {
        let refused = VerifiedCard::verify(&signed(&seed, statement));
        // A card of somebody else's key may be signed by that key.
        let hers = refused.as_ref().is_ok_and(|card| card.card().signing_key == seed.public_key());
        assert!(refused.is_err() || (hers && statement == Statement::Card));
    }
}

/// A state that is claimed is written the same as it was read and keeps its limits; it verifies
/// exactly if its user signed it as a state.
pub fn state(data: &[u8]) {
    let key = ada().public_key();
    if let Ok(verified) = VerifiedState::verify(data, &key) {
        check_state(data, verified.state());
    }
    let message = to_be_signed(Statement::State, data);
    let bytes = assemble(data, &ada().sign(&message));
    match (State::claimed(&bytes), VerifiedState::verify(&bytes, &key)) {
        (Ok(claimed), Ok(verified)) => {
            assert_eq!(&claimed, verified.state());
            check_state(&bytes, &claimed);
            let wrong = |seed: &SigningSeed, message: &[u8]| {
                VerifiedState::verify(&assemble(data, &seed.sign(message)), &key).err()
            };
            assert_eq!(wrong(&eve(), &message), Some(StatementError::Signature));
            let as_card = to_be_signed(Statement::Card, data);
            assert_eq!(wrong(&ada(), &as_card), Some(StatementError::Signature));
        }
        (Err(claimed), Err(verified)) => assert_eq!(claimed, verified),
        (claimed, verified) => panic!("{claimed:?}, but {verified:?}"),
    }
}

fn check_state(bytes: &[u8], state: &State) {
    assert_eq!(payload_of(bytes), Some(state.encode().as_slice()));
    assert!(bytes.len() <= MAX_STATE_BYTES);
    for counter in [state.epoch, state.sequence] {
        assert!((1..=MAX_COUNTER).contains(&counter));
    }
    assert_eq!(state.sequence == 1, state.previous == [0; 32]);
    for method in &state.methods {
        assert!(state.method(method.kind, &method.parameters).is_some());
    }
}

/// The payload of a statement, by the reader alone.
fn payload_of(bytes: &[u8]) -> Option<&[u8]> {
    let mut reader = CborReader::new(bytes.get(6..)?);
    let payload = reader.bytes().ok()?;
    let signature = reader.exactly::<64>().ok()?;
    reader.end().ok()?;
    assert_eq!(assemble(payload, &signature), bytes);
    Some(payload)
}

/// What the reader takes is what the writer writes, item by item.
pub fn cbor(data: &[u8]) {
    let mut reader = CborReader::new(data);
    let mut writer = CborWriter::new();
    let mut read = 0;
    while let Some(first) = data.get(read) {
        let taken = match first >> 5 {
            0 => reader.unsigned().map(|number| writer.unsigned(number).finish()),
            2 => reader.bytes().map(|bytes| writer.bytes(bytes).finish()),
            3 => reader.text().map(|text| writer.text(text).finish()),
            4 => reader
                .array()
                .map(|length| writer.array(usize::try_from(length).expect("64 bits")).finish()),
            _ => reader.null().map(|()| writer.null().finish()),
        };
        let Ok(written) = taken else { return };
        assert_eq!(data.get(read..read + written.len()), Some(written.as_slice()));
        read += written.len();
        assert_eq!(reader.end().is_ok(), read == data.len());
    }
}

/// A set-up request that is read is read the same from what it is written as, under one hash.
pub fn setup_request(data: &[u8]) {
    let Ok(request) = SetupRequest::from_json(data) else { return };
    assert!(data.len() <= MAX_SETUP_REQUEST_BYTES);
    let written = serde_json::to_vec(&request).expect("a message can be written");
    let again = SetupRequest::from_json(&written).expect("what is written can be read");
    assert_eq!((&again, again.hash()), (&request, request.hash()));
    has_no_other_fields(data, &written);
}

/// An unlock request that is read is read the same from what it is written as.
pub fn unlock_request(data: &[u8]) {
    let Ok(request) = UnlockRequest::from_json(data) else { return };
    assert!(data.len() <= MAX_UNLOCK_REQUEST_BYTES);
    let written = serde_json::to_vec(&request).expect("a message can be written");
    assert_eq!(UnlockRequest::from_json(&written), Ok(request));
    has_no_other_fields(data, &written);
}

/// Nothing was read over: but for what is null, the two say the same.
fn has_no_other_fields(read: &[u8], written: &[u8]) {
    let value = |bytes| -> serde_json::Value {
        let mut value: serde_json::Value = serde_json::from_slice(bytes).expect("JSON");
        if let Some(members) = value.as_object_mut() {
            members.retain(|_, member| !member.is_null());
        }
        value
    };
    assert_eq!(value(read), value(written));
}

fn ada() -> SigningSeed {
    SigningSeed::from_bytes(&hash(b"seed of ada"))
}

fn eve() -> SigningSeed {
    SigningSeed::from_bytes(&hash(b"seed of eve"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
