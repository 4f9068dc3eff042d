"""Menu bars, menus and their entries."""

from __future__ import annotations

from typing import Any

from kitless.browser.marks import Sketch
from kitless.browser.widgets.drawing import Draw, Studio, click_deed, deed, keys_in
from omni.ui import _input
from omni.ui._node import Node


def _bar(node: Node, _: Studio) -> Sketch:
    return Sketch("div", {"class": "menubar", "role": "menubar", "aria-label": "Menu"}, keys_in(node))


def _menu(node: Node, _: Studio) -> Sketch:
    parent = node.parent
    sub = True if parent is not None and parent._ui_node.kind != "MenuBar" else None
    on = {"open": deed(node, _open), "close": deed(node, _close)}
    return Sketch("ks-menu", {"text": node.properties["text"], "sub": sub}, keys_in(node), on=on)


def _open(menu: Any, _: Any) -> None:
    if not _input.reachable(menu):
        return
    if not menu._ui_node.children:
        menu.invalidate()
    menu.shown = True


def _close(menu: Any, _: Any) -> None:
    menu.shown = False


def _item(node: Node, _: Studio) -> Sketch:
    properties = node.properties
    parent = node.parent
    is_choice = parent is not None and parent._ui_node.kind == "MenuItemCollection"
    can_check = properties["checkable"] or is_choice or properties["checked"]
    role = "menuitemradio" if is_choice else "menuitemcheckbox" if can_check else "menuitem"
    attrs: dict[str, Any] = {"class": "menu-item", "type": "button", "role": role}
    attrs["data-stays"] = None if properties["hide_on_click"] else ""
    if can_check:
        attrs["aria-checked"] = "true" if properties["checked"] else "false"
    mark = Sketch("span", {"class": "menu-mark", "aria-hidden": "true"}, text="✓" if properties["checked"] else "")
    hotkey = Sketch("span", {"class": "menu-key"}, text=properties["hotkey_text"])
    return Sketch(
        "button", attrs, [mark, Sketch("span", text=properties["text"]), hotkey], on={"click": click_deed(node)}
    )


def _separator(node: Node, _: Studio) -> Sketch:
    return Sketch("div", {"class": "menu-separator", "role": "separator"}, text=node.properties["text"])


DRAW: dict[str, Draw] = {
    "MenuBar": _bar,
    **dict.fromkeys(("Menu", "MenuItemCollection"), _menu),
    **dict.fromkeys(("MenuItem", "MenuHelper"), _item),
    "Separator": _separator,
}
