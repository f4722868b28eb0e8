"""What only the vectors need: messages, the strict rules of section 9, and a server's checks (12.2, 12.4, 12.7, 12.9)."""

import base64
import re
import uuid
from dataclasses import dataclass

from checker.account import Account, Records
from checker.envelope import is_content_length
from checker.errors import require
from checker.methods import PASSWORD, check_parameters, is_method_list
from checker.primitives import LARGEST_NUMBER, label, sha256, u64, verify
from checker.statements import State, parse_state, verify_card, verify_handover

P25519 = 2**255 - 19
D = -121665 * pow(121666, -1, P25519) % P25519
UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SMALL_ORDER_U = {
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
}


# Section 12: the text forms of messages.


def parse_id(text: object) -> bytes:
    """An id's 16 bytes from its one text form."""
    require(isinstance(text, str) and UUID_TEXT.fullmatch(text) is not None, "bad-message", "id")
    return uuid.UUID(text).bytes


def parse_counter(number: object) -> int:
    """An epoch, a sequence number or a version."""
    valid = isinstance(number, int) and not isinstance(number, bool)
    require(valid and 1 <= number <= LARGEST_NUMBER, "bad-message", "number")
    return number


def parse_base64url(text: object, limit: int = 2**21) -> bytes:
    """Base64url without padding, left-over bits zero."""
    valid = isinstance(text, str) and re.fullmatch(r"[A-Za-z0-9_-]*", text) is not None and len(text) % 4 != 1
    require(valid, "bad-message", "base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    require(base64url(data) == text and len(data) <= limit, "bad-message", "base64url is not canonical or too long")
    return data


def base64url(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def parse_methods(methods: list) -> list[tuple[int, bytes]]:
    """Type and P of offered methods: a list of section 4."""
    listed = [(method["type"], parse_base64url(method["parameters"])) for method in methods]
    require(is_method_list(listed), "bad-message", "methods")
    return listed


def parse_answer(answer: dict) -> Records:
    """An UnlockAnswer."""
    parts = [parse_base64url(answer[name]) for name in ("envelope", "keyring", "card")]
    return Records(*parts, [parse_base64url(state) for state in answer["states"]])


def require_fields(message: object, *names: str) -> None:
    """Requests with missing or unknown fields are refused."""
    require(isinstance(message, dict) and set(message) == set(names), "bad-message", "fields")


# Section 9: what is refused beyond what a library refuses.


def is_valid_ed25519_point(encoded: bytes) -> bool:
    """Canonical, on the curve, not of small order."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    x = _recover_x(y, sign) if len(encoded) == 32 and y < P25519 else None
    if x is None:
        return False
    point = (x, y)
    for _ in range(3):
        point = _double(*point)
    return point != (0, 1)


def _recover_x(y: int, sign: int) -> int | None:
    """The x of an Edwards25519 point, or None where there is none (RFC 8032 section 5.1.3)."""
    x2 = (y * y - 1) * pow(D * y * y + 1, -1, P25519) % P25519
    x = pow(x2, (P25519 + 3) // 8, P25519)
    if (x * x - x2) % P25519 != 0:
        x = x * pow(2, (P25519 - 1) // 4, P25519) % P25519
    if (x * x - x2) % P25519 != 0 or (x == 0 and sign == 1):
        return None
    return P25519 - x if x & 1 != sign else x


def _double(x: int, y: int) -> tuple[int, int]:
    """Twice a point of Edwards25519, affine."""
    k = D * x * x * y * y % P25519
    return 2 * x * y * pow(1 + k, -1, P25519) % P25519, (y * y + x * x) * pow(1 - k, -1, P25519) % P25519


def is_valid_x25519_key(encoded: bytes) -> bool:
    """Canonical and not of low order."""
    number = int.from_bytes(encoded, "little")
    low = number in (0, 1, P25519 - 1) or encoded in SMALL_ORDER_U
    return len(encoded) == 32 and number < P25519 and not low


def strict_card(statement: bytes):
    """A card whose keys section 9 takes."""
    card = verify_card(statement)
    keys = is_valid_ed25519_point(card.signing_key) and is_valid_x25519_key(card.agreement_key)
    require(keys and is_valid_ed25519_point(statement[-64:-32]), "bad-message", "a key of the card")
    return card


def strict_state(statement: bytes, signing_key: bytes) -> State:
    """A state whose unlock public keys section 9 takes."""
    state = parse_state(statement, signing_key)
    keys = all(is_valid_ed25519_point(method.unlock_public_key) for method in state.methods)
    require(keys and is_valid_ed25519_point(statement[-64:-32]), "bad-message", "an unlock public key")
    return state


# What a server checks, with public keys only. The refusal's reason says which check failed.


@dataclass(frozen=True)
class Offered:
    """What a server offered."""

    account: Account
    subject: str
    previous_card: bytes | None
    origins: list[str]
    challenge: bytes
    floor: int

    @staticmethod
    def of(expected: dict) -> "Offered":
        """From a vector's `expected`."""
        place = Account(parse_id(expected["organization"]), parse_id(expected["user"]), parse_counter(expected["epoch"]))
        previous, policy = expected.get("previousCard"), expected.get("policy", {"profileFloor": 1})
        return Offered(
            place,
            expected.get("subject", ""),
            previous and parse_base64url(previous),
            expected["origins"],
            parse_base64url(expected["challenge"]),
            policy["profileFloor"],
        )


def proof_message(purpose: str, account: Account, kind: int, parameters: bytes, origin: str, challenge: bytes) -> bytes:
    """L(purpose) | M (section 11)."""
    m = account.context + u64(account.epoch) + bytes([kind])
    for part in (parameters, origin.encode("utf-8")):
        m += len(part).to_bytes(2, "big") + part
    return label(purpose) + m + challenge


def _is_proved(purpose: str, offered: Offered, kind: int, parameters: bytes, key: bytes, proof: bytes) -> bool:
    return any(
        verify(key, proof_message(purpose, offered.account, kind, parameters, origin, offered.challenge), proof)
        for origin in offered.origins
    )


def has_form(envelope: bytes, kind: int) -> bool:
    """What can be checked of an envelope without a key: bytes 0 to 7, zero key id, length."""
    start = b"FHE1" + bytes([1, kind, 0, 0]) + (bytes(16) if kind <= 3 else envelope[8:24])
    length = int.from_bytes(envelope[88:92], "big")
    return envelope[:24] == start and len(envelope) == 92 + length and is_content_length(kind, length - 16)


def _require_of(account: Account, statement, what: str) -> None:
    require((statement.org, statement.user, statement.epoch) == account, "bad-message", f"{what} elsewhere")


def _parse_sent(request: dict) -> list[dict]:
    for method in request["methods"]:
        require_fields(method, "type", "parameters", "envelope", "proof")
        require(method["type"] in (1, 2, 3), "bad-message", "type")
        limits = {"parameters": 1055, "envelope": 140, "proof": 64}
        sizes = {name: len(parse_base64url(method[name], limit)) for name, limit in limits.items()}
        require(sizes["proof"] == 64, "bad-message", "proof length")
    return request["methods"]


def _verify_method(sent: dict, listed, floor: int, offered: Offered) -> None:
    parameters, envelope, proof = (parse_base64url(sent[name]) for name in ("parameters", "envelope", "proof"))
    require((sent["type"], parameters) == listed[:2], "bad-message", "methods")
    check_parameters(*listed[:2], floor)
    require(has_form(envelope, listed.kind), "bad-message", "envelope form")
    require(listed.envelope_hash == sha256(envelope), "bad-message", "envelope hash")
    proved = _is_proved("enroll", offered, *listed[:3], proof)
    require(proved, "bad-message", "proof")


def verify_setup(request: dict, offered: Offered) -> tuple:
    """Section 12.2; the card and the state."""
    require_fields(request, "card", "state", "keyring", "methods")
    sent = _parse_sent(request)
    limits = {"card": 512, "state": 16384, "keyring": 172}
    card_bytes, state_bytes, keyring = (parse_base64url(request[name], limit) for name, limit in limits.items())
    card = strict_card(card_bytes)
    _require_of(offered.account, card, "card")
    require(card.previous == (offered.previous_card or bytes(32)), "bad-message", "card before")
    require(card.subject == offered.subject, "bad-message", "subject")
    state = strict_state(state_bytes, card.signing_key)
    _require_of(offered.account, state, "state")
    require(state.seq == 1, "bad-message", "seq")
    require(state.card_hash == card.hash, "bad-message", "card hash")
    require(state.profile_floor >= offered.floor, "bad-message", "floor below the policy's")
    require(has_form(keyring, 5), "bad-message", "keyring form")
    require(state.keyring_hash == sha256(keyring), "bad-message", "keyring hash")
    require(len(sent) == len(state.methods) == 2, "bad-message", "methods")
    for method, listed in zip(sent, state.methods):
        _verify_method(method, listed, state.profile_floor, offered)
    return card, state


def verify_unlock(request: dict, offered: Offered, kind: int, parameters: bytes, unlock_public_key: bytes) -> None:
    """Section 12.4."""
    require_fields(request, "type", "parameters", "signature", "remembered")
    if request["remembered"] is not None:
        require_fields(request["remembered"], "epoch", "seq")
        parse_counter(request["remembered"]["epoch"])
        parse_counter(request["remembered"]["seq"])
    asked = (request["type"], parse_base64url(request["parameters"]))
    require(asked == (kind, parameters), "bad-message", "method")
    signature = parse_base64url(request["signature"])
    proved = len(signature) == 64 and _is_proved("unlock", offered, kind, parameters, unlock_public_key, signature)
    require(proved and is_valid_ed25519_point(unlock_public_key), "bad-message", "signature")


def verify_change(request: dict, offered: Offered, card_bytes: bytes, before_bytes: bytes, unlocked_by: int) -> dict:
    """Section 12.7; what is new and what is gone."""
    require_fields(request, "state", "methods")
    sent = _parse_sent(request)
    card = strict_card(card_bytes)
    before = strict_state(before_bytes, card.signing_key)
    state = strict_state(parse_base64url(request["state"], 16384), card.signing_key)
    _require_of(offered.account, state, "state")
    require((state.seq, state.previous) == (before.seq + 1, before.hash), "bad-message", "state not next")
    require(state.card_hash == card.hash, "bad-message", "card hash")
    require(state.keyring_hash == before.keyring_hash, "bad-message", "keyring hash")
    policy = offered.floor if any(method["type"] == PASSWORD for method in sent) else 1
    require(state.profile_floor >= max(before.profile_floor, policy), "bad-message", "floor lowered")
    added, left = [], list(sent)
    for listed in state.methods:
        if listed in before.methods:
            check_parameters(*listed[:2], state.profile_floor)
            continue
        same = listed.kind != 2 and any(listed[:2] == method[:2] for method in before.methods)
        keys = [method.unlock_public_key for method in before.methods]
        require(not same and listed.unlock_public_key not in keys and left != [], "bad-message", "methods")
        _verify_method(left.pop(0), listed, state.profile_floor, offered)
        added.append(listed)
    require(left == [], "bad-message", "methods")
    removed = [method for method in before.methods if method not in state.methods]
    raised = state.profile_floor > before.profile_floor
    require(added != [] or removed != [] or raised, "bad-message", "nothing")
    both = {1, 2} <= {method.kind for method in added}
    require(unlocked_by != 2 or both, "bad-message", "recovery incomplete")
    named = lambda methods: [{"type": m.kind, "parameters": m.parameters.hex()} for m in methods]  # noqa: E731
    return {"stateHash": state.hash.hex(), "seq": state.seq, "added": named(added), "removed": named(removed)}


def verify_renewal(request: dict, offered: Offered, old_card: bytes) -> dict:
    """Section 12.9."""
    require_fields(request, "setup", "handover", "items")
    handover = parse_base64url(request["handover"], 256)
    items = request["items"]
    for item in items:
        require_fields(item, "id", "version", "itemKey")
        parse_counter(item["version"])
    old = strict_card(old_card)
    require(offered.previous_card == old.hash, "bad-message", "stored card")
    card, state = verify_setup(request["setup"], offered)
    fresh = card.signing_key != old.signing_key and card.agreement_key != old.agreement_key
    require(fresh, "bad-message", "a key of the old card")
    place, cards = offered.account, (old.hash, card.hash)
    found = verify_handover(handover, old.signing_key)
    require(found[:4] == (place.org, place.user, *cards), "bad-message", "handover elsewhere")
    ids = [parse_id(item["id"]) for item in items]
    require(all(one < following for one, following in zip(ids, ids[1:])), "bad-message", "items")
    require(all(has_form(parse_base64url(item["itemKey"], 140), 9) for item in items), "bad-message", "items")
    return {"cardHash": card.hash.hex(), "stateHash": state.hash.hex(), "items": [item["id"] for item in items]}
