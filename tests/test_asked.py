"""What outputs ask of an edition is found once, and goes when the edition does."""

from __future__ import annotations

import gc
import weakref

from broadsheet.outputs._asked import asked_once

from . import coast
from .build import edition


def test_it_is_found_once_for_each_edition():
    """Another edition, even one that is equal, is asked anew; what was found goes with its edition."""
    asked: list[object] = []

    class Answer:
        pass

    @asked_once
    def find(one) -> Answer:
        asked.append(one.updated)
        return Answer()

    first, second = edition(), coast.edition()
    assert find(first) is find(first) is not find(second)
    assert find(second) is not find(edition())
    assert 3 == len(asked)

    left = weakref.ref(find(first))
    del first
    gc.collect()
    assert left() is None
