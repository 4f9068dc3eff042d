"""Buttons of all kinds."""

from __future__ import annotations

from typing import Any

from kitless.browser.marks import Sketch
from kitless.browser.pictures import icon_key
from kitless.browser.widgets.drawing import Draw, Studio, click_deed, key_of
from kitless.browser.widgets.images import file_picture
from omni.ui import _input
from omni.ui._node import Node


def _button(node: Node, studio: Studio) -> Sketch:
    return _draw(node, studio, "button")


def _invisible(node: Node, studio: Studio) -> Sketch:
    return _draw(node, studio, "button-invisible")


def _tool(node: Node, studio: Studio) -> Sketch:
    down = node.model.get_value_as_bool()
    return _draw(node, studio, "button tool", {"aria-pressed": "true" if down else "false"})


def _radio(node: Node, studio: Studio) -> Sketch:
    checked = "true" if node.properties["checked"] else "false"
    return _draw(node, studio, "button radio", {"role": "radio", "aria-checked": checked})


def _draw(node: Node, studio: Studio, css: str, state: dict[str, Any] | None = None) -> Sketch:
    properties = node.properties
    text = properties.get("text", "").partition("##")[0]
    icon = file_picture(studio, icon_key(key_of(node)), properties.get("image_url", ""))
    content = [Sketch("ks-picture", {"class": "icon-image", "alt": "", **icon})] if icon else []
    label = [Sketch("span", text=text)] if text else []
    name = properties["tooltip"] or properties["name"] or properties["identifier"]
    attrs = {"class": css, "type": "button", "aria-label": None if text else name or node.kind, **(state or {})}
    on = {"click": click_deed(node)}
    if "mouse_pressed_fn" in node.callbacks:
        on["contextmenu"] = click_deed(node, button=_input.RIGHT)
    return Sketch("button", attrs, [*content, *label], on=on)


DRAW: dict[str, Draw] = {
    "Button": _button,
    "InvisibleButton": _invisible,
    "ToolButton": _tool,
    "RadioButton": _radio,
}
