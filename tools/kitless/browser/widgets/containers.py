"""Stacks, grids and frames."""

from __future__ import annotations

from typing import Any

from kitless.browser.marks import Sketch
from kitless.browser.styles import layout_of
from kitless.browser.widgets.drawing import Draw, Studio, click_deed, keys_in
from omni.ui._enums import Direction
from omni.ui._node import Node

_BACKWARDS = (Direction.RIGHT_TO_LEFT, Direction.BOTTOM_TO_TOP)


def draw_box(node: Node, _: Studio) -> Sketch:
    """Draw anything with children, one after the other."""
    return Sketch("div", {"class": f"lay-{layout_of(node)}"}, keys_in(node))


def _stack(node: Node, _: Studio) -> Sketch:
    properties = node.properties
    backwards = " backwards" if properties["direction"] in _BACKWARDS else ""
    # Rows that touch are hard to read on a page: a little room is the least.
    gap = f"gap:{properties['spacing']:g}px" if "spacing" in node.values else None
    return Sketch("div", {"class": f"lay-{layout_of(node)}{backwards}", "style": gap}, keys_in(node))


def _grid(node: Node, _: Studio) -> Sketch:
    properties = node.properties
    is_down = properties["direction"] == Direction.TOP_TO_BOTTOM
    size, count = (properties["column_width"], properties["column_count"])
    if not is_down:
        size, count = properties["row_height"], properties["row_count"]
    tracks = f"repeat(auto-fill, {size:g}px)" if size else f"repeat({max(1, count)}, minmax(0, 1fr))"
    axis = "columns" if is_down else "rows"
    flow = "" if is_down else ";grid-auto-flow:column"
    return Sketch("div", {"class": "lay-grid", "style": f"grid-template-{axis}:{tracks}{flow}"}, keys_in(node))


def _placer(node: Node, _: Studio) -> Sketch:
    x, y = (node.properties[name].value for name in ("offset_x", "offset_y"))
    return Sketch(
        "div", {"class": "lay-column", "style": f"padding:{max(0, y):g}px 0 0 {max(0, x):g}px"}, keys_in(node)
    )


def _scrolling(node: Node, _: Studio) -> Sketch:
    # What scrolls must be reachable by the keyboard too.
    return Sketch("div", {"class": "lay-column scrolling", "tabindex": 0, "role": "group"}, keys_in(node))


def _collapsable(node: Node, _: Studio) -> Sketch:
    properties = node.properties
    is_open = not properties["collapsed"]
    twist = Sketch("span", {"class": f"twist{' open' if is_open else ''}", "aria-hidden": "true"})
    attrs: dict[str, Any] = {"class": "frame-title", "type": "button", "aria-expanded": "true" if is_open else "false"}
    attrs["disabled"] = None if node.enabled else True
    title = Sketch("button", attrs, [twist, Sketch("span", text=properties["title"])], on={"click": click_deed(node)})
    body = [Sketch("div", {"class": "frame-body lay-column"}, keys_in(node))] if is_open else []
    return Sketch("section", {"class": "collapsable", "aria-label": properties["title"]}, [title, *body])


DRAW: dict[str, Draw] = {
    **dict.fromkeys(("Stack", "HStack", "VStack", "ZStack"), _stack),
    **dict.fromkeys(("Grid", "VGrid", "HGrid"), _grid),
    **dict.fromkeys(("Container", "Frame", "CanvasFrame"), draw_box),
    "Placer": _placer,
    "ScrollingFrame": _scrolling,
    "CollapsableFrame": _collapsable,
}
