"""Refusals, by the names of section 14."""


class Refused(Exception):
    """The input is refused. `code` is one of section 14."""

    def __init__(self, code: str, reason: str = ""):
        super().__init__(f"{code}: {reason}" if reason else code)
        self.code = code
        self.reason = reason


def require(condition: bool, code: str, reason: str = "") -> None:
    """Refuses with `code` unless `condition` holds."""
    if not condition:
        raise Refused(code, reason)
