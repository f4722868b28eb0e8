//! One envelope of each type, with every bit flipped and at every length.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use common::{TestRng, organization, user};
use freehold_keys::envelope::{Binding, derive_key_id, open, seal};
use freehold_keys::{MasterKey, MethodKeys, MethodSecret};
use freehold_wire::{
    Context, Envelope, EnvelopeType, ItemId, MAX_ITEM_BYTES, MethodKind, PREFIX_BYTES, TAG_BYTES,
};

const KEY: [u8; 32] = [9; 32];

fn context() -> Context {
    Context::of_user(organization(), user())
}

/// A binding of each type, and content of its length.
fn bindings() -> [(EnvelopeType, Binding, Vec<u8>); 6] {
    let item = ItemId::from_bytes([4; 16]);
    let of_master_key =
        |method, parameters: &[u8]| Binding::of_master_key(context(), 1, method, parameters);
    [
        (
            EnvelopeType::MasterKeyForPassword,
            of_master_key(MethodKind::Password, &[5; 31]),
            vec![1; 32],
        ),
        (
            EnvelopeType::MasterKeyForRecoveryCode,
            of_master_key(MethodKind::RecoveryCode, &[]),
            vec![2; 32],
        ),
        (
            EnvelopeType::MasterKeyForPasskey,
            of_master_key(MethodKind::Passkey, &[6; 48]),
            vec![5; 32],
        ),
        (EnvelopeType::Keyring, Binding::of_keyring(context(), 1), vec![3; 64]),
        (EnvelopeType::Item, Binding::of_item(context(), item, 1, 1), b"content".to_vec()),
        (EnvelopeType::PersonalItemKey, Binding::of_item_key(context(), 1, item, 1), vec![4; 32]),
    ]
}

#[test]
fn every_flipped_bit_and_every_other_length_is_refused() {
    for (kind, binding, content) in bindings() {
        let sealed = seal(&KEY, &binding, &content, &mut TestRng::new(1));
        assert_eq!(open(&KEY, &binding, &sealed).as_deref(), Ok(&content), "{kind:?}");
        for position in 0..sealed.len() {
            for bit in 0..8 {
                let mut flipped = sealed.clone();
                flipped[position] ^= 1 << bit;
                assert!(open(&KEY, &binding, &flipped).is_err(), "{kind:?} {position} {bit}");
            }
            assert!(open(&KEY, &binding, &sealed[..position]).is_err(), "{kind:?} {position}");
            assert!(open(&KEY, &binding, &sealed[position + 1..]).is_err(), "{kind:?} {position}");
        }
    }
}

#[test]
fn an_envelope_opens_under_its_own_key_and_binding_alone() {
    for (kind, binding, content) in bindings() {
        let sealed = seal(&KEY, &binding, &content, &mut TestRng::new(2));
        for bit in 0..256 {
            let mut key = KEY;
            key[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&key, &binding, &sealed).is_err(), "{kind:?} {bit}");
        }
        for (other_kind, other, _) in bindings() {
            assert_eq!(open(&KEY, &other, &sealed).is_ok(), kind == other_kind);
        }
    }
}

#[test]
fn only_keys_that_no_person_typed_are_named_in_their_envelopes() {
    for (kind, binding, content) in bindings() {
        let sealed = seal(&KEY, &binding, &content, &mut TestRng::new(3));
        let parsed = Envelope::parse(&sealed, kind).unwrap();
        let of_a_secret = matches!(
            kind,
            EnvelopeType::MasterKeyForPassword
                | EnvelopeType::MasterKeyForRecoveryCode
                | EnvelopeType::MasterKeyForPasskey
        );
        assert_eq!(parsed.key_id() == &[0; 16], of_a_secret, "{kind:?}");
        assert_eq!(parsed.key_id(), &derive_key_id(&KEY, kind));
        assert_eq!(sealed.len(), PREFIX_BYTES + parsed.ciphertext().len());
    }
}

#[test]
fn content_of_another_length_does_not_open() {
    for (kind, binding, content) in bindings() {
        if kind == EnvelopeType::Item {
            continue;
        }
        for length in [0, 16, content.len() - 1, content.len() + 1, 96] {
            let sealed = seal(&KEY, &binding, &vec![7; length], &mut TestRng::new(4));
            assert!(open(&KEY, &binding, &sealed).is_err(), "{kind:?} {length}");
        }
    }
}

#[test]
fn an_item_of_any_length_up_to_the_limit_opens_and_none_beyond() {
    let (_, binding, _) = bindings().into_iter().find(|b| b.0 == EnvelopeType::Item).unwrap();
    for length in [0, 1, 62, 63, 64, 4095, 4096, 8191, 8192, MAX_ITEM_BYTES] {
        let content = vec![0; length];
        let sealed = seal(&KEY, &binding, &content, &mut TestRng::new(5));
        assert_eq!(open(&KEY, &binding, &sealed).as_deref(), Ok(&content), "{length}");
        assert_eq!((sealed.len() - PREFIX_BYTES - TAG_BYTES) % 64, 0);
    }
    let sealed = seal(&KEY, &binding, &vec![0; MAX_ITEM_BYTES + 1], &mut TestRng::new(5));
    assert!(open(&KEY, &binding, &sealed).is_err());
}

#[test]
fn a_methods_keys_open_the_master_key_of_their_epoch_alone() {
    let keys = |byte, kind, parameters: &[u8]| {
        MethodKeys::derive(&MethodSecret::from_bytes(&[byte; 32]), context(), kind, parameters)
    };
    let own = keys(1, MethodKind::RecoveryCode, &[]);
    let master = MasterKey::from_bytes(&[8; 32]);
    let sealed = own.seal(&master, 3, &mut TestRng::new(6));
    assert!(own.open(&sealed, 3).is_ok_and(|opened| opened.expose() == master.expose()));
    assert!(own.open(&sealed, 4).is_err());
    assert_eq!((own.kind(), own.parameters()), (MethodKind::RecoveryCode, &[][..]));
    for other in [
        keys(2, MethodKind::RecoveryCode, &[]),
        keys(1, MethodKind::RecoveryCode, &[0]),
        keys(1, MethodKind::Password, &[]),
    ] {
        assert!(other.open(&sealed, 3).is_err());
    }
}
