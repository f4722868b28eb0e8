"""Section 1, and the curves' own operations: notation, HKDF, Ed25519, X25519."""

import hashlib
import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

LARGEST_NUMBER = 2**53 - 1


def sha256(data: bytes) -> bytes:
    """H."""
    return hashlib.sha256(data).digest()


def label(name: str) -> bytes:
    """L(name)."""
    return b"freehold/v1/" + name.encode("ascii") + b"\x00"


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


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Ed25519. What section 9 refuses beyond this library is in `servers.py`: an account's own keys are never such."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def ed25519_public(seed: bytes) -> bytes:
    """The public half of an Ed25519 seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def x25519_public(private: bytes) -> bytes:
    """The public half of an X25519 key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
