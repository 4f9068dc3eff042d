"""Who may talk to the view's server: this machine's browser, by the right name, with the token."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

LOOPBACK = "127.0.0.1"
_NAMES = (LOOPBACK, "localhost")

# NiceGUI compiles Vue templates in the page, hence the two "unsafe"; nothing is asked of other servers.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    b"content-security-policy": _POLICY.encode(),
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"cross-origin-resource-policy": b"same-origin",
}


class Access:
    """The token of one run, and what a request has to look like."""

    def __init__(self, port: int) -> None:
        self.token = secrets.token_urlsafe(24)
        self._hosts = {f"{name}:{port}" for name in _NAMES}
        # Cookies do not know ports: the name keeps two views on one machine apart.
        self._cookie = f"kitless_{port}"

    def refusal(self, scope: Mapping[str, Any]) -> str:
        """Return why a request (an ASGI scope) is refused, empty when it is not."""
        headers = _headers(scope)
        client = scope.get("client")
        if not client or client[0] != LOOPBACK:
            return "only this machine may connect"
        if headers.get("host", "").lower() not in self._hosts:
            return "this server has another name"
        # A page of another server on this machine would have the cookie sent along.
        if "origin" in headers and headers["origin"] not in {f"http://{host}" for host in self._hosts}:
            return "another page's request"
        if not self._knows_token(scope, headers):
            return "the token is missing or out of date: open the address that kitless printed"
        return ""

    def entry(self, scope: Mapping[str, Any]) -> tuple[str, str] | None:
        """Return (address without the token, Set-Cookie) for a page opened with the token in its address."""
        query = _query(scope)
        if scope["type"] != "http" or scope.get("method") != "GET" or "token" not in query:
            return None
        rest = urlencode([(name, value) for name, value in query.items() if name != "token"])
        # A path that begins with two slashes would lead to another host.
        path = "/" + str(scope["path"]).lstrip("/\\")
        cookie = f"{self._cookie}={self.token}; HttpOnly; SameSite=Strict; Path=/"
        return path + (f"?{rest}" if rest else ""), cookie

    def _knows_token(self, scope: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
        query = _query(scope)
        given = query["token"] if "token" in query else _cookies(headers).get(self._cookie, "")
        return hmac.compare_digest(given.encode(), self.token.encode())


class Guard:
    """An ASGI app around another one: refuses with 403, exchanges the token for a cookie, adds the headers."""

    def __init__(self, app: Any, access: Access) -> None:
        self.app = app
        self._access = access

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request, or let the app do so."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        refusal = self._access.refusal(scope)
        if refusal:
            await _refuse(scope, receive, send, refusal)
            return
        entry = self._access.entry(scope)
        if entry is not None:
            address, cookie = entry
            await _answer(send, 303, {b"location": address.encode(), b"set-cookie": cookie.encode()})
            return
        await self.app(scope, receive, lambda message: send(_with_headers(message)))


async def _refuse(scope: Any, receive: Any, send: Any, reason: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        # Closing before accepting is answered with 403 by the server.
        await send({"type": "websocket.close", "code": 1008})
        return
    await _answer(send, 403, {b"content-type": b"text/plain; charset=utf-8"}, f"Refused: {reason}.\n")


async def _answer(send: Any, status: int, headers: Mapping[bytes, bytes], text: str = "") -> None:
    body = text.encode()
    fields = {**_HEADERS, b"cache-control": b"no-store", b"content-length": b"%d" % len(body), **headers}
    await send({"type": "http.response.start", "status": status, "headers": list(fields.items())})
    await send({"type": "http.response.body", "body": body})


def _with_headers(message: Any) -> Any:
    if message["type"] != "http.response.start":
        return message
    given = list(message.get("headers", ()))
    names = {name.lower() for name, _ in given}
    return {**message, "headers": [*given, *((name, value) for name, value in _HEADERS.items() if name not in names)]}


def _headers(scope: Mapping[str, Any]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope.get("headers", ())}


def _query(scope: Mapping[str, Any]) -> dict[str, str]:
    return dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True))


def _cookies(headers: Mapping[str, str]) -> dict[str, str]:
    # By hand: the standard library's parser gives up at the first cookie of somebody else that it dislikes.
    pairs = (each.partition("=") for each in headers.get("cookie", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}
