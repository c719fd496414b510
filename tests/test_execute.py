"""Every executor gives what the serial one gives, whatever its items do to the workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from broadsheet.errors import NotAnArticle, Poisonous, UsageError
from broadsheet.execute import open_executor
from broadsheet.execute.processes import BATCH, Processes

from .build import article


class StubbornError(Exception):
    """Pickles, and does not come back."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")


def work(item: Any) -> Any:
    """One item says what it does to its worker; others are squared."""
    match item:
        case "raise":
            raise NotAnArticle("a list", "https://harbour.example/")
        case "stubborn":
            raise StubbornError("https://harbour.example/", "no")
        case "function":
            return lambda: None
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            os._exit(0)
        case "spin":
            while True:
                pass
        case "memory":
            return len(bytes(8 * 1024**3))
        case "pid":
            return os.getpid()
        case _:
            return item * item
    return None


def shown(results: Any) -> list[tuple[str, str]]:
    """Results in an order that can be compared."""
    return sorted((repr(item), repr(value)) for item, value in results)


@pytest.mark.parametrize(
    "spec", ["", "serial:2", "processes:", "processes:0", "processes:999", "processes:-1", "processes:２", "ray"]
)
def test_an_executor_that_we_do_not_have_is_a_usage_error(spec):
    with pytest.raises(UsageError, match="use processes, processes:N or serial"):
        open_executor(spec)


@pytest.mark.parametrize("spec", ["serial", "processes:2"])
def test_every_item_comes_back_with_its_value_or_its_exception(spec):
    """More items than a batch, drawn from a generator; an exception is a value."""
    items = [*range(3 * BATCH), "raise"]

    with open_executor(spec) as executor:
        results = dict(executor.map(work, iter(items)))

    assert set(items) == set(results)
    assert [n * n for n in range(3 * BATCH)] == [results[n] for n in range(3 * BATCH)]
    assert NotAnArticle is type(results["raise"])
    assert ("a list", "https://harbour.example/") == (results["raise"].what, results["raise"].where)


@pytest.mark.parametrize("spec", ["serial", "processes:2"])
@pytest.mark.parametrize("batch", [1, 3, 100])
def test_the_size_of_a_batch_changes_nothing(spec, batch):
    with open_executor(spec) as executor:
        results = dict(executor.map(work, range(10), batch=batch))

    assert {n: n * n for n in range(10)} == results


@pytest.mark.parametrize("spec", ["serial", "processes:2"])
def test_no_items_give_nothing(spec):
    with open_executor(spec) as executor:
        assert [] == list(executor.map(work, []))


def test_processes_equal_serial_on_our_own_values():
    articles = [article(n) for n in range(40)]

    with open_executor("serial") as serial, open_executor("processes:2") as processes:
        assert shown(serial.map(repr, articles)) == shown(processes.map(repr, articles))


def test_a_worker_that_dies_costs_the_one_item_that_killed_it():
    """Killed or gone, in two of several batches: each loses itself alone, the rest arrive."""
    items = [*range(20), "die", *range(20, 40), "exit", *range(40, 60)]

    with open_executor("processes:2") as executor:
        results = dict(executor.map(work, items))
        after = dict(executor.map(work, [7]))

    assert [n * n for n in range(60)] == [results[n] for n in range(60)]
    assert {Poisonous} == {type(results["die"]), type(results["exit"])}
    assert "killed" in results["die"].what
    assert {7: 49} == after


def test_an_item_that_never_ends_is_ended_by_its_processor_time():
    with Processes(1, seconds=1) as executor:
        results = dict(executor.map(work, [1, "spin", 2]))

    assert Poisonous is type(results["spin"])
    assert (1, 4) == (results[1], results[2])


def test_an_item_that_wants_all_memory_is_an_exception():
    with open_executor("processes:1") as executor:
        assert MemoryError is type(dict(executor.map(work, ["memory", 1]))["memory"])


def test_what_cannot_cross_processes_becomes_a_parse_error_with_its_text():
    """An exception that unpickling breaks, a value that pickling refuses; their neighbours are whole."""
    with open_executor("processes:1") as executor:
        results = dict(executor.map(work, [3, "stubborn", "function", 4]))

    assert (9, 16) == (results[3], results[4])
    assert "StubbornError: https://harbour.example/: no" == results["stubborn"].what
    assert results["function"].what.startswith("result cannot cross processes")


def test_the_work_is_done_by_other_processes():
    with open_executor("processes:1") as executor:
        assert os.getpid() != dict(executor.map(work, ["pid"]))["pid"]


def test_workers_that_cannot_start_stop_the_run(monkeypatch):
    """Else every item would be blamed. Memory too small to start in stands for any such machine."""
    with Processes(1, memory=1) as executor, pytest.raises(UsageError, match="use serial"):
        list(executor.map(work, [1, 2]))


def test_leaving_a_map_early_leaves_nothing_running():
    with open_executor("processes:2") as executor:
        assert 2 == len(next(iter(executor.map(work, range(1000)))))


def test_workers_end_with_a_run_that_is_killed(tmp_path: Path):
    """kill -9 of the parent leaves no orphan behind."""
    told = tmp_path / "pid"
    script = tmp_path / "parent.py"
    script.write_text(
        "import pathlib, signal, os\n"
        "from broadsheet.execute import open_executor\n"
        "from tests.test_execute import work\n"
        "if __name__ == '__main__':\n"
        "    with open_executor('processes:1') as executor:\n"
        "        [(_, pid)] = executor.map(work, ['pid'])\n"
        f"        pathlib.Path({str(told)!r}).write_text(str(pid))\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    here = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, script], env=os.environ | {"PYTHONPATH": str(here)}, check=False, timeout=60)

    assert -signal.SIGKILL == done.returncode
    worker = int(told.read_text())
    for _ in range(200):
        if not Path(f"/proc/{worker}").exists() or "\nState:\tZ" in Path(f"/proc/{worker}/status").read_text():
            return
        time.sleep(0.05)
    os.kill(worker, signal.SIGKILL)
    pytest.fail("the worker outlived its parent by ten seconds")
