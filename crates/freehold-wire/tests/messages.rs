//! Messages as JSON: each is read back as the same, requests hold nothing more, limits are exact.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use freehold_wire::{
    AtMost, ChangeOffer, ChangeRequest, Context, Exact, ItemId, ItemRecord, KeyPolicy,
    MAX_CARD_BYTES, MAX_CONTENT_BYTES, MAX_COUNTER, MAX_ORIGIN_BYTES, MAX_PARAMETERS_BYTES,
    MAX_SETUP_REQUEST_BYTES, MAX_STATE_BYTES, MAX_UNLOCK_REQUEST_BYTES, MessageError, MethodKind,
    NewMethod, OfferedMethod, OrganizationId, Profile, ProofSubject, Purpose, RememberedPoint,
    RenewalRequest, SetupOffer, SetupRequest, Timestamp, UnlockAnswer, UnlockOffer, UnlockRequest,
    UserId, length_prefixed,
};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn at_most<const MAX: usize>(longest: usize) -> impl Strategy<Value = AtMost<MAX>> {
    proptest::collection::vec(any::<u8>(), 0..=longest).prop_map(|b| AtMost::new(b).unwrap())
}

fn exact<const N: usize>() -> impl Strategy<Value = Exact<N>> {
    any::<[u8; N]>().prop_map(Exact)
}

fn kinds() -> impl Strategy<Value = MethodKind> {
    prop_oneof![Just(MethodKind::Password), Just(MethodKind::RecoveryCode)]
}

fn counters() -> impl Strategy<Value = u64> {
    prop_oneof![1..=MAX_COUNTER, 1..10u64, Just(MAX_COUNTER)]
}

fn ids() -> impl Strategy<Value = (OrganizationId, UserId)> {
    any::<[[u8; 16]; 2]>()
        .prop_map(|[one, two]| (OrganizationId::from_bytes(one), UserId::from_bytes(two)))
}

fn setup_requests() -> impl Strategy<Value = SetupRequest> {
    let method = (kinds(), at_most(60), at_most(140), exact()).prop_map(
        |(kind, parameters, envelope, proof)| NewMethod { kind, parameters, envelope, proof },
    );
    let methods = proptest::collection::vec(method, 0..4);
    (at_most(MAX_CARD_BYTES), at_most(900), at_most(172), methods)
        .prop_map(|(card, state, keyring, methods)| SetupRequest { card, state, keyring, methods })
}

fn unlock_requests() -> impl Strategy<Value = UnlockRequest> {
    let point = (counters(), counters()).prop_map(|(epoch, seq)| RememberedPoint { epoch, seq });
    (kinds(), at_most(MAX_PARAMETERS_BYTES), exact(), proptest::option::of(point)).prop_map(
        |(kind, parameters, signature, remembered)| UnlockRequest {
            kind,
            parameters,
            signature,
            remembered,
        },
    )
}

fn policies() -> impl Strategy<Value = KeyPolicy> {
    let profiles = [Profile::Memory64Mib, Profile::Memory256Mib, Profile::Memory1Gib];
    (proptest::sample::select(profiles.to_vec()), any::<bool>())
        .prop_map(|(profile_floor, passkey_required)| KeyPolicy { profile_floor, passkey_required })
}

fn setup_offers() -> impl Strategy<Value = SetupOffer> {
    let texts = (proptest::collection::vec(".{0,40}", 0..4), ".{0,80}");
    (ids(), counters(), proptest::option::of(exact()), texts, exact(), policies()).prop_map(
        |((organization, user), epoch, previous_card, (origins, subject), challenge, policy)| {
            SetupOffer {
                organization,
                user,
                epoch,
                previous_card,
                origins,
                challenge,
                subject,
                policy,
            }
        },
    )
}

fn unlock_offers() -> impl Strategy<Value = UnlockOffer> {
    let method =
        (kinds(), at_most(100)).prop_map(|(kind, parameters)| OfferedMethod { kind, parameters });
    let methods = proptest::collection::vec(method, 0..4);
    let origins = proptest::collection::vec(".{0,40}", 0..4);
    (ids(), counters(), origins, methods, exact(), policies()).prop_map(
        |((organization, user), epoch, origins, methods, challenge, policy)| UnlockOffer {
            organization,
            user,
            epoch,
            origins,
            methods,
            challenge,
            policy,
        },
    )
}

fn answers() -> impl Strategy<Value = UnlockAnswer> {
    let states = proptest::collection::vec(at_most(500), 0..4);
    (at_most(140), at_most(172), at_most(MAX_CARD_BYTES), states, any::<u64>()).prop_map(
        |(envelope, keyring, card, states, failed_since)| UnlockAnswer {
            envelope,
            keyring,
            card,
            states,
            failed_since,
        },
    )
}

fn items() -> impl Strategy<Value = ItemRecord> {
    let time = proptest::option::of(any::<u64>().prop_map(Timestamp::from_millis));
    (any::<[u8; 16]>(), counters(), at_most(140), at_most(600), time).prop_map(
        |(id, version, item_key, content, updated_at)| ItemRecord {
            id: ItemId::from_bytes(id),
            version,
            item_key,
            content,
            updated_at,
        },
    )
}

fn is_read_back<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(message: &T) {
    let written = serde_json::to_string(message).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&written).unwrap(), message, "{written}");
    // What a later server adds is no reason to refuse an offer or an answer.
    let mut more: Value = serde_json::from_str(&written).unwrap();
    more["later"] = json!(true);
    assert_eq!(&serde_json::from_value::<T>(more).unwrap(), message);
}

proptest! {
    #[test]
    fn what_the_server_says_is_read_back_with_whatever_it_says_besides(
        setup in setup_offers(), unlock in unlock_offers(), answer in answers(), item in items(),
    ) {
        is_read_back(&setup);
        is_read_back(&unlock);
        is_read_back(&answer);
        is_read_back(&item);
    }

    #[test]
    fn requests_are_read_back_and_hold_nothing_besides(
        setup in setup_requests(), unlock in unlock_requests(),
    ) {
        let written = serde_json::to_value(&setup).unwrap();
        let read = |value: &Value| SetupRequest::from_json(value.to_string().as_bytes());
        prop_assert_eq!(read(&written).unwrap().hash(), setup.hash());
        prop_assert_eq!(read(&written).unwrap(), setup.clone());
        let mut more = written.clone();
        more["later"] = json!(true);
        prop_assert!(read(&more).is_err());
        if !setup.methods.is_empty() {
            let mut more = written;
            more["methods"][0]["later"] = json!(true);
            prop_assert!(read(&more).is_err());
        }
        let written = serde_json::to_value(&unlock).unwrap();
        let read = |value: &Value| UnlockRequest::from_json(value.to_string().as_bytes());
        prop_assert_eq!(read(&written).unwrap(), unlock.clone());
        let mut more = written.clone();
        more["later"] = json!(true);
        prop_assert!(read(&more).is_err());
        if unlock.remembered.is_some() {
            let mut more = written;
            more["remembered"]["later"] = json!(true);
            prop_assert!(read(&more).is_err());
        }
    }

    #[test]
    fn another_request_has_another_hash(one in setup_requests(), other in setup_requests()) {
        prop_assert_eq!(one == other, one.hash() == other.hash());
    }

    #[test]
    fn every_part_of_a_request_counts_in_its_hash(
        request in setup_requests(), method in (kinds(), at_most(9), at_most(9), exact()),
    ) {
        let (kind, parameters, envelope, proof) = method;
        let mut request = request;
        request.methods = vec![NewMethod { kind, parameters, envelope, proof }];
        let longer = |bytes: &[u8]| [bytes, &[1]].concat();
        let mut others: [SetupRequest; 7] = std::array::from_fn(|_| request.clone());
        others[0].card = AtMost::new([&request.card[1.min(request.card.len())..], &[1, 2]].concat())
            .unwrap_or_else(|| AtMost::new(Vec::new()).unwrap());
        others[1].state = AtMost::new(longer(&request.state)).unwrap();
        others[2].keyring = AtMost::new(Vec::new()).unwrap();
        others[3].methods[0].kind = match kind {
            MethodKind::Password => MethodKind::RecoveryCode,
            _ => MethodKind::Password,
        };
        others[4].methods[0].parameters =
            AtMost::new(longer(&request.methods[0].parameters)).unwrap();
        others[5].methods[0].envelope = AtMost::new(longer(&request.methods[0].envelope)).unwrap();
        others[6].methods[0].proof.0[63] ^= 1;
        for other in others {
            prop_assert_eq!(other == request, other.hash() == request.hash());
        }
    }
}

#[test]
fn a_message_may_have_its_limit_and_not_a_byte_more() {
    let setup = r#"{"card":"AA","state":"AQ","keyring":"Ag","methods":[]}"#;
    let padded = |text: &str, length: usize| {
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(length, b' ');
        bytes
    };
    assert!(SetupRequest::from_json(&padded(setup, MAX_SETUP_REQUEST_BYTES)).is_ok());
    let long = SetupRequest::from_json(&padded(setup, MAX_SETUP_REQUEST_BYTES + 1));
    assert_eq!(long, Err(MessageError::TooLong));
    let signature = "A".repeat(86);
    let unlock =
        format!(r#"{{"type":1,"parameters":"","signature":"{signature}","remembered":null}}"#);
    assert!(UnlockRequest::from_json(&padded(&unlock, MAX_UNLOCK_REQUEST_BYTES)).is_ok());
    let long = UnlockRequest::from_json(&padded(&unlock, MAX_UNLOCK_REQUEST_BYTES + 1));
    assert_eq!(long, Err(MessageError::TooLong));
    assert_eq!((MAX_SETUP_REQUEST_BYTES, MAX_UNLOCK_REQUEST_BYTES), (65_536, 4096), "section 12");
    let change = r#"{"state":"AQ","methods":[]}"#;
    assert!(ChangeRequest::from_json(&padded(change, 65_536)).is_ok(), "section 12");
    let long = ChangeRequest::from_json(&padded(change, 65_537));
    assert_eq!(long, Err(MessageError::TooLong));
    let renewal = format!(r#"{{"setup":{setup},"handover":"","items":[]}}"#);
    assert!(RenewalRequest::from_json(&padded(&renewal, 1_048_576)).is_ok(), "section 12");
    let long = RenewalRequest::from_json(&padded(&renewal, 1_048_577));
    assert_eq!(long, Err(MessageError::TooLong));
}

#[test]
fn a_request_has_names_for_all_that_it_says_and_leaves_nothing_out() {
    let signature = "A".repeat(86);
    let proof = format!(r#""{signature}""#);
    let method = format!(r#"{{"type":2,"parameters":"","envelope":"","proof":{proof}}}"#);
    let setup = |method: &str| {
        format!(r#"{{"card":"AA","state":"AQ","keyring":"Ag","methods":[{method}]}}"#)
    };
    let unlock = |end: &str| format!(r#"{{"type":1,"parameters":"","signature":{proof}{end}}}"#);
    assert!(SetupRequest::from_json(setup(&method).as_bytes()).is_ok());
    for other in [r#"["AA","AQ","Ag",[]]"#.to_owned(), setup(&format!(r#"[2,"","",{proof}]"#))] {
        assert!(SetupRequest::from_json(other.as_bytes()).is_err(), "{other}");
    }
    for end in [r#","remembered":null"#, r#","remembered":{"epoch":1,"seq":2}"#] {
        assert!(UnlockRequest::from_json(unlock(end).as_bytes()).is_ok(), "{end}");
    }
    for end in ["", r#","remembered":[1,2]"#] {
        assert!(UnlockRequest::from_json(unlock(end).as_bytes()).is_err(), "{end}");
    }
    let id = "0190163d-8694-739b-aea5-966c26f8ad91";
    let item =
        |end: &str| format!(r#"{{"id":"{id}","version":1,"itemKey":"AA","content":"AA"{end}}}"#);
    assert!(ItemRecord::from_json(item("").as_bytes()).is_ok());
    for other in [
        item(r#","later":true"#),
        item(r#","updatedAt":1"#),
        item(r#","updatedAt":null"#),
        format!(r#"["{id}",1,"AA","AA"]"#),
    ] {
        assert!(ItemRecord::from_json(other.as_bytes()).is_err(), "{other}");
    }
    let change = r#"["AQ",[]]"#;
    assert!(ChangeRequest::from_json(change.as_bytes()).is_err());
    let renewal = format!(r#"[{},"",[]]"#, setup(&method));
    assert!(RenewalRequest::from_json(renewal.as_bytes()).is_err());
}

#[test]
fn a_refusal_repeats_nothing_of_the_request() {
    for (json, place) in [
        (r#"{"type":"correct horse"}"#, "(line 1, column 23)"),
        (r#"{"correct horse":1}"#, "(line 1, column 16)"),
    ] {
        let refusal = UnlockRequest::from_json(json.as_bytes()).unwrap_err().to_string();
        assert!(!refusal.contains("horse") && refusal.contains(place), "{refusal}");
    }
}

#[test]
fn a_policy_that_asks_for_nothing_more_is_not_sent() {
    // Section 12: absent, it is profile 1 and no passkey.
    let mut offer = ChangeOffer {
        organization: OrganizationId::from_bytes([1; 16]),
        user: UserId::from_bytes([2; 16]),
        epoch: 1,
        origins: Vec::new(),
        challenge: Exact([3; 32]),
        policy: KeyPolicy { profile_floor: Profile::Memory64Mib, passkey_required: false },
    };
    let sent = |offer: &ChangeOffer| serde_json::to_value(offer).unwrap().get("policy").cloned();
    assert_eq!(sent(&offer), None);
    offer.policy.passkey_required = true;
    assert_eq!(sent(&offer), Some(json!({ "profileFloor": 1, "passkeyRequired": true })));
    offer.policy = KeyPolicy { profile_floor: Profile::Memory256Mib, passkey_required: false };
    assert_eq!(sent(&offer), Some(json!({ "profileFloor": 2, "passkeyRequired": false })));
}

#[test]
fn an_envelope_in_a_message_is_no_longer_than_that_of_its_key() {
    // Section 6: 92 bytes, the content, 16 bytes; a key has 32 bytes, a keyring 64.
    let text = |length| freehold_wire::encode_base64url(&vec![7; length]);
    let keyring = |length| {
        let setup = json!({ "card": "", "state": "", "keyring": text(length), "methods": [] });
        SetupRequest::from_json(setup.to_string().as_bytes()).is_ok()
    };
    assert!(keyring(92 + 64 + 16) && !keyring(92 + 64 + 16 + 1));
    let proof = text(64);
    let method = |length| {
        let envelope = text(length);
        let method = json!({ "type": 2, "parameters": "", "envelope": envelope, "proof": proof });
        let change = json!({ "state": "", "methods": [method] });
        ChangeRequest::from_json(change.to_string().as_bytes()).is_ok()
    };
    assert!(method(92 + 32 + 16) && !method(92 + 32 + 16 + 1));
}

#[test]
fn numbers_in_messages_are_counters() {
    let point = |epoch: Value| {
        serde_json::from_value::<RememberedPoint>(json!({ "epoch": epoch, "seq": 1 })).is_ok()
    };
    assert!(point(json!(1)) && point(json!(MAX_COUNTER)));
    for other in [json!(0), json!(MAX_COUNTER + 1), json!(-1), json!(1.0), json!("1"), json!(null)]
    {
        assert!(!point(other.clone()), "{other}");
    }
    let kind = |value: Value| serde_json::from_value::<MethodKind>(value);
    assert_eq!(kind(json!(1)).unwrap(), MethodKind::Password);
    assert_eq!(kind(json!(2)).unwrap(), MethodKind::RecoveryCode);
    for other in [json!(0), json!(255), json!(257), json!("1"), json!(null)] {
        assert!(kind(other.clone()).is_err(), "{other}");
    }
}

#[test]
fn bytes_in_messages_have_their_length() {
    fn fits<T: DeserializeOwned>(length: usize) -> bool {
        let text = freehold_wire::encode_base64url(&vec![7; length]);
        serde_json::from_value::<T>(json!(text)).is_ok()
    }
    assert!(fits::<Exact<32>>(32) && !fits::<Exact<32>>(31) && !fits::<Exact<32>>(33));
    assert!(fits::<AtMost<32>>(0) && fits::<AtMost<32>>(32) && !fits::<AtMost<32>>(33));
    assert!(AtMost::<2>::new(vec![1, 2]).is_some() && AtMost::<2>::new(vec![1, 2, 3]).is_none());
    assert_eq!(AtMost::<2>::new(vec![1, 2]).unwrap().into_vec(), [1, 2]);
    assert_eq!(Exact([1, 2]).as_bytes(), &[1, 2]);
    assert_eq!(Exact::from([1, 2]), Exact([1, 2]));
    assert_eq!(format!("{:?}", Exact([0xff, 0xef])), "_-8");
    assert_eq!(format!("{:?}", AtMost::<2>::new(vec![1, 2]).unwrap()), "2 bytes");
    assert_eq!((MAX_CARD_BYTES, MAX_STATE_BYTES), (512, 16_384), "section 10");
    assert_eq!(MAX_CONTENT_BYTES, 92 + 1_081_344 + 16, "section 6");
    assert_eq!(MAX_PARAMETERS_BYTES, 1055, "section 10");
}

#[test]
fn a_proof_is_over_all_that_it_is_bound_to() {
    let context =
        Context::of_user(OrganizationId::from_bytes([1; 16]), UserId::from_bytes([2; 16]));
    assert_eq!(context.organization(), OrganizationId::from_bytes([1; 16]));
    assert_eq!(context.user(), UserId::from_bytes([2; 16]));
    let subject = ProofSubject {
        context,
        epoch: 3,
        kind: MethodKind::RecoveryCode,
        parameters: &[4, 5],
        challenge: &[6; 32],
    };
    // Section 11, written out.
    let m = [
        &b"FH\x01\x01"[..],
        &[1; 16],
        &[2; 16],
        &[0, 0, 0, 0, 0, 0, 0, 3, 2, 0, 2, 4, 5, 0, 1],
        b"o",
        &[6; 32],
    ]
    .concat();
    for (purpose, label) in [
        (Purpose::Enroll, &b"freehold/v1/enroll\0"[..]),
        (Purpose::Unlock, b"freehold/v1/unlock\0"),
    ] {
        assert_eq!(subject.message(purpose, "o"), Some([label, &m].concat()));
    }
    let origin = "o".repeat(MAX_ORIGIN_BYTES);
    assert!(subject.message(Purpose::Unlock, &origin).is_some());
    assert_eq!(subject.message(Purpose::Unlock, &format!("{origin}o")), None);
    let long = vec![0; MAX_PARAMETERS_BYTES + 1];
    let longest = ProofSubject { parameters: &long[1..], ..subject };
    assert!(longest.message(Purpose::Unlock, "o").is_some());
    let longer = ProofSubject { parameters: &long, ..subject };
    assert_eq!(longer.message(Purpose::Unlock, "o"), None);
    assert_eq!(MAX_ORIGIN_BYTES, 255, "section 11");
}

#[test]
fn a_length_in_front_has_two_bytes() {
    assert_eq!(length_prefixed(b"ab"), Some(b"\0\x02ab".to_vec()));
    assert_eq!(length_prefixed(&[]), Some(vec![0, 0]));
    let longest = length_prefixed(&vec![7; 65_535]).unwrap();
    assert_eq!((longest.len(), &longest[..3]), (65_537, &[0xff, 0xff, 7][..]));
    assert_eq!(length_prefixed(&vec![7; 65_536]), None);
}
