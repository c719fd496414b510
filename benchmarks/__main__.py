"""`python -m benchmarks [NAME...]`: run every benchmark, or those named, on the folder that BROADSHEET_DATA names."""

from __future__ import annotations

import importlib
import os
import pkgutil
import platform
import sys
from pathlib import Path


def main(names: list[str]) -> int:
    folder = os.environ.get("BROADSHEET_DATA", "")
    if not folder or not Path(folder).is_dir():
        print(f"benchmarks: nothing measured: BROADSHEET_DATA names no folder ({folder or 'not set'})")
        return 0
    here = sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)]) if not m.name.startswith("_"))
    if unknown := sorted(set(names) - set(here)):
        print(f"benchmarks: no such benchmark: {', '.join(unknown)}: choose from {', '.join(here)}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()} on {platform.machine()}, {os.cpu_count()} cores")
    for name in names or here:
        print(f"\n{name}")
        importlib.import_module(f"benchmarks.{name}").main(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
