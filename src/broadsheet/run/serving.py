"""Serve a web application of ours at an address of this machine: while inside, or in a thread beside other work."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager

from aiohttp import web

from ..errors import UsageError


@asynccontextmanager
async def serving(application: web.Application, listen: str, setting: str) -> AsyncIterator[str]:
    """Serve at `listen` while inside; gives the address as `host:port`. A port of 0 takes a free one.

    setting: where `listen` was said. TLS and bounds on connections are the business of the web server before us.
    Raises UsageError.
    """
    host, _, port = listen.rpartition(":")
    # The signature of a hub is of the bytes as sent, and nobody needs to pack so little: nothing is unpacked.
    runner = web.AppRunner(application, access_log=None, auto_decompress=False, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host.strip("[]"), int(port)).start()
        except (OSError, OverflowError, ValueError) as exc:
            why = exc.strerror if isinstance(exc, OSError) and exc.strerror else "no such port"
            raise UsageError(f"cannot listen: {why}", f"{setting} = {listen}", "choose another") from exc
        bound = runner.addresses[0]
        yield f"[{bound[0]}]:{bound[1]}" if ":" in bound[0] else f"{bound[0]}:{bound[1]}"
    finally:
        await runner.cleanup()


@contextmanager
def beside(server: AbstractAsyncContextManager[str], name: str) -> Iterator[str]:
    """Keep `server` open in a thread of that name while inside; gives what it gives."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name=name, daemon=True)
    thread.start()
    try:
        address = asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result()
        try:
            yield address
        finally:
            asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
