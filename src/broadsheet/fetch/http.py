"""Bounded, conditional, polite GET over HTTP: a total deadline, size caps around gzip, one connection a host."""

from __future__ import annotations

import asyncio
import errno
import re
import socket
import ssl
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from .. import __version__, urls
from ..errors import FetchError, ParseError, UsageError
from ..types import FetchLimits, Page, Validators
from . import Request, response

_HEADER = 16_384  # bytes of one header field; Content-Security-Policy alone passes the common 8 KiB
_IDLE = 3.0  # seconds that an unused connection is kept: enough for the next page of the same host
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,1000}")  # printable: a stored one goes into a request header
_ADDRESS = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^\s:\[\]]+))(?::(?P<port>\d{1,5}))?")
_ABSENT = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))


def user_agent(contact: str, site: str) -> str:
    """How we introduce ourselves: name, version, and whom to ask. contact: mail address or URL; else the site's URL.

    >>> user_agent("desk@ferries.example", "").split("/")[0]
    'Broadsheet'
    """
    whom = re.sub(r"[^\x21-\x7e]|[()\\]", "", contact or site)
    return f"Broadsheet/{__version__} (+{whom})" if whom else f"Broadsheet/{__version__}"


class HttpFetcher:
    """The Fetcher of the live web. Proxies, cookies and credentials of the environment are never used.

    The place for a guard of addresses is the connector's `socket_factory` in `__aenter__`: it is handed every address
    that is about to be dialled, those in numbers included, which never reach the resolver. The place to ask robots.txt
    is the top of `_hop`, which every redirect passes too.
    """

    def __init__(
        self, limits: FetchLimits, user_agent: str, now: datetime, hosts: Mapping[str, str] | None = None
    ) -> None:
        """limits: see FetchLimits. user_agent: as the function of that name makes it.

        now: the cycle's clock, written into each page.
        hosts: like a hosts file, `name` or `*.suffix` -> `address[:port]`; name and TLS stay those of the URL.
        Raises UsageError when an address in `hosts` is none.
        """
        self.limits, self.user_agent, self.now = limits, user_agent, now
        self._hosts = {name.lower(): _address(name, value) for name, value in (hosts or {}).items()}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)  # a host is asked one thing at a time
        self._slots = asyncio.Semaphore(limits.concurrency)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=_Hosts(self._hosts), limit=self.limits.concurrency, limit_per_host=1, keepalive_timeout=_IDLE
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, connect=self.limits.connect),
            headers={"User-Agent": self.user_agent, "Accept-Encoding": "gzip", "Accept": "*/*"},
            auto_decompress=False,
            trust_env=False,
            max_line_size=_HEADER,
            max_field_size=_HEADER,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def get(self, request: Request) -> Page:
        """Follow redirects to the page. The deadline counts asking and reading, not waiting for the host's turn.

        Raises FetchError, whose reason is short and fit for a table.
        """
        try:
            parsed = urls.parse(request.url)
        except ParseError as exc:
            raise FetchError(request.url, exc.what, permanent=True) from exc
        parsed.hash = ""
        where, left, loop = str(parsed.href), self.limits.total, asyncio.get_running_loop()
        for _ in range(self.limits.redirects + 1):
            async with self._turns[urls.host(where)], self._slots:
                started = loop.time()
                answer = await self._hop(request, where, left)
                left -= loop.time() - started
            if isinstance(answer, Page):
                return answer
            where = answer
        raise FetchError(request.url, f"more than {self.limits.redirects} redirects")

    async def _hop(self, request: Request, where: str, seconds: float) -> Page | str:
        """Ask `where` once: the page, or the URL that it redirects to."""
        if self._session is None:
            raise RuntimeError("HttpFetcher is used outside `async with`")
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                # encoded: the URL is sent as our one parser printed it
                target, asked = URL(where, encoded=True), _conditions(request.validators)
                async with self._session.get(target, headers=asked, allow_redirects=False) as reply:
                    return await self._read(request, where, reply)
        except aiohttp.ServerTimeoutError as exc:
            raise FetchError(request.url, f"no connection within {self.limits.connect:g} s") from exc
        except TimeoutError as exc:
            raise FetchError(request.url, f"deadline of {self.limits.total:g} s passed") from exc
        except (aiohttp.ClientError, OSError, ValueError) as exc:
            raise FetchError(request.url, _reason(exc)) from exc

    async def _read(self, request: Request, where: str, reply: aiohttp.ClientResponse) -> Page | str:
        headers = response.lower_names(reply.headers.items())
        given = Validators(etag=headers.get("etag", ""), last_modified=headers.get("last-modified", ""))
        if reply.status in response.REDIRECTS:
            return response.redirect(request.url, where, headers.get("location", ""))
        body = b""
        held = reply.status == 304 and request.validators != Validators()
        if held:  # a 304 may renew the validators, or leave them out (RFC 9110, section 15.4.5)
            kept = request.validators
            given = Validators(etag=given.etag or kept.etag, last_modified=given.last_modified or kept.last_modified)
        else:
            response.check_status(request.url, reply.status, headers, self.now)
            encoding = response.encodings(reply.headers.getall("Content-Encoding", []))
            raw = await self._raw(request.url, reply)
            body = response.decoded(request.url, raw, encoding, response.decoded_limit(request, self.limits))
        return Page(
            url=request.url, final_url=where, status=304 if held else 200, body=body, headers=headers,
            content_type=headers.get("content-type", ""), fetched_at=self.now, validators=given,
        )  # fmt: skip

    async def _raw(self, url: str, reply: aiohttp.ClientResponse) -> bytes:
        """The bytes as sent, never more than one piece beyond the cap in memory."""
        most = self.limits.raw
        if (reply.content_length or 0) > most:
            raise response.too_big(url, most)
        raw = bytearray()
        async for piece in reply.content.iter_any():
            raw += piece
            if len(raw) > most:
                raise response.too_big(url, most)
        return bytes(raw)


class _Hosts(AbstractResolver):
    """The system's resolver behind a hosts mapping."""

    def __init__(self, hosts: Mapping[str, tuple[str, int]]) -> None:
        self._hosts = hosts
        self._system = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        address, mapped = self._mapped(host.lower().rstrip("."))
        found = await self._system.resolve(address or host, mapped or port, family)
        return [ResolveResult(**result | {"hostname": host}) for result in found] if address else found

    def _mapped(self, host: str) -> tuple[str, int]:
        """The mapping's address for `host`: its own line, else that of the nearest suffix, else ("", 0)."""
        labels = host.split(".")
        names = [host, *("*." + ".".join(labels[n:]) for n in range(1, len(labels)))]
        return next((self._hosts[name] for name in names if name in self._hosts), ("", 0))

    async def close(self) -> None:
        await self._system.close()


def _address(name: str, value: str) -> tuple[str, int]:
    """`127.0.0.1:8931`, `[::1]:8931` or a name -> (address, port); port 0: the URL's own."""
    match = _ADDRESS.fullmatch(value)
    port = int(match["port"] or 0) if match else 0
    if match is None or port > 65_535:
        raise UsageError("not an address", f"hosts: {name} = {value}", "write address:port, such as 127.0.0.1:8931")
    return match["v6"] or match["name"], port


def _conditions(validators: Validators) -> dict[str, str]:
    """Headers that ask for the resource only if it changed (RFC 9110, section 13.1)."""
    asked = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in asked.items() if _VALIDATOR.fullmatch(value)}


def _reason(exc: Exception) -> str:
    """What went wrong below HTTP, in a few words."""
    match exc:
        case aiohttp.ClientConnectorDNSError(os_error=cause):
            return "host not found" if cause.errno in _ABSENT else "host name could not be looked up"
        case aiohttp.ClientConnectorCertificateError(certificate_error=cause):
            return f"TLS: {getattr(cause, 'verify_message', '') or cause}"
        case aiohttp.ClientSSLError(os_error=cause):
            return f"TLS: {(getattr(cause, 'reason', '') or str(cause)).replace('_', ' ').lower()}"
        case aiohttp.ClientConnectorError(os_error=cause):
            refused = cause.errno == errno.ECONNREFUSED
            return "connection refused" if refused else f"cannot connect: {cause.strerror or cause}"
        case aiohttp.ServerDisconnectedError() | ConnectionResetError() | ssl.SSLError():
            return "connection closed by the host"
        case aiohttp.ClientPayloadError():
            return "body broken off"
        case aiohttp.ClientResponseError(message=message):
            return f"not HTTP: {' '.join(message.split())[:80]}"
        case _:
            return f"{type(exc).__name__}: {' '.join(str(exc).split())[:80]}"
