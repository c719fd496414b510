"""Keys of a publication: drawn at first use and kept beside the store, for their owner's eyes alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from ..errors import OutputError, UsageError

LENGTH = 32  # bytes


def drawn(file: Path, what: str, advice: str) -> bytes:
    """The 32 bytes in `file`, which is made at first use. what, advice: for whoever reads the error.

    Raises UsageError where they cannot be read, OutputError where they cannot be written.
    """
    try:
        _draw(file)
        found = file.read_bytes()
    except OSError as exc:
        raise OutputError(f"cannot keep the key of {what}", str(file), exc.strerror or "") from exc
    if len(found) != LENGTH:
        raise UsageError("not a key", str(file), advice)
    return found


def _draw(file: Path) -> None:
    """Make the key file if there is none; whole or not at all, and never over another process's."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)  # of a process with our number that died here
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(secrets.token_bytes(LENGTH))
        out.flush()
        os.fsync(descriptor)
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
