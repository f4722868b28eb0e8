"""Sections 2 to 5: password, profiles, recovery code, and the keys that a method's secret gives."""

import unicodedata
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from mnemonic import Mnemonic

from .errors import Refused, require
from .primitives import ed25519_public, expand, extract, label, sha256

PASSWORD, RECOVERY_CODE = 1, 2
PROFILES = {1: (3, 65536, 4), 2: (3, 262144, 4), 3: (4, 1048576, 4)}
FLOOR = 1
BECH32_CHARACTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
SEPARATORS = "-\u2010\u2011\u2012\u2013\u2014\u2015"
WORDS = Mnemonic("english").wordlist


def normalize_password(typed: bytes) -> bytes:
    """Section 2."""
    try:
        text = typed.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("password-bad-character") from None
    for character in text:
        bad = character == "\ufffd" or unicodedata.category(character) in ("Cn", "Co", "Cc", "Cs")
        require(not bad, "password-bad-character")
    password = unicodedata.normalize("NFKC", text).encode("utf-8")
    require(len(password) >= 12, "password-too-short")
    require(len(password) <= 1024, "password-too-long")
    return password


@dataclass(frozen=True)
class PasswordParameters:
    """KH (section 3)."""

    profile: int
    salt: bytes


def parse_kh(kh: bytes) -> PasswordParameters:
    """Section 3: refused before any hashing unless exactly a known profile."""
    require(len(kh) == 31, "profile-refused", "length")
    require(kh[0] in PROFILES, "profile-refused", "unknown profile")
    passes, memory, lanes = PROFILES[kh[0]]
    expected = bytes([kh[0], 0, 1]) + b"".join(n.to_bytes(4, "big") for n in (passes, memory, lanes))
    require(kh[:15] == expected, "profile-refused", "numbers are not the profile's")
    return PasswordParameters(kh[0], kh[15:])


def password_secret(password: bytes, context: bytes, parameters: PasswordParameters) -> bytes:
    """s of a password: Argon2id (section 4)."""
    passes, memory, lanes = PROFILES[parameters.profile]
    salt = sha256(label("argon-salt") + context + parameters.salt)
    return hash_secret_raw(password, salt, passes, memory, lanes, 32, Type.ID, version=0x13)


@dataclass(frozen=True)
class MethodKeys:
    """What a method's secret gives (section 4)."""

    wrapping_key: bytes
    unlock_seed: bytes
    unlock_public_key: bytes


def derive_method_keys(kind: int, secret: bytes, parameters: bytes, context: bytes) -> MethodKeys:
    """Section 4."""
    prk = extract(bytes(32), secret)
    info = context + bytes([kind]) + parameters
    seed = expand(prk, label("unlock-key") + info, 32)
    return MethodKeys(expand(prk, label("wrap") + info, 32), seed, ed25519_public(seed))


def parse_recovery_code(typed: str) -> bytes:
    """Section 5: Bech32m text or 24 words."""
    require(len(typed.encode("utf-8")) <= 1024, "bad-code", "too long")
    for separator in SEPARATORS:
        typed = typed.replace(separator, " ")
    # str.split also splits at U+001C to U+001F, which are not White_Space.
    require(not any("\x1c" <= c <= "\x1f" for c in typed), "bad-code", "character")
    pieces = "".join(c.lower() if c.isascii() else c for c in typed).split()
    joined = "".join(pieces)
    return _parse_bech32m(joined) if joined.startswith("fhrec1") else _parse_words(pieces)


def _polymod(values: list[int]) -> int:
    """BIP-173's checksum polynomial."""
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    return check


def _parse_bech32m(text: str) -> bytes:
    require(len(text) == 64, "bad-code", "length")
    require(all(c in BECH32_CHARACTERS for c in text[6:]), "bad-code", "character")
    data = [BECH32_CHARACTERS.index(c) for c in text[6:]]
    prefix = [ord(c) >> 5 for c in "fhrec"] + [0] + [ord(c) & 31 for c in "fhrec"]
    require(_polymod(prefix + data) == 0x2BC830A3, "bad-code", "checksum")
    bits = int("".join(f"{value:05b}" for value in data[:52]), 2)
    require(bits & 0xF == 0, "bad-code", "left-over bits")
    return (bits >> 4).to_bytes(32, "big")


def _parse_words(words: list[str]) -> bytes:
    require(len(words) == 24, "bad-code", "number of words")
    require(all(word in WORDS for word in words), "bad-code", "unknown word")
    bits = int("".join(f"{WORDS.index(word):011b}" for word in words), 2)
    entropy = (bits >> 8).to_bytes(32, "big")
    require(sha256(entropy)[0] == bits & 0xFF, "bad-code", "checksum")
    return entropy
