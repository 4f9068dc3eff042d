"""Windows, as cards."""

from __future__ import annotations

from typing import Any

from kitless.browser.marks import Action, Sketch
from kitless.browser.widgets.drawing import Draw, Studio, deed, key_of
from omni.ui._enums import WINDOW_FLAGS_NO_CLOSE, WINDOW_FLAGS_NO_TITLE_BAR
from omni.ui._node import Node


def _window(node: Node, _: Studio) -> Sketch:
    properties = node.properties
    title = properties["title"].partition("##")[0]
    # The bar stands above the content, whenever it was made.
    children = sorted(node.children, key=lambda each: each._ui_node.kind != "MenuBar")
    keys = [key_of(each._ui_node) for each in children if each._ui_is_visible()]
    if properties["flags"] & WINDOW_FLAGS_NO_TITLE_BAR:
        return Sketch("section", {"class": "card card-body", "aria-label": title}, keys)
    closes = not properties["flags"] & WINDOW_FLAGS_NO_CLOSE
    on: dict[str, Action] = {"close": deed(node, _close)} if closes else {}
    return Sketch("ks-card", {"title": title, "focused": properties["focused"]}, keys, on=on)


def _close(window: Any, _: Any) -> None:
    window.visible = False


DRAW: dict[str, Draw] = {"Window": _window, "WindowHandle": _window}
