"""Sections 1 and 9: notation, HKDF, public keys, signatures."""

import base64
import binascii
import hashlib
import hmac
import re
import uuid

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from .errors import require

P25519 = 2**255 - 19
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493
LARGEST_NUMBER = 2**53 - 1
UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

SMALL_ORDER_U = {
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
}


def sha256(data: bytes) -> bytes:
    """H."""
    return hashlib.sha256(data).digest()


def label(name: str) -> bytes:
    """L(name)."""
    return b"freehold/v1/" + name.encode("ascii") + b"\x00"


def with_length(data: bytes) -> bytes:
    """LP(x)."""
    return len(data).to_bytes(2, "big") + data


def u64(number: int) -> bytes:
    """A number as eight bytes, big-endian."""
    return number.to_bytes(8, "big")


def extract(salt: bytes, secret: bytes) -> bytes:
    """HKDF-Extract, RFC 5869 section 2.2."""
    return hmac.new(salt, secret, hashlib.sha256).digest()


def expand(key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand, RFC 5869 section 2.3."""
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.new(key, block + info + bytes([counter]), hashlib.sha256).digest()
        out, counter = out + block, counter + 1
    return out[:length]


def context_of(org: bytes, user: bytes) -> bytes:
    """CTX."""
    return b"FH\x01\x01" + org + user


def parse_id(text: object) -> bytes:
    """An id's 16 bytes from its one text form."""
    require(isinstance(text, str) and UUID_TEXT.fullmatch(text) is not None, "bad-message", "id")
    return uuid.UUID(text).bytes


def parse_counter(number: object) -> int:
    """An epoch, a sequence number or a version."""
    valid = isinstance(number, int) and not isinstance(number, bool)
    require(valid and 1 <= number <= LARGEST_NUMBER, "bad-message", "number")
    return number


def parse_base64url(text: object) -> bytes:
    """Base64url without padding, left-over bits zero (section 12)."""
    require(isinstance(text, str) and re.fullmatch(r"[A-Za-z0-9_-]*", text) is not None, "bad-message", "base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        require(False, "bad-message", "base64url")
    require(base64url(data) == text, "bad-message", "base64url is not canonical")
    return data


def base64url(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _recover_x(y: int, sign: int) -> int | None:
    """The x of an Edwards25519 point, or None where there is none (RFC 8032 section 5.1.3)."""
    d = -121665 * pow(121666, P25519 - 2, P25519) % P25519
    x2 = (y * y - 1) * pow(d * y * y + 1, P25519 - 2, P25519) % P25519
    x = pow(x2, (P25519 + 3) // 8, P25519)
    if (x * x - x2) % P25519 != 0:
        x = x * pow(2, (P25519 - 1) // 4, P25519) % P25519
    if (x * x - x2) % P25519 != 0 or (x == 0 and sign == 1):
        return None
    return P25519 - x if x & 1 != sign else x


def _double(point: tuple[int, int]) -> tuple[int, int]:
    """Twice a point of Edwards25519, affine."""
    x, y = point
    d = -121665 * pow(121666, P25519 - 2, P25519) % P25519
    k = d * x * x * y * y % P25519
    return (
        2 * x * y * pow(1 + k, P25519 - 2, P25519) % P25519,
        (y * y + x * x) * pow(1 - k, P25519 - 2, P25519) % P25519,
    )


def is_valid_ed25519_point(encoded: bytes) -> bool:
    """Canonical, on the curve, not of small order (section 9)."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if len(encoded) != 32 or y >= P25519:
        return False
    x = _recover_x(y, sign)
    if x is None:
        return False
    point = (x, y)
    for _ in range(3):
        point = _double(point)
    return point != (0, 1)


def is_valid_x25519_key(encoded: bytes) -> bool:
    """Canonical and not of low order (section 9)."""
    number = int.from_bytes(encoded, "little")
    low = number in (0, 1, P25519 - 1) or encoded in SMALL_ORDER_U
    return len(encoded) == 32 and number < P25519 and not low


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Strict verification of Ed25519 (section 9)."""
    if len(signature) != 64 or not is_valid_ed25519_point(public_key):
        return False
    if int.from_bytes(signature[32:], "little") >= GROUP_ORDER or not is_valid_ed25519_point(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def sign(seed: bytes, message: bytes) -> bytes:
    """Ed25519, RFC 8032."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def _raw(public_key) -> bytes:
    return public_key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def ed25519_public(seed: bytes) -> bytes:
    """The public half of an Ed25519 seed."""
    return _raw(Ed25519PrivateKey.from_private_bytes(seed).public_key())


def x25519_public(private: bytes) -> bytes:
    """The public half of an X25519 key."""
    return _raw(X25519PrivateKey.from_private_bytes(private).public_key())
