"""Every vector of `tests/vectors/v1`, read by this implementation.

A refusal must be the one the vector names: its code where the protocol has one (section 14), else the
check that refuses, by REASONS.
"""

import json
import uuid
from pathlib import Path

import pytest
import servers
from checker import account, envelope, methods, primitives, statements
from checker.errors import Refused, require
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt

VECTORS = Path(__file__).parents[1] / "vectors/v1"

# Kind and name of a check -> how this implementation words it.
REASONS = {
    ("envelope", "envelope"): {"length", "header", "commitment", "tag", "padding"},
    ("padding", "envelope"): {"padding"},
    ("card", "public-key"): {"a key of the card", "card signature"},
    ("state", "public-key"): {"an unlock public key"},
    ("setup-server", "card-elsewhere"): {"card elsewhere"},
    ("setup-server", "card-before"): {"card before"},
    ("setup-server", "card-subject"): {"subject"},
    ("setup-server", "card-signature"): {"card signature"},
    ("setup-server", "state-elsewhere"): {"state elsewhere"},
    ("setup-server", "state-not-first"): {"seq"},
    ("setup-server", "state-signature"): {"state signature"},
    ("setup-server", "card-hash"): {"card hash"},
    ("setup-server", "keyring"): {"keyring form"},
    ("setup-server", "keyring-hash"): {"keyring hash"},
    ("setup-server", "envelope"): {"envelope form"},
    ("setup-server", "envelope-hash"): {"envelope hash"},
    ("setup-server", "methods"): {"methods"},
    ("setup-server", "below-floor"): {"floor"},
    ("setup-server", "floor"): {"floor below the policy's"},
    ("setup-server", "proof"): {"proof"},
    ("handover", "signature"): {"handover signature"},
    ("change-server", "state-signature"): {"state signature"},
    ("change-server", "state-elsewhere"): {"state elsewhere"},
    ("change-server", "state-not-next"): {"state not next"},
    ("change-server", "card-hash"): {"card hash"},
    ("change-server", "keyring-hash"): {"keyring hash"},
    ("change-server", "floor"): {"floor lowered"},
    ("change-server", "below-floor"): {"floor"},
    ("change-server", "nothing"): {"nothing"},
    ("change-server", "methods"): {"methods"},
    ("change-server", "envelope"): {"envelope form"},
    ("change-server", "envelope-hash"): {"envelope hash"},
    ("change-server", "proof"): {"proof"},
    ("change-server", "recovery-incomplete"): {"recovery incomplete"},
    ("renewal-server", "same-key"): {"a key of the old card"},
    ("renewal-server", "handover-elsewhere"): {"handover elsewhere"},
    ("renewal-server", "items"): {"items"},
}


def load() -> list:
    """All cases: (kind, case)."""
    files = [json.loads(path.read_text("utf-8")) for path in sorted(VECTORS.glob("*.json"))]
    assert len(files) >= 19, "the vectors are there"
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
        secret = methods.password_secret(secret, place.context, parameters)
    elif kind == methods.PASSKEY:
        secret = methods.passkey_secret(secret, parameters)
    elif parameters:
        raise Refused("profile-refused")
    keys = methods.method_keys(kind, secret, parameters, place.context)
    master = hexadecimal(inputs["masterKey"])
    return {
        "ctx": place.context.hex(),
        "secret": secret.hex(),
        "wrappingKey": keys.wrapping_key.hex(),
        "unlockKey": keys.unlock_seed.hex(),
        "unlockPublicKey": keys.unlock_public_key.hex(),
        "keyringKey": envelope.derive_key(master, "keyring", place.context, place.epoch).hex(),
        "personalKey": envelope.derive_key(master, "personal", place.context, place.epoch).hex(),
    }


def seal(key: bytes, asked: envelope.Asked, salt: bytes, content: bytes) -> bytes:
    """Section 6, "Seal", so that a vector's bytes are made from its inputs and not only read."""
    key_id = bytes(16) if asked.kind <= 3 else primitives.expand(key, primitives.label("key-id"), 16)
    if asked.kind == envelope.ITEM:
        content = (content + b"\x80").ljust(envelope.padded_length(len(content)), b"\x00")
    header = b"FHE1" + bytes([1, asked.kind, 0, 0]) + key_id + salt
    bound = header + envelope.bound_context(asked)
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
    valid = {"Ed25519": servers.is_valid_ed25519_point, "X25519": servers.is_valid_x25519_key}
    if not valid[inputs["algorithm"]](hexadecimal(inputs["key"])):
        raise Refused("public-key")
    return {"valid": True}


def run_card(inputs: dict) -> dict:
    card = servers.strict_card(hexadecimal(inputs["card"]))
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
    state = servers.strict_state(hexadecimal(inputs["state"]), hexadecimal(inputs["signingKey"]))
    listed = [
        {
            "type": method.kind,
            "parameters": method.parameters.hex(),
            "unlockPublicKey": method.unlock_public_key.hex(),
            "envelopeHash": method.envelope_hash.hex(),
        }
        for method in state.methods
    ]
    try:
        for method in state.methods:
            methods.check_parameters(method.kind, method.parameters, state.profile_floor)
        keeps = True
    except Refused:
        keeps = False
    return {
        "epoch": state.epoch,
        "seq": state.seq,
        "hash": state.hash.hex(),
        "time": state.time,
        "methods": listed,
        "profileFloor": state.profile_floor,
        "keepsItsFloor": keeps,
    }


def run_handover(inputs: dict) -> dict:
    handover = statements.verify_handover(hexadecimal(inputs["handover"]), hexadecimal(inputs["signingKey"]))
    return {
        "organization": str(uuid.UUID(bytes=handover.org)),
        "user": str(uuid.UUID(bytes=handover.user)),
        "oldCard": handover.old_card.hex(),
        "newCard": handover.new_card.hex(),
    }


def run_setup_server(inputs: dict) -> dict:
    card, state = servers.verify_setup(inputs["request"], servers.Offered.of(inputs["expected"]))
    return {"cardHash": card.hash.hex(), "stateHash": state.hash.hex()}


def run_change_server(inputs: dict) -> dict:
    expected = inputs["expected"]
    stored = (hexadecimal(expected["card"]), hexadecimal(expected["state"]), expected["unlockedBy"])
    return servers.verify_change(inputs["request"], servers.Offered.of(expected), *stored)


def run_renewal_server(inputs: dict) -> dict:
    offered = servers.Offered.of(inputs["expected"])
    return servers.verify_renewal(inputs["request"], offered, hexadecimal(inputs["oldCard"]))


def run_unlock_server(inputs: dict) -> dict:
    expected = inputs["expected"]
    known = (expected["type"], hexadecimal(expected["parameters"]), hexadecimal(expected["unlockPublicKey"]))
    servers.verify_unlock(inputs["request"], servers.Offered.of(expected), *known)
    return {"type": expected["type"]}


def remembered_of(client: dict, offer: dict) -> account.Remembered | None:
    remembered = client["remembered"]
    if remembered is None:
        return None
    if [remembered[n] for n in ("organization", "user")] != [offer[n] for n in ("organization", "user")]:
        raise Refused("bad-message", "remembered of another user")
    state_hash = servers.parse_base64url(remembered["stateHash"])
    return account.Remembered(remembered["epoch"], remembered["seq"], state_hash)


def place_of(offer: dict) -> account.Account:
    ids = (servers.parse_id(offer["organization"]), servers.parse_id(offer["user"]))
    return account.Account(*ids, servers.parse_counter(offer["epoch"]))


def check_offer(offer: dict, client: dict, remembered: account.Remembered | None) -> list:
    """Section 12.3: what a client refuses before hashing; the offered methods."""
    place, floor = place_of(offer), 1
    if remembered is not None:
        known = client["remembered"]
        require(place.epoch >= remembered.epoch, "epoch-below")
        require(place.epoch in (remembered.epoch, known.get("acceptEpoch")), "epoch-above")
        floor = known.get("profileFloor", 1) if place.epoch == remembered.epoch else 1
    require(client["origin"] in offer["origins"], "wrong-origin")
    ways = servers.parse_methods(offer["methods"])
    for kind, parameters in ways:
        methods.check_parameters(kind, parameters, floor)
    require(methods.profile_of(ways[0][1]) <= client["highestProfile"], "profile-refused")
    return ways


def unlock(inputs: dict) -> account.Opened:
    client, offer, kind = inputs["client"], inputs["offer"], inputs["type"]
    remembered = remembered_of(client, offer)
    ways = check_offer(offer, client, remembered)
    parameters, typed = dict(ways).get(kind), inputs["secret"]
    if kind == methods.PASSKEY:
        parameters, typed = servers.parse_base64url(inputs["parameters"]), hexadecimal(typed)
    require((kind, parameters) in ways, "bad-message", "not offered")
    place = place_of(offer)
    keys = methods.derive_keys(kind, typed, parameters, place.context)
    return account.open_answer(place, ways, keys, servers.parse_answer(inputs["answer"]), remembered)


def run_unlock_client(inputs: dict) -> dict:
    opened = unlock(inputs)
    return {"changedAt": opened.state.time, "failedSince": inputs["answer"]["failedSince"]}


def open_record(opened: account.Opened, item: bytes, version: int, record: dict) -> bytes:
    """Section 13: what the record says of itself must be what was asked."""
    named = (servers.parse_id(record["id"]), servers.parse_counter(record["version"]))
    require(named == (item, version), "tampered", "another item")
    return opened.open_item(item, version, *(servers.parse_base64url(record[n]) for n in ("itemKey", "content")))


def run_item(inputs: dict) -> dict:
    opened = unlock(inputs["unlock"])
    item, version = identifier(inputs["item"]), servers.parse_counter(inputs["version"])
    if "record" in inputs:
        return {"content": open_record(opened, item, version, inputs["record"]).hex()}
    content, random = (hexadecimal(inputs["seal"][name]) for name in ("content", "random"))
    if len(content) > envelope.MAX_ITEM:
        raise Refused("item-too-large")
    context, epoch = opened.account.context, opened.account.epoch
    key = seal(opened.personal_key, envelope.Asked(context, 9, epoch, item, version), random[32:64], random[:32])
    body = seal(random[:32], envelope.Asked(context, 7, 0, item, version, b"\x00\x01"), random[64:], content)
    return {"record": {"itemKey": servers.base64url(key), "content": servers.base64url(body)}}


def run_tampering(inputs: dict) -> dict:
    """A sample of the sample: what this implementation opens, it opens whole only."""
    opened = unlock(inputs["unlock"])
    content = open_record(opened, identifier(inputs["item"]), inputs["version"], inputs["record"])
    assert content == b"a secret"
    for name in ("envelope", "keyring", "card", "states"):
        good = inputs["unlock"]["answer"][name]
        good = servers.parse_base64url(good[-1] if name == "states" else good)
        for place in range(0, len(good), 29):
            changed = servers.base64url(good[:place] + bytes([good[place] ^ 1 << place % 8]) + good[place + 1 :])
            answer = {**inputs["unlock"]["answer"], name: [changed] if name == "states" else changed}
            with pytest.raises(Refused, match="tampered"):
                reopen(opened, inputs["unlock"], answer)
    return {}


def reopen(opened: account.Opened, inputs: dict, answer: dict) -> None:
    """As `unlock`, with the secret derived once."""
    offer, kind = inputs["offer"], inputs["type"]
    if id(inputs) not in DERIVED:
        ways = servers.parse_methods(offer["methods"])
        typed = hexadecimal(inputs["secret"]) if kind == 3 else inputs["secret"]
        keys = methods.derive_keys(kind, typed, dict(ways)[kind], opened.account.context)
        DERIVED[id(inputs)] = (ways, keys)
    account.open_answer(opened.account, *DERIVED[id(inputs)], servers.parse_answer(answer), None)


DERIVED: dict = {}


def check_setup_offer(client: dict, offer: dict) -> account.Account:
    """Section 12.1, step 1."""
    remembered, place = remembered_of(client, offer), place_of(offer)
    require(remembered is None or remembered.epoch < place.epoch, "epoch-below")
    require(client["origin"] in offer["origins"], "wrong-origin")
    linked = (offer["previousCard"] is None) == (place.epoch == 1) and 1 <= len(offer["subject"].encode()) <= 255
    require(linked, "bad-message", "card before or subject")
    return place


def run_setup_client(inputs: dict) -> dict:
    """The reading side of a set-up: what must be refused before anything is made."""
    check_setup_offer(inputs["client"], inputs["offer"])
    methods.normalize_password(hexadecimal(inputs["password"]))
    proof = methods.parse_recovery_code(inputs["proof"])
    require(proof == hexadecimal(inputs["random"])[16 + 3 * 32 : 16 + 4 * 32], "recovery-not-proven")
    offer, fresh = inputs["offer"], inputs["freshOffer"]
    require(all(fresh[name] == offer[name] for name in offer if name != "challenge"), "offer-changed")
    return {}


def run_change_client(inputs: dict) -> dict:
    """The reading side of a change: what must be refused before anything is sent."""
    opened, offer = unlock(inputs["unlock"]), inputs["offer"]
    before = opened.state.methods
    passkeys = [method.parameters for method in before[2:]]
    if "password" in inputs:
        policy = offer.get("policy", {"profileFloor": 1})["profileFloor"]
        require(policy <= inputs["unlock"]["client"]["highestProfile"], "profile-refused")
        methods.normalize_password(hexadecimal(inputs["password"]))
    if inputs.get("code", {}).get("proof"):
        at = 48 if "password" in inputs else 0
        proof = methods.parse_recovery_code(inputs["code"]["proof"])
        require(proof == hexadecimal(inputs["random"])[at : at + 32], "recovery-not-proven")
    for passkey in inputs.get("added", []):
        parameters = servers.parse_base64url(passkey["parameters"])
        methods.passkey_secret(hexadecimal(passkey["output"]), parameters)
        passkeys = sorted([*passkeys, parameters])
        listed = [method[:2] for method in before[:2]] + [(methods.PASSKEY, p) for p in passkeys]
        require(methods.is_method_list(listed), "bad-message", "methods")
    for parameters in map(servers.parse_base64url, inputs.get("removed", [])):
        require(parameters in passkeys, "bad-message", "no such passkey")
    recovers = inputs["unlock"]["type"] == methods.RECOVERY_CODE and not {"password", "code"} <= set(inputs)
    require(not recovers, "recovery-not-proven")
    require("code" not in inputs or inputs["code"]["proof"] is not None, "recovery-not-proven")
    require(place_of(offer) == opened.account, "offer-changed")
    require(inputs["unlock"]["client"]["origin"] in offer["origins"], "wrong-origin")
    require({"password", "code", "added", "removed"} & set(inputs), "bad-message", "nothing")
    return {}


def run_renewal_client(inputs: dict) -> dict:
    """The reading side of a renewal: what must be refused before anything is sent."""
    opened, setup = unlock(inputs["unlock"]), inputs["setup"]
    place = check_setup_offer(setup["client"], setup["offer"])
    account_of = opened.account
    follows = place == account_of._replace(epoch=account_of.epoch + 1)
    follows = follows and servers.parse_base64url(setup["offer"]["previousCard"]) == opened.card.hash
    require(follows, "offer-changed")
    run_setup_client(setup)
    for record in inputs["items"]:
        open_record(opened, identifier(record["id"]), record["version"], record)
    return {}


RUN = {name.removeprefix("run_").replace("_", "-"): run for name, run in globals().items() if name.startswith("run_")}
CODES = {
    "password-too-short", "password-too-long", "password-bad-character", "bad-code", "bad-passkey", "wrong-origin",
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
        if kind in CHECK_MADE:
            CHECK_MADE[kind](case["inputs"], case["result"])
        return
    with pytest.raises(Refused) as refusal:
        RUN[kind](case["inputs"])
    error = case["refused"]["error"]
    if error in CODES:
        assert refusal.value.code == error
    if (kind, error) in REASONS:
        assert refusal.value.reason in REASONS[kind, error]


def check_made_setup(inputs: dict, result: dict) -> None:
    """What the other implementation made passes the server's checks and opens again."""
    request, offer = result["request"], servers.Offered.of(inputs["freshOffer"])
    servers.verify_setup(request, offer)
    password = request["methods"][0]
    parameters = servers.parse_base64url(password["parameters"])
    typed = hexadecimal(inputs["password"]).decode("utf-8")
    keys = methods.derive_keys(methods.PASSWORD, typed, parameters, offer.account.context)
    answer = {**request, "envelope": password["envelope"], "states": [request["state"]]}
    records = servers.parse_answer(answer)
    opened = account.open_answer(offer.account, [(1, parameters), (2, b"")], keys, records, None)
    random = hexadecimal(inputs["random"])
    assert opened.master_key == random[16:48]
    assert (opened.signing_seed, opened.agreement_private) == (random[48:80], random[80:112])


def check_made_change(inputs: dict, result: dict) -> None:
    """The request passes the server's checks; each new method opens the same keys, and nothing else changed."""
    opened, request, answer = unlock(inputs["unlock"]), result["request"], inputs["unlock"]["answer"]
    stored = [servers.parse_base64url(text) for text in (answer["card"], answer["states"][-1])]
    servers.verify_change(request, servers.Offered.of(inputs["offer"]), *stored, inputs["unlock"]["type"])
    state = statements.parse_state(servers.parse_base64url(request["state"]))
    outputs = {added["parameters"]: hexadecimal(added["output"]) for added in inputs.get("added", [])}
    for method in request["methods"]:
        parameters = servers.parse_base64url(method["parameters"])
        typed = {
            methods.PASSWORD: hexadecimal(inputs.get("password", "")).decode("utf-8"),
            methods.RECOVERY_CODE: inputs.get("code", {}).get("proof"),
            methods.PASSKEY: outputs.get(method["parameters"]),
        }[method["type"]]
        keys = methods.derive_keys(method["type"], typed, parameters, opened.account.context)
        after = servers.parse_answer({**answer, "envelope": method["envelope"], "states": [request["state"]]})
        listed = [listed[:2] for listed in state.methods]
        known = account.Remembered(opened.account.epoch, opened.state.seq, opened.state.hash)
        again = account.open_answer(opened.account, listed, keys, after, known)
        assert again.master_key == opened.master_key
        assert again.state.hash == servers.parse_base64url(result["remembered"]["stateHash"])


def check_made_renewal(inputs: dict, result: dict) -> None:
    """The request passes the server's checks; every item opens under the new keys."""
    setup, request = inputs["setup"], result["request"]
    offered = servers.Offered.of(setup["freshOffer"])
    old_card = servers.parse_base64url(inputs["unlock"]["answer"]["card"])
    servers.verify_renewal(request, offered, old_card)
    check_made_setup(setup, {"request": request["setup"]})
    master = hexadecimal(setup["random"])[16:48]
    personal = envelope.derive_key(master, "personal", offered.account.context, offered.account.epoch)
    opened = account.Opened(offered.account, master, b"", b"", personal, None, None)
    contents = {record["id"]: record["content"] for record in inputs["items"]}
    assert len(request["items"]) == len(inputs["items"])
    for item in request["items"]:
        record = {**item, "content": contents[item["id"]]}
        assert open_record(opened, identifier(item["id"]), item["version"], record) == b"a secret"


CHECK_MADE = {
    "setup-client": check_made_setup,
    "change-client": check_made_change,
    "renewal-client": check_made_renewal,
}
