"""Sections 2 to 5: password, profiles, recovery code, passkey, and the keys that a method's secret gives."""

import unicodedata
from collections import namedtuple

from argon2.low_level import Type, hash_secret_raw
from mnemonic import Mnemonic

from .errors import require
from .primitives import ed25519_public, expand, extract, label, sha256

PASSWORD, RECOVERY_CODE, PASSKEY = 1, 2, 3
PROFILES = {1: (3, 65536, 4), 2: (3, 262144, 4), 3: (4, 1048576, 4)}
BECH32_CHARACTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
SEPARATORS = "-\u2010\u2011\u2012\u2013\u2014\u2015"
BIP39 = Mnemonic("english")

MethodKeys = namedtuple("MethodKeys", "kind parameters wrapping_key unlock_seed unlock_public_key")


def is_method_list(methods: list[tuple[int, bytes]]) -> bool:
    """Section 4: one password, one recovery code, at most eight passkeys in the order of P, none twice."""
    kinds, passkeys = [kind for kind, _ in methods], [p for _, p in methods[2:]]
    rising = all(one < next_one for one, next_one in zip([b"", *passkeys], passkeys))
    return kinds == [PASSWORD, RECOVERY_CODE] + [PASSKEY] * len(passkeys) and len(passkeys) <= 8 and rising


def normalize_password(typed: bytes) -> bytes:
    """Section 2."""
    # What is not UTF-8 becomes U+FFFD, which is refused.
    text = typed.decode("utf-8", "replace")
    bad = any(character == "\ufffd" or unicodedata.category(character) in ("Cn", "Co", "Cc") for character in text)
    require(not bad, "password-bad-character")
    password = unicodedata.normalize("NFKC", text).encode("utf-8")
    require(len(password) >= 12, "password-too-short")
    require(len(password) <= 1024, "password-too-long")
    return password


def profile_of(kh: bytes) -> int:
    """Section 3: refused before any hashing unless exactly a known profile."""
    require(len(kh) == 31 and kh[0] in PROFILES, "profile-refused", "length or profile")
    numbers = b"".join(number.to_bytes(4, "big") for number in PROFILES[kh[0]])
    require(kh[1:15] == b"\x00\x01" + numbers, "profile-refused", "numbers are not the profile's")
    return kh[0]


def password_secret(password: bytes, context: bytes, kh: bytes) -> bytes:
    """s of a password: Argon2id (section 4)."""
    passes, memory, lanes = PROFILES[profile_of(kh)]
    salt = sha256(label("argon-salt") + context + kh[15:])
    return hash_secret_raw(password, salt, passes, memory, lanes, 32, Type.ID, version=0x13)


def check_parameters(kind: int, parameters: bytes, floor: int) -> None:
    """What P must be, whichever method is used (12.5, step 6)."""
    if kind == PASSWORD:
        require(profile_of(parameters) >= max(floor, 1), "profile-refused", "floor")
    else:
        least, most = (0, 0) if kind == RECOVERY_CODE else (33, 1055)
        require(least <= len(parameters) <= most, "bad-message", "parameters")


def passkey_secret(output: bytes, parameters: bytes) -> bytes:
    """s of a passkey (5.1)."""
    require(len(output) == 32 and output != bytes(32) and 33 <= len(parameters) <= 1055, "bad-passkey")
    return output


def method_keys(kind: int, secret: bytes, parameters: bytes, context: bytes) -> MethodKeys:
    """Section 4."""
    prk = extract(bytes(32), secret)
    info = context + bytes([kind]) + parameters
    seed = expand(prk, label("unlock-key") + info, 32)
    return MethodKeys(kind, parameters, expand(prk, label("wrap") + info, 32), seed, ed25519_public(seed))


def derive_keys(kind: int, typed, parameters: bytes, context: bytes) -> MethodKeys:
    """From what a person types, or the bytes that his passkey gives, to the keys of his method."""
    if kind == PASSWORD:
        secret = password_secret(normalize_password(typed.encode("utf-8")), context, parameters)
    elif kind == RECOVERY_CODE:
        secret = parse_recovery_code(typed)
    else:
        secret = passkey_secret(typed, parameters)
    return method_keys(kind, secret, parameters, context)


def parse_recovery_code(typed: str) -> bytes:
    """Section 5: Bech32m text or 24 words."""
    require(len(typed.encode("utf-8")) <= 1024, "bad-code", "too long")
    typed = typed.translate({ord(separator): " " for separator in SEPARATORS})
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
    require(len(text) == 64 and all(c in BECH32_CHARACTERS for c in text[6:]), "bad-code", "characters")
    data = [BECH32_CHARACTERS.index(c) for c in text[6:]]
    prefix = [ord(c) >> 5 for c in "fhrec"] + [0] + [ord(c) & 31 for c in "fhrec"]
    bits = int("".join(f"{value:05b}" for value in data[:52]), 2)
    require(_polymod(prefix + data) == 0x2BC830A3 and bits & 0xF == 0, "bad-code", "checksum or left-over bits")
    return (bits >> 4).to_bytes(32, "big")


def _parse_words(words: list[str]) -> bytes:
    text = " ".join(words)
    require(len(words) == 24 and text.isascii() and BIP39.check(text), "bad-code", "words")
    return bytes(BIP39.to_entropy(words))
