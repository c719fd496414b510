"""Who leads a story, and which stories a page shows first: explained, and without one provider or yesterday on top.

A pure stage. The lead does not flap: it is found by going through the members as they came to be known, and who leads
stays until somebody is better by a margin. So nothing has to be stored for it, and an older edition can be made again.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

import msgspec

from . import dates
from .types import Article, Decision, Front, Publication, Reason, Story

FRONT = 31  # stories on the front page, the lead included

MARGIN = 6  # points by which a report must be better to take the lead from the one that has it
REPRINT, COPY = -30, -10  # points of a claim to lead
CLOSED = -12
PICTURE, SHOWN_FROM = 4, 600  # pixels of width
RECENT = timedelta(hours=8)  # behind the newest member, for each of which a claim loses a point
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

DAY = timedelta(days=1)


# --- the lead of a story ---------------------------------------------------------------------------------------------


def led(story: Story, publication: Publication, chosen: Mapping[str, Decision]) -> Story:
    """The story with its lead first, the others by their claim to lead, and every claim with its reasons.

    chosen: article URL -> an editor's act in force that lets it lead; the latest wins over any number. Under `classic`
    nothing else changes the order that the story comes with: quality, the original before its reprints.
    """
    if len(story.articles) == 1:
        return story
    decided = [chosen[article.url] for article in story.articles if article.url in chosen]
    editor = max(decided, key=lambda decision: (decision.at, decision.target), default=None)
    if publication.profile == "classic":
        return _in_order(story, story.articles, editor.target) if editor else story
    newest = story.last_seen
    claims = {article.url: _claim(story, article, newest) for article in story.articles}
    points = {url: _sum(reasons) for url, reasons in claims.items()}
    lead = editor.target if editor else _present(story, points)
    if editor:
        value = f"chosen by {editor.by} on {editor.at:%Y-%m-%d %H:%M}"
        claims[lead] += (Reason(factor="editor", value=value, points=0),)
    elif any(points[a.url] > points[lead] and a.url not in story.reprints for a in story.articles):
        value = f"it led before; another has to be better by {MARGIN}"
        claims[lead] += (Reason(factor="present_lead", value=value, points=MARGIN),)
    ordered = sorted(story.articles, key=lambda article: -points[article.url])  # stable: ties stay by quality and name
    return msgspec.structs.replace(_in_order(story, ordered, lead), claims=claims)


def _in_order(story: Story, articles: Iterable[Article], lead: str) -> Story:
    ordered = sorted(articles, key=lambda article: article.url != lead)
    memberships = {membership.url: membership for membership in story.memberships}
    kept = tuple(memberships[article.url] for article in ordered if article.url in memberships)
    return msgspec.structs.replace(story, articles=tuple(ordered), memberships=kept)


def _claim(story: Story, article: Article, newest: datetime) -> tuple[Reason, ...]:
    """What speaks for and against letting this member lead. newest: when the newest member was out."""
    behind = (newest - EPOCH) // RECENT - (article.known_at - EPOCH) // RECENT  # on one clock for all members
    hours = (newest - article.known_at) / timedelta(hours=1)
    width = article.images[0].width if article.images else 0
    shows = width >= SHOWN_FROM
    return (
        Reason(factor="quality", value=f"quality {article.quality}", points=article.quality),
        _originality(story, article),
        Reason(
            factor="access",
            value="not free to read" if article.paywalled else "free to read",
            points=CLOSED * article.paywalled,
        ),
        Reason(
            factor="picture",
            value=f"a picture {width} pixels wide" if shows else "no picture known to be large",
            points=PICTURE * shows,
        ),
        Reason(
            factor="recency",
            value=f"{hours:.1f} hours before the newest report",
            points=-behind,
        ),
    )


def _originality(story: Story, article: Article) -> Reason:
    own = article.provider.domain
    if article.url in story.reprints:
        value = f"repeats {story.reprints[article.url].original}, and never leads while that is here"
        return Reason(factor="originality", value=value, points=REPRINT)
    if (voice := story.voice(article)) != own:
        return Reason(factor="originality", value=f"a copy of {voice}'s report", points=COPY)
    return Reason(factor="originality", value="its own report", points=0)


def _present(story: Story, points: Mapping[str, int]) -> str:
    """URL of the member that leads after all of them came, in the order in which they were first seen.

    What joined from another story counts as later: its story was not this one when it was seen. Of those that came
    together the best leads. A reprint leads only until there is something else.
    """
    moved = {m.url for m in story.memberships if m.story != story.id}
    place = {article.url: number for number, article in enumerate(story.articles)}

    def came(article: Article) -> tuple[bool, datetime]:
        return article.url in moved, article.first_seen

    present, worth = "", (False, 0)
    for _, together in groupby(sorted(story.articles, key=came), key=came):
        best = max(together, key=lambda a: (a.url not in story.reprints, points[a.url], -place[a.url])).url
        claim = (best not in story.reprints, points[best])
        if not present or claim[0] > worth[0] or (claim[0] == worth[0] and claim[1] >= worth[1] + MARGIN):
            present, worth = best, claim
    return present


def _sum(reasons: Iterable[Reason]) -> int:
    return sum(reason.points for reason in reasons)


# --- the order of pages ----------------------------------------------------------------------------------------------


def by_rank(stories: Iterable[Story]) -> tuple[Story, ...]:
    """The highest rank first, of equals the newest, then by name."""
    return tuple(sorted(stories, key=lambda story: (-story.rank, -story.last_seen.timestamp(), story.name)))


def fronted(
    stories: Sequence[Story], publication: Publication, fronts: Sequence[Front], now: datetime
) -> tuple[Story, ...]:
    """The same stories in the same order, with ranks that make the front page: each change is one of their reasons.

    stories: gated and ranked. fronts: of earlier editions, oldest first. Two rules change a rank: a story that led
    on an earlier day leads again only with a development since, else the next one is put before it; and articles of one
    provider (of one owner) lead no more than `provider_share` of the page while others have stories.
    """
    printed = by_rank(story for story in stories if story.published)
    changed = _lead_of_the_day(printed, publication, fronts, now)
    changed |= _provider_share(by_rank(changed.get(story.id, story) for story in printed), publication)
    return tuple(changed.get(story.id, story) for story in stories)


def _lead_of_the_day(
    printed: Sequence[Story], publication: Publication, fronts: Sequence[Front], now: datetime
) -> dict[str, Story]:
    """The story that is put first, and those that would be otherwise, by id. printed: by rank."""
    zone = dates.iana(publication.timezone) or UTC
    today = now.astimezone(zone).date()
    earlier = [front for front in fronts if front.stories and front.at.astimezone(zone).date() < today]
    if not earlier or not printed:
        return {}
    last = earlier[-1]
    led_at = {front.stories[0]: front.at for front in earlier}  # the last time of each
    since = {story.id: _led(story, led_at) for story in printed}
    able = [story for story in printed if (at := since[story.id]) is None or _develops(story, at)]
    day = f"the edition of {last.at.astimezone(zone):%Y-%m-%d}"
    why = "what stands above it led before, and has not developed since"
    if not any(_develops(story, last.at) or _opened(story, last.at) for story in able):
        # Nothing to put in the place of the lead: an edition without news is that of before.
        able = [story for story in printed if last.stories[0] in (story.id, *story.merged)]
        why = f"it led {day}, and no news came since"
    if not able or able[0] is printed[0]:
        return {}
    changed = {able[0].id: _moved(able[0], printed[0].rank + 1, "lead_of_the_day", why)}
    for story in printed:
        if story is able[0]:
            break
        at = since[story.id]
        told = (
            f"it led {at.astimezone(zone):%Y-%m-%d}, and has not developed since" if at else f"no news came since {day}"
        )
        changed[story.id] = _moved(story, story.rank, "lead_of_the_day", told)
    return changed


def _led(story: Story, led_at: Mapping[str, datetime]) -> datetime | None:
    """When it, or a story that it took in, last led an earlier day's edition."""
    return max((led_at[one] for one in (story.id, *story.merged) if one in led_at), default=None)


def _develops(story: Story, since: datetime) -> bool:
    """It says something new in a report that we did not know at `since`."""
    seen = {article.url: article.first_seen for article in story.articles}
    return any(seen.get(one.url, one.at) > since and one.at > since - DAY for one in story.developments)


def _opened(story: Story, since: datetime) -> bool:
    """All of it was seen after `since`, and is no piece from long before that somebody listed late."""
    return all(a.first_seen > since for a in story.articles) and story.last_seen > since - DAY


def _provider_share(ranked: Sequence[Story], publication: Publication) -> dict[str, Story]:
    """Stories that give way on the front page, by id. ranked: in their order."""
    if len(ranked) <= FRONT:
        return {}
    page = _page(ranked, FRONT, publication.provider_share)
    here = {story.id for story in page}
    counts = Counter(map(owner, page))
    changed = {}
    for story in ranked:
        if story is page[-1]:
            break
        if story.id not in here:
            who = owner(story)
            value = f"{counts[who]} of {FRONT} places of the front page are held by {who} already"
            changed[story.id] = _moved(story, page[-1].rank - 1, "provider_share", value)
    return changed


def _moved(story: Story, rank: int, factor: str, value: str) -> Story:
    reason = Reason(factor=factor, value=value, points=rank - story.rank)
    return msgspec.structs.replace(story, rank=rank, rank_reasons=(*story.rank_reasons, reason))


def owner(story: Story) -> str:
    """Who gains when it is shown: the owner of its lead's provider, the provider where the registry names none."""
    return story.lead.provider.owner or story.lead.provider.domain


def spread(stories: Sequence[Story], size: int, share: float, most: int | None = None) -> tuple[Story, ...]:
    """The same stories so that on each page of `size` no owner has more than `share` of it while others have stories.

    What is too much goes on to the next page. Within a page the order stays as given. Where others have too few to fill
    a page, the number that each owner may have is raised by one until they do. share: over 0, to 1. most: so many
    of the first are wanted, or all. Time O(n log n).
    """
    spread_out: list[Story] = []
    rest = _Queue(stories)
    while rest.left and (most is None or len(spread_out) < most):
        spread_out += rest.page(size, share)
    return tuple(spread_out[:most])


def _page(stories: Sequence[Story], size: int, share: float) -> list[Story]:
    return _Queue(stories).page(size, share)


class _Queue:
    """Stories in their order, by owner, from which pages are drawn."""

    def __init__(self, stories: Sequence[Story]) -> None:
        self.stories = stories
        self.left = len(stories)
        self.waiting: dict[str, deque[int]] = defaultdict(deque)  # owner -> places of its stories in the order
        for place, story in enumerate(stories):
            self.waiting[owner(story)].append(place)
        self.heads = [(places[0], who) for who, places in self.waiting.items()]  # ascending, so a heap

    def page(self, size: int, share: float) -> list[Story]:
        """The next stories, `size` of them or all that are left."""
        allowed, taken = max(1, math.floor(share * size + 1e-9)), Counter[str]()  # 0.29 * 100 is 28.999…
        places: list[int] = []
        aside: list[tuple[int, str]] = []  # of owners that have their share
        while len(places) < min(size, self.left):
            if not self.heads:
                self.heads, aside, allowed = aside, [], allowed + 1
                heapq.heapify(self.heads)
            place, who = heapq.heappop(self.heads)
            places.append(place)
            taken[who] += 1
            queue = self.waiting[who]
            queue.popleft()
            if queue and taken[who] < allowed:
                heapq.heappush(self.heads, (queue[0], who))
            elif queue:
                aside.append((queue[0], who))
        for head in aside:
            heapq.heappush(self.heads, head)
        self.left -= len(places)
        return [self.stories[place] for place in sorted(places)]
