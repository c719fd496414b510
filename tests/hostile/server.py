"""The server of the hostile web: raw asyncio streams, so that it can break every rule of HTTP; and its canaries."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec

PIECES = 100_000  # the most that anything endless sends, so that nothing here outlives its reader by much
SECRET = "the-canary-was-read"  # noqa: S105  stands in a file that no document may pull in


class Web(msgspec.Struct, frozen=True):
    """Where the hostile web stands, for a process that visits it."""

    ports: dict[str, int]  # listener -> port on 127.0.0.1
    canary: int  # port on 127.0.0.1, 127.8.9.10 and ::1: nobody may ever ask it
    secret: str  # path of a file that nobody may ever open
    authority: str  # path of the certificate that the good TLS listener's goes back to


class Ask:
    """One request as it came, and the connection to answer on."""

    def __init__(self, web: Web, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.web, self.reader, self.writer = web, reader, writer
        self.path, self.host = "", ""

    async def hear(self) -> bool:
        """Read the next request; False where there is none to answer."""
        if self.writer.is_closing():
            return False
        first = await self.reader.readexactly(1)
        if first == b"\x16":  # a TLS ClientHello on a port that speaks none
            await self.send("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
            return False
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        self.path = lines[0].split(" ")[1]
        self.host = next(line[5:].strip() for line in lines if line.lower().startswith("host:"))
        return True

    async def send(self, *pieces: bytes | str) -> None:
        for piece in pieces:
            self.writer.write(piece.encode("latin-1") if isinstance(piece, str) else piece)
        await self.writer.drain()

    async def reply(
        self, body: bytes, content_type: str = "application/rss+xml", *fields: str, status: str = "200 OK"
    ) -> None:
        """An answer as HTTP wants it, with these header fields on top."""
        lines = (f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *fields)
        await self.send("\r\n".join(lines), "\r\n\r\n", body)

    async def for_ever(self, piece: bytes | str, every: float = 0.0) -> None:
        """Send `piece` again and again, `every` so many seconds, until the other side has had enough."""
        for _ in range(PIECES):
            await self.send(piece)
            await asyncio.sleep(every)

    def reset(self) -> None:
        """Break the connection off with a TCP reset instead of an end."""
        linger = struct.pack("ii", 1, 0)
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.writer.transport.abort()


Answer = Callable[[Ask], Awaitable[None]]


class Site:
    """All listeners of the web, and what their canary was asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hits: list[str] = []
        self._servers: list[asyncio.Server] = []
        self._closed = socket.socket()  # bound and not listening: it refuses
        self._talks: set[asyncio.Task[None]] = set()

    async def open(self) -> Web:
        from . import certificates  # slow to load, and only the server needs it

        tls, authority = certificates.contexts(self.folder, datetime.now(UTC))
        secret = self.folder / "secret.txt"
        secret.write_text(SECRET)
        self._closed.bind(("127.0.0.1", 0))
        ports = {"closed": self._closed.getsockname()[1]}
        ports["plain"] = await self._listen(_behave)
        ports["silent"] = await self._listen(_say_nothing)
        for name, context in tls.items():
            ports[name] = await self._listen(_behave, ssl=context)
        canary = await self._listen(self._sing)
        for host in ("127.8.9.10", "::1"):
            await self._listen(self._sing, host=host, port=canary)
        self.web = Web(ports=ports, canary=canary, secret=str(secret), authority=str(authority))
        return self.web

    async def _listen(self, answer: Answer, host: str = "127.0.0.1", port: int = 0, **more: Any) -> int:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._talks.add(task)
            task.add_done_callback(self._talks.discard)
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ssl.SSLError):
                await answer(Ask(self.web, reader, writer))
            writer.close()

        server = await asyncio.start_server(talk, host, port, **more)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def _sing(self, ask: Ask) -> None:
        await ask.hear()
        self.hits.append(ask.path)
        await ask.reply(f"<rss><channel><item><title>{SECRET}</title></item></channel></rss>".encode())

    async def close(self) -> None:
        for server in self._servers:
            server.close()
        for task in self._talks:
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        self._closed.close()


async def _behave(ask: Ask) -> None:
    """Answer each request of a connection with the behaviour that the first label of its host names."""
    from .behaviour import TABLE  # which itself knows what an Ask is

    while await ask.hear():
        behaviour = TABLE.get(ask.host.partition(".")[0])
        if behaviour is None or behaviour.play is None or ask.path.startswith(("/robots.txt", "/.well-known/")):
            await ask.reply(b"no such file", "text/plain", status="404 Not Found")
        else:
            await behaviour.play(ask)


async def _say_nothing(ask: Ask) -> None:
    await ask.reader.read()


@contextmanager
def served() -> Iterator[tuple[Web, list[str]]]:
    """The web, in a thread of this process, and the paths that its canary was asked for so far."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        try:
            yield asyncio.run_coroutine_threadsafe(site.open(), loop).result(30), site.hits
        finally:
            asyncio.run_coroutine_threadsafe(site.close(), loop).result(30)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
