"""Curating from cycle to cycle: what it reads again, and what it makes anew."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet.execute.serial import Serial
from broadsheet.run import opened, update
from broadsheet.run.curating import curate
from broadsheet.run.publication import quiet
from broadsheet.store.sql import SqlStore

from . import web as small_web
from .build import NOW, article, provider

LATER = NOW + timedelta(days=1)
NEW = "https://gazette.example/1"


@pytest.fixture(scope="module")
def printed(tmp_path_factory) -> Path:
    folder = small_web.publication(tmp_path_factory.mktemp("web") / "p")
    update(folder, NOW, offline=small_web.saved(tmp_path_factory.mktemp("saved")))
    return folder


def curated(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[set[str], dict[str, tuple[str, str]]]:
    """Curate a report of the next day on the fares; URLs of articles whose text was read, and all places after it."""
    read: set[str] = set()
    articles = SqlStore.articles

    def watched(self: SqlStore, since=None, urls: Sequence[str] | None = None, text: bool = False):
        found = articles(self, since, urls, text)
        read.update(one.url for one in found if text)
        return found

    with opened(folder) as (publication, store):
        fresh = article(
            1, url=NEW, provider=provider("gazette.example"), topics=("Ferries",), published=LATER, first_seen=LATER,
            title="Ferry crossing at six per cent more from April upsets commuters", scored_with=publication.fingerprint,
            text="Commuters will pay six per cent more for a ticket from April, the regulator of fares told the company.",
        )  # fmt: skip
        store.put_articles([fresh], ())
        with monkeypatch.context() as patched:
            patched.setattr(SqlStore, "articles", watched)
            curate(publication, store, Serial(), LATER, progress=quiet)
        return read, store.places()


def test_no_text_of_a_placed_article_is_read_again(printed, tmp_path, monkeypatch):
    """And the new one joins their story all the same."""
    read, places = curated(Path(shutil.copytree(printed, tmp_path / "p")), monkeypatch)

    assert {NEW} == read
    assert places[NEW].story == places["http://p2.example/1/2-0"].story


@pytest.mark.parametrize("kept", [b"", b"of another version", b"\x93\x63\xc4\x00\xa0"])
def test_what_an_older_version_kept_is_made_anew_once(printed, tmp_path, monkeypatch, kept):
    """From the texts; the places are the same, and the next cycle reads none of them again."""
    folder = Path(shutil.copytree(printed, tmp_path / "p"))
    _, expected = curated(Path(shutil.copytree(printed, tmp_path / "undisturbed")), monkeypatch)
    with opened(folder) as (_, store):
        old = [one.url for one in store.articles()]
        store.put_curation((), (), (), dict.fromkeys(old, kept))

    read, places = curated(folder, monkeypatch)

    assert {NEW, *places} == read
    assert expected == places
    with opened(folder) as (_, store):
        assert kept not in store.features(NOW - timedelta(days=30)).values()
