"""The Fetcher of the live web: redirects followed one by one, each hop in its host's turn and within its robots.txt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from .. import rights, urls
from ..errors import FetchError, ParseError
from ..types import FetchLimits, Page, Rights, Validators
from . import Reply, Request, Transport, response, robots
from .politeness import Host, Politeness

PERMANENTLY = frozenset((301, 308))
TDM_FILE = 64 * 1024  # bytes that a tdmrep.json may have


class LiveFetcher:
    """A Fetcher over any Transport that asks the politeness of every hop, be it for a source, a page or an image."""

    def __init__(self, transport: Transport, politeness: Politeness, limits: FetchLimits, now: datetime) -> None:
        """limits: `total` bounds the asking and reading of one request, not its waiting for a host's turn.

        now: the cycle's clock, written into each page.
        """
        self._transport, self._politeness, self.limits, self.now = transport, politeness, limits, now

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self._transport.__aexit__(kind, exc, tb)

    async def get(self, request: Request) -> Page:
        """The page, with what its site and its headers allow; an article's with its site's tdmrep.json, too.

        Raises FetchError, whose `url` is the one asked for.
        """
        try:
            page = await self._page(request, hurry=True)
            if request.purpose != "page":
                return page
            host = self._politeness.host(page.final_url)
            reserved = rights.of_tdm_file(await self._tdm_file(host), page.final_url)
            return replace(page, rights=rights.combined(page.rights, reserved))
        except FetchError as exc:
            raise FetchError(
                request.url, exc.reason, kind=exc.kind, status=exc.status,
                permanent=exc.permanent, retry_after=exc.retry_after,
            ) from exc  # fmt: skip

    async def _page(self, request: Request, *, hurry: bool, most: int = 0) -> Page:
        """Follow redirects to the page. hurry: see Politeness.turn. most: bytes; 0: as the limits say."""
        try:
            parsed = urls.parse(request.url)
        except ParseError as exc:
            raise FetchError(request.url, exc.what, kind="refused", permanent=True) from exc
        parsed.hash = ""
        size = most or response.decoded_limit(request, self.limits)
        where, moved, asked = str(parsed.href), "", response.conditions(request.validators)
        part: dict[str, str] = {}
        if request.beginning:
            size = min(request.beginning, size)
            part = {"Range": f"bytes=0-{size - 1}", "Accept-Encoding": "identity"}  # a hint: many hosts send it all
        time = _Time(self.limits.total)
        seen: dict[str, int] = {}  # URL -> status that it answered with
        while True:
            host = self._politeness.host(where)
            await self._admit(where, host, request.purpose)
            headers = part if seen else asked | part
            reply = await self._exchange(
                where, host, size, time, hurry=hurry, headers=headers or None, cut=bool(request.beginning)
            )
            if reply.status not in response.REDIRECTS:
                break
            seen[where] = reply.status
            where = response.redirect(request.url, where, reply.headers.get("location", ""))
            if where in seen:
                raise FetchError(request.url, "redirects go round in a circle", kind="bounds")
            if len(seen) > self.limits.redirects:
                raise response.too_many_redirects(request.url, self.limits.redirects)
            if PERMANENTLY.issuperset(seen.values()):
                moved = where
        is_held = reply.status == 304 and bool(asked) and not seen  # what we have still stands
        if not is_held:
            response.check_status(request.url, reply.status, reply.headers, self.now, beginning=bool(request.beginning))
        allowed = rights.combined(host.rules.rights, rights.of_headers(reply.headers, self.now))
        self._check_image(request, allowed)
        status = reply.status if is_held or reply.status == response.PART else 200
        return Page(
            url=request.url, final_url=where, status=status, body=b"" if is_held else reply.body,
            content_type=reply.headers.get("content-type", ""), fetched_at=self.now, headers=reply.headers,
            validators=response.given(reply.headers, request.validators if is_held else Validators()),
            moved_to=moved, rights=allowed,
        )  # fmt: skip

    async def _exchange(
        self,
        url: str,
        host: Host,
        most: int,
        time: _Time,
        *,
        hurry: bool = True,
        headers: Mapping[str, str] | None = None,
        cut: bool = False,
    ) -> Reply:
        """Ask once, in the host's turn."""
        async with self._politeness.turn(url, host, hurry=hurry):
            if time.left <= 0:
                raise FetchError(url, f"deadline of {self.limits.total:g} s passed", kind="network")
            reply = await self._transport.exchange(url, most=most, seconds=time.left, headers=headers, cut=cut)
            time.left -= reply.seconds
            self._politeness.note(host, reply)
        return reply

    # --- what a site says of itself ---------------------------------------------------------------------------------

    async def _admit(self, url: str, host: Host, purpose: str) -> None:
        """Raise FetchError unless the host's robots.txt, asked for where it is a day old, lets us ask `url`."""
        self._politeness.check_held(url, host)
        if not robots.is_fresh(host.state.robots_until, self.now):
            async with host.robots_lock:
                if not robots.is_fresh(host.state.robots_until, self.now):
                    await self._read_robots(host)
        state = host.state
        if robots.forbids_all(state, self.now):
            why = f" ({host.robots_reason})" if host.robots_reason else ""
            reason = f"robots.txt of {host.name} cannot be read{why}: all is forbidden for now"
            raise FetchError(url, reason, kind="robots", retry_after=robots.RETRY.total_seconds())
        if not host.rules.allows(url):
            raise FetchError(url, f"robots.txt of {host.name} forbids it", kind="robots", permanent=True)
        if purpose == "image":
            self._check_image(Request(url=url, purpose=purpose), self._of_site(url, host))

    async def _read_robots(self, host: Host) -> None:
        time = _Time(self.limits.total)

        async def ask(url: str) -> Reply:
            asked = self._politeness.host(url)
            reply = await self._exchange(url, asked, robots.FETCHED, time, hurry=False)
            if reply.status == 429:
                self._politeness.check_held(url, asked)
            return reply

        answer = await robots.fetched(host.state.origin, ask)
        host.robots_reason = answer.reason
        host.state = robots.noted(host.state, answer, self.now)

    async def _tdm_file(self, host: Host) -> str:
        """The host's tdmrep.json, asked for once a day; empty where there is none or it cannot be had.

        A failure that may pass leaves what is known of it and is tried again after an hour. Raises FetchError where
        the host is held: what it reserves is not known then.
        """
        async with host.tdm_lock:
            if robots.is_fresh(host.state.tdm_until, self.now):
                return host.state.tdm
            request = Request(url=f"{host.state.origin}/.well-known/tdmrep.json", purpose="source")
            text, fresh = "", robots.FRESH
            try:
                page = await self._page(request, hurry=False, most=TDM_FILE)
                said = page.body.decode("utf-8-sig", "replace").strip()
                text = said if said.startswith("[") else ""  # many sites answer with a page whatever one asks for
            except FetchError as exc:
                if exc.kind == "held":
                    raise
                if not exc.permanent:
                    text, fresh = host.state.tdm, robots.RETRY
            host.state = replace(host.state, tdm=text, tdm_until=self.now + fresh)
            return text

    def _of_site(self, url: str, host: Host) -> Rights:
        return rights.combined(host.rules.rights, rights.of_tdm_file(host.state.tdm, url))

    def _check_image(self, request: Request, allowed: Rights) -> None:
        """Raise FetchError for a picture that its publisher does not want kept or shown elsewhere."""
        if request.purpose == "image" and not (allowed.images and allowed.listed):
            said = "; ".join(allowed.evidence[:5])
            raise FetchError(request.url, f"pictures are to be left alone ({said})", kind="robots", permanent=True)


class _Time:
    """Seconds left for asking and reading."""

    def __init__(self, left: float) -> None:
        self.left = left
