"""Start a publication: scaffold its folder, and add sources to it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from importlib.resources import files as resources
from pathlib import Path

import msgspec

from .. import config, files, plugins, sources, text, urls
from ..errors import FetchError, ParseError, UsageError
from ..fetch import Fetcher, Request
from ..types import File, Page, Publication, Source, Struct


class Added(Struct, frozen=True):
    """What `add` did. failures: addresses that gave no source, one line each."""

    added: tuple[Source, ...] = ()
    known: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()


def init(folder: Path, title: str, url: str) -> tuple[str, ...]:
    """Scaffold a publication; the root topic is named and found by the title. Returns the paths written.

    Raises UsageError when there is one already, OutputError when the folder cannot be written.
    """
    if (folder / config.PUBLICATION_FILE).exists():
        raise UsageError("there is a publication already", str(folder), "choose another folder")
    name = text.one_line(title) or "News"
    toml = _scaffold("broadsheet.toml").decode()
    filled = toml.replace('"{title}"', _quoted(name)).replace('"{url}"', _quoted(url))
    topic_path, topic = _scaffold_topic(name)
    made = {
        config.PUBLICATION_FILE: filled.encode(),
        topic_path: topic,
        config.SOURCES_FILE: _scaffold("sources.opml"),
        ".gitignore": _scaffold("gitignore"),
    }
    config.parse(made)  # refuse a bad URL before anything is written
    place(folder, made)
    files.start_git(folder)
    return tuple(sorted(made))


def forget_scaffold_topic(folder: Path) -> bool:
    """Remove the one topic that init made, if it is still all there is. Returns whether the tree is now empty."""
    held = files.read_publication(folder)
    topics = {path: data for path, data in held.items() if path.startswith("topics/")}
    path, data = _scaffold_topic(config.parse(held).title)
    if topics == {path: data}:
        files.remove(folder, path)
        return True
    return not topics


def _scaffold_topic(title: str) -> tuple[str, bytes]:
    """Path and bytes of the root topic that init makes."""
    key = text.slug(title) or "news"
    filled = _scaffold("topic.yaml").decode().format(id=key, name=_quoted(title), keyword=_quoted(title.lower()))
    return f"topics/00-{key}.yaml", filled.encode()


def _scaffold(name: str) -> bytes:
    return (resources("broadsheet") / "scaffold" / name).read_bytes()


def _quoted(value: str) -> str:
    """A double-quoted string: what JSON writes, TOML and YAML read."""
    return msgspec.json.encode(value).decode()


def place(folder: Path, contents: dict[str, bytes]) -> None:
    """Write files of a publication folder that are not there yet; what is there stays as it is. Raises OutputError."""
    for path, data in contents.items():
        if not (folder / path).exists():
            files.put(folder, File(path=path, data=data))


def add(folder: Path, publication: Publication, addresses: Sequence[str], fetcher: Fetcher) -> Added:
    """Add sources: a feed, sitemap or JSON Feed by its address, the feed that a web page names, or an OPML file.

    Raises UsageError for an OPML file that is broken.
    """
    known = {source.url for source in publication.sources}
    added: dict[str, Source] = {}
    failures: list[str] = []
    repeated: list[str] = []
    found: list[Source] = []
    for address in addresses:
        if Path(address).is_file():
            found += config.parse_opml(files.read_saved(Path(address)))
            continue
        try:
            found.append(asyncio.run(_find(fetcher, address)))
        except (FetchError, ParseError) as exc:
            failures.append(str(exc))
    for source in found:
        if source.url in known or source.url in added:
            repeated.append(source.url)
        else:
            added[source.url] = source
    if added:
        path = folder / config.SOURCES_FILE
        opml = files.read_saved(path) if path.exists() else _scaffold("sources.opml")
        changed = config.with_sources(opml, tuple(added.values()))
        files.put(folder, File(path=config.SOURCES_FILE, data=changed))
    return Added(added=tuple(added.values()), known=tuple(repeated), failures=tuple(failures))


async def _find(fetcher: Fetcher, address: str) -> Source:
    """The source at `address`, or the first feed that the page there names. Raises FetchError, ParseError."""
    url = str(urls.parse(address if "://" in address else f"https://{address}").href)
    async with fetcher as open_fetcher:
        page = await open_fetcher.get(Request(url=url, purpose="source"))
        try:
            return _source(page)
        except ParseError:
            offered = sources.feeds_of(page)
            if not offered:
                raise ParseError("no feed there, and the page names none", url, "give the feed's own address") from None
            kind, feed = offered[0]
            return _source(await open_fetcher.get(Request(url=feed, purpose="source")), kind)


def _source(page: Page, kind: str = "") -> Source:
    """The source that a fetched resource is. Raises ParseError when no kind but an index page fits."""
    names = [kind] if kind else [name for name in ("jsonfeed", "sitemap", "feed") if _recognises(name, page)]
    if not names:
        raise ParseError("not a feed, sitemap or JSON Feed", page.url)
    source = Source(url=page.final_url, kind=names[0])
    sources.read(page, source)  # raises ParseError when it only looked like one
    return source


def _recognises(name: str, page: Page) -> bool:
    return bool(plugins.find("sources", name).recognises(page))
