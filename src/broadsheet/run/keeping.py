"""Keep small copies of the pictures that an edition shows: fetch each once, have workers make them, store them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from .. import files, text
from ..errors import FetchError
from ..execute import Executor
from ..fetch import Request
from ..fetch.outside import Outside
from ..pictures import copying, illustrating, leads
from ..pictures.copying import Copies, Original
from ..store import Store
from ..types import Article, Decision, File, Image, Page, Picture, Publication, Story
from . import weather
from .asking import reason
from .publication import PRIVATE, Progress
from .sizing import after_failure

MOST = 200  # pictures that one cycle fetches whole
AT_ONCE = 16  # pictures that are in memory together, each as large as `[fetch] image` allows
FOLDER = "pictures"  # below the private folder

_Key = tuple[str, str]  # use and address


class Kept(NamedTuple):
    """What came of it. asked: pictures. paused: see Asked."""

    asked: int = 0
    paused: str = ""


def keep_pictures(
    folder: Path,
    publication: Publication,
    store: Store,
    pool: Executor,
    outside: Outside,
    stories: Sequence[Story],
    now: datetime,
    progress: Progress,
) -> Kept:
    """Copies of the leads and logos of printed `stories`, by their rank, that are not kept yet. Raises StoreError,
    OutputError.

    The files of a picture are on the disk before the store says that it is kept.
    """
    known = {(picture.use, picture.url): picture for picture in store.pictures()}
    there = held(folder)
    wanted = [key for key in _shown(stories, publication) if _is_wanted(known.get(key), there, now)]
    left = MOST - sum(p.fetched_at == now and p.state not in ("sized", "unfit") for p in known.values())
    wanted = wanted[: max(left, 0)]
    failed: list[tuple[_Key, FetchError]] = []
    done = 0
    progress("keeping pictures", 0, len(wanted))
    rest = iter(wanted)
    while some := list(islice(rest, AT_ONCE)):
        requests = ((key, Request(url=key[1], purpose="image")) for key in some)
        for answers in outside.answers(requests):
            failed += [(key, value) for key, value in answers if isinstance(value, FetchError)]
            originals = [Original(url=k[1], use=k[0], body=v.body) for k, v in answers if isinstance(v, Page)]
            _keep(folder, store, pool, originals, known, now)
            done += len(answers)
            progress("keeping pictures", done, len(wanted))
    paused = weather.pause("pictures", [url for _, url in wanted], [error for _, error in failed])
    if not paused:
        store.put_pictures(after_failure(error, key[0], known.get(key), now) for key, error in failed)
    return Kept(len(wanted), paused)


def _shown(stories: Sequence[Story], publication: Publication) -> list[_Key]:
    """What the printed stories would show, leads first, each once."""
    ranked = sorted(stories, key=lambda story: (-story.rank, -story.last_seen.timestamp(), story.name))
    logos = illustrating.logos(ranked, publication).values()
    found = [("lead", url) for url in illustrating.leads(ranked)]
    return list(dict.fromkeys([*found, *(("logo", image.url) for images in logos for image in images)]))


def _is_wanted(picture: Picture | None, there: frozenset[str], now: datetime) -> bool:
    if picture is None or picture.state == "sized":
        return True
    return not _is_there(picture, there) if picture.state == "kept" else leads.is_due(picture, now)


def _keep(
    folder: Path,
    store: Store,
    pool: Executor,
    originals: Iterable[Original],
    known: Mapping[_Key, Picture],
    now: datetime,
) -> None:
    """Make, write and note the copies of some pictures. One at a time goes to a worker: each may be large."""
    for original, value in pool.map(copying.copies, originals, batch=1):
        before = known.get((original.use, original.url))
        made = value if isinstance(value, Copies) else None
        picture = _noted(original, value, before, now)
        for end, data in made.files.items() if made else ():
            files.put(folder, File(path=place(picture.path(end)), data=data))
        store.put_pictures([picture])


def _noted(original: Original, value: Copies | Exception, before: Picture | None, now: datetime) -> Picture:
    attempts = before.attempts + 1 if before else 1
    about = Picture(url=original.url, use=original.use, state="refused", fetched_at=now, attempts=attempts)
    if isinstance(value, Exception):
        size = (before.kind, before.width, before.height) if before else ("", 0, 0)
        why = text.clean(reason(value))
        return msgspec.structs.replace(about, reason=why, kind=size[0], width=size[1], height=size[2])
    return msgspec.structs.replace(
        about, state="kept", kind=value.kind, width=value.width, height=value.height, hash=value.hash
    )


# --- what is there ---------------------------------------------------------------------------------------------------


def place(path: str) -> str:
    """Where the file that is printed at `path` is kept, below the publication folder."""
    return f"{PRIVATE}/{FOLDER}/{path.removeprefix('images/')}"


def held(folder: Path) -> frozenset[str]:
    """Names of the files that are kept."""
    return files.names(folder / PRIVATE / FOLDER, "*/*")


def kept(folder: Path, store: Store, as_of: datetime) -> tuple[Picture, ...]:
    """Pictures that were kept at `as_of` and whose files are all there. Raises StoreError."""
    there = held(folder)
    return tuple(
        picture
        for picture in store.pictures()
        if picture.state == "kept" and picture.fetched_at <= as_of and _is_there(picture, there)
    )


def _is_there(picture: Picture, there: frozenset[str]) -> bool:
    return all(path.rsplit("/", 1)[-1] in there for path in picture.files)


def forget(folder: Path, store: Store, known: Iterable[Picture], articles: Iterable[Article], now: datetime) -> None:
    """Drop the copies of pictures whose publisher lets nobody keep them any more. Raises StoreError, OutputError.

    A picture that another article shows, whose publisher allows it, stays.
    """
    kept_now = [picture for picture in known if picture.state == "kept"]
    allowed: set[str] = set()
    reserved: dict[str, Article] = {}
    for article in articles:
        images: tuple[Image, ...] = (*article.images, *(article.publisher or article.provider).images)
        for image in images:
            if article.rights.images:
                allowed.add(image.url)
            else:
                reserved.setdefault(image.url, article)
    gone = [picture for picture in kept_now if picture.url in reserved and picture.url not in allowed]
    if not gone:
        return
    store.put_pictures(
        msgspec.structs.replace(
            one, state="refused", hash="", fetched_at=now,
            reason=f"its publisher wants it left alone ({'; '.join(reserved[one.url].rights.evidence[:3])})",
        )
        for one in gone
    )  # fmt: skip
    used = {path for picture in kept_now if picture not in gone for path in picture.files}
    for path in sorted({path for picture in gone for path in picture.files} - used):
        files.remove(folder, place(path))


def forget_killed(
    folder: Path, store: Store, articles: Iterable[Article], in_force: Mapping[str, Decision], now: datetime
) -> None:
    """Drop the copies of pictures that killed articles alone show. Raises StoreError, OutputError.

    Of such a picture its size stays known, so that it is had again once the act is taken back. in_force: article URL
    -> its latest decision.
    """
    killed = {url for url, decision in in_force.items() if decision.kind == "kill"}
    if not killed or not held(folder):
        return
    shown: set[str] = set()
    taken: set[str] = set()
    for article in articles:
        addresses = {image.url for image in (*article.images, *(article.publisher or article.provider).images)}
        (taken if article.url in killed else shown).update(addresses)
    alone = taken - shown
    kept_now = [picture for picture in store.pictures() if picture.state == "kept"]
    gone = [picture for picture in kept_now if picture.url in alone]
    if not gone:
        return
    used = {path for picture in kept_now if picture.url not in alone for path in picture.files}
    for path in sorted({path for picture in gone for path in picture.files} - used):
        files.remove(folder, place(path))  # before the store forgets which they are
    store.put_pictures(msgspec.structs.replace(one, state="sized", hash="", fetched_at=now) for one in gone)
