"""`python -m benchmarks [NAME...] [--write]`: run every benchmark, or those named, on the folder BROADSHEET_DATA names.

`--write` keeps the figures of those that give them: as JSON beside the benchmark, and as a table in the README.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from pathlib import Path

from . import _kept


def main(names: list[str]) -> int:
    folder = os.environ.get("BROADSHEET_DATA", "")
    if not folder or not Path(folder).is_dir():
        print(f"benchmarks: nothing measured: BROADSHEET_DATA names no folder ({folder or 'not set'})")
        return 0
    write, names = "--write" in names, [name for name in names if name != "--write"]
    here = sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)]) if not m.name.startswith("_"))
    if unknown := sorted(set(names) - set(here)):
        print(f"benchmarks: no such benchmark: {', '.join(unknown)}: choose from {', '.join(here)}", file=sys.stderr)
        return 2
    print(_kept.machine())
    for name in names or here:
        print(f"\n{name}")
        benchmark = importlib.import_module(f"benchmarks.{name}")
        figures = benchmark.main(Path(folder))
        if write and figures:
            table = benchmark.table(_kept.write(name, figures))
            page = _kept.README.read_text(encoding="utf-8")
            _kept.README.write_text(_kept.replaced(page, name, table), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
