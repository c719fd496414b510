"""Bylines: who signs a page where its reader sees it, near the headline."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

import lxml.html

from .. import text
from . import names
from .said import LONGEST, MOST, Told

# What the names of an element say where it holds who wrote the text.
_MARK = re.compile(
    r"author|byline|by-line|writer|contributor|reporter|journalist|columnist|verfasser|autor(?!ouc)|auteur|forfatter|skribent|kirjoittaja|firma(?:s|nte)?(?:$|[\s_-])|signature|"
    r"redakteur|written-?by|posted-?by|creator|(?:^|[\s_-])(?:vcard|fn)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NAMING = frozenset(["class", "id", "itemprop", "rel", "data-testid"])
_PARTS = (
    "autho",
    "autor",
    "aute",
    "autr",
    "by",
    "writer",
    "contrib",
    "report",
    "journalist",
    "columnist",
    "verfasser",
    "forf",
    "skrib",
    "kirj",
    "firma",
    "signature",
    "redakteur",
    "creator",
    "vcard",
    "fn",
)
_NO_MARK = re.compile(
    r"authori[sz]|authorit|no-?author|(?:hide|without)-?author|photo|image|comment|avatar|bio(?:$|[\s_-])|social|related|more-|follow|subscribe|share",
    re.IGNORECASE,
)
# What holds other texts and their authors.
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:comments?|comment-\w+|related\w*|recommend\w*|teasers?|sidebar|footer|newsletter|promo|more-(?:from|stories|articles|posts)|most-(?:read|popular)|"
    r"latest\w*|trending|read-?next|also-?read|carousel|slider|swiper-slide|widget-area|post-card\w*|cards?|nav|menu|navbar|caption|credits?|quote|testimonials?|modal)(?:$|[\s_-])",
    re.IGNORECASE,
)
_OUTSIDE = frozenset(["nav", "footer", "figure", "figcaption", "blockquote", "form", "select"])
_SKIPPED = frozenset(
    ["script", "style", "noscript", "time", "button", "svg", "img", "input", "select", "textarea", "iframe"]
)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4"])
_WHOLE = frozenset(["html", "head", "body", "main", "article", "section", "meta", "link", "title"])
_PATH = re.compile(
    r"/(?:authors?|autor(?:en|es|a)?|autori|autrice|auteurs?|autores|profiles?|people|person|staff|team|contributors?|writers?|reporters?|journalists?|columnists?|by|"
    r"redaktion|redakteure|redactie|kirjoittajat?|forfatter|skribent(?:er)?|firmas?|opinion-writers|producers|yazar(?:lar)?)/[^/]",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\s*(?:(?:written|posted|submitted|words|text|story|reported)\s+)?(?:by|von|par|por|di|da|door|av|af|autor(?:in)?|auteur|author|автор|yazan|haber|oleh|بقلم|كتب|מאת|文|記者|记者|作者)(?:$|[\s:：／/|])",
    re.IGNORECASE,
)
_REPORTER = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]{2,8}\s?(?:記者|记者|特派員)|[\uac00-\ud7a3]{2,5}\s?(?:기자|특파원)"
)
_NEAR = 200  # elements that a byline may be away from its headline
_FAR = 4_000  # elements looked at
_ABOVE = 80  # elements before its headline
_NEXT = 70  # elements that a bare name may be away from it
_BESIDE = 6  # elements that a date may be away from a bare name
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}\b|\b\d{1,2}:\d\d\b")
_AND = re.compile(r"\s+(?:and|und|et|y|e|og|och|ve|&)\s+|\s*[/,]\s*")
_CATEGORY = re.compile(r"/(?:tags?|categor\w+|section|rubrik|kategori\w*)/", re.IGNORECASE)
_PROSE = 200_000  # characters that are searched for small words
_PIECES = 80  # texts of one byline
_LINE = 160  # characters of a byline


def read(root: lxml.html.HtmlElement, headline: str) -> tuple[Told, ...]:
    """Lines that name who wrote the text, the nearest to the headline first; texts in one line are parted by ` | `.

    Places: `byline` for an element whose names say author, `author link`, `by line` for text such as "By Jane Doe", and
    `author box` for one of these that stands far from the headline. headline: the title.
    """
    elements = list(itertools.islice(root.iter(), _FAR))
    start, end = _position(elements, headline)
    found: list[tuple[int, str, str]] = []
    taken: set[lxml.html.HtmlElement] = set()
    last: lxml.html.HtmlElement | None = None
    for at, element in enumerate(elements[max(0, start - _ABOVE) :], max(0, start - _ABOVE)):
        if len(found) >= MOST:
            break
        place, holder = _rank(element, near=start < at <= min(end, start + _NEAR))
        if holder is None or any(
            around in taken for around in itertools.chain((holder,), itertools.islice(holder.iterancestors(), 8))
        ):
            continue
        line = " | ".join(_pieces(holder))
        if (
            not line
            or len(line) > _LINE
            or (place == "by line" and not _is_mostly_names(holder, line))
            or _is_elsewhere(holder, near=start < at <= start + _NEXT)
        ):
            continue
        if not any(map(_is_named, names.people(line))):
            continue
        taken.add(holder)
        if last is not None and _are_neighbours(last, holder):
            found[-1] = (found[-1][0], f"{found[-1][1]} | {line}", found[-1][2])
            continue
        last = holder
        distance = at - start if at >= start else 2 * (start - at)
        found.append((distance, line, place if distance <= _NEAR and at <= end else "author box"))
    found += _bare(elements[start + 1 : min(end, start + _NEXT)], taken)
    found.sort(key=lambda line: line[0] + (_FAR if line[2] == "author box" else 0))
    return tuple(Told(line, place) for _, line, place in found)


def _rank(element: lxml.html.HtmlElement, *, near: bool) -> tuple[str, lxml.html.HtmlElement | None]:
    """The kind of byline that an element is, and the element that holds all of it; None for no byline."""
    tag = element.tag
    if tag in _SKIPPED or tag in _WHOLE:
        return "", None
    if tag == "address" or any(name in _NAMING and _is_marked(marks) for name, marks in element.items()):
        return "byline", element
    if tag == "a" and _PATH.search(element.get("href") or ""):
        return "author link", element
    if near:
        for line, holder in ((element.text, element), (element.tail, element.getparent())):
            if (
                line
                and holder is not None
                and holder.tag not in _WHOLE
                and (_BY.match(line) or _REPORTER.search(line[:100]))
            ):
                alone = names.is_lead(line.strip()) and holder is element and not len(element)
                return "by line", element.getparent() if alone else holder
    return "", None


def _bare(elements: list[lxml.html.HtmlElement], taken: set[lxml.html.HtmlElement]) -> list[tuple[int, str, str]]:
    """The first bare name right behind the headline: beside a date, or alone in bold in a paragraph.

    A line of words with capitals may be a section's or a button: words of a name are not used as words elsewhere.
    """
    texts = [
        (at, (line or "").strip(" \t\r\n|·•,/-–—"), around)
        for at, element in enumerate(elements)
        for line, around in ((element.text, element), (element.tail, element.getparent()))
    ]
    texts = [
        (at, line, around) for at, line, around in texts if line and around is not None and around.tag not in _SKIPPED
    ]
    dated = [at for at, line, _ in texts if len(line) < 60 and _DATE.search(line)]
    dated += [at for at, element in enumerate(elements) if element.tag == "time"]
    used: frozenset[str] | None = None
    for number, (at, line, around) in enumerate(texts):
        parts = [part.strip() for part in _AND.split(line)]
        if len(line) > 60 or not all(map(_is_full_name, parts)) or around in taken or around.tag in _HEADINGS:
            continue
        if not _is_alone_in_bold(around, line) and not any(abs(at - other) <= _BESIDE for other in dated):
            continue
        if number and names.is_of_others(texts[number - 1][1]):
            continue
        if (around.tag == "a" and _CATEGORY.search(around.get("href") or "")) or _is_elsewhere(around):
            continue
        if used is None:
            used = _small_words(around.getroottree().getroot())
        if not any(word.lower() in used for word in line.split() if word.lower() not in names.PARTICLES):
            return [(at + 1, " | ".join(parts), "name line")]
    return []


@lru_cache(maxsize=8_192)
def _is_marked(marks: str) -> bool:
    """True for names of an element that say author. Pages repeat a few names thousands of times."""
    small = marks[:LONGEST].lower()
    return any(map(small.__contains__, _PARTS)) and bool(_MARK.search(small)) and not _NO_MARK.search(small)


def _are_neighbours(one: lxml.html.HtmlElement, other: lxml.html.HtmlElement) -> bool:
    """True for two elements of one list of authors: alike, and next to each other or each in the like of the other's box."""
    if one.tag != other.tag or one.get("class") != other.get("class"):
        return False
    box, other_box = one.getparent(), other.getparent()
    if box is None or other_box is None:
        return False
    return box is other_box or (
        box.getparent() is other_box.getparent()
        and box.tag == other_box.tag
        and box.get("class") == other_box.get("class")
    )


def _is_mostly_names(holder: lxml.html.HtmlElement, line: str) -> bool:
    """True for "By Jane Doe, Norhaven" and not for a sentence that begins with the word."""
    told = " | ".join(piece for piece in line.split(" | ") if not _DATE.search(piece)) or line
    return holder.tag not in _HEADINGS and 3 * sum(map(len, names.people(told))) >= len(told)


def _is_named(name: str) -> bool:
    return names.is_person(name) or names.is_body(name)


def _position(elements: list[lxml.html.HtmlElement], headline: str) -> tuple[int, int]:
    """Where the heading is that says the title, the first heading of the page otherwise; and where the next one is."""
    key = text.fold(headline)
    headings = [(at, element) for at, element in enumerate(elements) if element.tag in _HEADINGS]
    headings.sort(key=lambda heading: heading[1].tag != "h1")
    first = next((at for at, element in headings if _says(element, key)), headings[0][0] if headings else 0)
    end = next((at for at, element in headings if at > first and element.tag == "h1"), len(elements))
    return first, end


def _says(heading: lxml.html.HtmlElement, key: str) -> bool:
    said = text.fold("".join(itertools.islice(heading.itertext(), 50))[:LONGEST])
    return bool(said) and (
        said == key
        or (min(len(said), len(key)) >= 10 and (said.endswith(key) or key.endswith(said) or said.startswith(key)))
    )


def _small_words(root: lxml.html.HtmlElement) -> frozenset[str]:
    """Words that the page writes without capitals, in the first of its texts."""
    found: set[str] = set()
    left = _PROSE
    for element in root.iter():
        for piece in (element.text if element.tag not in _SKIPPED else None, element.tail):
            if piece and left > 0:
                left -= len(piece)
                found.update(filter(str.islower, piece[:_PROSE].split()))
    return frozenset(found)


def _is_full_name(part: str) -> bool:
    """True for two to four words of a name, none of them an abbreviation unless all are in capitals."""
    words = part.split()
    shouted = [word for word in words if len(word) > 1 and word.isupper() and "." not in word]
    return (
        2 <= len(words) <= 4 and len(shouted) in (0, len(words)) and names.is_person(part) and not names.is_body(part)
    )


def _is_alone_in_bold(element: lxml.html.HtmlElement, line: str) -> bool:
    """True for a paragraph of these words alone, all of them bold or slanted."""
    around = element.getparent()
    if around is None or around.tag != "p" or element.tag not in ("strong", "b", "em", "i"):
        return False
    return " ".join("".join(itertools.islice(around.itertext(), 20)).split()).strip(" ,:") == line


def _is_elsewhere(element: lxml.html.HtmlElement, *, near: bool = False) -> bool:
    """True inside what holds other texts. near: right behind the headline, where names of boxes say little."""
    for around in itertools.chain((element,), itertools.islice(element.iterancestors(), 7)):
        if around.tag in _WHOLE:
            return False
        if (around.tag in _OUTSIDE and not (near and around.tag == "footer")) or (
            not near and _ELSEWHERE.search(f"{around.get('class') or ''} {around.get('id') or ''}")
        ):
            return True
    return False


def _pieces(element: lxml.html.HtmlElement) -> list[str]:
    """The texts of an element, those of words that one name is split into ("Jane" "Doe") as one."""
    found: list[str] = []
    for piece in itertools.islice(_texts(element), _PIECES):
        line = " ".join(piece[:LONGEST].split())
        if not line:
            continue
        if found and names.is_person(found[-1]) and " " not in found[-1] and " " not in line and names.is_person(line):
            found[-1] += f" {line}"
        elif line not in found:
            found.append(line)
        if len(found) > 12 or sum(map(len, found)) > 2 * _LINE:
            break
    return found


def _texts(element: lxml.html.HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in _SKIPPED:
            yield from _texts(child)
        yield child.tail or ""
