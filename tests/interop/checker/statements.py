"""Section 10: cards, account states and handovers, COSE_Sign1 over deterministic CBOR."""

from collections import namedtuple

from .errors import require
from .methods import PROFILES, is_method_list
from .primitives import LARGEST_NUMBER, label, sha256, verify

HEADER = bytes.fromhex("8443a10132a0")

Card = namedtuple("Card", "org user subject signing_key agreement_key epoch previous hash")
Method = namedtuple("Method", "kind parameters unlock_public_key envelope_hash")
State = namedtuple("State", "org user epoch seq previous card_hash keyring_hash methods profile_floor time hash")
Handover = namedtuple("Handover", "org user old_card new_card hash")


def encode(value) -> bytes:
    """Deterministic CBOR of unsigned integers, bytes, text, None and lists."""
    if value is None:
        return b"\xf6"
    if isinstance(value, int):
        return _head(0, value)
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(encode, value))
    data = value if isinstance(value, bytes) else value.encode("utf-8")
    return _head(2 if isinstance(value, bytes) else 3, len(data)) + data


def _head(major: int, argument: int) -> bytes:
    if argument < 24:
        return bytes([major << 5 | argument])
    power = next(power for power in range(4) if argument < 256 ** (2**power))
    return bytes([major << 5 | 24 + power]) + argument.to_bytes(2**power, "big")


def _item(data: bytes, depth: int = 0):
    """The first item and the bytes after it. Lenient as to form: `decode` compares with the one encoding."""
    require(data != b"" and depth < 8, "bad-message", "CBOR")
    major, argument, rest = data[0] >> 5, data[0] & 31, data[1:]
    if data[0] == 0xF6:
        return None, rest
    if 24 <= argument <= 27:
        size = 2 ** (argument - 24)
        argument, rest = int.from_bytes(rest[:size], "big"), rest[size:]
    require(major in (0, 2, 3, 4) and (major == 0 or argument <= len(rest)), "bad-message", "CBOR")
    if major == 0:
        return argument, rest
    if major in (2, 3):
        content = rest[:argument]
        return content if major == 2 else content.decode("utf-8", "replace"), rest[argument:]
    elements = []
    for _ in range(argument):
        element, rest = _item(rest, depth + 1)
        elements.append(element)
    return elements, rest


def decode(data: bytes):
    """One deterministic CBOR item and nothing after it."""
    value, rest = _item(data)
    require(rest == b"" and encode(value) == data, "bad-message", "CBOR is not deterministic")
    return value


def signed_bytes(name: str, payload: bytes) -> bytes:
    """What a statement's signature is over."""
    return encode(["Signature1", bytes.fromhex("a10132"), label(name), payload])


def verify_statement(statement: bytes, name: str, shape: list, limit: int, key: bytes | None) -> list:
    """The fields of Sign(name, ..) after the version. A card's key stands on it; without a key this is a claim."""
    framed = statement[:6] == HEADER and statement[-66:-64] == b"\x58\x40" and 72 < len(statement) <= limit
    require(framed, "bad-message", "statement frame")
    payload = decode(statement[6:-66])
    require(isinstance(payload, bytes), "bad-message", "statement payload")
    fields = decode(payload)
    require(isinstance(fields, list) and len(fields) == len(shape), "bad-message", "statement fields")
    for place, (field, expected) in enumerate(zip(fields, shape)):
        fits = expected(field) if callable(expected) else field == expected and type(field) is type(expected)
        require(fits, "bad-message", f"{name}, field {place}")
    key = fields[4] if name == "card" else key
    verified = key is None or verify(key, signed_bytes(name, payload), statement[-64:])
    require(verified, "bad-message", f"{name} signature")
    return fields[1:]


def _bytes(length: int):
    return lambda value: isinstance(value, bytes) and len(value) == length


def _number(least: int):
    return lambda value: isinstance(value, int) and least <= value <= LARGEST_NUMBER


def _text(least: int, most: int):
    return lambda value: isinstance(value, str) and least <= len(value.encode("utf-8")) <= most


def _is_listed(methods) -> bool:
    shaped = isinstance(methods, list) and all(isinstance(one, list) and len(one) == 4 for one in methods)
    return shaped and all(map(_is_method, methods)) and is_method_list([tuple(one[:2]) for one in methods])


def _is_method(method: list) -> bool:
    kind, parameters, *hashes = method
    return kind in (1, 2, 3) and isinstance(parameters, bytes) and len(parameters) <= 1055 and all(map(HASH, hashes))


ID, HASH, COUNTER = _bytes(16), _bytes(32), _number(1)
CARD = [1, ID, ID, _text(1, 255), HASH, HASH, COUNTER, HASH]
# The fields after the profile floor are reserved for stage 3 (10.1).
STATE = [1, ID, ID, COUNTER, COUNTER, HASH, HASH, HASH, _is_listed, lambda floor: floor in [*PROFILES]]
STATE += [1, None, 0, None, _number(0)]
HANDOVER = [1, ID, ID, HASH, HASH]


def verify_card(statement: bytes) -> Card:
    """Form and signature of a card."""
    card = Card(*verify_statement(statement, "card", CARD, 512, None), sha256(statement))
    require((card.previous == bytes(32)) == (card.epoch == 1), "bad-message", "card before")
    return card


def parse_state(statement: bytes, key: bytes | None = None) -> State:
    """Form of an account state, a claim; its signature too if a key is given."""
    *fields, methods, floor, _, _, _, _, time = verify_statement(statement, "state", STATE, 16384, key)
    state = State(*fields, [Method(*method) for method in methods], floor, time, sha256(statement))
    require((state.previous == bytes(32)) == (state.seq == 1), "bad-message", "state before")
    return state


def verify_handover(statement: bytes, old_key: bytes) -> Handover:
    """Form and signature of a handover."""
    return Handover(*verify_statement(statement, "handover", HANDOVER, 256, old_key), sha256(statement))
