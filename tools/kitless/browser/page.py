"""The page as NiceGUI serves it: one component that draws the marks, and the route of the pictures."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kitless.browser.feed import Feed, Tab
from kitless.browser.pictures import Pictures

WEB = Path(__file__).with_name("web")
TITLE = "kitless"
# A picture opened by itself may be an SVG with a script in it.
_PICTURE_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
_SHOWN = "shown"
# A long frame may keep the server from answering for a while.
_RECONNECT_S = 10.0


class Page:
    """The page of one view: what tabs are shown, and where their deeds go."""

    def __init__(self, feed: Feed, pictures: Pictures, act: Callable[[str, str, Any], None]) -> None:
        self.feed = feed
        self.pictures = pictures
        self.act = act

    @contextlib.contextmanager
    def opened(self) -> Iterator[None]:
        """Serve this page in the block."""
        from nicegui import app

        # NiceGUI has one app per process, and so there is one page at a time.
        app.state.page = self
        try:
            yield
        finally:
            app.state.page = None

    def draw(self) -> None:
        """Draw the page for a tab that was just opened."""
        from nicegui import ui

        ui.add_head_html(_head())
        sheet = ui.context.client
        sheet.content.classes(remove="nicegui-content")
        element = _sheet_class()()
        element.props["marks"] = dict(self.feed.marks)
        tab = Tab(lambda changes: element.run_method("apply", changes))
        element.on("act", lambda event: self._on_act(tab, event.args))
        self.feed.add(sheet.id, tab)
        sheet.on_delete(lambda: self.feed.remove(sheet.id))

    def _on_act(self, tab: Tab, args: Any) -> None:
        address, event, value = args
        if event == _SHOWN:
            tab.shown()
        else:
            self.act(str(address), str(event), value)


@functools.cache
def web_app() -> Any:
    """Return the ASGI app: NiceGUI has one per process, whose routes can be added once."""
    import fastapi
    from nicegui import app, ui

    host = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    ui.page("/", title=TITLE)(_draw)
    app.get("/picture/{key:path}")(_picture)
    ui.run_with(
        host,
        title=TITLE,
        tailwind=False,
        dark=None,
        reconnect_timeout=_RECONNECT_S,
        show_welcome_message=False,
        binding_refresh_interval=None,
    )
    return host


def _draw() -> None:
    from nicegui import app

    app.state.page.draw()


async def _picture(key: str) -> Any:
    from fastapi import Response
    from nicegui import app

    found = await app.state.page.pictures.get(key)
    if found is None:
        return Response(status_code=404)
    data, media_type = found
    return Response(data, media_type=media_type, headers={**_PICTURE_HEADERS, "Cache-Control": "no-store"})


@functools.cache
def _sheet_class() -> Any:
    from nicegui.element import Element

    class Sheet(Element, component=WEB / "sheet.js", esm={"kitless-browser": str(WEB)}):
        """Draws marks; its method ``apply`` takes changes of them."""

    return Sheet


@functools.cache
def _head() -> str:
    style, theme = ((WEB / name).read_text("utf-8") for name in ("style.css", "theme.js"))
    return f"<style>{style}</style><script>{theme}</script>"
