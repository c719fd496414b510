"""What the store keeps of sealed texts, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from msgspec.structs import replace

from broadsheet.store import Store
from broadsheet.store.seals import Sealed
from broadsheet.types import Placed

from .build import article
from .test_store import entry, list_entries, outcome, postgres_url, store, url

__all__ = ["postgres_url", "store", "url"]  # fixtures

ONE, OTHER = (
    Sealed(
        url=article(n).url, key=f"key{n}", value=f"value{n}", text_hash=f"{n}", publication="https://ferries.example/"
    )
    for n in (1, 2)
)


def test_what_is_sealed_is_kept_by_url(store: Store) -> None:
    """All, or those that are asked for; a later value replaces an earlier one."""
    store.seals.put([OTHER, ONE])
    store.seals.put([replace(OTHER, value="newer")])
    assert (ONE, replace(OTHER, value="newer")) == store.seals.find()
    assert (ONE,) == store.seals.find([ONE.url, "https://harbour.example/none"])
    assert {ONE.url: "value1", OTHER.url: "newer"} == store.seals.values()


def test_what_is_erased_is_erased_for_ever(store: Store) -> None:
    """Also of an article that nothing was sealed of; a value that comes later is not taken."""
    store.seals.put([ONE])
    store.seals.erase([ONE.url, OTHER.url])
    store.seals.put([ONE, OTHER])
    assert {} == store.seals.values()
    assert (Sealed(url=ONE.url, key=""), Sealed(url=OTHER.url, key="")) == store.seals.find()


def test_due_is_what_has_a_record_and_is_not_sealed_as_it_is(store: Store) -> None:
    """Nothing that has no record, no text, or was erased; and what was read again once its text is another."""
    store.put_articles([replace(article(n), text="" if n == 3 else f"Text {n}.") for n in (1, 2, 3, 4, 5)], [])
    store.put_curation([], [Placed(url=article(n).url, name="" if n == 4 else f"{n}.md") for n in (1, 2, 3, 4, 5)])
    store.seals.erase([article(5).url])
    due = store.seals.due()
    assert [article(1).url, article(2).url] == list(due)
    store.seals.put([replace(ONE, text_hash=due[ONE.url]), replace(OTHER, text_hash=due[OTHER.url])])
    assert {} == store.seals.due()
    store.put_articles([replace(article(2), text="Text 2, changed.")], [])
    assert [article(2).url] == list(store.seals.due())


def test_text_that_was_erased_is_forgotten_again_when_it_is_read_again(store: Store) -> None:
    store.seals.erase([ONE.url])
    store.put_articles([replace(article(n), text="Text.") for n in (1, 2)], [])
    assert (1, 0) == (store.seals.erase_again(), store.seals.erase_again())
    assert ["", "Text."] == [one.text for one in store.articles(text=True)]


def test_erasing_takes_the_text_wherever_it_lies(store: Store) -> None:
    """That of the article, and what feeds gave under any of its addresses; the rest of both stays."""
    first, second = article(1, original_url="https://harbour.example/r/1"), article(2)
    store.put_articles(
        [replace(one, text="The whole text.") for one in (first, second)],
        [outcome("https://harbour.example/moved", article=first.url)],
    )
    listed = [first.url, first.original_url, "https://harbour.example/moved", second.url]
    list_entries(store, *(entry(one, content="The whole text.") for one in listed))
    store.put_outcomes([outcome("https://harbour.example/moved", article=first.url)])
    store.seals.erase([first.url])
    assert (first, replace(second, text="The whole text.")) == store.articles(text=True)
    found = store.sightings(listed)
    assert ["", "", "", "The whole text."] == [found[one][0].content for one in listed]
    assert {"Ferry line opens"} == {one.title for ones in found.values() for one in ones}
