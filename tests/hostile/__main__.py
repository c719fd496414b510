"""`python -m tests.hostile [naive]`: serve the hostile web, visit it from a fresh process, print JSON lines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from .server import Web, served

HANG = 300  # seconds after which a visit is given up


def main(arguments: list[str]) -> int:
    match arguments:
        case ["visit", web]:
            from .visiting import visit

            for line in visit(msgspec.json.decode(web, type=Web)):
                print(msgspec.json.encode(line).decode(), flush=True)
            return 0
        case ["naive", web]:
            from .naive import visit as visit_naively

            for line in visit_naively(msgspec.json.decode(web, type=Web)):
                print(msgspec.json.encode(line).decode(), flush=True)
            return 0
        case ["reference"]:
            from .reference import text

            (Path(__file__).parents[2] / "docs" / "reference" / "hostile-web.md").write_text(text())
            return 0
        case [] | ["naive"]:
            return _serve("naive" if arguments else "visit")
    print(__doc__, file=sys.stderr)
    return 2


def _serve(what: str) -> int:
    """Its own process, so that what the server holds is not charged to the visitor; last, what the canary heard."""
    with served() as (web, hits):
        told = msgspec.json.encode(web).decode()
        environment = os.environ | {"SSL_CERT_FILE": web.authority}
        visitor = subprocess.run(
            [sys.executable, "-m", "tests.hostile", what, told], env=environment, timeout=HANG, check=False
        )
        print(msgspec.json.encode({"hits": hits}).decode(), flush=True)
    return visitor.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
