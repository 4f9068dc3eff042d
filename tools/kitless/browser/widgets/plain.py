"""Texts, space, lines, shapes and plots."""

from __future__ import annotations

from kitless.browser.marks import Sketch
from kitless.browser.widgets.drawing import Draw, Studio
from omni.ui._enums import Alignment, Type
from omni.ui._node import Node

_WIDTH, _HEIGHT = 200.0, 40.0


def _label(node: Node, _: Studio) -> Sketch:
    properties = node.properties
    text = properties["text"]
    if properties["hide_text_after_hash"]:
        text = text.partition("##")[0]
    side = _side(properties["alignment"])
    wrap = " wrap" if properties["word_wrap"] else ""
    # What is cut off can be read in full in the tooltip.
    return Sketch(
        "span", {"class": f"label{side}{wrap}", **({} if properties["tooltip"] else {"title": text})}, text=text
    )


def _side(alignment: Alignment) -> str:
    if alignment & Alignment.H_CENTER == Alignment.H_CENTER:
        return " center"
    return " right" if alignment & Alignment.RIGHT else ""


def _spacer(_node: Node, _: Studio) -> Sketch:
    return Sketch("div", {"class": "spacer", "aria-hidden": "true"})


def _line(node: Node, _: Studio) -> Sketch:
    is_upright = node.properties["alignment"] in (Alignment.LEFT, Alignment.RIGHT, Alignment.H_CENTER)
    return Sketch("div", {"class": "line upright" if is_upright else "line", "role": "separator"})


def _shape(node: Node, _: Studio) -> Sketch:
    return Sketch("div", {"class": f"shape {node.kind.lower()}", "aria-hidden": "true"})


def _plot(node: Node, _: Studio) -> Sketch:
    properties = node.properties
    data = properties["data"] or [0.0]
    low, high = max(properties["scale_min"], min(data)), min(properties["scale_max"], max(data))
    span = (high - low) or 1.0
    step = _WIDTH / max(1, len(data) - 1)
    heights = [_HEIGHT - (min(max(value, low), high) - low) / span * _HEIGHT for value in data]
    if properties["type"] == Type.HISTOGRAM:
        wide = _WIDTH / len(data)
        corners = [(each * wide, y, (each + 1) * wide) for each, y in enumerate(heights)]
        places = [f"{a:.1f},{_HEIGHT} {a:.1f},{y:.1f} {b:.1f},{y:.1f} {b:.1f},{_HEIGHT}" for a, y, b in corners]
    else:
        places = [f"{place * step:.1f},{y:.1f}" for place, y in enumerate(heights)]
    line = Sketch("polyline", {"points": " ".join(places), "vector-effect": "non-scaling-stroke"})
    attrs = {"class": "plot", "viewBox": f"0 0 {_WIDTH} {_HEIGHT}", "preserveAspectRatio": "none", "role": "img"}
    return Sketch("svg", {**attrs, "aria-label": properties["title"] or "Plot"}, [line])


DRAW: dict[str, Draw] = {
    "Label": _label,
    "Spacer": _spacer,
    "Line": _line,
    "Plot": _plot,
    **dict.fromkeys(("Shape", "Rectangle", "Circle", "Ellipse", "Triangle"), _shape),
}
