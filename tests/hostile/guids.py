"""Identities that identify nothing, and links that lead nowhere, within one feed."""

from __future__ import annotations

from functools import partial

from .behaviour import Document, document
from .expected import Listed
from .writing import MOON, TIDE, feed, item

guids = partial(document, "guids")

NEWS = "https://harbour.example/news/"
THREE = (TIDE, MOON, "Lighthouse painted red")


def _three(**same: str) -> Document:
    return Document(
        feed(*(item(title, **{"link": f"{NEWS}{n}", "guid": f"id-{n}"} | same) for n, title in enumerate(THREE)))
    )


@guids(Listed(titles=THREE, urls=(f"{NEWS}0", f"{NEWS}1", f"{NEWS}2")))
def guid_of_all() -> Document:
    """Three items with one guid: three addresses, so three entries."""
    return _three(guid="same")


@guids(Listed(titles=THREE, urls=(NEWS,) * 3, ids=("id-0", "id-1", "id-2")))
def link_of_all() -> Document:
    """Three items with one link: listed as three, of one address."""
    return _three(link=NEWS)


@guids(Listed(titles=(TIDE, MOON), urls=("", f"{NEWS}2"), ids=("", "")))
def neither_link_nor_guid() -> Document:
    """An item with a title alone: listed without an address."""
    return Document(feed(f"<item><title>{TIDE}</title></item>", item(MOON, f"{NEWS}2")))


@guids(Listed(titles=(TIDE,), urls=(f"{NEWS}1",), ids=("https://elsewhere.example/x",)))
def guid_that_is_no_permalink() -> Document:
    """A guid that looks like an address and says that it is none."""
    guid = '<guid isPermaLink="false">https://elsewhere.example/x</guid>'
    return Document(feed(item(TIDE, f"{NEWS}1", more=guid)))


@guids(Listed(titles=(TIDE,), urls=("",)))
def guid_alone_that_is_no_permalink() -> Document:
    """The same without a link: there is no address."""
    return Document(
        feed(f'<item><title>{TIDE}</title><guid isPermaLink="false">https://elsewhere.example/x</guid></item>')
    )


@guids(Listed(titles=(TIDE,), urls=(f"{NEWS}1",)))
def guid_that_is_the_link() -> Document:
    """A guid that is the address, and no link."""
    return Document(feed(f"<item><title>{TIDE}</title><guid>{NEWS}1</guid></item>"))


@guids(Listed(titles=(TIDE, MOON), urls=(f"{NEWS}1", f"{NEWS}2")))
def guid_of_10000_characters() -> Document:
    """A guid of 10,000 characters: cut to what fits."""
    return Document(feed(item(TIDE, f"{NEWS}1", guid="g" * 10_000), item(MOON, f"{NEWS}2")))


@guids(Listed(titles=(TIDE,), urls=(f"{NEWS}1",)))
def guid_of_markup() -> Document:
    """A guid of elements and line ends."""
    return Document(feed(item(TIDE, f"{NEWS}1", more="<guid>\n<b>7</b>\n\t<i/>\n</guid>")))


@guids(Listed(titles=(TIDE, MOON), urls=("", f"{NEWS}2")))
def guids_that_are_no_address() -> Document:
    """An item that holds its guid three times, each of them no address."""
    three = "".join(
        f'<guid isPermaLink="true">{guid}</guid>' for guid in ("1", "javascript:alert(1)", "mailto:a@b.example")
    )
    return Document(feed(f"<item><title>{TIDE}</title>{three}</item>", item(MOON, f"{NEWS}2")))


# What a link says and the address that it means; empty for none.
_LINKS = {
    "javascript": ("javascript:alert(document.cookie)", ""),
    "javascript-spelt-oddly": ("  JaVaScRiPt:alert(1)", ""),
    "mailto": ("mailto:desk@harbour.example", ""),
    "data": ("data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;", ""),
    "file": ("file:///etc/passwd", ""),
    "user": ("https://harbour.example@elsewhere.example/1", ""),
    "backslash": ("https://elsewhere.example\\@harbour.example/1", ""),
    "no-host": ("https:///", ""),
    "no-port": ("https://harbour.example:99999/1", ""),
    "of-10000-characters": (NEWS + "x" * 10_000, ""),
    "relative": ("../news/1", f"{NEWS}1"),
    "host-alone": ("//harbour.example/news/1", f"{NEWS}1"),
    "upper-case": ("HTTPS://HARBOUR.EXAMPLE/news/1", f"{NEWS}1"),
    "dot-segments": (f"{NEWS}../../../news/./1", f"{NEWS}1"),
    "international": ("https://bücher.example/1", "https://xn--bcher-kva.example/1"),
    "tracked": (f"{NEWS}1?utm_source=tide&amp;utm_medium=rss", f"{NEWS}1"),
}


def _link(name: str, given: str, meant: str) -> None:
    def make() -> Document:
        return Document(feed(item(TIDE, given), item(MOON, f"{NEWS}2")))

    shown = given if len(given) < 50 else f"{given[:30]}... ({len(given)} characters)"
    expected = Listed(titles=(TIDE, MOON), urls=(meant, f"{NEWS}2"))
    guids(expected, name=f"link-{name}", does=f"A link to `{shown}`")(make)


for _name, (_given, _meant) in _LINKS.items():
    _link(_name, _given, _meant)
