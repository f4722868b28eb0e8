"""Opens a real account from a copy of the database and the secret its owner types."""

import argparse
import getpass
import sys
import uuid
from pathlib import Path

from .database import open_stored, read
from .errors import Refused
from .methods import PASSKEY, PASSWORD, RECOVERY_CODE


def main(words: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="checker", description=__doc__)
    parser.add_argument("--database", required=True, help="a copy of the server's SQLite database")
    parser.add_argument("--user", required=True, help="the userName")
    parser.add_argument("--recovery-code", action="store_true", help="ask for the recovery code, not the passphrase")
    parser.add_argument("--passkey", metavar="FILE", help="take what the passkey's PRF extension gave: hex, in a file")
    parser.add_argument("--show", action="store_true", help="print the secrets, not only how many opened")
    options = parser.parse_args(words)
    stored = read(options.database, options.user)
    try:
        if options.passkey:
            kind, typed = PASSKEY, bytes.fromhex(Path(options.passkey).read_text("ascii"))
        else:
            kind, prompt = (RECOVERY_CODE, "Recovery code: ") if options.recovery_code else (PASSWORD, "Passphrase: ")
            typed = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        opened = open_stored(stored, kind, typed)
        texts = [(item[0], opened.open_item(*item)) for item in stored.items]
    except Refused as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        return 1
    print(f"opened {options.user}, epoch {stored.account.epoch}: signatures and hashes hold; {len(texts)} secrets open")
    for item, text in texts if options.show else []:
        print(uuid.UUID(bytes=item), text.decode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
