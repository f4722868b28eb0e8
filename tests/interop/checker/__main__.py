"""Opens a real account from a copy of the database and the secret its owner types."""

import argparse
import getpass
import sys
import uuid

from .account import derive_from_typed, open_answer
from .database import read
from .errors import Refused
from .methods import PASSWORD, RECOVERY_CODE


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="checker", description=__doc__)
    parser.add_argument("--database", required=True, help="a copy of the server's SQLite database")
    parser.add_argument("--user", required=True, help="the userName")
    parser.add_argument("--recovery-code", action="store_true", help="ask for the recovery code, not the passphrase")
    parser.add_argument("--show", action="store_true", help="print the secrets, not only how many opened")
    options = parser.parse_args()
    kind = RECOVERY_CODE if options.recovery_code else PASSWORD
    stored = read(options.database, options.user)
    typed = getpass.getpass("Recovery code: " if options.recovery_code else "Passphrase: ")
    try:
        keys = derive_from_typed(kind, typed, dict(stored.methods)[kind], stored.account.context)
        opened = open_answer(stored.account, stored.methods, kind, keys, stored.records(kind), None)
        texts = [(item[0], opened.open_item_envelopes(*item)) for item in stored.items]
    except Refused as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        return 1
    print(f"opened {options.user}: every signature and hash holds; {len(texts)} secrets open")
    for item, text in texts if options.show else []:
        print(uuid.UUID(bytes=item), text.decode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
