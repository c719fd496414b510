"""Meta elements, microdata, links, headings and times of a page, each as what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.html

from ..types import Image
from . import headings
from .document import ByName
from .fields.paywalled import is_closed
from .said import LONGEST, MOST, Said, Told, size

_MAX_METAS = 800
_MAX_ITEMS = 1_500

# Names as the vocabularies and analytics products document them, best first.
_OG_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "og:pubdate",
    "video:release_date",
)
_OG_UPDATED = ("article:modified_time", "og:article:modified_time", "og:updated_time", "article:modified")
_PUBLISHED = (
    "parsely-pub-date", "datepublished", "publish_time", "publish-date", "publish_date", "publishdate", "published_date", "publication_date",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "sailthru.date", "citation_publication_date", "citation_online_date",
    "citation_date", "dc.date.issued", "dcterms.issued", "dc.issued", "dcterms.created", "dc.date.created", "dc.date", "dc:date", "dcterms.date",
    "rnews:datepublished", "pubdate", "originalpublicationdate", "article.published", "article_date_original", "date.created", "date", "displaydate",
)  # fmt: skip
_PUBLISHING = re.compile(
    r"^(?:published|posted)$|(?:publish(?:ed|ing)?|publication|pub|release|issued?|posted)(?:date|time|on|at)$|(?:date|time)(?:published|publication|posted|issued)$"
    r"|(?:publish(?:ed)?|publication)(?:date)?time|(?:article|post|story)(?:date|time)$"
)
_NOT_PUBLISHING = re.compile("modif|updat|unpub|until|expir|last|next|video")
_UPDATED = (
    "datemodified",
    "last-modified",
    "lastmod",
    "dcterms.modified",
    "dc.date.modified",
    "date.modified",
    "date.updated",
    "updated",
    "article.updated",
)
_AUTHOR = (
    "author", "authors", "parsely-author", "sailthru.author", "article.author", "byl", "citation_author", "dc.creator", "dc:creator",
    "dcterms.creator", "dc.creator.aut", "cxenseparse:author", "rbauthors", "shareaholic:article_author_name", "creator",
)  # fmt: skip
_TITLE = (
    "parsely-title",
    "sailthru.title",
    "citation_title",
    "dc.title",
    "dcterms.title",
    "cxenseparse:title",
    "headline",
    "title",
)
_DESCRIPTION = (
    "description",
    "dc.description",
    "dcterms.description",
    "dcterms.abstract",
    "sailthru.description",
    "cxenseparse:description",
    "abstract",
)
_SITE = (
    "application-name",
    "citation_journal_title",
    "dc.publisher",
    "dcterms.publisher",
    "publisher",
    "apple-mobile-web-app-title",
    "rbpubname",
)
_CREDIT = ("dc.source", "dcterms.source", "source")
_IMAGE = ("parsely-image-url", "sailthru.image.full", "thumbnail", "image", "cxenseparse:recs:image")
_ICONS = frozenset(("icon", "apple-touch-icon", "apple-touch-icon-precomposed"))


def read(
    root: lxml.html.HtmlElement, named: ByName, metas: dict[str, list[str]]
) -> tuple[Said, Said, Said, Said, Said]:
    """What Open Graph, Twitter's cards, other metas, microdata and plain HTML say, in this order.

    named: all elements of `root`. metas: see meta_contents.
    """
    return _open_graph(named, metas), _twitter(metas), _others(metas), _microdata(root), _html(root, named)


def links(named: ByName) -> dict[str, str]:
    """First address of each `rel` of link elements, lower-case; `base` is the one of the base element."""
    found: dict[str, str] = {}
    for link in (*named.get("base", ()), *named.get("link", ())):
        address = (link.get("href") or "").strip()
        names = (link.get("rel") or "").lower().split() if link.tag == "link" else ["base"]
        for name in names:
            if address and len(address) <= 4 * LONGEST and len(found) < MOST:
                found.setdefault(name, address)
    return found


def meta_contents(named: ByName) -> dict[str, list[str]]:
    """Contents by lower-case name. An `itemprop` counts as a name only outside any item: inside it is microdata."""
    found: dict[str, list[str]] = {}
    for number, meta in enumerate(named.get("meta", ())):
        if number >= _MAX_METAS:
            break
        content = (meta.get("content") or "").strip()
        names = [meta.get("property"), meta.get("name"), meta.get("http-equiv")]
        if meta.get("itemprop") and meta.getparent() is not None and meta.getparent().tag == "head":
            names.append(meta.get("itemprop"))
        for name in {n.strip().lower() for n in names if n}:
            values = found.setdefault(name, [])
            if content and len(values) < MOST:
                values.append(content[: 4 * LONGEST])
    return found


def _pick(metas: dict[str, list[str]], names: tuple[str, ...], most: int = MOST) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value[:LONGEST] for name in names for value in metas.get(name, ())))[:most]


def _told(metas: dict[str, list[str]], names: tuple[str, ...], most: int = MOST) -> tuple[Told, ...]:
    """Like _pick, each value with the name of the first meta that has it."""
    found: dict[str, str] = {}
    for name in names:
        for value in metas.get(name, ()):
            found.setdefault(value[:LONGEST], name if ":" in name else f"meta {name}")
    return tuple(Told(value, place) for value, place in found.items())[:most]


def _open_graph(named: ByName, metas: dict[str, list[str]]) -> Said:
    return Said(
        origin="og",
        titles=_told(metas, ("og:title",)),
        descriptions=_told(metas, ("og:description",)),
        people=_told(metas, ("article:author", "og:article:author", "og:author", "article:author:name", "book:author")),
        published=_told(metas, _OG_PUBLISHED),
        updated=_told(metas, _OG_UPDATED),
        images=tuple(_og_images(named)),
        logos=tuple(Image(url=url) for url in _pick(metas, ("og:logo",))),
        sites=_told(metas, ("og:site_name", "og:site:name", "og:site")),
        urls=_pick(metas, ("og:url",)),
        languages=_told(metas, ("og:locale",), 1),
        kinds=tuple(kind.lower() for kind in _pick(metas, ("og:type",), 1)),
        embeds=_pick(metas, ("og:video:secure_url", "og:video:url", "og:video")),
    )


def _og_images(named: ByName) -> Iterator[Image]:
    """Open Graph's arrays: properties such as og:image:width belong to the og:image before them (ogp.me, Arrays)."""
    images: list[dict[str, str]] = []
    for number, meta in enumerate(named.get("meta", ())):
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        content = (meta.get("content") or "").strip()
        if number >= _MAX_METAS or not name.startswith("og:image") or not content:
            continue
        if name in ("og:image", "og:image:url") and not (images and images[-1]["url"] in ("", content)):
            images.append({"url": ""})
        if not images:
            images.append({"url": ""})
        key = name.removeprefix("og:image").lstrip(":") or "url"
        images[-1][{"secure_url": "url"}.get(key, key) if not images[-1]["url"] else key] = content
    for image in images[:MOST]:
        if image["url"]:
            yield Image(url=image["url"][:LONGEST], width=size(image.get("width")), height=size(image.get("height")))


def _twitter(metas: dict[str, list[str]]) -> Said:
    return Said(
        origin="meta",
        titles=_told(metas, ("twitter:title",)),
        descriptions=_told(metas, ("twitter:description",)),
        images=tuple(Image(url=url) for url in _pick(metas, ("twitter:image", "twitter:image:src"))),
        urls=_pick(metas, ("twitter:url",)),
        embeds=_pick(metas, ("twitter:player",)),
    )


def _others(metas: dict[str, list[str]]) -> Said:
    return Said(
        origin="meta",
        titles=_told(metas, _TITLE),
        descriptions=_told(metas, _DESCRIPTION),
        people=next((values for name in _AUTHOR if (values := _told(metas, (name,)))), ()),
        published=_told(metas, (*_PUBLISHED, *_dated(metas))),
        updated=_told(metas, _UPDATED),
        images=tuple(Image(url=url) for url in _pick(metas, _IMAGE)),
        sites=_told(metas, _SITE),
        credits=_pick(metas, _CREDIT),
        taken_from=_pick(metas, ("syndication-source",)),
        first_at=_pick(metas, ("original-source",)),
        languages=_told(metas, ("content-language", "language", "dc.language", "dcterms.language", "inlanguage")),
    )


def _dated(metas: dict[str, list[str]]) -> list[str]:
    """Names that mean the moment of publishing in any spelling: `published-date`, `article:published:time`."""
    plain = ((name, re.sub(r"[\W_]+", "", name)) for name in metas if name not in _OG_PUBLISHED)
    return [name for name, letters in plain if _PUBLISHING.search(letters) and not _NOT_PUBLISHING.search(letters)]


def _microdata(root: lxml.html.HtmlElement) -> Said:
    """Properties of the first item of an article's type (HTML Standard, section 5), else a loose date of publishing."""
    if not root.xpath("boolean(//@itemprop)"):
        return Said(origin="microdata")
    scopes = root.xpath("//*[@itemtype]")[: 10 * MOST]
    kinds = tuple((scope.get("itemtype") or "").rstrip("/").rsplit("/", 1)[-1][:100] for scope in scopes)
    articles = [scope for scope in scopes if _is_article_type(scope.get("itemtype"))][:MOST]
    # A page may mark up its teasers as well: its own article is the one around the heading.
    item = next((scope for scope in articles if next(scope.iter("h1"), None) is not None), next(iter(articles), None))
    if item is None:
        loose = root.xpath("//*[@itemprop='datePublished']")[:1]
        return Said(
            origin="microdata",
            published=tuple(Told(value, "microdata datePublished") for element in loose if (value := _value(element))),
            kinds=kinds,
        )
    found: dict[str, list[str]] = {}
    for element in item.xpath(".//*[@itemprop]")[:_MAX_ITEMS]:
        owner = _owner(element, item)
        if "itemscope" in element.attrib or (owner is not item and _owner(owner, item) is not item):
            continue
        if "author" in (element.get("itemprop"), owner.get("itemprop")) and _is_comment(element, item):
            continue
        path = "" if owner is item else f"{(owner.get('itemprop') or '').strip()}."
        for name in element.get("itemprop").split():
            values = found.setdefault(path + name, [])
            if len(values) < MOST and (value := _value(element)):
                values.append(value)

    def first(*names: str) -> tuple[str, ...]:
        return next((tuple(found[name]) for name in names if found.get(name)), ())

    def told(*names: str) -> tuple[Told, ...]:
        return next((tuple(Told(v, f"microdata {name}") for v in found[name]) for name in names if found.get(name)), ())

    return Said(
        origin="microdata",
        titles=told("headline"),
        descriptions=told("description"),
        people=told("author.name", "author", "creator.name"),
        published=told("datePublished", "dateCreated"),
        updated=told("dateModified"),
        images=tuple(Image(url=url) for url in first("image.url", "image", "thumbnailUrl")),
        logos=tuple(Image(url=url) for url in first("publisher.logo.url", "publisher.logo")),
        sites=told("publisher.name"),
        languages=told("inLanguage"),
        kinds=kinds,
        free=(*told("isAccessibleForFree"), *told("hasPart.isAccessibleForFree")),
        closed=first("hasPart.cssSelector") if any(map(is_closed, first("hasPart.isAccessibleForFree"))) else (),
    )


def _is_article_type(itemtype: str | None) -> bool:
    return any(name.endswith(("Article", "BlogPosting", "Report")) for name in (itemtype or "").split())


def _is_comment(element: lxml.html.HtmlElement, item: lxml.html.HtmlElement) -> bool:
    """True inside what its names call comments: their authors are not the article's."""
    for around in element.iterancestors():
        if around is item:
            return False
        if "comment" in f"{around.get('class') or ''} {around.get('id') or ''} {around.get('itemtype') or ''}".lower():
            return True
    return False


def _owner(element: lxml.html.HtmlElement, top: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """The nearest item around an element, not above `top`."""
    parent = element.getparent()
    while parent is not None and parent is not top and "itemscope" not in parent.attrib:
        parent = parent.getparent()
    return top if parent is None else parent


def _value(element: lxml.html.HtmlElement) -> str:
    """Value of a property: the attribute that its element has for it, else its text (HTML Standard, 5.2.4)."""
    for name in ("content", "datetime", "src", "href"):
        if (value := element.get(name)) and (
            name != "href" or element.get("itemprop") in ("url", "image", "thumbnailUrl")
        ):
            return str(value).strip()[:LONGEST]
    return " ".join("".join(element.itertext()).split())[:LONGEST]


def _html(root: lxml.html.HtmlElement, named: ByName) -> Said:
    """Headings, the title element, times and rel=author. Of several headings the ones in an article come first."""
    titles = list(headings.read(root, named))
    if (head := root.find("head/title")) is not None:
        titles.append(Told(" ".join("".join(head.itertext()).split())[:LONGEST], "title element"))
    names = [
        " ".join("".join(a.itertext()).split())
        for a in named.get("a", ())
        if (rel := a.get("rel")) and "author" in rel.lower().split()
    ]
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or ""
    return Said(
        origin="html",
        titles=tuple(title for title in titles if title.value),
        people=tuple(Told(name, "rel=author") for name in dict.fromkeys(filter(None, names[:MOST])))[:5],
        logos=tuple(_icons(named)),
        languages=(Told(language, "html lang"),) if language else (),
    )


def _icons(named: ByName) -> Iterator[Image]:
    """Icons of the site, each with the largest of its `sizes` (HTML Standard, section 4.6.7.8)."""
    for link in named.get("link", ())[:_MAX_METAS]:
        names = (link.get("rel") or "").lower().split()
        address = (link.get("href") or "").strip()
        if address and len(address) <= LONGEST and _ICONS.intersection(names):
            sides = [side.lower().partition("x") for side in (link.get("sizes") or "").split()[:MOST]]
            width, height = max(((size(width), size(height)) for width, _, height in sides), default=(0, 0))
            yield Image(url=address, width=width, height=height)
