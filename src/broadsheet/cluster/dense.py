"""Turn the words of an article into a dense vector: the sum of its tokens' rows in a static table (extra `dense`).

Two texts that tell one event in other words share few terms and still point one way here. The table and its tokenizer
are those of the package `wordllama` (Llama 2 supercat, 32,000 tokens, 256 dimensions); both files are read from the
installed package, which itself is never imported, and nothing is ever fetched. A row is long for a token that tells
texts apart ("Apple") and short for one that does not ("of"), so the plain sum already weighs the words.

Vectors are whole multiples of GRID. Sums of them, and dot products of such sums, are therefore exact in 64-bit floats,
in whatever order and on whatever machine they are added up: a sum that a vector was added to and taken from again is
what it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

DIMENSIONS = 256
CHARACTERS = 600  # of a text that are looked at
GRID = 2.0**-11  # with unit vectors even the dot product of 32-bit floats is exact: 256 products of at most 2 * 11 bits

_PACKAGES = ("numpy", "safetensors", "tokenizers", "wordllama")
_BLOCK = 1024  # texts at a time: 2 MB of sums
_TABLE = "wordllama/weights/l2_supercat_256.safetensors"
_TOKENIZER = "wordllama/tokenizers/l2_supercat_tokenizer_config.json"


class _Read(NamedTuple):
    tokenizer: Tokenizer
    rows: NDArray[np.float32]  # (tokens, DIMENSIONS)


def is_there() -> bool:
    """Is the extra installed?"""
    return all(find_spec(name) is not None for name in _PACKAGES)


def require() -> None:
    """Raise UsageError unless the extra is installed."""
    _read()


def vectors(texts: Iterable[str]) -> NDArray[np.float32]:
    """Vectors of n texts: (n, 256), each of length 1 within a thousandth, or zeros where a text has no words.

    Only the first CHARACTERS of a text count. What a text gives depends on nothing but that text, to the last bit.
    Raises UsageError where the extra `dense` is not installed.
    """
    read = _read()
    import numpy as np

    held = list(texts)
    found = np.zeros((len(held), DIMENSIONS), np.float32)
    for start in range(0, len(held), _BLOCK):
        block = held[start : start + _BLOCK]
        # Rows are 16-bit floats: added up in 64 bits their sum is exact.
        sums = np.zeros((len(block), DIMENSIONS))
        for at, text in enumerate(block):
            tokens = read.tokenizer.encode(_words(text), add_special_tokens=False).ids
            if tokens:
                read.rows[tokens].sum(axis=0, dtype=np.float64, out=sums[at])
        # One after the other: how a library's own sum or dot goes about it depends on the processor.
        lengths = np.sqrt(np.add.accumulate(sums * sums, axis=1)[:, -1:])
        unit = np.divide(sums, lengths, out=sums, where=lengths > 0)
        found[start : start + _BLOCK] = np.round(unit / GRID) * GRID
    return found


def _words(text: str) -> str:
    """The beginning with single spaces; half a surrogate pair, which the tokenizer refuses, becomes a question mark."""
    words = " ".join(text[:CHARACTERS].split())
    return words if words.isascii() else words.encode("utf-8", "replace").decode()


@cache
def _read() -> _Read:
    """The table and its tokenizer, 50 MB in all, read once a process."""
    try:
        import numpy as np
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        package = metadata.distribution("wordllama")
    except (ImportError, metadata.PackageNotFoundError) as exc:
        missing = exc.name if isinstance(exc, ImportError) else "wordllama"
        raise _needed(f"dense vectors need the extra `dense` ({missing} is missing)") from exc
    table, words = (Path(str(package.locate_file(file))) for file in (_TABLE, _TOKENIZER))
    if not table.is_file() or not words.is_file():
        raise _needed(f"wordllama {package.version} lacks its table")
    rows = next(iter(load_file(table).values()))
    tokenizer = Tokenizer.from_file(str(words))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return _Read(tokenizer, np.ascontiguousarray(rows, dtype=np.float32))


def _needed(what: str) -> UsageError:
    return UsageError(what, "extra dense", "pip install 'broadsheet[dense]'")
