"""omni.ui's sizes and styles as CSS: lengths become flex, and of the styles a small, safe part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from omni.ui._element import Element
from omni.ui._enums import Direction, UnitType
from omni.ui._length import Length
from omni.ui._node import Node

Css = dict[str, str]

_READABLE = 4.5
"""The least contrast of text, by WCAG."""

_ROW = (Direction.LEFT_TO_RIGHT, Direction.RIGHT_TO_LEFT)
_PILE = (Direction.BACK_TO_FRONT, Direction.FRONT_TO_BACK)
_EXACT = {
    "Spacer",
    "Image",
    "ImageWithProvider",
    "Rectangle",
    "Circle",
    "Ellipse",
    "Triangle",
    "ScrollingFrame",
    "Plot",
}
"""Kinds that are as high as they were given; others hold text, and are at least that high."""


def css_text(css: Mapping[str, str]) -> str | None:
    """Return declarations as the text of a style attribute, None for none."""
    return ";".join(f"{name}:{value}" for name, value in css.items()) or None


# --- sizes


def layout_of(node: Node) -> str:
    """Return how an element lays its children out: row, column, pile or grid."""
    properties = node.properties
    if "column_count" in properties and "row_height" in properties:
        return "grid"
    direction = properties.get("direction")
    if direction is None:
        return "column"
    if direction in _PILE:
        return "pile"
    return "row" if direction in _ROW else "column"


def size_css(node: Node) -> Css:
    """Return the CSS of a widget's size in what it is in."""
    parent = node.parent
    layout = "column" if parent is None else layout_of(parent._ui_node)
    width, height = (node.values.get(name) for name in ("width", "height"))
    if layout == "row":
        return {**_along(width), **_height(node, height)}
    css = _across(width)
    if layout == "column" and height is not None and height.unit == UnitType.FRACTION:
        css["flex-grow"] = f"{height.value:g}"
    return {**css, **_height(node, height)}


def _along(width: Length | None) -> Css:
    if width is None:
        return {"flex": "1 1 0"}
    if width.unit == UnitType.FRACTION:
        return {"flex": f"{width.value:g} 1 0"}
    if width.unit == UnitType.PERCENT:
        return {"flex": f"0 1 {width.value:g}%"}
    return {"flex": f"0 1 {width.value:g}px"} if width.value else {"flex": "0 0 auto"}


def _across(width: Length | None) -> Css:
    if width is None or width.unit == UnitType.FRACTION:
        return {}
    if width.unit == UnitType.PERCENT:
        return {"width": f"{width.value:g}%"}
    return {"width": f"min({width.value:g}px, 100%)"} if width.value else {"align-self": "flex-start"}


def _height(node: Node, height: Length | None) -> Css:
    if height is None or height.unit != UnitType.PIXEL or not height.value:
        return {}
    return {"height" if node.kind in _EXACT else "min-height": f"{height.value:g}px"}


def track(length: Length) -> str:
    """Return a column's width as a track of a CSS grid."""
    if length.unit == UnitType.FRACTION:
        return f"minmax(0, {length.value:g}fr)"
    return f"{length.value:g}{'px' if length.unit == UnitType.PIXEL else '%'}"


# --- styles


def style_css(node: Node) -> Css:
    """Return the CSS of the styles that meet a widget, those of what it is in first."""
    found: dict[str, Any] = {}
    selectors = set(_selectors(node))
    for element in reversed(node.chain):
        for name, value in _style(element).items():
            if isinstance(value, Mapping) and name in selectors:
                found.update(value)
    found.update({name: value for name, value in _style(node.element).items() if not isinstance(value, Mapping)})
    css: Css = {}
    for each, value in found.items():
        wanted = _NAMES.get(each, "")
        if wanted and (text := _TEXTS[wanted](value)):
            css[wanted] = text
    if "color" in css and "background-color" not in css:
        css["color"] = _text_color(found["color"])
    return css


def _style(element: Element | None) -> Mapping[str, Any]:
    style = element._ui_node.values.get("style") if element is not None else None
    return style if isinstance(style, Mapping) else {}


def _selectors(node: Node) -> Iterator[str]:
    kind = node.properties.get("style_type_name_override") or node.kind
    name = node.properties.get("name", "")
    for each in (kind, f"{kind}.Label"):
        yield each
        if name:
            yield f"{each}::{name}"


def _color(value: Any) -> str:
    if not isinstance(value, int):
        return ""
    red, green, blue, alpha = (value >> shift & 255 for shift in (0, 8, 16, 24))
    return f"rgba({red},{green},{blue},{alpha / 255:.3g})"


def _text_color(value: int) -> str:
    """Return a colour of text: omni.ui's are made for Kit's dark windows, and are darkened on the page's light ones."""
    red, green, blue = (value >> shift & 255 for shift in (0, 8, 16))
    share = 1.0
    while share > 0 and _on_white(share * red, share * green, share * blue) < _READABLE:
        share -= 0.02
    dark = sum(round(share * channel) << shift for channel, shift in ((red, 0), (green, 8), (blue, 16)))
    as_given = _color(value)
    return as_given if share == 1.0 else f"light-dark({_color(value & 0xFF000000 | dark)}, {as_given})"


def _on_white(*channels: float) -> float:
    """Return the contrast with white as WCAG has it, 1 to 21."""
    linear = [((each / 255 + 0.055) / 1.055) ** 2.4 if each > 10 else each / 255 / 12.92 for each in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def _pixels(value: Any) -> str:
    return f"{float(value):g}px" if isinstance(value, (int, float)) else ""


_NAMES = {
    "color": "color",
    "background_color": "background-color",
    "font_size": "font-size",
    "margin": "margin",
    "padding": "padding",
    "border_radius": "border-radius",
    "border_color": "border-color",
    "border_width": "border-width",
}
_TEXTS = {css: _color if css.endswith("color") else _pixels for css in _NAMES.values()}
