"""Section 10: cards and account states, COSE_Sign1 over deterministic CBOR."""

from dataclasses import dataclass

from .errors import require
from .methods import PASSWORD, PROFILES, RECOVERY_CODE
from .primitives import LARGEST_NUMBER, is_valid_ed25519_point, is_valid_x25519_key, label, sha256, verify

HEADER = bytes.fromhex("8443a10132a0")
MAX_CARD, MAX_STATE, MAX_PARAMETERS = 512, 16384, 1055


def encode(value) -> bytes:
    """Deterministic CBOR of unsigned integers, bytes, text, None and lists."""
    if value is None:
        return b"\xf6"
    if isinstance(value, int):
        return _head(0, value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        data = value.encode("utf-8")
        return _head(3, len(data)) + data
    return _head(4, len(value)) + b"".join(encode(element) for element in value)


def _head(major: int, argument: int) -> bytes:
    for size, code in ((1, 24), (2, 25), (4, 26), (8, 27)):
        if argument < 24:
            return bytes([major << 5 | argument])
        if argument < 256**size:
            return bytes([major << 5 | code]) + argument.to_bytes(size, "big")
    raise ValueError("a CBOR argument has at most 64 bits")


class _Reader:
    """Reads CBOR leniently as to form; `decode` compares with the one encoding."""

    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        require(self.at + count <= len(self.data), "bad-message", "CBOR is cut short")
        self.at += count
        return self.data[self.at - count : self.at]

    def value(self, depth: int = 0):
        require(depth < 8, "bad-message", "CBOR is too deep")
        first = self.take(1)[0]
        if first == 0xF6:
            return None
        major, argument = first >> 5, first & 31
        if 24 <= argument <= 27:
            argument = int.from_bytes(self.take(2 ** (argument - 24)), "big")
        else:
            require(argument < 24, "bad-message", "CBOR form")
        require(major in (0, 2, 3, 4), "bad-message", "CBOR type")
        if major == 0:
            return argument
        if major == 2:
            return self.take(argument)
        if major == 3:
            try:
                return self.take(argument).decode("utf-8")
            except UnicodeDecodeError:
                require(False, "bad-message", "CBOR text")
        require(argument <= len(self.data), "bad-message", "CBOR array")
        return [self.value(depth + 1) for _ in range(argument)]


def decode(data: bytes):
    """One deterministic CBOR item and nothing after it."""
    reader = _Reader(data)
    value = reader.value()
    require(reader.at == len(data) and encode(value) == data, "bad-message", "CBOR is not deterministic")
    return value


def parse_statement(statement: bytes) -> tuple[list, bytes, bytes]:
    """Payload as a list, payload bytes and signature of Sign(...)."""
    require(statement[:6] == HEADER and len(statement) > 6 + 66, "bad-message", "statement header")
    payload, tail = statement[6:-66], statement[-66:]
    require(tail[:2] == b"\x58\x40", "bad-message", "statement signature")
    content = decode(payload)
    require(isinstance(content, bytes), "bad-message", "statement payload")
    fields = decode(content)
    require(isinstance(fields, list), "bad-message", "statement payload")
    return fields, content, tail[2:]


def signed_bytes(name: str, payload: bytes) -> bytes:
    """What a statement's signature is over."""
    return encode(["Signature1", bytes.fromhex("a10132"), label(name), payload])


def _is_bytes(value, length: int) -> bool:
    return isinstance(value, bytes) and len(value) == length


def _is_counter(value) -> bool:
    return isinstance(value, int) and 1 <= value <= LARGEST_NUMBER


@dataclass(frozen=True)
class Card:
    """A verified card."""

    org: bytes
    user: bytes
    subject: str
    signing_key: bytes
    agreement_key: bytes
    epoch: int
    previous: bytes
    hash: bytes


def verify_card(statement: bytes) -> Card:
    """Form, keys and signature of a card."""
    require(len(statement) <= MAX_CARD, "bad-message", "card is too long")
    fields, payload, signature = parse_statement(statement)
    require(len(fields) == 8 and fields[0] == 1, "bad-message", "card fields")
    _, org, user, subject, signing_key, agreement_key, epoch, previous = fields
    require(_is_bytes(org, 16) and _is_bytes(user, 16), "bad-message", "card ids")
    require(isinstance(subject, str) and 1 <= len(subject.encode()) <= 255, "bad-message", "subject")
    require(_is_bytes(signing_key, 32) and is_valid_ed25519_point(signing_key), "bad-message", "Ed25519 key")
    require(_is_bytes(agreement_key, 32) and is_valid_x25519_key(agreement_key), "bad-message", "X25519 key")
    require(_is_counter(epoch) and _is_bytes(previous, 32), "bad-message", "card epoch")
    require((previous == bytes(32)) == (epoch == 1), "bad-message", "card before")
    require(verify(signing_key, signed_bytes("card", payload), signature), "bad-message", "card signature")
    return Card(org, user, subject, signing_key, agreement_key, epoch, previous, sha256(statement))


@dataclass(frozen=True)
class Method:
    """One method as a state lists it."""

    kind: int
    parameters: bytes
    unlock_public_key: bytes
    envelope_hash: bytes


@dataclass(frozen=True)
class State:
    """A well-formed account state. Its signature is checked by `verify_state`."""

    org: bytes
    user: bytes
    epoch: int
    seq: int
    previous: bytes
    card_hash: bytes
    keyring_hash: bytes
    methods: list[Method]
    profile_floor: int
    time: int
    hash: bytes
    signed: bytes
    signature: bytes


def _parse_method(fields, kind: int) -> Method:
    require(isinstance(fields, list) and len(fields) == 4 and fields[0] == kind, "bad-message", "method")
    _, parameters, key, envelope_hash = fields
    valid = isinstance(parameters, bytes) and len(parameters) <= MAX_PARAMETERS
    valid = valid and _is_bytes(key, 32) and is_valid_ed25519_point(key) and _is_bytes(envelope_hash, 32)
    require(valid, "bad-message", "method")
    return Method(kind, parameters, key, envelope_hash)


def parse_state(statement: bytes) -> State:
    """Form of an account state."""
    require(len(statement) <= MAX_STATE, "bad-message", "state is too long")
    fields, payload, signature = parse_statement(statement)
    require(len(fields) == 15 and fields[0] == 1, "bad-message", "state fields")
    _, org, user, epoch, seq, previous, card_hash, keyring_hash, methods, floor, *reserved, time = fields
    require(_is_bytes(org, 16) and _is_bytes(user, 16), "bad-message", "state ids")
    require(_is_counter(epoch) and _is_counter(seq), "bad-message", "state numbers")
    require(all(_is_bytes(h, 32) for h in (previous, card_hash, keyring_hash)), "bad-message", "state hashes")
    require((previous == bytes(32)) == (seq == 1), "bad-message", "state before")
    require(isinstance(methods, list) and len(methods) == 2, "bad-message", "methods")
    parsed = [_parse_method(m, kind) for m, kind in zip(methods, (PASSWORD, RECOVERY_CODE))]
    require(isinstance(floor, int) and floor in PROFILES, "bad-message", "profile floor")
    require(reserved == [1, None, 0, None], "bad-message", "reserved fields")
    require(isinstance(time, int) and time <= LARGEST_NUMBER, "bad-message", "time")
    return State(
        org, user, epoch, seq, previous, card_hash, keyring_hash, parsed, floor, time,
        sha256(statement), signed_bytes("state", payload), signature,
    )  # fmt: skip


def verify_state(statement: bytes, signing_key: bytes) -> State:
    """Form and signature of an account state."""
    state = parse_state(statement)
    require(verify(signing_key, state.signed, state.signature), "bad-message", "state signature")
    return state
