//! Properties that hold for every input.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use common::TestRng;
use freehold_keys::envelope::{Binding, open, seal};
use freehold_keys::{Password, RecoveryCode, make_passphrase, pad, unpad};
use freehold_wire::{
    Context, ItemId, MAX_ITEM_BYTES, MethodKind, OrganizationId, UserId, padded_length,
};
use proptest::prelude::*;

/// Every type of envelope, bound to anything, with content of the type's length.
fn sealed_things() -> impl Strategy<Value = (Binding, Vec<u8>)> {
    let ids = (any::<[u8; 16]>(), any::<[u8; 16]>(), any::<[u8; 16]>());
    let numbers = (any::<u64>(), any::<u64>(), any::<u16>());
    let extra = proptest::collection::vec(any::<u8>(), 0..64);
    let item = proptest::collection::vec(any::<u8>(), 0..9000);
    let key = proptest::collection::vec(any::<u8>(), 64);
    (ids, numbers, extra, item, key, 0..5).prop_map(|(ids, numbers, extra, item, key, which)| {
        let context =
            Context::of_user(OrganizationId::from_bytes(ids.0), UserId::from_bytes(ids.1));
        let object = ItemId::from_bytes(ids.2);
        let (epoch, version, content_type) = numbers;
        let password = MethodKind::Password;
        match which {
            0 => (Binding::of_master_key(context, epoch, password, &extra), key[..32].to_vec()),
            1 => {
                let code = MethodKind::RecoveryCode;
                (Binding::of_master_key(context, epoch, code, &[]), key[..32].to_vec())
            }
            2 => (Binding::of_keyring(context, epoch), key),
            3 => (Binding::of_item_key(context, epoch, object, version), key[..32].to_vec()),
            _ => (Binding::of_item(context, object, version, content_type), item),
        }
    })
}

proptest! {
    #[test]
    fn what_was_sealed_opens(thing in sealed_things(), key: [u8; 32], seed: u64) {
        let (binding, content) = thing;
        let sealed = seal(&key, &binding, &content, &mut TestRng::new(seed));
        prop_assert_eq!(&**open(&key, &binding, &sealed).unwrap(), &content[..]);
    }

    #[test]
    fn any_flipped_bit_is_refused(
        thing in sealed_things(), key: [u8; 32], seed: u64, at: proptest::sample::Index, bit in 0..8u8,
    ) {
        let (binding, content) = thing;
        let mut sealed = seal(&key, &binding, &content, &mut TestRng::new(seed));
        let position = at.index(sealed.len());
        sealed[position] ^= 1 << bit;
        prop_assert!(open(&key, &binding, &sealed).is_err(), "byte {}", position);
    }

    #[test]
    fn any_other_length_is_refused(
        thing in sealed_things(), key: [u8; 32], seed: u64, at: proptest::sample::Index, more in 1..100usize,
    ) {
        let (binding, content) = thing;
        let mut sealed = seal(&key, &binding, &content, &mut TestRng::new(seed));
        prop_assert!(open(&key, &binding, &sealed[..at.index(sealed.len())]).is_err());
        sealed.resize(sealed.len() + more, 0);
        prop_assert!(open(&key, &binding, &sealed).is_err());
    }

    #[test]
    fn another_key_or_binding_opens_nothing(
        one in sealed_things(), other in sealed_things(), key: [u8; 32], seed: u64,
    ) {
        let (binding, content) = one;
        let sealed = seal(&key, &binding, &content, &mut TestRng::new(seed));
        let mut other_key = key;
        other_key[31] ^= 1;
        prop_assert!(open(&other_key, &binding, &sealed).is_err());
        if other.0 != binding {
            prop_assert!(open(&key, &other.0, &sealed).is_err());
        }
    }

    #[test]
    fn the_same_content_is_never_sealed_the_same(thing in sealed_things(), key: [u8; 32]) {
        let (binding, content) = thing;
        let mut rng = TestRng::new(1);
        let first = seal(&key, &binding, &content, &mut rng);
        prop_assert_ne!(first, seal(&key, &binding, &content, &mut rng));
    }

    #[test]
    fn padding_comes_off_and_shows_only_steps(content in proptest::collection::vec(any::<u8>(), 0..20_000)) {
        let mut padded = pad(&content);
        prop_assert_eq!(Some(padded.len()), padded_length(content.len() + 1));
        prop_assert!(padded.len() - content.len() <= 64.max(content.len() / 8));
        prop_assert!(unpad(&mut padded).is_some());
        prop_assert_eq!(padded, content);
    }

    #[test]
    fn one_zero_more_or_less_is_not_padding(content in proptest::collection::vec(any::<u8>(), 0..9000)) {
        let mut longer = pad(&content);
        longer.push(0);
        prop_assert!(unpad(&mut longer).is_none());
        let mut shorter = pad(&content);
        let last = shorter.pop();
        prop_assert!(last != Some(0) || unpad(&mut shorter).is_none());
    }

    #[test]
    fn normalizing_twice_changes_nothing(typed in "\\PC{0,60}") {
        if let Ok(once) = Password::parse(typed.as_bytes()) {
            let twice = Password::parse(once.expose()).ok().unwrap();
            prop_assert_eq!(once.expose(), twice.expose());
        }
    }

    #[test]
    fn every_recovery_code_is_read_back(bytes: [u8; 32]) {
        let code = RecoveryCode::from_bytes(&bytes);
        prop_assert!(RecoveryCode::parse(code.to_text().as_bytes()).is_ok_and(|read| read.is(&code)));
        prop_assert!(RecoveryCode::parse(code.to_words().as_bytes()).is_ok_and(|read| read.is(&code)));
    }

    #[test]
    fn nothing_that_is_typed_panics(typed in proptest::collection::vec(any::<u8>(), 0..2000), text in ".{0,200}") {
        let _ = (Password::parse(&typed), RecoveryCode::parse(&typed));
        let _ = (Password::parse(text.as_bytes()), RecoveryCode::parse(text.as_bytes()));
    }
}

#[test]
fn the_largest_item_pads_and_one_byte_more_does_not_unpad() {
    let mut largest = pad(&vec![1; MAX_ITEM_BYTES]);
    assert!(unpad(&mut largest).is_some());
    let mut more = pad(&vec![1; MAX_ITEM_BYTES + 1]);
    assert!(unpad(&mut more).is_none());
}

#[test]
fn a_made_passphrase_is_seven_words_that_keep_the_rules() {
    let mut rng = TestRng::new(1);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..200 {
        let passphrase = make_passphrase(&mut rng).to_string();
        assert_eq!(passphrase.split('-').count(), 7, "{passphrase}");
        assert!(passphrase.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase()));
        assert!(Password::parse(passphrase.as_bytes()).is_ok());
        seen.extend(passphrase.split('-').map(str::to_owned));
    }
    // 1400 draws of 2048 words show 1014 of them on average.
    assert!((900..1130).contains(&seen.len()), "{}", seen.len());
}
