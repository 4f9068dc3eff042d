"""What the drawing of all kinds has in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from kitless.browser.marks import Action, Sketch
from kitless.browser.pictures import Pictures
from kitless.browser.styles import css_text, size_css, style_css
from omni.ui import _input
from omni.ui._element import Element
from omni.ui._node import Node


@dataclass(frozen=True)
class Studio:
    """What drawing needs beside the widget."""

    pictures: Pictures


Draw: TypeAlias = Callable[[Node, Studio], Sketch]

_MOUSE = ("mouse_pressed_fn", "mouse_released_fn", "mouse_double_clicked_fn")


def key_of(node: Node) -> str:
    """Return the key of an element's mark."""
    return f"e{node.id}"


def keys_in(node: Node) -> list[str]:
    """Return the keys of the visible children."""
    return [key_of(each._ui_node) for each in node.children if each._ui_is_visible()]


def deed(node: Node, act: Callable[[Any, Any], Any]) -> Action:
    """Return the action ``act(element, value)``, which does not keep the element and does nothing when it is gone."""
    tree, number = node.tree, node.id

    def action(value: Any) -> None:
        element = tree.find(number)
        if element is not None and not element._ui_node.ended:
            act(element, value)

    return action


def click_deed(node: Node, *, button: int = _input.LEFT, double: bool = False) -> Action:
    """Return the action of a click."""

    def act(element: Element, value: Any) -> None:
        place = value if isinstance(value, dict) else {}
        x, y = (float(place.get(name) or 0) for name in ("x", "y"))
        _input.click(element, button, double=double, x=x, y=y)

    return deed(node, act)


def dressed(node: Node, sketch: Sketch) -> Sketch:
    """Add what every widget has: kind, size, style, tooltip, identifier, whether it is enabled, and the mouse."""
    attrs, properties = sketch.attrs, node.properties
    given = attrs.get("style")
    # A window's own size is that of a floating one; here the page decides.
    size = {} if node.parent is None else size_css(node)
    style = ";".join(filter(None, (css_text({**size, **style_css(node)}), given)))
    is_control = sketch.tag in ("button", "ks-field", "ks-menu")
    common = {
        "data-identifier": properties.get("identifier") or None,
        "data-kind": node.kind,
        "title": properties.get("tooltip") or None,
        "disabled": True if is_control and not node.enabled else None,
        "aria-disabled": None if node.enabled else "true",
    }
    dressed_attrs = {**common, **attrs, "class": f"w {attrs.get('class', '')}".strip(), "style": style or None}
    return _with_mouse(node, replace(sketch, attrs=dressed_attrs))


def _with_mouse(node: Node, sketch: Sketch) -> Sketch:
    if not any(name in node.callbacks for name in _MOUSE):
        return sketch
    on = {"click": click_deed(node), "contextmenu": click_deed(node, button=_input.RIGHT), **sketch.on}
    if "mouse_double_clicked_fn" in node.callbacks:
        on["dblclick"] = click_deed(node, double=True)
    return replace(sketch, on=on)
