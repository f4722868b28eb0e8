"""Sections 6, 7 and 8: envelopes, padding, keys under the master key."""

import hmac
from collections import namedtuple

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt
from nacl.exceptions import CryptoError

from .errors import Refused, require
from .primitives import expand, extract, label, sha256, u64

# Types 1 to 3 hold the master key, sealed with a method's wrapping key.
KEYRING, ITEM, ITEM_KEY = 5, 7, 9
CONTENT_BYTES = {1: 32, 2: 32, 3: 32, KEYRING: 64, ITEM_KEY: 32}
MAX_ITEM, MAX_PADDED = 1_048_576, 1_081_344

# What the reader asked for: it is never taken from the envelope.
Asked = namedtuple("Asked", "context kind epoch object version extra", defaults=(bytes(16), 0, b""))


def bound_context(asked: Asked) -> bytes:
    """`context` of section 6."""
    return asked.context + asked.object + u64(asked.epoch) + u64(asked.version) + asked.extra


def padded_length(item_length: int) -> int:
    """Section 7."""
    n, unit = item_length + 1, 64
    if n > 4096:
        e = n.bit_length() - 1
        unit = 2 ** (e - e.bit_length())
    return -(-n // unit) * unit


def unpad(padded: bytes) -> bytes:
    """Section 7; refused as an envelope."""
    stripped = padded.rstrip(b"\x00")
    item = stripped[:-1]
    right = stripped[-1:] == b"\x80" and len(item) <= MAX_ITEM and padded_length(len(item)) == len(padded)
    require(right, "tampered", "padding")
    return item


def is_content_length(kind: int, length: int) -> bool:
    """Section 6, "Open", step 1."""
    if kind != ITEM:
        return length == CONTENT_BYTES.get(kind)
    # Of the items that would pad to this length the longest has length - 1 bytes.
    return 64 <= length <= MAX_PADDED and padded_length(length - 1) == length


def open_envelope(envelope: bytes, key: bytes, asked: Asked) -> bytes:
    """Section 6, "Open"."""
    # 1
    length = int.from_bytes(envelope[88:92], "big")
    sized = len(envelope) == 92 + length and is_content_length(asked.kind, length - 16)
    require(sized, "tampered", "length")
    # 2
    key_id = bytes(16) if asked.kind <= 3 else expand(key, label("key-id"), 16)
    start = b"FHE1" + bytes([1, asked.kind, 0, 0]) + key_id
    require(envelope[:24] == start, "tampered", "header")
    # 3
    bound = start + envelope[24:56] + bound_context(asked)
    okm = expand(extract(envelope[24:56], key), label("envelope") + sha256(bound), 88)
    require(hmac.compare_digest(okm[:32], envelope[56:88]), "tampered", "commitment")
    # 4
    try:
        content = crypto_aead_xchacha20poly1305_ietf_decrypt(envelope[92:], bound, okm[64:88], okm[32:64])
    except CryptoError:
        raise Refused("tampered", "tag") from None
    # 5
    return unpad(content) if asked.kind == ITEM else content


def derive_key(master_key: bytes, name: str, context: bytes, epoch: int) -> bytes:
    """Section 8: the keyring key or the personal key."""
    return expand(master_key, label(name) + context + u64(epoch), 32)
