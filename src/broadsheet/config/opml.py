"""The list of sources as OPML 2.0, read and written."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from lxml import etree

from .. import text, urls
from ..errors import ParseError, UsageError
from ..types import Source
from .zones import zone_of

SOURCES_FILE = "sources.opml"


def parse_opml(data: bytes) -> tuple[Source, ...]:
    """Sources of an OPML 2.0 file, in its order: every outline with an `xmlUrl`, at any depth.

    Beside the standard `text`, `title` and `xmlUrl` an outline may carry our `kind`, `provider`, `topics` (separated by
    commas), `language`, `tier` and `zone`. One URL listed twice counts once. Raises UsageError.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as exc:
        raise UsageError(f"broken OPML ({exc.msg})", SOURCES_FILE, "mend that line") from exc
    found: dict[str, Source] = {}
    for outline in root.iter("outline"):
        address = outline.get("xmlUrl") or outline.get("xmlurl")
        if not address:
            continue
        where = f"{SOURCES_FILE} line {outline.sourceline}"
        try:
            url = str(urls.parse(address).href)
            tier = int(outline.get("tier") or 0)
            provider = urls.host(f"https://{outline.get('provider')}/") if outline.get("provider") else ""
        except ParseError as exc:
            raise UsageError(exc.what, f"{where}, {address[:80]}", "mend the address") from exc
        except ValueError as exc:
            raise UsageError("tier is not a number", where, "use 1, 2 or 3") from exc
        found.setdefault(
            url,
            Source(
                url=url,
                kind=outline.get("kind") or "feed",
                title=text.clean(outline.get("title") or outline.get("text") or ""),
                provider=provider,
                topics=tuple(filter(None, (text.clean(name) for name in (outline.get("topics") or "").split(",")))),
                language=(outline.get("language") or "").lower().split("-")[0],
                tier=tier,
                zone=zone_of(outline.get("zone") or "", where),
            ),
        )
    return tuple(found.values())


def outline(source: Source) -> str:
    """One outline element of `sources.opml`."""
    pairs = [("type", "rss"), ("text", source.title or source.url), ("xmlUrl", source.url)]
    pairs += [("kind", source.kind)] if source.kind != "feed" else []
    pairs += [("provider", source.provider)] if source.provider else []
    pairs += [("topics", ", ".join(source.topics))] if source.topics else []
    pairs += [("language", source.language)] if source.language else []
    pairs += [("tier", str(source.tier))] if source.tier else []
    pairs += [("zone", source.zone)] if source.zone else []
    return f"<outline {' '.join(f'{key}={quoteattr(value)}' for key, value in pairs)}/>"


def with_sources(opml: bytes, new: tuple[Source, ...]) -> bytes:
    """The OPML file with outlines for `new` put before its `</body>`; the rest of it stays byte for byte.

    Raises UsageError when there is no `</body>`.
    """
    before, end, after = opml.rpartition(b"</body>")
    if not end:
        raise UsageError("there is no </body>", SOURCES_FILE, "mend the file")
    lines = "".join(f"    {outline(source)}\n" for source in new)
    return before.rstrip(b" \t") + lines.encode() + b"  " + end + after
