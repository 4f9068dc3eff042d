"""Widgets with one value: fields, sliders, drags, check boxes and progress bars."""

from __future__ import annotations

from typing import Any

from kitless.browser.marks import Action, Sketch
from kitless.browser.names import name_of
from kitless.browser.widgets.drawing import Draw, Studio, deed
from omni.ui import _input
from omni.ui._element import Element
from omni.ui._node import Node


def number_text(value: float, precision: int) -> str:
    """Return a number as a field shows it: at most that many digits behind the point."""
    text = f"{value:.{max(0, precision)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _string(node: Node, _: Studio) -> Sketch:
    properties = node.properties
    kind = "multiline" if properties["multiline"] else "password" if properties["password_mode"] else "text"
    read_only = True if properties["read_only"] else None
    return _field(node, kind, node.model.get_value_as_string(), readonly=read_only)


def _int(node: Node, _: Studio) -> Sketch:
    return _field(node, "number", str(node.model.get_value_as_int()), step=1, inputmode="numeric")


def _float(node: Node, _: Studio) -> Sketch:
    value = number_text(node.model.get_value_as_float(), node.properties["precision"])
    return _field(node, "number", value, step="any", inputmode="decimal")


def _slider(node: Node, studio: Studio) -> Sketch:
    properties = node.properties
    low, high = properties["min"], properties["max"]
    if low >= high:
        return _drag(node, studio)
    value, step = _number(node), properties["step"] or 1
    limits = {"min": low, "max": high, "step": step}
    slide = Sketch("ks-field", _attrs(node, "range", value, **limits), on=_on(node))
    name = f"{name_of(node)}, value"
    typed = Sketch(
        "ks-field", {**_attrs(node, "number", value, **limits), "step": "any", "aria-label": name}, on=_on(node)
    )
    return Sketch("div", {"class": "slider", "role": "group", "aria-label": name_of(node)}, [slide, typed])


def _drag(node: Node, _: Studio) -> Sketch:
    properties = node.properties
    limits = {name: properties[name] for name in ("min", "max")} if properties["min"] < properties["max"] else {}
    return _field(node, "number", _number(node), step="any", **limits)


def _number(node: Node) -> str:
    properties = node.properties
    is_float = "precision" in properties
    return number_text(node.model.get_value_as_float(), properties["precision"] if is_float else 0)


def _check(node: Node, _: Studio) -> Sketch:
    attrs = _attrs(node, "check", node.model.get_value_as_bool())

    # The box says what it should become: two clicks in a row must not depend on what the page has heard in between.
    def set_to(element: Element, value: Any) -> None:
        if element._ui_node.model.get_value_as_bool() != bool(value):
            _input.click(element)

    return Sketch("ks-field", attrs, on={"edit": deed(node, set_to)})


def _progress(node: Node, _: Studio) -> Sketch:
    share = min(max(node.model.get_value_as_float(), 0.0), 1.0)
    percent = f"{share * 100:.0f}%"
    attrs = {"class": "progress", "role": "progressbar", "aria-valuemin": 0, "aria-valuemax": 100}
    attrs |= {"aria-valuenow": round(share * 100), "aria-label": name_of(node)}
    bar = Sketch("div", {"class": "progress-bar", "style": f"width:{share * 100:.2f}%"})
    return Sketch("div", attrs, [bar, Sketch("span", {"class": "progress-text"}, text=percent)])


def _field(node: Node, kind: str, value: Any, **attrs: Any) -> Sketch:
    return Sketch("ks-field", _attrs(node, kind, value, **attrs), on=_on(node))


def _attrs(node: Node, kind: str, value: Any, **attrs: Any) -> dict[str, Any]:
    disabled = None if node.enabled else True
    return {"kind": kind, "value": value, "aria-label": name_of(node), "disabled": disabled, **attrs}


def _on(node: Node) -> dict[str, Action]:
    return {
        "edit": deed(node, _input.edit),
        "focus": deed(node, _take_keyboard),
        "blur": deed(node, _give_keyboard),
        "enter": deed(node, _give_keyboard),
    }


def _take_keyboard(element: Element, _: Any) -> None:
    if _input.reachable(element):
        element._ui_node.tree.focus(element)


def _give_keyboard(element: Element, _: Any) -> None:
    # Another tab may have given it to another field meanwhile.
    tree = element._ui_node.tree
    if tree.focused is element:
        tree.focus(None)


DRAW: dict[str, Draw] = {
    "StringField": _string,
    "IntField": _int,
    "FloatField": _float,
    **dict.fromkeys(("FloatSlider", "IntSlider", "UIntSlider"), _slider),
    **dict.fromkeys(("FloatDrag", "IntDrag", "UIntDrag"), _slider),
    "CheckBox": _check,
    "ProgressBar": _progress,
}
