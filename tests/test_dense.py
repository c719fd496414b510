"""Dense vectors: what they tell apart, that they are exact, and what happens without the extra."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from broadsheet.cluster import dense

TITLES = [
    "Ferry Aldora runs aground off Kestrel Point with 210 people aboard",
    "Passenger ship hits rocks, hundreds are taken off",
    "Norvik central bank raises its main rate to 4.5 percent",
    "Größte Fähre der Küste läuft auf Grund",
    "旅客船が座礁、全員無事",
    "Rare orchid found in a quarry by schoolchildren",
]


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)


def test_other_words_for_one_event_point_one_way():
    """Two headlines that share no word are nearer to each other than either is to another event."""
    ferry, ship, bank = dense.vectors(TITLES[:3])

    assert ferry @ ship > 2 * max(ferry @ bank, ship @ bank)


def test_a_vector_depends_on_its_text_alone():
    """One text at a time, all at once, or among thousands of others: the same bits."""
    together = dense.vectors(TITLES)
    alone = np.concatenate([dense.vectors([title]) for title in TITLES])
    among = dense.vectors([title for n in range(400) for title in (*TITLES, "x " * (n % 90))])

    assert together.tobytes() == alone.tobytes()
    assert together.tobytes() == np.concatenate([among[7 * 399 + n : 7 * 399 + n + 1] for n in range(6)]).tobytes()


def test_vectors_have_the_length_of_one():
    """256 numbers of 32 bits a text, of length 1 within a thousandth, whatever the length of the text."""
    found = dense.vectors([*TITLES, "word", "word " * 5000])

    assert (8, dense.DIMENSIONS) == found.shape
    assert np.float32 == found.dtype
    assert np.abs(np.linalg.norm(found, axis=1) - 1).max() < 0.001


@pytest.mark.parametrize("text", ["", " ", "\n \t"])
def test_no_words_no_vector(text):
    """A text without words gives zeros, and does not disturb its neighbours."""
    found = dense.vectors([TITLES[0], text, TITLES[1]])

    assert not found[1].any()
    assert dense.vectors(TITLES[:2]).tobytes() == found[[0, 2]].tobytes()


def test_white_space_is_no_word():
    """Line breaks and runs of spaces change nothing."""
    assert dense.vectors(["a ferry  ran\n aground "]).tobytes() == dense.vectors(["a ferry ran aground"]).tobytes()


def test_no_texts_no_vectors():
    """Nothing in, an array of no rows out."""
    assert (0, dense.DIMENSIONS) == dense.vectors([]).shape


@pytest.mark.parametrize("text", ["half a pair \ud83d here", "\x00\x01", "\U0001f6a2" * 700, "a" * 100_000, "‏مرحبا"])
def test_whatever_somebody_writes_has_a_vector(text):
    """Broken surrogates, control characters, pictures, one endless word."""
    assert np.isfinite(dense.vectors([text])).all()
    assert dense.vectors([text]).any()


def test_only_the_beginning_counts():
    """What stands after the first characters changes nothing."""
    start = ("A long report on the ferry. " * 40)[: dense.CHARACTERS]

    assert dense.vectors([start]).tobytes() == dense.vectors([start + " And much more on banks."]).tobytes()


def test_sums_are_exact_in_any_order():
    """Adding vectors up in another order, or taking one away again, gives the very same sum and dot products."""
    found = dense.vectors([f"{title} {n}" for n in range(300) for title in TITLES]).astype(np.float64)
    there, back = np.zeros(dense.DIMENSIONS), np.zeros(dense.DIMENSIONS)
    for one, other in zip(found, found[::-1], strict=True):
        there += one
        back += other

    assert there.tobytes() == back.tobytes()
    assert (there - found[:-1].sum(axis=0)).tobytes() == found[-1].tobytes()
    assert sum(x * y for x, y in zip(there, found[0], strict=True)) == there @ found[0] == found[0][::-1] @ there[::-1]


def test_pairs_are_exact_in_32_bits():
    """The dot product of two vectors is the same in 32-bit floats as in 64-bit ones."""
    found = dense.vectors(TITLES)

    assert (found @ found.T).tolist() == (found.astype(np.float64) @ found.T.astype(np.float64)).tolist()


@pytest.mark.parametrize("missing", ["numpy", "safetensors", "tokenizers"])
def test_without_the_extra_the_error_names_it(missing):
    """The room itself needs nothing; asking for vectors says in one line what to install."""
    done = run(
        f"import sys; sys.modules['{missing}'] = None\n"
        "from broadsheet.cluster import dense\n"
        "from broadsheet.errors import UsageError\n"
        "try: dense.vectors(['a'])\n"
        "except UsageError as exc: print(exc)"
    )

    assert "" == done.stderr
    assert done.stdout.startswith(f"dense vectors need the extra `dense` ({missing}")
    assert done.stdout.endswith("pip install 'broadsheet[dense]'\n")


def test_the_package_of_the_table_is_read_and_not_run():
    """Neither wordllama nor anything that could download is imported, and no connection is opened."""
    done = run(
        "import socket, sys\n"
        "def refuse(*_): raise AssertionError('a connection')\n"
        "socket.socket.connect = socket.create_connection = refuse\n"
        "from broadsheet.cluster import dense\n"
        "dense.vectors(['a ferry'])\n"
        "print(sorted({'wordllama', 'huggingface_hub', 'requests', 'httpx'} & set(sys.modules)))"
    )

    assert ("[]\n", "") == (done.stdout, done.stderr)
