"""Keys of a publication: drawn at first use and kept beside the store, for their owner's eyes alone."""

from __future__ import annotations

import secrets
from pathlib import Path

from .. import files
from ..errors import OutputError, UsageError

LENGTH = 32  # bytes


def drawn(file: Path, what: str, advice: str) -> bytes:
    """The 32 bytes in `file`, which is made at first use. what, advice: for whoever reads the error.

    Raises UsageError where they cannot be read, OutputError where they cannot be written.
    """
    try:
        if not file.exists():
            _draw(file)
        found = file.read_bytes()
    except OSError as exc:
        raise OutputError(f"cannot keep the key of {what}", str(file), exc.strerror or "") from exc
    if len(found) != LENGTH:
        raise UsageError("not a key", str(file), advice)
    return found


def _draw(file: Path) -> None:
    """Make the key file, unless another process does it first: then that one's counts. Raises OutputError."""
    try:
        files.put_secret(file.parent, file.name, secrets.token_bytes(LENGTH))
    except OutputError:
        if not file.exists():
            raise
