"""The server: NiceGUI on a loop and in a thread of its own, on 127.0.0.1."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any

from kitless.browser.feed import Feed
from kitless.browser.page import Page, web_app
from kitless.browser.pictures import Pictures
from kitless.browser.security import LOOPBACK, Access, Guard

_PATIENCE_S = 10.0
_GRACE_S = 1


class Server:
    """Serves the page until closed. ``act(address, event, value)`` is called in the server's thread."""

    def __init__(self, port: int, feed: Feed, pictures: Pictures, act: Callable[[str, str, Any], None]) -> None:
        """Listen on that port, 0 for a free one. Raises OSError when it is taken."""
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        self._access = Access(self.port)
        self._feed = feed
        self._page = Page(feed, pictures, act)
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._uvicorn: Any = None
        self._thread = threading.Thread(target=self._run, name="kitless-browser")
        self._thread.start()
        if not self._ready.wait(_PATIENCE_S) or self._failure is not None:
            self.close()
            raise RuntimeError(f"the browser's server did not start: {self._failure}")

    @property
    def url(self) -> str:
        """The page's address with the token; for the user's eyes only, never for a log."""
        return f"http://{LOOPBACK}:{self.port}/?token={self._access.token}"

    def close(self) -> None:
        """Stop, close all connections and wait for the thread's end."""
        if self._uvicorn is not None:
            self._uvicorn.should_exit = True
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001  a thread's edge: raised by whoever waits for the start
            self._failure = error
        self._ready.set()

    async def _serve(self) -> None:
        import uvicorn

        # No access log: it would hold the token. No proxies: their headers could claim another client.
        config = uvicorn.Config(
            Guard(web_app(), self._access),
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_S,
        )
        self._uvicorn = _announcing(uvicorn.Server, self._ready.set)(config)
        with self._page.opened():
            self._feed.start(asyncio.get_running_loop())
            try:
                await self._uvicorn.serve(sockets=[self._socket])
            finally:
                self._feed.stop()


def _announcing(server: Any, started: Callable[[], None]) -> Any:
    """Return a subclass of uvicorn's server that says when it listens."""

    class AnnouncingServer(server):
        async def startup(self, *args: Any, **kwargs: Any) -> None:
            await super().startup(*args, **kwargs)
            started()

    return AnnouncingServer


def _listen(port: int) -> socket.socket:
    # With the protocol named, asyncio sends small packets at once; else each picture waits 40 ms for an acknowledgment.
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((LOOPBACK, port))
    except OSError:
        found.close()
        raise
    return found
