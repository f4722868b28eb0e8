"""The worked example of PROTOCOL.md, recomputed from its inputs."""

import re
from pathlib import Path

import pytest
import servers
from checker import account, envelope, methods, primitives, statements

PROTOCOL = Path(__file__).parents[2] / "crates/freehold-keys/PROTOCOL.md"
CONTEXT = primitives.context_of(b"\x11" * 16, b"\x22" * 16)
ORIGIN = "https://freehold.example"


@pytest.fixture(scope="module")
def example() -> dict[str, list[str]]:
    """The example's rows: name to values, in the order they stand."""
    text = PROTOCOL.read_text("utf-8").split("<!-- example -->")[1].split("<!-- end of example -->")[0]
    rows: dict[str, list[str]] = {}
    name = None
    for line in text.splitlines():
        head, value = line[:24].strip(), line[24:].strip()
        if head and value and not re.search(r"\(section", line[:60]):
            name = head
            rows.setdefault(name, []).append(value)
        elif not head and value and name:
            rows[name][-1] += value
    return rows


def hexadecimal(example, name: str, place: int = 0) -> bytes:
    return bytes.fromhex(example[name][place])


@pytest.fixture(scope="module")
def password_keys(example) -> methods.MethodKeys:
    kh = hexadecimal(example, "KH = P")
    return methods.derive_keys(methods.PASSWORD, "correct horse battery staple", kh, CONTEXT)


def test_the_password_gives_the_keys_of_the_example(example, password_keys):
    assert password_keys.wrapping_key == hexadecimal(example, "wrapping key", 0)
    assert password_keys.unlock_seed == hexadecimal(example, "unlock key (seed)", 0)
    assert password_keys.unlock_public_key == hexadecimal(example, "unlock public key", 0)


def test_the_recovery_code_reads_the_same_as_text_and_as_words(example):
    code = methods.parse_recovery_code(example["Bech32m"][0])
    assert code == b"\xa5" * 32
    assert methods.parse_recovery_code(example["words"][0]) == code
    keys = methods.method_keys(methods.RECOVERY_CODE, code, b"", CONTEXT)
    assert keys.wrapping_key == hexadecimal(example, "wrapping key", 1)
    assert keys.unlock_public_key == hexadecimal(example, "unlock public key", 1)


def test_the_account_of_the_example_opens_from_the_password(example, password_keys):
    kh = hexadecimal(example, "KH = P")
    opened = account.open_answer(
        account.Account(b"\x11" * 16, b"\x22" * 16, 1),
        [(1, kh), (2, b"")],
        password_keys,
        records(example),
        None,
    )
    assert opened.master_key == b"\xa2" * 32
    assert opened.signing_seed == b"\xa3" * 32
    assert opened.agreement_private == b"\xa4" * 32
    assert opened.personal_key == hexadecimal(example, "personal key")
    assert opened.state.hash == hexadecimal(example, "its hash", -3)
    keys = hexadecimal(example, "envelope 9"), hexadecimal(example, "envelope 7")
    assert opened.open_item(b"\x33" * 16, 1, *keys) == b"hello"


def statement(example, place: int) -> bytes:
    payload = hexadecimal(example, ["card, payload p", "state, payload p"][place])
    signature = hexadecimal(example, "signature", place)
    return statements.HEADER + statements.encode(payload) + b"\x58\x40" + signature


def records(example) -> account.Records:
    return account.Records(
        hexadecimal(example, "envelope 1"),
        hexadecimal(example, "envelope 5"),
        statement(example, 0),
        [statement(example, 1)],
    )


@pytest.mark.parametrize("kind", [1, 2])
@pytest.mark.parametrize(("purpose", "row", "challenge"), [("enroll", "proof", 1), ("unlock", "unlock", 9)])
def test_the_proofs_of_the_example_verify(example, kind, purpose, row, challenge):
    parameters = hexadecimal(example, "KH = P") if kind == 1 else b""
    place = account.Account(b"\x11" * 16, b"\x22" * 16, 1)
    message = servers.proof_message(purpose, place, kind, parameters, ORIGIN, bytes([challenge]) * 32)
    key = hexadecimal(example, "unlock public key", kind - 1)
    signature = hexadecimal(example, f"{row}, type {kind}")
    assert primitives.verify(key, message, signature)
    assert not primitives.verify(key, message + b"\x00", signature)


def test_a_flipped_bit_anywhere_in_an_envelope_is_refused(example, password_keys):
    asked = envelope.Asked(CONTEXT, 1, 1, extra=hexadecimal(example, "KH = P"))
    sealed = hexadecimal(example, "envelope 1")
    for place in range(len(sealed)):
        flipped = bytearray(sealed)
        flipped[place] ^= 1
        with pytest.raises(Exception, match="tampered"):
            envelope.open_envelope(bytes(flipped), password_keys.wrapping_key, asked)
