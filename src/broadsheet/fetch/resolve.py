"""Where a host may be dialled: names resolved once, every address judged, and what was judged is what is dialled."""

from __future__ import annotations

import asyncio
import errno
import re
import socket
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from .. import urls
from ..errors import ParseError, UsageError
from . import guard

_DIALLED = 4  # addresses of one host that are tried
_ADDRESS = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^\s:\[\]]+))(?::(?P<port>\d{1,5}))?")


class PrivateAddress(OSError):
    """An address that is not public; an OSError, since those are what aiohttp hands through. strerror says why."""


class Resolver(AbstractResolver):
    """The system's resolver, or `ask`, behind a hosts mapping and the guard.

    One connection asks it once and dials what it answers, so that a second answer cannot slip in. aiohttp does not ask
    it for a host that is an address: `objection` judges those, and `open_socket` judges again whatever is about to be
    dialled. The system is asked in threads of its own: names that hang hold up nothing else.
    """

    def __init__(
        self, hosts: Mapping[str, str], private: Iterable[str], *, threads: int, ask: AbstractResolver | None = None
    ) -> None:
        """hosts: `name` or `*.suffix` -> `address[:port]`. private: names, suffixes or addresses. Raises UsageError."""
        self._hosts = {_name("hosts", name): _address(name, value) for name, value in hosts.items()}
        self._private = frozenset(_name("private", name) for name in private)
        self._allowed: set[str] = set()  # addresses that hosts of these two have
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="names")
        self._ask = ask

    def objection(self, host: str, port: int, ports: Collection[int]) -> str:
        """Why `host`, as urls.parse prints it but without brackets, is not asked at `port`; empty when it may be."""
        literal = _is_literal(host)
        if self._may_be_private(host):
            if literal:
                self._allowed.add(host)
            return ""
        if port not in ports:
            return f"port {port} is not in `[fetch] ports`"
        return guard.objection(host) if literal else ""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """A few addresses of `host`. Raises OSError; PrivateAddress when any of them, taken or not, is not public."""
        name = host.lower().rstrip(".")
        mapped, mapped_port = next((self._hosts[n] for n in _known_by(name) if n in self._hosts), ("", 0))
        found = await self._addresses(mapped or host, mapped_port or port, family)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "a name without an address")
        if self._may_be_private(name):
            self._allowed.update(one["host"] for one in found)
        else:
            for one in found:
                _must_be_public(one["host"])
        return found[:_DIALLED]

    def open_socket(self, dialled: Sequence[Any]) -> socket.socket:
        """A socket for `dialled`, as getaddrinfo gives it. Raises PrivateAddress where that was never allowed."""
        family, kind, protocol, _, address = dialled
        if address[0] not in self._allowed:
            _must_be_public(address[0])
        return socket.socket(family=family, type=kind, proto=protocol)

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _may_be_private(self, host: str) -> bool:
        if not (self._hosts or self._private):
            return False
        return any(name in self._hosts or name in self._private for name in _known_by(host.rstrip(".")))

    async def _addresses(self, host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
        if _is_literal(host):  # out of `hosts`: nothing to look up
            return [_result(host, socket.AF_INET6 if ":" in host else socket.AF_INET, host, port)]
        if self._ask is not None:
            return await self._ask.resolve(host, port, family)
        loop = asyncio.get_running_loop()
        infos = await loop.run_in_executor(self._threads, _looked_up, host, port, family)
        return [_result(host, info[0], _with_scope(info[4]), port) for info in infos]


def _looked_up(host: str, port: int, family: socket.AddressFamily) -> list[Any]:
    try:
        return socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    except UnicodeError as exc:  # from the codec for international names: labels that no DNS can have
        raise socket.gaierror(socket.EAI_NONAME, "not a host name") from exc


def _with_scope(address: tuple[Any, ...]) -> str:
    scope = address[3] if len(address) > 3 else 0
    return f"{address[0]}%{scope}" if scope and "%" not in address[0] else str(address[0])


def _result(host: str, family: int, address: str, port: int) -> ResolveResult:
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=socket.IPPROTO_TCP, flags=0)


def _must_be_public(address: str) -> None:
    why = guard.objection(address)
    if why:
        raise PrivateAddress(errno.EACCES, why)


def _is_literal(host: str) -> bool:
    """True for an address: WHATWG leaves no other host with a colon, or of digits and dots alone."""
    return ":" in host or host.replace(".", "").isdigit()


def _known_by(host: str) -> Iterable[str]:
    """Names by which settings may know a host, nearest first: `a.b.example`, `*.b.example`, `*.example`."""
    yield host
    while not _is_literal(host) and (dot := host.find(".") + 1):
        host = host[dot:]
        yield f"*.{host}"


def _name(setting: str, name: str) -> str:
    """A host, `*.suffix` or address of the settings, written as the host of a parsed URL is. Raises UsageError."""
    star = "*." if name.startswith("*.") else ""
    bare = name.removeprefix("*.").strip("[]")
    try:
        parsed = urls.parse(f"http://[{bare}]/" if ":" in bare else f"http://{bare}/")
        if parsed.pathname != "/" or parsed.search or parsed.hash:
            raise ParseError("more than a host")
    except ParseError as exc:
        raise UsageError("not a host name", f"{setting}: {name}", "write a name, *.suffix or an address") from exc
    host = str(parsed.hostname).strip("[]").rstrip(".")
    if setting == "hosts" and _is_literal(host):
        raise UsageError("an address needs no mapping", f"hosts: {name}", "name it in `private` to allow it")
    return star + host


def _address(name: str, value: str) -> tuple[str, int]:
    """`127.0.0.1:8931`, `[::1]:8931` or a name -> (address, port); port 0: the URL's own."""
    match = _ADDRESS.fullmatch(value)
    port = int(match["port"] or 0) if match else 0
    if match is None or port > 65_535:
        raise UsageError("not an address", f"hosts: {name} = {value}", "write address:port, such as 127.0.0.1:8931")
    return match["v6"] or match["name"], port
