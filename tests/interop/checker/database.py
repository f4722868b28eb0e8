"""Reads one user's records out of a copy of the SQLite database."""

import sqlite3
import uuid
from dataclasses import dataclass

from .account import Account, Records


@dataclass(frozen=True)
class Stored:
    """Everything the server holds that opening an account needs."""

    account: Account
    methods: list[tuple[int, bytes]]
    envelopes: dict[int, bytes]
    keyring: bytes
    card: bytes
    state: bytes
    items: list[tuple[bytes, int, bytes, bytes]]

    def records(self, kind: int) -> Records:
        """As an UnlockAnswer to a client that remembers nothing."""
        return Records(self.envelopes[kind], self.keyring, self.card, [self.state])


def read(path: str, user_name: str) -> Stored:
    """The records of the live user with this userName."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    found = database.execute(
        "SELECT id, organization_id, key_epoch FROM users WHERE user_name = ? AND deleted_at IS NULL",
        (user_name,),
    ).fetchall()
    if len(found) != 1:
        raise SystemExit(f"{len(found)} users are named {user_name} in {path}; one is needed")
    user, organization, epoch = found[0]
    records = database.execute(
        "SELECT card, keyring FROM key_records WHERE user_id = ? AND epoch = ?", (user, epoch)
    ).fetchone()
    if records is None:
        raise SystemExit(f"{user_name} has no key records: set-up is not finished")
    methods = database.execute(
        "SELECT kind, parameters, envelope FROM key_methods WHERE user_id = ? AND epoch = ? ORDER BY kind",
        (user, epoch),
    ).fetchall()
    (state,) = database.execute(
        "SELECT state FROM account_states WHERE user_id = ? AND epoch = ? ORDER BY seq DESC LIMIT 1",
        (user, epoch),
    ).fetchone()
    items = database.execute(
        "SELECT id, version, item_key, content FROM items WHERE user_id = ? AND version > 0", (user,)
    ).fetchall()
    return Stored(
        account=Account(uuid.UUID(organization).bytes, uuid.UUID(user).bytes, epoch),
        methods=[(kind, parameters) for kind, parameters, _ in methods],
        envelopes={kind: envelope for kind, _, envelope in methods},
        keyring=records[1],
        card=records[0],
        state=state,
        items=[(uuid.UUID(item).bytes, version, key, content) for item, version, key, content in items],
    )
