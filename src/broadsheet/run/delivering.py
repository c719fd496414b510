"""Hand on an edition that is printed and committed: push it, then tell hubs of the feeds in it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from .. import files
from ..errors import OutputError
from ..types import Publication
from .announcing import NONE, announce
from .publication import SITE


def deliver(
    folder: Path,
    publication: Publication,
    written: Iterable[str],
    hosts: Mapping[str, str] = NONE,
    *,
    hubs: bool = True,
) -> tuple[str, ...]:
    """What could not be done, one line each: the edition stands, and the next one goes with it.

    written: paths below the site. hosts: added to those of the settings. hubs: tell them, too; they are told only of
    what the remote has, where there is one. The caller holds the lock.
    """
    git = publication.git
    if git.push:
        try:
            files.push(folder, SITE, git.remote, git.branch, time.sleep)
        except OutputError as exc:
            return (str(exc),)
    return announce(publication, written, hosts) if hubs else ()
