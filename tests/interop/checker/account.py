"""Sections 11 to 13: proofs, set-up, unlock and items, as a client and as a server check them."""

from dataclasses import dataclass, field

from .envelope import (
    ITEM,
    ITEM_KEY,
    KEYRING,
    Asked,
    derive_keyring_key,
    derive_personal_key,
    has_form,
    open_envelope,
)
from .errors import Refused, require
from .methods import (
    FLOOR,
    PASSWORD,
    RECOVERY_CODE,
    MethodKeys,
    derive_method_keys,
    normalize_password,
    parse_kh,
    parse_recovery_code,
    password_secret,
)
from .primitives import (
    context_of,
    ed25519_public,
    label,
    parse_base64url,
    parse_counter,
    parse_id,
    sha256,
    u64,
    verify,
    with_length,
    x25519_public,
)
from .statements import State, parse_state, verify_card, verify_state


@dataclass(frozen=True)
class Account:
    """Whose keys, and of which epoch."""

    org: bytes
    user: bytes
    epoch: int

    @property
    def context(self) -> bytes:
        """CTX."""
        return context_of(self.org, self.user)


@dataclass(frozen=True)
class Remembered:
    """What a client keeps of the last state it verified."""

    epoch: int
    seq: int
    state_hash: bytes


@dataclass(frozen=True)
class Records:
    """What an UnlockAnswer carries."""

    envelope: bytes
    keyring: bytes
    card: bytes
    states: list[bytes]

    @staticmethod
    def from_answer(answer: dict) -> "Records":
        """Reads the JSON of section 12."""
        parts = [parse_base64url(answer[name]) for name in ("envelope", "keyring", "card")]
        return Records(*parts, [parse_base64url(state) for state in answer["states"]])


@dataclass(frozen=True)
class Opened:
    """An unlocked account."""

    account: Account
    master_key: bytes
    signing_seed: bytes
    agreement_private: bytes
    personal_key: bytes
    state: State = field(repr=False)

    def open_item(self, item: bytes, version: int, record: dict) -> bytes:
        """Section 13."""
        asked_for = (parse_id(record["id"]), parse_counter(record["version"]))
        require(asked_for == (item, version), "tampered", "another item")
        return self.open_item_envelopes(
            item, version, parse_base64url(record["itemKey"]), parse_base64url(record["content"])
        )

    def open_item_envelopes(self, item: bytes, version: int, item_key: bytes, content: bytes) -> bytes:
        """Both envelopes, opened for what was asked."""
        context, epoch = self.account.context, self.account.epoch
        key = open_envelope(item_key, self.personal_key, Asked(context, ITEM_KEY, epoch, item, version))
        content_type = (1).to_bytes(2, "big")
        return open_envelope(content, key, Asked(context, ITEM, 0, item, version, content_type))


def proof_message(purpose: str, account: Account, kind: int, parameters: bytes, origin: str, challenge: bytes) -> bytes:
    """L(purpose) | M (section 11)."""
    m = account.context + u64(account.epoch) + bytes([kind]) + with_length(parameters)
    return label(purpose) + m + with_length(origin.encode("utf-8")) + challenge


def derive_from_typed(kind: int, typed: str, parameters: bytes, context: bytes) -> MethodKeys:
    """From what a person types to the keys of his method (sections 2 to 5)."""
    if kind == PASSWORD:
        password = normalize_password(typed.encode("utf-8"))
        secret = password_secret(password, context, parse_kh(parameters))
    else:
        secret = parse_recovery_code(typed)
    return derive_method_keys(kind, secret, parameters, context)


def check_offer(offer: dict, origin: str, remembered: Remembered | None, accepted_epoch: int | None = None) -> Account:
    """Section 12.3: what a client refuses before hashing."""
    account = Account(parse_id(offer["organization"]), parse_id(offer["user"]), parse_counter(offer["epoch"]))
    if remembered is not None:
        require(account.epoch >= remembered.epoch, "epoch-below")
        require(account.epoch in (remembered.epoch, accepted_epoch), "epoch-above")
    require(origin in offer["origins"], "wrong-origin")
    methods = [(m["type"], parse_base64url(m["parameters"])) for m in offer["methods"]]
    require([kind for kind, _ in methods] == [PASSWORD, RECOVERY_CODE], "bad-message", "methods")
    require(methods[1][1] == b"", "bad-message", "parameters of the recovery code")
    parse_kh(methods[0][1])
    return account


def open_answer(
    account: Account,
    offered: list[tuple[int, bytes]],
    kind: int,
    keys: MethodKeys,
    records: Records,
    remembered: Remembered | None,
) -> Opened:
    """Section 12.5. Whatever fails is tampering or damage."""
    try:
        return _open_answer(account, offered, kind, keys, records, remembered)
    except Refused as refusal:
        raise Refused("tampered", str(refusal)) from None


def _open_answer(account, offered, kind, keys, records, remembered) -> Opened:
    # 1
    require(len(records.states) >= 1, "tampered", "no state")
    latest = parse_state(records.states[-1])
    _require_of(account, latest)
    same_epoch = remembered is not None and remembered.epoch == account.epoch
    require(not same_epoch or latest.seq >= remembered.seq, "tampered", "older state")
    # 2
    parameters = dict(offered)[kind]
    asked = Asked(account.context, kind, account.epoch, extra=parameters)
    master_key = open_envelope(records.envelope, keys.wrapping_key, asked)
    keyring_key = derive_keyring_key(master_key, account.context, account.epoch)
    keyring = open_envelope(records.keyring, keyring_key, Asked(account.context, KEYRING, account.epoch))
    signing_seed, agreement_private = keyring[:32], keyring[32:]
    # 3
    card = verify_card(records.card)
    _require_of(account, card)
    signing_key = ed25519_public(signing_seed)
    halves = (signing_key, x25519_public(agreement_private))
    require((card.signing_key, card.agreement_key) == halves, "tampered", "card holds other keys")
    # 4
    states = [verify_state(statement, signing_key) for statement in records.states]
    _require_linked(account, states, remembered if same_epoch else None)
    # 5
    state = states[-1]
    require(state.card_hash == card.hash, "tampered", "card hash")
    require(state.keyring_hash == sha256(records.keyring), "tampered", "keyring hash")
    require([(m.kind, m.parameters) for m in state.methods] == offered, "tampered", "methods")
    listed = next(m for m in state.methods if m.kind == kind)
    require(listed.unlock_public_key == keys.unlock_public_key, "tampered", "unlock key")
    require(listed.envelope_hash == sha256(records.envelope), "tampered", "envelope hash")
    # 6
    require(state.profile_floor >= FLOOR, "tampered", "floor")
    require(parse_kh(state.methods[0].parameters).profile >= state.profile_floor, "tampered", "profile")
    require(state.methods[1].parameters == b"", "tampered", "parameters")
    # 7
    personal = derive_personal_key(master_key, account.context, account.epoch)
    return Opened(account, master_key, signing_seed, agreement_private, personal, state)


def _require_of(account: Account, statement) -> None:
    place = (statement.org, statement.user, statement.epoch)
    require(place == (account.org, account.user, account.epoch), "tampered", "another account or epoch")


def _require_linked(account: Account, states: list[State], remembered: Remembered | None) -> None:
    for state in states:
        _require_of(account, state)
    if remembered is None:
        require(len(states) == 1, "tampered", "more than one state")
        return
    if len(states) == 1 and (states[0].seq, states[0].hash) == (remembered.seq, remembered.state_hash):
        return
    seq, previous = remembered.seq, remembered.state_hash
    for state in states:
        require((state.seq, state.previous) == (seq + 1, previous), "tampered", "gap in the states")
        seq, previous = state.seq, state.hash


@dataclass(frozen=True)
class Offered:
    """What a server offered a pending user."""

    account: Account
    subject: str
    previous_card: bytes | None
    origins: list[str]
    challenge: bytes


def _require_fields(message: object, *names: str) -> None:
    """Requests with missing or unknown fields are refused (section 12)."""
    require(isinstance(message, dict) and set(message) == set(names), "bad-message", "fields")


def verify_setup(request: dict, offered: Offered) -> None:
    """Section 12.2: what a server refuses, in its order. The refusal's reason says which check failed."""
    _require_fields(request, "card", "state", "keyring", "methods")
    for method in request["methods"]:
        _require_fields(method, "type", "parameters", "envelope", "proof")
    account = offered.account
    card_bytes, state_bytes, keyring = (parse_base64url(request[n]) for n in ("card", "state", "keyring"))
    card = verify_card(card_bytes)
    _require_of(account, card)
    require(card.previous == (offered.previous_card or bytes(32)), "bad-message", "card before")
    require(card.subject == offered.subject, "bad-message", "subject")
    state = verify_state(state_bytes, card.signing_key)
    _require_of(account, state)
    require(state.seq == 1, "bad-message", "seq")
    require(state.card_hash == card.hash, "bad-message", "card hash")
    require(has_form(keyring, KEYRING), "bad-message", "keyring form")
    require(state.keyring_hash == sha256(keyring), "bad-message", "keyring hash")
    require(len(request["methods"]) == len(state.methods), "bad-message", "methods")
    for sent, listed in zip(request["methods"], state.methods):
        _verify_setup_method(sent, listed, state, offered)


def _verify_setup_method(sent: dict, listed, state: State, offered: Offered) -> None:
    parameters, envelope = parse_base64url(sent["parameters"]), parse_base64url(sent["envelope"])
    require((sent["type"], parameters) == (listed.kind, listed.parameters), "bad-message", "methods")
    if listed.kind == PASSWORD:
        require(parse_kh(parameters).profile >= max(state.profile_floor, FLOOR), "bad-message", "floor")
    else:
        require(parameters == b"", "bad-message", "parameters")
    require(has_form(envelope, listed.kind), "bad-message", "envelope form")
    require(listed.envelope_hash == sha256(envelope), "bad-message", "envelope hash")
    proof = parse_base64url(sent["proof"])
    proved = _is_proved("enroll", offered, listed.kind, parameters, listed.unlock_public_key, proof)
    require(proved, "bad-message", "proof")


def _is_proved(purpose: str, offered: Offered, kind: int, parameters: bytes, key: bytes, proof: bytes) -> bool:
    return any(
        verify(key, proof_message(purpose, offered.account, kind, parameters, origin, offered.challenge), proof)
        for origin in offered.origins
    )


def verify_unlock(request: dict, offered: Offered, kind: int, parameters: bytes, unlock_public_key: bytes) -> None:
    """Section 12.4: what a server refuses."""
    _require_fields(request, "type", "parameters", "signature", "remembered")
    if request["remembered"] is not None:
        _require_fields(request["remembered"], "epoch", "seq")
        parse_counter(request["remembered"]["epoch"])
        parse_counter(request["remembered"]["seq"])
    asked = (request["type"], parse_base64url(request["parameters"]))
    require(asked == (kind, parameters), "bad-message", "method")
    signature = parse_base64url(request["signature"])
    proved = _is_proved("unlock", offered, kind, parameters, unlock_public_key, signature)
    require(proved, "bad-message", "signature")
