"""Widgets with an item model: combo boxes, fields of several values and colours."""

from __future__ import annotations

from typing import Any

from kitless.browser.marks import Action, Sketch
from kitless.browser.names import name_of
from kitless.browser.widgets.drawing import Draw, Studio, deed
from kitless.browser.widgets.fields import number_text
from omni.ui import _input
from omni.ui._element import Element
from omni.ui._models import AbstractValueModel
from omni.ui._node import Node

_DIGITS = 5
_AXES = "XYZW"


def _combo(node: Node, _: Studio) -> Sketch:
    model = node.model
    values = [model.get_item_value_model(item, 0) for item in model.get_item_children(None)]
    chosen = model.get_item_value_model(None, 0)
    attrs = {
        "kind": "select",
        "value": -1 if chosen is None else chosen.get_value_as_int(),
        "options": ["" if value is None else value.get_value_as_string() for value in values],
        "aria-label": name_of(node),
    }

    def choose(element: Element, value: Any) -> None:
        _set(element, element._ui_node.model.get_item_value_model(None, 0), value)

    return Sketch("ks-field", attrs, on={"edit": deed(node, choose)})


def _numbers(node: Node, _: Studio) -> Sketch:
    return _fields(node, "number")


def _texts(node: Node, _: Studio) -> Sketch:
    return _fields(node, "text")


def _fields(node: Node, kind: str) -> Sketch:
    name = name_of(node)
    fields = []
    for place, value in enumerate(_values(node)):
        axis = _AXES[place] if place < len(_AXES) else str(place + 1)
        shown = value.get_value_as_string() if kind == "text" else number_text(value.get_value_as_float(), _DIGITS)
        attrs = {
            "kind": kind,
            "value": shown,
            "aria-label": f"{name} {axis}",
            "disabled": None if node.enabled else True,
        }
        step = {} if kind == "text" else {"step": "any"}
        fields.append(Sketch("ks-field", {**attrs, **step}, on={"edit": _set_at(node, place)}))
    columns = max(1, node.properties["column_count"])
    style = f"grid-template-columns:repeat({min(columns, max(1, len(fields)))}, minmax(0, 1fr))"
    return Sketch("div", {"class": "several", "role": "group", "aria-label": name, "style": style}, fields)


def _color(node: Node, _: Studio) -> Sketch:
    channels = [min(max(value.get_value_as_float(), 0.0), 1.0) for value in _values(node)][:3]
    text = "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)

    def choose(element: Element, value: Any) -> None:
        text = str(value).lstrip("#")
        for place, model in enumerate(_values(element._ui_node)[:3]):
            _set(element, model, int(text[2 * place : 2 * place + 2], 16) / 255)

    return Sketch(
        "ks-field", {"kind": "color", "value": text, "aria-label": name_of(node)}, on={"edit": deed(node, choose)}
    )


def _values(node: Node) -> list[AbstractValueModel]:
    model = node.model
    values = (model.get_item_value_model(item, 0) for item in model.get_item_children(None))
    return [value for value in values if value is not None]


def _set_at(node: Node, place: int) -> Action:
    def act(element: Element, value: Any) -> None:
        values = _values(element._ui_node)
        if place < len(values):
            _set(element, values[place], value)

    return deed(node, act)


def _set(element: Element, model: AbstractValueModel | None, value: Any) -> None:
    if model is None or not _input.reachable(element):
        return
    model.begin_edit()
    model.set_value(value)
    model.end_edit()


DRAW: dict[str, Draw] = {
    "ComboBox": _combo,
    **dict.fromkeys(("AbstractMultiField", "MultiFloatField", "MultiIntField"), _numbers),
    **dict.fromkeys(("MultiFloatDragField", "MultiIntDragField"), _numbers),
    "MultiStringField": _texts,
    "ColorWidget": _color,
}
