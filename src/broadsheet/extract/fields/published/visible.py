"""Dates that a page shows to its readers: each with what it is called there, and points for the place that it has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from lxml.html import HtmlElement

from .... import dates

STRONG = 7  # points of a date that stands where a page dates itself: by the headline, or marked as that
LEAST = 1  # a date with fewer is of something else
_MOST = 200  # dates looked at on one page
_LONGEST = 300  # characters of a text that is looked through; what is longer is prose
_BEFORE, _AFTER = 40, 90  # elements before and behind the headline that are near it
_HEADINGS = 20
_UNKNOWN = 10_000  # steps from the headline of a page that has none

_YEAR = re.compile(
    r"(?:19[89]|20[0-3]|25[3-7]|13[6-9]|14[01])\d(?!\d)|[२২٢۱๒][०০٠۴๕]|令和|平成|民[國国]|\d\d\.\d\d\.\d\d(?!\d)"
)
_TAGS = frozenset(("time", "abbr", "relative-time", "time-ago", "local-time"))
_SKIPPED = frozenset(("script", "style", "noscript", "option", "textarea", "iframe", "code", "pre"))
_CHANGED = re.compile(
    r"updat|modif|revis|edited|reviewed|changed|aktuali|geändert|änderung|\bstand\b|actuali[sz]|mise? à jour|\bmaj\b|aggiornat|atualiza"
    r"|bijgewerkt|gewijzigd|uppdatera|ändrad|opdater|oppdater|endret|päivit|muokat|upraven|ažurir|posodob|frissít|módosít|güncelle|обновл|измен"
    r"|оновл|змін|ενημ[εέ]ρ|تحديث|تعديل|روزرسانی|עודכן|עדכון|更新|修改|수정|업데이트|최종|अपडेट|संशोधित|আপডেট|อัปเดต|แก้ไข|cập nhật|diperbarui|dikemas",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"publi[sckéqż]|pubdate|posted|post (?:on|time|date)|written on|veröffentlich|erschienen|erstellt|pubblic"
    r"|gepubliceerd|geplaatst|julkais|zveřejn|vydán|objav|közzét|megjelen|yayın|yayım|опублик|публик|опублік|δημοσ[ιί]ε|نشر|منتشر|انتشار|פורסם|公開"
    r"|発表|掲載|投稿|発行|配信|发布|發布|发表|發表|刊登|입력|등록|게시|प्रकाशित|প্রকাশ|เผยแพร่|đăng|xuất bản|diterbitkan|dipublik|terbit|tayang|^\s*(?:dat[eumo]|fecha|dátum|дата|tarih|日期|日付|날짜|तारीख|วันที่|ngày|التاريخ)\W*$",
    re.IGNORECASE,
)
_FIRST = re.compile(r"origin|first p|erstmals|ursprüngl|initial|pervon|впервые|初出|初公開", re.IGNORECASE)
_LAST_PART = re.compile(r"[|–—,-]\s+([^|–—]{8,30})$")
_FOREIGN = re.compile(
    r"©|copyright|last build|generated|rendered|expires?|valid|deadline|accessed|retrieved|joined|member since|member of|born|founded|since|until|effective|starts?\b|ends?\b"
    r"|webinar|register|gültig|ablauf|seit|bis|depuis|jusqu|desde|hasta|fino al|c\.\s?\d|截止|まで|до\b",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"date|time(?!r|out|line)|publi|posted|pubdate|byline|meta|info|dateline|fecha|datum|tarih|data\b", re.IGNORECASE
)
_ASIDE = re.compile(
    r"comment|related|recommend|sidebar|side-bar|footer|latest|recent|popular|trending|most-?read|teaser|promo|(?<!elementor-)widget|event|upcoming|calendar"
    r"|newsletter|read-?(?:more|next)|more-?(?:stories|news|from|posts|articles)|next-?(?:post|article)|prev(?:ious)?-?(?:post|article)|pagination"
    r"|carousel|slider|swiper|breaking|ticker|archive|card|disqus|reply|review-|copyright|cookie|modal|menu|navigation|navbar",
    re.IGNORECASE,
)
_OTHERS = re.compile(r"comment|disqus|reply|related|recommend|upcoming|event", re.IGNORECASE)  # never the article's


class Seen(NamedTuple):
    """A date as it is shown. text: as written; points: see above; changed: it is called the day of the last change."""

    stamp: dates.Stamp
    text: str
    points: int
    changed: bool
    place: str


def read(root: HtmlElement, language: str, *, near: bool) -> list[Seen]:
    """Dates on the page, the best first, those that say nothing left out. Does not change the tree.

    near: look only around the headline, which is what one who knows a date already needs.
    A date gains by standing close behind or before the headline with no prose between, by what it is called ("Posted
    on", a class, an attribute), and by standing alone; it loses in prose, in an aside, a footer, comments or a list of
    other articles. Time linear in the page.
    """
    heading = _heading(root)
    above = set(heading.iterancestors()) if heading is not None else set()
    found = list(_ranked(_around(heading), above, language)) if heading is not None else []
    if not near and not any(seen.points >= STRONG and not seen.changed for seen in found):
        found = list(_ranked(_through(root, heading), above, language))
    if titled := _titled(root, language):
        found.append(titled)
    if len({seen.stamp.moment.date() for seen in found}) == 1 and not near:
        found = [seen._replace(points=seen.points + 3) for seen in found]  # a page with one day on it
    found.sort(key=lambda seen: -seen.points)  # stable: of equals the first on the page
    return [seen for seen in found if seen.points >= LEAST]


def _titled(root: HtmlElement, language: str) -> Seen | None:
    """The date that closes the page's title, behind a bar or a dash, as some newspapers' systems put it."""
    title = " ".join(next(iter(_titles(root)), "")[:400].split())
    if match := _LAST_PART.search(title):
        for stamp, before, after in islice(dates.within(match[1], language=language), 1):
            if len(before) + len(after) <= 4 and stamp.day:
                return Seen(stamp, match[1], STRONG - 1, False, "title element")
    return None


class _Spot(NamedTuple):
    """An element, and where it is. steps: elements behind the headline, negative before it; prose: text in between."""

    element: HtmlElement
    steps: int
    prose: int


def _heading(root: HtmlElement) -> HtmlElement | None:
    """The headline: the h1 that the page's title has too, else the first in an article, else the first; or such an h2."""
    titles = [_folded(name) for name in _titles(root)]
    every = list(islice(root.iter("h1", "h2"), 4 * _HEADINGS))
    found = [h for h in every if h.tag == "h1" and _text(h)][:_HEADINGS]
    texts = [(_folded(_text(h)), h) for h in (*found, *[h for h in every if h.tag == "h2"][:_HEADINGS])]
    same = [
        (len(text), h)
        for text, h in texts
        if len(text) >= 8 and any(text in t or (len(t) >= 8 and t in text) for t in titles)
    ]
    if same:
        return max(same, key=lambda pair: pair[0])[1]  # a site's name is in the title too, and shorter
    found.sort(key=lambda h: next((0 for _ in h.iterancestors("article", "main")), 1))
    return found[0] if found else None


def _titles(root: HtmlElement) -> list[str]:
    """What the head calls the page: its title element, and Open Graph's."""
    head = root.find("head")
    if head is None:
        return []
    graph = [meta.get("content") or "" for meta in head.iterchildren("meta") if meta.get("property") == "og:title"]
    return [*(title.text or "" for title in islice(head.iterchildren("title"), 1)), *graph[:1]]


def _text(element: HtmlElement) -> str:
    """The beginning of its text, which on a hostile page may be most of the page."""
    return " ".join("".join(islice(element.itertext(), 30))[:600].split())


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text[:600]).casefold()[:200]


def _around(heading: HtmlElement) -> Iterator[_Spot]:
    """What stands before and behind the headline, whatever container it is in."""
    steps, top = 0, heading
    for _ in range(5):
        for sibling in top.itersiblings(preceding=True):
            for element in islice(sibling.iter(), 25):
                steps += 1
                yield _Spot(element, -steps, 0)
            if steps > _BEFORE:
                break
        top = top.getparent()
        if top is None or top.tag == "body" or steps > _BEFORE:
            break
    steps, prose, top = 0, 0, heading
    for element in heading.iter():
        yield _Spot(element, 0, 0)
    for _ in range(8):
        for sibling in top.itersiblings():
            for element in islice(sibling.iter(), _AFTER):
                steps += 1
                yield _Spot(element, steps, prose)
                prose += _prose(element)
            if steps > _AFTER or prose > 1500:
                return
        top = top.getparent()
        if top is None or top.tag == "body":
            return


def _through(root: HtmlElement, heading: HtmlElement | None) -> Iterator[_Spot]:
    """All of the page."""
    body = root.find("body")
    every = list(islice((body if body is not None else root).iter(), 60_000))
    at = every.index(heading) if heading is not None and heading in every else -1
    prose = 0
    for number, element in enumerate(every):
        steps = number - at if at >= 0 else _UNKNOWN
        yield _Spot(element, steps, prose)
        if steps > 0 or at < 0:
            prose += _prose(element)


def _prose(element: HtmlElement) -> int:
    """Characters of running text that an element begins with."""
    text = element.text if element.tag in ("p", "div", "span") else None
    return len(text) if text and len(text) > 100 else 0


def _ranked(spots: Iterator[_Spot], above: set[HtmlElement], language: str) -> Iterator[Seen]:
    found: list[tuple[Seen, tuple[object, ...]]] = []
    tried = 0
    for spot in spots:
        element, tag = spot.element, spot.element.tag
        if tag in _TAGS and (value := _machine(element)) and (stamp := dates.examine(value, language=language)):
            shown = _text(element)[:_LONGEST]
            context = (shown, "") if _called(shown, "") else ("", shown)
            found.append(_judged(spot, element, stamp, value, context, above))
        elif tag not in _SKIPPED and (text := element.text) and _has_year(text):
            tried += 1
            found.extend(_written(spot, element, text, above, language))
        tail = element.tail
        if tail and _has_year(tail) and (parent := element.getparent()) is not None:
            tried += 1
            found.extend(_written(spot, parent, tail, above, language))
        if len(found) > _MOST or tried > 4 * _MOST:
            break
    days = Counter(kind for kind in {(kind, seen.stamp.moment) for seen, kind in found})
    alike = Counter(kind for kind, _ in days)
    for seen, kind in found:
        yield seen._replace(points=seen.points - 5) if alike[kind] > 2 and seen.points < 11 else seen


def _has_year(text: str) -> bool:
    """Whether a date may stand in a text that is short enough to be looked through."""
    return 4 <= len(text) <= _LONGEST and not text.isspace() and _YEAR.search(text) is not None


def _machine(element: HtmlElement) -> str:
    """The date that an attribute gives for what is shown."""
    for name in ("datetime", "title", "data-datetime", "data-time"):
        value = (element.get(name) or "").strip()
        if 8 <= len(value) <= 60 and any(c.isdigit() for c in value):
            return str(value)
    return ""


def _written(
    spot: _Spot, element: HtmlElement, text: str, above: set[HtmlElement], language: str
) -> Iterator[tuple[Seen, tuple[object, ...]]]:
    """The dates in a text of an element; where it has but a part of one, in the element around it."""
    text = " ".join(text.split())
    found = list(islice(dates.within(text, language=language), 3))
    for parent in islice(element.iterancestors(), 2):
        if found or len(text) > 12:
            break
        whole = " ".join(" ".join(islice(parent.itertext(), 12)).split())
        if len(whole) > 60:
            break
        found = list(islice(dates.within(whole, language=language), 1))
    for stamp, before, after in found:
        yield _judged(spot, element, stamp, text[:80], (before, after), above)


def _judged(
    spot: _Spot, element: HtmlElement, stamp: dates.Stamp, text: str, context: tuple[str, str], above: set[HtmlElement]
) -> tuple[Seen, tuple[object, ...]]:
    before, after = context
    label = before[-40:] or _said_before(spot.element if spot.element is not element else element, element)
    marks = _marks(element)
    called = _called(label, after[:12])
    if not called and (called := _called(" ".join(marks), "")) == "foreign":
        called = ""
    points = _place(spot) - _strangeness(element, above, close=-8 <= spot.steps <= 12 and spot.prose <= 450)
    if called == "published":
        points += 4 if not _called(label, "") else 10 if _FIRST.search(before[-60:]) else 6
    points += 2 if any(map(_DATED.search, marks)) else 0
    points += 2 if element.tag in _TAGS else 0
    left = len(before) + len(after)
    points += 2 if left <= 40 else -1 if left <= 90 else -5 if called != "published" else -2
    if called == "foreign":
        points -= 8
    if not stamp.day:
        points -= 6
    parent = element.getparent()
    kind = (
        element.tag,
        element.get("class"),
        parent.tag if parent is not None else "",
        parent.get("class") if parent is not None else "",
    )
    where = "time element" if element.tag == "time" else "shown date"
    place = f"{where} ({'updated' if called == 'changed' else called})" if called in ("changed", "published") else where
    return Seen(stamp, text, points, called == "changed", place), kind


def _called(before: str, after: str) -> str:
    """What the words around a date make of it: the nearest one before it counts; those behind only where they adjoin."""
    if re.match(r"\s*(?:更新|수정|修改|güncel)", after):
        return "changed"
    best, called = -1, ""
    for name, pattern in (("changed", _CHANGED), ("published", _PUBLISHED), ("foreign", _FOREIGN)):
        for match in pattern.finditer(before):
            if match.start() > best:
                best, called = match.start(), name
    return called


def _said_before(start: HtmlElement, holder: HtmlElement) -> str:
    """The short text that stands before an element's: of the element before it, or of the beginning of the one around it."""
    if start is not holder:  # the date is in the tail of `start`
        return _text(start)[-40:] if len(start) < 6 else ""
    for element in (holder, *islice(holder.iterancestors(), 2)):
        previous = element.getprevious()
        if previous is not None:
            tail = (previous.tail or "").strip()
            text = tail or (_text(previous) if len(previous) < 6 else "")
        else:
            parent = element.getparent()
            text = (parent.text or "") if parent is not None else ""
        text = " ".join(text.split())
        if text.strip(" |·•-–—:,"):
            return text if len(text) <= 40 else ""
    return ""


def _marks(element: HtmlElement) -> list[str]:
    """Names that the page's author gave to an element and to the two around it."""
    found = []
    for number, one in enumerate((element, *islice(element.iterancestors(), 2))):
        if number and len(one) > 8:
            break
        found += [value for name in ("class", "id", "itemprop") if (value := one.get(name)) and len(value) < 200]
    return found


def _place(spot: _Spot) -> int:
    """Points for being near the headline with no text between."""
    if spot.steps <= 0:
        return 4 if spot.steps >= -15 else 3 if spot.steps >= -_BEFORE else 0
    if spot.steps == _UNKNOWN:
        return 2 if spot.prose < 450 else 0
    if spot.prose > 450:
        return 2 if spot.prose < 900 and spot.steps < 40 else 0
    return 5 if spot.steps <= 40 else 4 if spot.steps <= _AFTER else 1 if spot.steps <= 250 else 0


def _strangeness(element: HtmlElement, above: set[HtmlElement], *, close: bool) -> int:
    """Points that the containers cost which the headline is not in; few where the date is right beside it."""
    cost = 0
    for number, one in enumerate((element, *islice(element.iterancestors(), 14))):
        if one in above:
            break
        names = f"{one.get('class') or ''} {one.get('id') or ''}"
        if one.tag in ("aside", "footer", "nav") or (len(names) < 300 and _ASIDE.search(names)):
            cost = max(cost, 9 if len(names) < 300 and _OTHERS.search(names) else 6)
        elif 0 < number < 5 and above and one.tag in ("li", "article", "div", "a") and _is_teaser(one):
            cost = max(cost, 4)
    return min(cost, 2) if close else cost


def _is_teaser(container: HtmlElement) -> bool:
    """Whether a small container has a heading of its own."""
    few = list(islice(container.iter(), 40))
    return len(few) < 40 and any(one.tag in ("h2", "h3", "h4") for one in few)
