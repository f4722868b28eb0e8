"""Reads one user's records out of a copy of the SQLite database."""

import sqlite3
import uuid
from collections import namedtuple

from .account import Account, Opened, Records, open_answer, require_history
from .errors import Refused
from .methods import derive_keys

# Methods are (type, P, unlock public key, envelope), items (id, version, item key, content), a handover (old card, it).
Stored = namedtuple("Stored", "account methods card keyring states items handover")


def read(path: str, user_name: str) -> Stored:
    """The records of the live user with this userName."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def rows(sql: str, *values) -> list:
        return database.execute(sql, values).fetchall()

    found = rows("SELECT id, organization_id, key_epoch FROM users WHERE user_name = ? AND deleted_at IS NULL", user_name)
    if len(found) != 1:
        raise SystemExit(f"{len(found)} users are named {user_name} in {path}; one is needed")
    user, organization, epoch = found[0]
    place = "WHERE user_id = ? AND epoch = ?"
    records = rows(f"SELECT card, keyring FROM key_records {place}", user, epoch)
    if not records:
        raise SystemExit(f"{user_name} has no key records: set-up is not finished")
    columns = "kind, parameters, unlock_public_key, envelope"
    methods = rows(f"SELECT {columns} FROM key_methods {place} ORDER BY kind, parameters", user, epoch)
    states = rows(f"SELECT state FROM account_states {place} ORDER BY seq", user, epoch)
    items = rows("SELECT id, version, item_key, content FROM items WHERE user_id = ? AND version > 0", user)
    handovers = rows(f"SELECT old_card, handover FROM handovers {place}", user, epoch)
    account = Account(uuid.UUID(organization).bytes, uuid.UUID(user).bytes, epoch)
    items = [(uuid.UUID(item).bytes, *record) for item, *record in items]
    handover = handovers[0] if handovers else None
    return Stored(account, methods, *records[0], [state for (state,) in states], items, handover)


def open_stored(stored: Stored, kind: int, typed) -> Opened:
    """The account from what its owner types, or his passkey gives; of several passkeys the one that fits."""
    offered = [method[:2] for method in stored.methods]
    for _, parameters, unlock_public_key, envelope in [method for method in stored.methods if method[0] == kind]:
        keys = derive_keys(kind, typed, parameters, stored.account.context)
        if keys.unlock_public_key == unlock_public_key:
            records = Records(envelope, stored.keyring, stored.card, stored.states[-1:])
            opened = open_answer(stored.account, offered, keys, records, None)
            require_history(opened, stored.states, stored.handover)
            return opened
    raise Refused("wrong-secret")
