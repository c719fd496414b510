"""Secret files: written whole, for their owner alone, and never over one that is there."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import OutputError, UsageError

SECRET = 4096  # bytes, far beyond any key


def put_secret(folder: Path, name: str, data: bytes) -> None:
    """Write a new file that its owner alone may read (0600), in a folder that he alone may enter (0700).

    Its bytes are on the disk when this returns. Raises OutputError, also where a file of that name is there.
    """
    target = folder / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = folder / f".{name}.{os.getpid()}"  # a crash leaves this one, and no key that is cut off
        part.unlink(missing_ok=True)  # of a process with our number that died here
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            target.hardlink_to(part)  # unlike renaming, this never replaces
        finally:
            part.unlink()
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as exc:
        raise OutputError("cannot write", str(target), exc.strerror or "") from exc


def read_secrets(folder: Path, pattern: str) -> dict[str, bytes]:
    """Secret files in `folder` by name, in order; none where there is no folder.

    Raises UsageError where one cannot be read, has more than 4 KiB, or is open to others than its owner.
    """
    found: dict[str, bytes] = {}
    for file in sorted(folder.glob(pattern)):
        try:
            about = file.stat()
            if about.st_mode & 0o077:
                raise UsageError("others may read this key", str(file), f"chmod 600 {file}")
            if about.st_size > SECRET:
                raise UsageError("too long for a key", str(file))
            found[file.name] = file.read_bytes()
        except OSError as exc:
            raise UsageError("cannot read", str(file), exc.strerror or "") from exc
    return found
