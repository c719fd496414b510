"""Programs that do not come with Python: where `make clients` puts the Node packages, and marks for tests that need one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

CLIENTS = Path(__file__).parent / "clients"
MODULES = CLIENTS / "node_modules"
VNU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"  # the Nu HTML checker


def needs(*packages: str, commands: tuple[str, ...] = ()) -> pytest.MarkDecorator:
    """A mark that skips a test, and says what to install, where a Node package or a command is missing."""
    missing = [name for name in packages if not (MODULES / name / "package.json").exists()]
    missing += [name for name in commands if shutil.which(name) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed, see make clients: {', '.join(missing)}")
