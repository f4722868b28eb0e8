"""Sections 12.5 and 13: an account and its items, opened from what a server gives."""

from collections import namedtuple

from .envelope import ITEM, ITEM_KEY, KEYRING, Asked, derive_key, open_envelope
from .errors import Refused, require
from .methods import MethodKeys, check_parameters
from .primitives import context_of, ed25519_public, sha256, x25519_public
from .statements import State, parse_state, verify_card, verify_handover

# What a client keeps of the last state it verified; the envelopes and statements of an UnlockAnswer.
Remembered = namedtuple("Remembered", "epoch seq state_hash")
Records = namedtuple("Records", "envelope keyring card states")


class Account(namedtuple("Account", "org user epoch")):
    """Whose keys, and of which epoch."""

    @property
    def context(self) -> bytes:
        """CTX."""
        return context_of(self.org, self.user)


class Opened(namedtuple("Opened", "account master_key signing_seed agreement_private personal_key card state")):
    """An unlocked account."""

    def open_item(self, item: bytes, version: int, item_key: bytes, content: bytes) -> bytes:
        """Section 13: both envelopes, opened for what was asked."""
        context, epoch = self.account.context, self.account.epoch
        key = open_envelope(item_key, self.personal_key, Asked(context, ITEM_KEY, epoch, item, version))
        return open_envelope(content, key, Asked(context, ITEM, 0, item, version, b"\x00\x01"))


def open_answer(account: Account, offered: list, keys: MethodKeys, records: Records, known: Remembered | None) -> Opened:
    """Section 12.5. Whatever fails is tampering or damage."""
    try:
        # 1
        require(len(records.states) >= 1, "tampered", "no state")
        latest = parse_state(records.states[-1])
        _require_of(account, latest)
        known = known if known and known.epoch == account.epoch else None
        require(known is None or latest.seq >= known.seq, "tampered", "older state")
        # 2
        asked = Asked(account.context, keys.kind, account.epoch, extra=keys.parameters)
        master_key = open_envelope(records.envelope, keys.wrapping_key, asked)
        keyring_key = derive_key(master_key, "keyring", account.context, account.epoch)
        keyring = open_envelope(records.keyring, keyring_key, Asked(account.context, KEYRING, account.epoch))
        # 3
        card = verify_card(records.card)
        _require_of(account, card)
        halves = (ed25519_public(keyring[:32]), x25519_public(keyring[32:]))
        require((card.signing_key, card.agreement_key) == halves, "tampered", "card holds other keys")
        # 4
        states = [parse_state(statement, card.signing_key) for statement in records.states]
        _require_linked(account, states, known)
        # 5
        state = states[-1]
        require(state.card_hash == card.hash, "tampered", "card hash")
        require(state.keyring_hash == sha256(records.keyring), "tampered", "keyring hash")
        listed = {method[:2]: method[2:] for method in state.methods}
        require(list(listed) == offered, "tampered", "methods")
        used = (keys.unlock_public_key, sha256(records.envelope))
        require(listed.get(keys[:2]) == used, "tampered", "unlock key or envelope")
        # 6
        for method in state.methods:
            check_parameters(method.kind, method.parameters, state.profile_floor)
    except Refused as refusal:
        raise Refused("tampered", str(refusal)) from None
    # 7
    personal_key = derive_key(master_key, "personal", account.context, account.epoch)
    return Opened(account, master_key, keyring[:32], keyring[32:], personal_key, card, state)


def _require_of(account: Account, statement) -> None:
    require((statement.org, statement.user, statement.epoch) == account, "tampered", "another account or epoch")


def _require_linked(account: Account, states: list[State], known: Remembered | None) -> None:
    for state in states:
        _require_of(account, state)
    if len(states) == 1 and (known is None or (states[0].seq, states[0].hash) == known[1:]):
        return
    require(known is not None, "tampered", "more than one state")
    _, seq, previous = known
    for state in states:
        require((state.seq, state.previous) == (seq + 1, previous), "tampered", "gap in the states")
        seq, previous = state.seq, state.hash


def require_history(opened: Opened, states: list[bytes], handover: tuple[bytes, bytes] | None) -> None:
    """Every state of the epoch leads from the first to the latest, and a renewal's handover from the old card."""
    try:
        chain = [parse_state(statement, opened.card.signing_key) for statement in states]
        _require_linked(opened.account, chain, Remembered(opened.account.epoch, 0, bytes(32)))
        require(chain[-1] == opened.state, "tampered", "the latest state")
        if handover is not None:
            old = verify_card(handover[0])
            _, user, *cards, _ = verify_handover(handover[1], old.signing_key)
            expected = [opened.card.previous, opened.card.hash]
            require([user, cards] == [opened.account.user, expected] and old.hash == cards[0], "tampered", "handover")
    except Refused as refusal:
        raise Refused("tampered", str(refusal)) from None
