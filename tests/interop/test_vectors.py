"""Every vector of `tests/vectors/v1`, read by this implementation.

A refusal must be the one the vector names: its code where the protocol has one (section 14), else the
check that refuses, by REASONS.
"""

import json
import uuid
from pathlib import Path

import pytest
from checker import account, envelope, methods, primitives, statements
from checker.errors import Refused, require
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt

VECTORS = Path(__file__).parents[1] / "vectors/v1"

# Kind and name of a check -> how this implementation words it.
REASONS = {
    ("envelope", "envelope"): {"length", "content length", "header", "commitment", "tag", "padding", "padded length"},
    ("padding", "envelope"): {"padding", "padded length"},
    ("card", "public-key"): {"Ed25519 key", "X25519 key"},
    ("state", "public-key"): {"method"},
    ("setup-server", "card-elsewhere"): {"another account or epoch"},
    ("setup-server", "card-before"): {"card before"},
    ("setup-server", "card-subject"): {"subject"},
    ("setup-server", "card-signature"): {"card signature"},
    ("setup-server", "state-elsewhere"): {"another account or epoch"},
    ("setup-server", "state-not-first"): {"seq"},
    ("setup-server", "state-signature"): {"state signature"},
    ("setup-server", "card-hash"): {"card hash"},
    ("setup-server", "keyring"): {"keyring form"},
    ("setup-server", "keyring-hash"): {"keyring hash"},
    ("setup-server", "envelope"): {"envelope form"},
    ("setup-server", "envelope-hash"): {"envelope hash"},
    ("setup-server", "methods"): {"methods"},
    ("setup-server", "below-floor"): {"floor"},
    ("setup-server", "proof"): {"proof"},
}


def load() -> list:
    """All cases: (kind, case)."""
    files = [json.loads(path.read_text("utf-8")) for path in sorted(VECTORS.glob("*.json"))]
    assert len(files) >= 12, "the vectors are there"
    return [pytest.param(f["kind"], case, id=f"{f['kind']}: {case['name']}") for f in files for case in f["cases"]]


def hexadecimal(text: str) -> bytes:
    return bytes.fromhex(text)


def identifier(text: str) -> bytes:
    return uuid.UUID(text).bytes


def owner(inputs: dict) -> account.Account:
    return account.Account(*(identifier(inputs[n]) for n in ("organization", "user")), inputs.get("epoch", 1))


def run_password(inputs: dict) -> dict:
    return {"password": methods.normalize_password(hexadecimal(inputs["typed"])).hex()}


def run_recovery_code(inputs: dict) -> dict:
    try:
        typed = hexadecimal(inputs["typed"]).decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("bad-code") from None
    return {"secret": methods.parse_recovery_code(typed).hex()}


def run_derivation(inputs: dict) -> dict:
    place, kind = owner(inputs), inputs["type"]
    parameters, secret = hexadecimal(inputs["parameters"]), hexadecimal(inputs["input"])
    if kind == methods.PASSWORD:
        secret = methods.password_secret(secret, place.context, methods.parse_kh(parameters))
    elif parameters:
        raise Refused("profile-refused")
    keys = methods.derive_method_keys(kind, secret, parameters, place.context)
    master = hexadecimal(inputs["masterKey"])
    return {
        "ctx": place.context.hex(),
        "secret": secret.hex(),
        "wrappingKey": keys.wrapping_key.hex(),
        "unlockKey": keys.unlock_seed.hex(),
        "unlockPublicKey": keys.unlock_public_key.hex(),
        "keyringKey": envelope.derive_keyring_key(master, place.context, place.epoch).hex(),
        "personalKey": envelope.derive_personal_key(master, place.context, place.epoch).hex(),
    }


def seal(key: bytes, asked: envelope.Asked, salt: bytes, content: bytes) -> bytes:
    """Section 6, "Seal", so that a vector's bytes are made from its inputs and not only read."""
    by_secret = asked.kind in (envelope.MASTER_KEY_BY_PASSWORD, envelope.MASTER_KEY_BY_CODE)
    key_id = bytes(16) if by_secret else primitives.expand(key, primitives.label("key-id"), 16)
    if asked.kind == envelope.ITEM:
        content = (content + b"\x80").ljust(envelope.padded_length(len(content)), b"\x00")
    header = b"FHE1" + bytes([1, asked.kind, 0, 0]) + key_id + salt
    bound = header + asked.bound_context()
    info = primitives.label("envelope") + primitives.sha256(bound)
    okm = primitives.expand(primitives.extract(salt, key), info, 88)
    sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(content, bound, okm[64:], okm[32:64])
    return header + okm[:32] + len(sealed).to_bytes(4, "big") + sealed


def run_envelope(inputs: dict) -> dict:
    place = owner(inputs)
    asked = envelope.Asked(
        place.context,
        inputs["type"],
        inputs["epoch"],
        identifier(inputs["object"]),
        inputs["version"],
        hexadecimal(inputs["extra"]),
    )
    key = hexadecimal(inputs["key"])
    if "seal" in inputs:
        parts = (hexadecimal(inputs["seal"][name]) for name in ("salt", "content"))
        return {"envelope": seal(key, asked, *parts).hex()}
    return {"content": envelope.open_envelope(hexadecimal(inputs["envelope"]), key, asked).hex()}


def run_padding(inputs: dict) -> dict:
    if "content" in inputs:
        length = inputs["content"]["length"]
        require(length <= envelope.MAX_ITEM, "item-too-large")
        return {"paddedLength": envelope.padded_length(length)}
    padded = hexadecimal(inputs["padded"]) + bytes(inputs.get("zeros", 0))
    return {"content": envelope.unpad(padded).hex()}


def run_public_key(inputs: dict) -> dict:
    valid = {"Ed25519": primitives.is_valid_ed25519_point, "X25519": primitives.is_valid_x25519_key}
    if not valid[inputs["algorithm"]](hexadecimal(inputs["key"])):
        raise Refused("public-key")
    return {"valid": True}


def run_card(inputs: dict) -> dict:
    card = statements.verify_card(hexadecimal(inputs["card"]))
    return {
        "organization": str(uuid.UUID(bytes=card.org)),
        "user": str(uuid.UUID(bytes=card.user)),
        "subject": card.subject,
        "signingKey": card.signing_key.hex(),
        "agreementKey": card.agreement_key.hex(),
        "epoch": card.epoch,
        "previous": card.previous.hex(),
        "hash": card.hash.hex(),
    }


def run_state(inputs: dict) -> dict:
    state = statements.verify_state(hexadecimal(inputs["state"]), hexadecimal(inputs["signingKey"]))
    return {"epoch": state.epoch, "seq": state.seq, "hash": state.hash.hex(), "time": state.time}


def offered(expected: dict) -> account.Offered:
    previous = expected.get("previousCard")
    return account.Offered(
        owner(expected),
        expected.get("subject", ""),
        previous and primitives.parse_base64url(previous),
        expected["origins"],
        primitives.parse_base64url(expected["challenge"]),
    )


def run_setup_server(inputs: dict) -> dict:
    account.verify_setup(inputs["request"], offered(inputs["expected"]))
    request = inputs["request"]
    hashes = [primitives.sha256(primitives.parse_base64url(request[name])).hex() for name in ("card", "state")]
    return {"cardHash": hashes[0], "stateHash": hashes[1]}


def run_unlock_server(inputs: dict) -> dict:
    expected = inputs["expected"]
    known = (expected["type"], hexadecimal(expected["parameters"]), hexadecimal(expected["unlockPublicKey"]))
    account.verify_unlock(inputs["request"], offered(expected), *known)
    return {"type": expected["type"]}


def remembered_of(client: dict, offer: dict) -> account.Remembered | None:
    remembered = client["remembered"]
    if remembered is None:
        return None
    if [remembered[n] for n in ("organization", "user")] != [offer[n] for n in ("organization", "user")]:
        raise Refused("bad-message", "remembered of another user")
    state_hash = primitives.parse_base64url(remembered["stateHash"])
    return account.Remembered(remembered["epoch"], remembered["seq"], state_hash)


def unlock(inputs: dict) -> account.Opened:
    client, offer, kind = inputs["client"], inputs["offer"], inputs["type"]
    remembered = remembered_of(client, offer)
    accepted = (client["remembered"] or {}).get("acceptEpoch")
    place = account.check_offer(offer, client["origin"], remembered, accepted)
    ways = [(m["type"], primitives.parse_base64url(m["parameters"])) for m in offer["methods"]]
    if methods.parse_kh(ways[0][1]).profile > client["highestProfile"]:
        raise Refused("profile-refused")
    keys = account.derive_from_typed(kind, inputs["secret"], dict(ways)[kind], place.context)
    records = account.Records.from_answer(inputs["answer"])
    return account.open_answer(place, ways, kind, keys, records, remembered)


def run_unlock_client(inputs: dict) -> dict:
    opened = unlock(inputs)
    return {"changedAt": opened.state.time, "failedSince": inputs["answer"]["failedSince"]}


def run_item(inputs: dict) -> dict:
    opened = unlock(inputs["unlock"])
    item, version = identifier(inputs["item"]), primitives.parse_counter(inputs["version"])
    if "record" in inputs:
        return {"content": opened.open_item(item, version, inputs["record"]).hex()}
    content, random = (hexadecimal(inputs["seal"][name]) for name in ("content", "random"))
    if len(content) > envelope.MAX_ITEM:
        raise Refused("item-too-large")
    context, epoch = opened.account.context, opened.account.epoch
    key = seal(opened.personal_key, envelope.Asked(context, 9, epoch, item, version), random[32:64], random[:32])
    body = seal(random[:32], envelope.Asked(context, 7, 0, item, version, b"\x00\x01"), random[64:], content)
    return {"record": {"itemKey": primitives.base64url(key), "content": primitives.base64url(body)}}


def run_setup_client(inputs: dict) -> dict:
    """The reading side of a set-up: what must be refused before anything is made."""
    client, offer = inputs["client"], inputs["offer"]
    remembered = remembered_of(client, offer)
    place = account.Account(
        primitives.parse_id(offer["organization"]),
        primitives.parse_id(offer["user"]),
        primitives.parse_counter(offer["epoch"]),
    )
    if remembered and remembered.epoch >= place.epoch:
        raise Refused("epoch-below")
    if client["origin"] not in offer["origins"]:
        raise Refused("wrong-origin")
    if (offer["previousCard"] is None) != (place.epoch == 1) or not 1 <= len(offer["subject"].encode()) <= 255:
        raise Refused("bad-message")
    methods.normalize_password(hexadecimal(inputs["password"]))
    proof = methods.parse_recovery_code(inputs["proof"])
    if proof != hexadecimal(inputs["random"])[16 + 3 * 32 : 16 + 4 * 32]:
        raise Refused("recovery-not-proven")
    fresh = inputs["freshOffer"]
    if any(fresh[name] != offer[name] for name in offer if name != "challenge"):
        raise Refused("offer-changed")
    return {}


RUN = {name.removeprefix("run_").replace("_", "-"): run for name, run in globals().items() if name.startswith("run_")}
CODES = {
    "password-too-short", "password-too-long", "password-bad-character", "bad-code", "wrong-origin",
    "profile-refused", "epoch-below", "epoch-above", "tampered", "recovery-not-proven", "offer-changed",
    "out-of-memory", "item-too-large", "bad-message",
}  # fmt: skip


def agrees(expected, found) -> bool:
    """Everything that this implementation computes is what the vector says."""
    if isinstance(found, dict):
        return isinstance(expected, dict) and all(agrees(expected[name], found[name]) for name in found)
    return expected == found


@pytest.mark.parametrize(("kind", "case"), load())
def test_vector(kind, case):
    if "result" in case:
        result = RUN[kind](case["inputs"])
        assert agrees(case["result"], result)
        if kind == "setup-client":
            check_made_setup(case)
        return
    with pytest.raises(Refused) as refusal:
        RUN[kind](case["inputs"])
    error = case["refused"]["error"]
    if error in CODES:
        assert refusal.value.code == error
    if (kind, error) in REASONS:
        assert refusal.value.reason in REASONS[kind, error]


def check_made_setup(case: dict) -> None:
    """What the other implementation made passes the server's checks and opens again."""
    inputs, request = case["inputs"], case["result"]["request"]
    offer = offered(inputs["freshOffer"])
    account.verify_setup(request, offer)
    password = request["methods"][0]
    parameters = primitives.parse_base64url(password["parameters"])
    typed = hexadecimal(inputs["password"]).decode("utf-8")
    keys = account.derive_from_typed(1, typed, parameters, offer.account.context)
    records = account.Records(
        *(primitives.parse_base64url(text) for text in (password["envelope"], request["keyring"], request["card"])),
        [primitives.parse_base64url(request["state"])],
    )
    opened = account.open_answer(offer.account, [(1, parameters), (2, b"")], 1, keys, records, None)
    random = hexadecimal(inputs["random"])
    assert opened.master_key == random[16:48]
    assert (opened.signing_seed, opened.agreement_private) == (random[48:80], random[80:112])
