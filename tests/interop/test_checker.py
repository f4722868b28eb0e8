"""The checker opens accounts out of databases: as set up, after a change, after a renewal."""

import ast
import io
import json
import sqlite3
import tokenize
import uuid
from pathlib import Path

import pytest
from checker import __main__, statements
from checker.database import open_stored, read
from checker.errors import Refused
from checker.methods import PASSKEY, PASSWORD, RECOVERY_CODE
from servers import parse_base64url

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MIGRATIONS = sorted((ROOT / "crates/freehold-store/migrations").glob("*.sql"))


def vector(kind: str, name: str) -> dict:
    """A case of the vectors."""
    cases = json.loads((ROOT / f"tests/vectors/v1/{kind}.json").read_text("utf-8"))["cases"]
    return next(case for case in cases if case["name"] == name)


class Filled:
    """A database with the product's own tables, and one account in it."""

    def __init__(self, path: Path):
        self.path = path
        self.database = sqlite3.connect(path)
        self.database.execute("PRAGMA synchronous = OFF")
        for migration in MIGRATIONS:
            text = migration.read_text("utf-8").replace("{collate}", "COLLATE BINARY").replace("{clustered}", "")
            self.database.executescript(text)

    def insert(self, table: str, **values) -> None:
        """A row; what must not be null and does not matter here is empty."""
        columns = self.database.execute(f"PRAGMA table_info({table})").fetchall()
        needed = {name: 0 if kind == "BIGINT" else "" for _, name, kind, not_null, *_ in columns if not_null}
        row = {**needed, **values}
        marks = ", ".join("?" * len(row))
        self.database.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
        self.database.commit()

    def account(self, card: bytes, keyring: bytes, methods: list, states: list, items=(), handover=None) -> "Filled":
        """Everything of an account; methods are (type, P, envelope)."""
        verified = statements.verify_card(card)
        organization, user = (str(uuid.UUID(bytes=value)) for value in (verified.org, verified.user))
        place = {"user_id": user, "epoch": verified.epoch}
        keys = {method[:2]: method[2] for method in statements.parse_state(states[-1]).methods}
        self.insert("organizations", id=organization)
        self.insert("users", id=user, organization_id=organization, user_name="ada", key_epoch=verified.epoch)
        self.insert("key_records", **place, card=card, keyring=keyring)
        for kind, parameters, envelope in methods:
            key = keys[kind, parameters]
            self.insert(
                "key_methods", **place, kind=kind, parameters=parameters, unlock_public_key=key, envelope=envelope
            )
        for state in states:
            self.insert("account_states", **place, seq=statements.parse_state(state).seq, state=state)
        for item, version, item_key, content in items:
            self.insert("items", id=item, user_id=user, version=version, item_key=item_key, content=content)
        if handover:
            self.insert("handovers", **place, old_card=handover[0], handover=handover[1])
        return self

    def open(self, kind: int, typed) -> list[bytes]:
        """What the items hold."""
        stored = read(str(self.path), "ada")
        opened = open_stored(stored, kind, typed)
        return [opened.open_item(*item) for item in stored.items]


def sent(methods: list) -> list:
    return [(m["type"], *(parse_base64url(m[name]) for name in ("parameters", "envelope"))) for m in methods]


def binary(message: dict, *names: str) -> list[bytes]:
    return [parse_base64url(message[name]) for name in names]


def item_of(record: dict) -> tuple:
    return record["id"], record["version"], *binary(record, "itemKey", "content")


SET_UP = vector("setup-client", "epoch 1")
ITEM = vector("item", "open")
CHANGE = vector("change-client", "password and code, after a recovery code")
BY_PASSKEY = vector("change-client", "a passkey less")
RENEWAL = vector("renewal-client", "with two items")
PASSKEY_OUTPUT = bytes.fromhex(BY_PASSKEY["inputs"]["unlock"]["secret"])


def as_set_up(path: Path) -> Filled:
    request = SET_UP["result"]["request"]
    records = binary(request, "card", "keyring")
    item = item_of(ITEM["inputs"]["record"])
    return Filled(path).account(*records, sent(request["methods"]), binary(request, "state"), [item])


def after_change(path: Path) -> Filled:
    """A passkey was added, then password and code were replaced."""
    unlock, request = BY_PASSKEY["inputs"]["unlock"], CHANGE["result"]["request"]
    answer = unlock["answer"]
    passkey = (PASSKEY, *binary(unlock, "parameters"), *binary(answer, "envelope"))
    states = [*binary(SET_UP["result"]["request"], "state"), parse_base64url(answer["states"][0])]
    states += binary(request, "state")
    item = item_of(ITEM["inputs"]["record"])
    return Filled(path).account(
        *binary(answer, "card", "keyring"), [*sent(request["methods"]), passkey], states, [item]
    )


def after_renewal(path: Path) -> Filled:
    inputs, request = RENEWAL["inputs"], RENEWAL["result"]["request"]
    setup = request["setup"]
    contents = {record["id"]: record["content"] for record in inputs["items"]}
    items = [item_of({**item, "content": contents[item["id"]]}) for item in request["items"]]
    handover = (*binary(inputs["unlock"]["answer"], "card"), *binary(request, "handover"))
    records = binary(setup, "card", "keyring")
    return Filled(path).account(*records, sent(setup["methods"]), binary(setup, "state"), items, handover)


def typed_password(case: dict) -> str:
    return bytes.fromhex(case["inputs"]["password"]).decode("utf-8")


WAYS = [
    (as_set_up, PASSWORD, typed_password(SET_UP), 1),
    (as_set_up, RECOVERY_CODE, SET_UP["inputs"]["proof"], 1),
    (after_change, PASSWORD, typed_password(CHANGE), 1),
    (after_change, RECOVERY_CODE, CHANGE["inputs"]["code"]["proof"], 1),
    (after_change, PASSKEY, PASSKEY_OUTPUT, 1),
    (after_renewal, PASSWORD, typed_password({"inputs": RENEWAL["inputs"]["setup"]}), 2),
    (after_renewal, RECOVERY_CODE, RENEWAL["inputs"]["setup"]["proof"], 2),
]


@pytest.mark.parametrize(("make", "kind", "typed", "items"), WAYS)
def test_an_account_opens_from_its_database_and_a_secret(tmp_path, make, kind, typed, items):
    assert len(make(tmp_path / "freehold.db").open(kind, typed)) == items


@pytest.mark.parametrize(
    ("make", "kind", "typed"),
    [
        (after_change, PASSWORD, typed_password(SET_UP)),
        (after_change, RECOVERY_CODE, SET_UP["inputs"]["proof"]),
        (after_change, PASSKEY, bytes(31) + b"\x01"),
        (after_renewal, RECOVERY_CODE, SET_UP["inputs"]["proof"]),
        (as_set_up, PASSKEY, PASSKEY_OUTPUT),
    ],
)
def test_what_was_replaced_opens_nothing(tmp_path, make, kind, typed):
    with pytest.raises(Refused, match="wrong-secret"):
        make(tmp_path / "freehold.db").open(kind, typed)


DAMAGE = {
    "the card": "UPDATE key_records SET card = flip(card)",
    "the keyring": "UPDATE key_records SET keyring = flip(keyring)",
    "the envelope": "UPDATE key_methods SET envelope = flip(envelope) WHERE kind = 3",
    "the other envelopes' parameters": "UPDATE key_methods SET parameters = flip(parameters) WHERE kind = 1",
    "the latest state": "UPDATE account_states SET state = flip(state) WHERE seq = 3",
    "a state before": "UPDATE account_states SET state = flip(state) WHERE seq = 1",
    "a state left out": "DELETE FROM account_states WHERE seq = 2",
    "the latest state taken back": "DELETE FROM account_states WHERE seq = 3",
    "an item key": "UPDATE items SET item_key = flip(item_key)",
    "an item": "UPDATE items SET content = flip(content)",
    "an item's version": "UPDATE items SET version = 2",
    "the epoch": "UPDATE users SET key_epoch = 2; UPDATE key_records SET epoch = 2; "
    "UPDATE key_methods SET epoch = 2; UPDATE account_states SET epoch = 2",
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_database_that_somebody_changed_is_refused(tmp_path, what):
    filled = after_change(tmp_path / "freehold.db")
    filled.database.create_function("flip", 1, lambda blob: blob[:-1] + bytes([blob[-1] ^ 1]))
    filled.database.executescript(DAMAGE[what])
    with pytest.raises(Refused, match="tampered"):
        filled.open(PASSKEY, PASSKEY_OUTPUT)


@pytest.mark.parametrize("column", ["old_card", "handover"])
def test_a_handover_by_another_is_refused(tmp_path, column):
    filled = after_renewal(tmp_path / "freehold.db")
    filled.database.create_function("flip", 1, lambda blob: blob[:-1] + bytes([blob[-1] ^ 1]))
    filled.database.executescript(f"UPDATE handovers SET {column} = flip({column})")
    with pytest.raises(Refused, match="tampered"):
        filled.open(RECOVERY_CODE, RENEWAL["inputs"]["setup"]["proof"])


def test_the_command_opens_an_account_by_a_passkey(tmp_path, capsys):
    path = after_change(tmp_path / "freehold.db").path
    output = tmp_path / "output"
    output.write_text(PASSKEY_OUTPUT.hex() + "\n", "ascii")
    assert __main__.main(["--database", str(path), "--user", "ada", "--passkey", str(output), "--show"]) == 0
    assert "1 secrets open" in capsys.readouterr().out
    output.write_text("01" * 32, "ascii")
    assert __main__.main(["--database", str(path), "--user", "ada", "--passkey", str(output)]) == 1
    assert "wrong-secret" in capsys.readouterr().err


def code_lines(text: str) -> int:
    """Lines that hold more than comments and docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, documented) and ast.get_docstring(node)]
    docstrings = {line for node in nodes for line in range(node.body[0].lineno, node.body[0].end_lineno + 1)}
    silent = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    tokens = [t for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type not in silent]
    return len({line for t in tokens for line in range(t.start[0], t.end[0] + 1)} - docstrings)


@pytest.mark.parametrize("other", [None, b"", b"1", "1", [], [1], 2**53])
def test_whatever_stands_in_the_place_of_a_field_is_refused(other):
    state = bytes.fromhex(vector("state", "the first")["inputs"]["state"])
    fields = statements.decode(statements.decode(state[6:-66]))
    for place in range(len(fields)):
        if other == fields[place]:
            continue
        payload = statements.encode([*fields[:place], other, *fields[place + 1 :]])
        with pytest.raises(Refused):
            statements.parse_state(statements.HEADER + statements.encode(payload) + state[-66:])


def test_the_checker_stays_short_enough_to_be_read():
    files = [path for path in (HERE / "checker").glob("*.py") if path.name != "audit.py"]
    texts = [path.read_text("utf-8") for path in files]
    assert sum(map(code_lines, texts)) < 400
    assert max(len(line) for text in texts for line in text.splitlines()) <= 123
