"""Sections 6, 7 and 8: envelopes, padding, keys under the master key."""

import hmac
from dataclasses import dataclass

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt
from nacl.exceptions import CryptoError

from .errors import require
from .primitives import expand, extract, label, sha256, u64

MASTER_KEY_BY_PASSWORD, MASTER_KEY_BY_CODE, KEYRING, ITEM, ITEM_KEY = 1, 2, 5, 7, 9
CONTENT_BYTES = {MASTER_KEY_BY_PASSWORD: 32, MASTER_KEY_BY_CODE: 32, KEYRING: 64, ITEM_KEY: 32}
MAX_ITEM, MAX_PADDED = 1_048_576, 1_081_344
PREFIX, TAG = 92, 16


@dataclass(frozen=True)
class Asked:
    """What the reader asked for: it is never taken from the envelope."""

    context: bytes
    kind: int
    epoch: int
    object: bytes = bytes(16)
    version: int = 0
    extra: bytes = b""

    def bound_context(self) -> bytes:
        """`context` of section 6."""
        return self.context + self.object + u64(self.epoch) + u64(self.version) + self.extra


def padded_length(item_length: int) -> int:
    """Section 7."""
    n = item_length + 1
    unit = 64
    if n > 4096:
        e = n.bit_length() - 1
        unit = 2 ** (e - (e.bit_length() - 1 + 1))
    return -(-n // unit) * unit


def unpad(padded: bytes) -> bytes:
    """Section 7; refused as an envelope."""
    stripped = padded.rstrip(b"\x00")
    require(stripped.endswith(b"\x80"), "tampered", "padding")
    item = stripped[:-1]
    require(len(item) <= MAX_ITEM and padded_length(len(item)) == len(padded), "tampered", "padded length")
    return item


def has_form(envelope: bytes, kind: int) -> bool:
    """What can be checked without a key (12.2): bytes 0 to 7, zero key id, length."""
    if len(envelope) < PREFIX + TAG or envelope[:8] != b"FHE1" + bytes([1, kind, 0, 0]):
        return False
    if kind in (MASTER_KEY_BY_PASSWORD, MASTER_KEY_BY_CODE) and envelope[8:24] != bytes(16):
        return False
    length = int.from_bytes(envelope[88:92], "big")
    return len(envelope) == PREFIX + length and _is_content_length(kind, length - TAG)


def _is_content_length(kind: int, length: int) -> bool:
    if kind != ITEM:
        return length == CONTENT_BYTES.get(kind)
    # Of the items that would pad to this length the longest has length - 1 bytes.
    return 64 <= length <= MAX_PADDED and padded_length(length - 1) == length


def open_envelope(envelope: bytes, key: bytes, asked: Asked) -> bytes:
    """Section 6, "Open"."""
    # 1
    require(len(envelope) >= PREFIX + TAG, "tampered", "length")
    length = int.from_bytes(envelope[88:92], "big")
    require(len(envelope) == PREFIX + length, "tampered", "length")
    require(_is_content_length(asked.kind, length - TAG), "tampered", "content length")
    # 2
    by_secret = asked.kind in (MASTER_KEY_BY_PASSWORD, MASTER_KEY_BY_CODE)
    key_id = bytes(16) if by_secret else expand(key, label("key-id"), 16)
    start = b"FHE1" + bytes([1, asked.kind, 0, 0]) + key_id
    require(envelope[:24] == start, "tampered", "header")
    # 3
    salt = envelope[24:56]
    bound = start + salt + asked.bound_context()
    okm = expand(extract(salt, key), label("envelope") + sha256(bound), 88)
    require(hmac.compare_digest(okm[:32], envelope[56:88]), "tampered", "commitment")
    # 4
    try:
        content = crypto_aead_xchacha20poly1305_ietf_decrypt(envelope[92:], bound, okm[64:88], okm[32:64])
    except CryptoError:
        require(False, "tampered", "tag")
    # 5
    return unpad(content) if asked.kind == ITEM else content


def derive_keyring_key(master_key: bytes, context: bytes, epoch: int) -> bytes:
    """Section 8."""
    return expand(master_key, label("keyring") + context + u64(epoch), 32)


def derive_personal_key(master_key: bytes, context: bytes, epoch: int) -> bytes:
    """Section 8."""
    return expand(master_key, label("personal") + context + u64(epoch), 32)
