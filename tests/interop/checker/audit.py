"""docs/AUDIT.md: verifies an export of the audit log."""

import hashlib
import json
import sys

from .statements import encode

START = "0:" + "00" * 32


def verify(lines, noted: str | None = None, start: str = START) -> str:
    """The head SEQ:HASH of an intact chain; ValueError says what is wrong first."""
    seq, previous = int(start.split(":")[0]), start.split(":")[1]
    seen, organization = {start}, None
    for line in map(json.loads, lines):
        if line["seq"] is None:
            continue
        names = ("organization", "seq", "id", "at", "kind", "user", "token", "client", "connection", "detail")
        content = encode([line[name] for name in names])
        expected = hashlib.sha256(b"freehold/v1/audit\0" + bytes.fromhex(previous) + content).hexdigest()
        organization = organization or line["organization"]
        if (line["seq"], line["organization"]) != (seq + 1, organization):
            raise ValueError(f"{line['seq']} stands where {seq + 1} is expected")
        if (line["previous"], line["hash"]) != (previous, expected):
            raise ValueError(f"{line['seq']} has another hash than its content gives")
        seq, previous = seq + 1, expected
        seen.add(f"{seq}:{previous}")
    if noted is not None and noted not in seen:
        raise ValueError(f"the chain never had the head {noted}")
    return f"{seq}:{previous}"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as export:
        print(verify(export, *sys.argv[2:3]))
