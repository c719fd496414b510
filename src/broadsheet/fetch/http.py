"""The live web, asked with care: one guarded, bounded HTTP exchange."""

from __future__ import annotations

import asyncio
import errno
import re
import socket
import ssl
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.http_exceptions import LineTooLong
from yarl import URL

from .. import __version__, urls
from ..errors import FetchError, ParseError
from ..types import FetchLimits
from . import Reply, response
from .resolve import PrivateAddress, Resolver

_FIELD = 16_384  # bytes of one header field; Content-Security-Policy alone passes the common 8 KiB
_FIELDS = 100
_HEADER = 65_536  # bytes of all of them
_FORM_ANSWER = 65_536  # bytes of what a hub answers to a form
_IDLE = 2.0  # seconds that an unused connection is kept: enough for the next page of the same host
_NAMES = 4  # threads that look names up, for each exchange in flight: a name that hangs outlives its exchange
_ABSENT = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
_OPENED: ContextVar[list[str]] = ContextVar("opened")  # addresses dialled in this exchange: none over a kept connection
_PORTS = {"http:": 80, "https:": 443}


def user_agent(contact: str, site: str) -> str:
    """How we introduce ourselves: name, version, and whom to ask. contact: mail address or URL; else the site's URL.

    >>> user_agent("desk@ferries.example", "").split("/")[0]
    'Broadsheet'
    """
    whom = re.sub(r"[^\x21-\x7e]|[()\\]", "", contact or site)
    return f"Broadsheet/{__version__} (+{whom})" if whom else f"Broadsheet/{__version__}"


class HttpTransport:
    """The Transport of the live web. Proxies, cookies and credentials of the environment are never used.

    Each address is judged by one rule (guard.py) where it is the URL's host, where a name resolves to it, and where a
    socket is about to be connected to it. Host header and TLS keep the name.
    """

    def __init__(
        self,
        limits: FetchLimits,
        user_agent: str,
        hosts: Mapping[str, str] | None = None,
        *,
        resolver: AbstractResolver | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """limits: see FetchLimits. user_agent: as the function of that name makes it.

        hosts: like a hosts file, `name` or `*.suffix` -> `address[:port]`; name and TLS stay those of the URL. To be
        named in it, or in `limits.private`, is the permission to have any address and any port.
        resolver: asked instead of the system. ssl_context: instead of one that trusts the system's authorities.
        Raises UsageError when a name or an address of the settings is none.
        """
        self.limits, self.user_agent = limits, user_agent
        self._resolver = Resolver(hosts or {}, limits.private, threads=limits.concurrency * _NAMES, ask=resolver)
        self._ssl = ssl_context
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)  # a host is asked one thing at a time
        self._slots = asyncio.Semaphore(limits.concurrency)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=self._resolver,
            use_dns_cache=False,  # it would look names up in tasks that outlive their exchange
            ssl=self._ssl or True,
            limit=0,  # the slots are the limit
            limit_per_host=1,
            keepalive_timeout=_IDLE,
            socket_factory=self._open_socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=_NoCookies(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self.limits.connect),
            headers={"User-Agent": self.user_agent, "Accept-Encoding": "gzip", "Accept": "*/*"},
            auto_decompress=False,
            trust_env=False,
            middlewares=(_once,),
            max_line_size=_FIELD,
            max_field_size=_FIELD,
            max_headers=_FIELDS,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
            await self._resolver.close()

    async def exchange(
        self, url: str, *, most: int, seconds: float, headers: Mapping[str, str] | None = None, cut: bool = False
    ) -> Reply:
        """See Transport. Waiting for the host's turn and for a slot is not counted.

        Raises FetchError alone, whatever the host does; its reason is short and fit for a table.
        """
        return await self._ask("GET", url, most, seconds, cut=cut, headers=headers)

    async def post(self, url: str, form: Mapping[str, str]) -> Reply:
        """Send a form, within the same guard and bounds; what comes back is its status. Raises FetchError alone."""
        return await self._ask("POST", url, _FORM_ANSWER, self.limits.total, data=dict(form))

    async def _ask(self, method: str, url: str, most: int, seconds: float, *, cut: bool = False, **asked: Any) -> Reply:
        if self._session is None:
            raise RuntimeError("HttpTransport is used outside `async with`")
        host, target = self._admitted(url)
        loop = asyncio.get_running_loop()
        _OPENED.set([])
        async with self._turns[host], self._slots:
            started = loop.time()
            try:
                async with (
                    asyncio.timeout(max(seconds, 0.0)),
                    self._session.request(method, target, allow_redirects=False, **asked) as answer,
                ):
                    named, status, body = _header(url, answer), answer.status, b""
                    if status in response.WHOLE or (cut and status == response.PART):
                        status, body = await self._body(url, answer, most, cut)
            except FetchError:
                raise
            except aiohttp.ServerTimeoutError as exc:
                raise FetchError(url, f"no connection within {self.limits.connect:g} s", kind="network") from exc
            except TimeoutError as exc:
                raise FetchError(url, f"deadline of {seconds:.3g} s passed", kind="network") from exc
            except Exception as exc:  # whatever a hostile host provokes in a library, it costs this exchange alone
                raise _failure(url, exc) from exc
            return Reply(url=str(target), status=status, headers=named, body=body, seconds=loop.time() - started)

    def _open_socket(self, dialled: tuple[Any, ...]) -> socket.socket:
        _OPENED.get().append(str(dialled[4][0]))
        return self._resolver.open_socket(dialled)

    def _admitted(self, url: str) -> tuple[str, URL]:
        """Host name and what to ask for, of an address that may be asked. Raises FetchError of kind refused."""
        try:
            parsed = urls.parse(url)
        except ParseError as exc:
            raise FetchError(url, exc.what, kind="refused", permanent=True) from exc
        host = str(parsed.hostname).strip("[]")
        port = int(parsed.port or _PORTS[parsed.protocol])
        # encoded: the address is sent as our one parser printed it
        target = URL(parsed.href.partition("#")[0], encoded=True)
        if (target.raw_host, target.port) != (host, port):
            why = "URL is read in two ways"  # ours and the HTTP library's: the one that is judged must be dialled
        else:
            why = self._resolver.objection(host, port, self.limits.ports)
        if why:
            raise FetchError(url, why, kind="refused", permanent=True)
        return host.rstrip("."), target

    async def _body(self, url: str, answer: aiohttp.ClientResponse, most: int, cut: bool) -> tuple[int, bytes]:
        """The body, or as much of it as is wanted, with the status that goes with what came."""
        encoding = response.encodings(answer.headers.getall("Content-Encoding", ()))
        body = response.Body(url, encoding, self.limits.raw, most, cut=cut)
        body.expect(answer.content_length)
        async for piece in answer.content.iter_any():
            body.add(piece)
            if body.is_cut:
                answer.close()  # what the host still sends is nobody's
                return response.PART, body.end()
        return answer.status, body.end()


class _Broken(aiohttp.ClientConnectionError):
    """A new connection that brought no answer: not one that aiohttp asks again over."""


async def _once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Let aiohttp ask again only where a kept connection had been closed meanwhile (RFC 9112, section 9.3.1)."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as exc:
        if _OPENED.get():
            raise _Broken from exc
        raise


class _NoCookies(aiohttp.DummyCookieJar):
    """Cookies are not even read."""

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:  # noqa: ARG002
        return None


# --- what came back ---------------------------------------------------------------------------------------------------


def _header(url: str, answer: aiohttp.ClientResponse) -> dict[str, str]:
    """Fields of the header, see Reply. Raises FetchError when they are too much together."""
    if sum(len(name) + len(value) for name, value in answer.raw_headers) > _HEADER:
        raise FetchError(url, f"header over {_HEADER // 1024} KiB", kind="bounds", permanent=True)
    return response.lower_names(answer.headers.items())


def _failure(url: str, exc: Exception) -> FetchError:
    """What went wrong below HTTP, in a few words."""
    match exc:
        case aiohttp.ClientConnectorError(os_error=PrivateAddress() as cause):
            return FetchError(url, str(cause.strerror), kind="refused", permanent=True)
        case aiohttp.ClientResponseError() if _beyond_bounds(exc):
            return FetchError(url, "header beyond our bounds", kind="bounds", permanent=True)
    return FetchError(url, _reason(exc), kind="network")


def _beyond_bounds(exc: BaseException) -> bool:
    """True when a header that is too long, or has too many fields, lies under `exc`."""
    cause: BaseException | None = exc
    while cause is not None:
        if isinstance(cause, LineTooLong) or "Too many headers" in str(cause):
            return True
        cause = cause.__cause__
    return False


def _reason(exc: Exception) -> str:
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
        case _Broken() | aiohttp.ServerDisconnectedError() | ConnectionResetError() | ssl.SSLError():
            return "connection closed by the host"
        case aiohttp.ClientPayloadError():
            return "body broken off"
        case aiohttp.ClientResponseError(message=message):
            return f"not HTTP: {' '.join(message.rstrip(' ^').split())[:80]}"
        case _:
            return f"{type(exc).__name__}: {' '.join(str(exc).split())[:80]}".removesuffix(": ")
