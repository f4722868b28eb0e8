//! What must be refused before the password is hashed: a server that got a cheap hash of it would
//! have bought cheap guesses.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use common::{ORIGIN, PASSWORD, Server, TestRng, client, organization, setup_offer, user};
use freehold_keys::{Client, KeyError, Remembered, Setup, Step, Unlock};
use freehold_wire::{
    AtMost, Exact, MethodKind, OfferedMethod, OrganizationId, PasswordParameters, Profile,
    UnlockOffer, UserId,
};

/// Begins an unlock by password; the error, and whether hashing had begun.
fn begin(offer: UnlockOffer, client: &Client<'_>) -> (Option<KeyError>, bool) {
    let mut hashed = false;
    let mut watch = |step: Step, _: f32| hashed |= step == Step::Derive;
    let begun = Unlock::begin(offer, client, MethodKind::Password, PASSWORD, &mut watch);
    (begun.err(), hashed)
}

fn remembered(epoch: u64) -> Remembered {
    Remembered {
        organization: organization(),
        user: user(),
        epoch,
        seq: 1,
        state_hash: Exact([1; 32]),
        profile_floor: None,
        accept_epoch: None,
    }
}

#[test]
fn an_honest_offer_is_hashed_for() {
    let (server, _) = Server::with_account(&setup_offer(), 20);
    assert_eq!(begin(server.offer(), &client(None)), (None, true));
}

#[test]
fn lowered_parameters_are_refused_before_hashing() {
    let (server, _) = Server::with_account(&setup_offer(), 21);
    let good = server.offer().methods[0].parameters.to_vec();
    for position in 0..15 {
        for bit in 0..8 {
            let mut offer = server.offer();
            let mut lowered = good.clone();
            lowered[position] ^= 1 << bit;
            offer.methods[0].parameters = AtMost::new(lowered).unwrap();
            let refused = (Some(KeyError::ProfileRefused), false);
            assert_eq!(begin(offer, &client(None)), refused, "{position} {bit}");
        }
    }
}

#[test]
fn a_profile_too_high_for_this_client_is_refused_before_hashing() {
    let (server, _) = Server::with_account(&setup_offer(), 22);
    let high = PasswordParameters { profile: Profile::Memory1Gib, salt: [1; 16] }.to_bytes();
    let mut offer = server.offer();
    offer.methods[0].parameters = AtMost::new(high.to_vec()).unwrap();
    assert_eq!(begin(offer, &client(None)), (Some(KeyError::ProfileRefused), false));
}

#[test]
fn a_profile_below_the_remembered_floor_is_refused_before_hashing() {
    let (server, _) = Server::with_account(&setup_offer(), 26);
    let known = Remembered { profile_floor: Some(Profile::Memory256Mib), ..remembered(1) };
    let refused = begin(server.offer(), &client(Some(&known)));
    assert_eq!(refused, (Some(KeyError::ProfileRefused), false));
}

#[test]
fn other_origins_epochs_and_methods_are_refused_before_hashing() {
    let (server, _) = Server::with_account(&setup_offer(), 23);
    let elsewhere = Client { origin: "https://evil.example", ..client(None) };
    assert_eq!(begin(server.offer(), &elsewhere), (Some(KeyError::WrongOrigin), false));

    let theirs = Remembered { user: UserId::from_bytes([9; 16]), ..remembered(1) };
    assert_eq!(begin(server.offer(), &client(Some(&theirs))), (Some(KeyError::BadMessage), false));
    let elsewhere = OrganizationId::from_bytes([9; 16]);
    let theirs = Remembered { organization: elsewhere, ..remembered(1) };
    assert_eq!(begin(server.offer(), &client(Some(&theirs))), (Some(KeyError::BadMessage), false));

    let newer = remembered(2);
    assert_eq!(begin(server.offer(), &client(Some(&newer))), (Some(KeyError::EpochBelow), false));

    let mut offer = server.offer();
    offer.epoch = 2;
    let older = remembered(1);
    assert_eq!(begin(offer.clone(), &client(Some(&older))), (Some(KeyError::EpochAbove), false));
    let agreed = Remembered { accept_epoch: Some(2), ..remembered(1) };
    assert_eq!(begin(offer, &client(Some(&agreed))), (None, true));

    let passkey = |salt: u8| OfferedMethod {
        kind: MethodKind::Passkey,
        parameters: AtMost::new(vec![salt; 40]).unwrap(),
    };
    let mut lists: [UnlockOffer; 7] = std::array::from_fn(|_| server.offer());
    lists[0].methods.pop();
    lists[1].methods.swap(0, 1);
    lists[2].methods.insert(1, passkey(1));
    lists[3].methods.extend([passkey(2), passkey(1)]);
    lists[4].methods.extend([passkey(1), passkey(1)]);
    lists[5].methods.extend((1..=9).map(passkey));
    lists[6].methods[1].parameters = AtMost::new(vec![0]).unwrap();
    for offer in lists {
        assert_eq!(begin(offer, &client(None)), (Some(KeyError::BadMessage), false));
    }
    let mut short = server.offer();
    short.methods.push(OfferedMethod {
        kind: MethodKind::Passkey,
        parameters: AtMost::new(vec![1; 32]).unwrap(),
    });
    assert_eq!(begin(short, &client(None)), (Some(KeyError::BadMessage), false));
    let mut eight = server.offer();
    eight.methods.extend((1..=8).map(passkey));
    assert_eq!(begin(eight, &client(None)), (None, true));
}

#[test]
fn a_set_up_is_refused_before_hashing() {
    let begin = |offer, client: &Client<'_>, password: &[u8]| {
        let mut hashed = false;
        let mut watch = |step: Step, _: f32| hashed |= step == Step::Derive;
        let begun = Setup::begin(offer, client, password, &mut TestRng::new(24), &mut watch);
        (begun.err(), hashed)
    };
    let elsewhere = Client { origin: "https://evil.example", ..client(None) };
    let refused = begin(setup_offer(), &elsewhere, PASSWORD);
    assert_eq!(refused, (Some(KeyError::WrongOrigin), false));
    let known = remembered(1);
    let refused = begin(setup_offer(), &client(Some(&known)), PASSWORD);
    assert_eq!(refused, (Some(KeyError::EpochBelow), false));
    let refused = begin(setup_offer(), &client(None), b"short");
    assert_eq!(refused, (Some(KeyError::PasswordTooShort), false));
    let mut bad: [_; 5] = std::array::from_fn(|_| setup_offer());
    bad[0].origins = vec![ORIGIN.repeat(20)];
    bad[1].subject = String::new();
    bad[2].subject = "a".repeat(256);
    bad[3].previous_card = Some(Exact([1; 32]));
    bad[4].epoch = 2;
    for offer in bad {
        let refused = begin(offer.clone(), &client(None), PASSWORD);
        assert_eq!(refused, (Some(KeyError::BadMessage), false), "{offer:?}");
    }
}

#[test]
fn progress_begins_with_the_hash_and_ends_at_one() {
    let mut steps = Vec::new();
    let mut watch = |step: Step, part: f32| steps.push((step.name(), part));
    let setup =
        Setup::begin(setup_offer(), &client(None), PASSWORD, &mut TestRng::new(25), &mut watch);
    assert!(setup.is_ok());
    assert_eq!(steps.first(), Some(&("derive", 0.0)));
    assert_eq!(steps.last(), Some(&("check", 1.0)));
    assert!(steps.is_sorted_by(|a, b| a.1 <= b.1), "{steps:?}");
}
