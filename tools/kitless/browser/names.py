"""What a widget is called to somebody who does not see the page: the label beside it, its tooltip or its name."""

from __future__ import annotations

from omni.ui._element import Element
from omni.ui._node import Node


def name_of(node: Node) -> str:
    """Return a field's accessible name."""
    properties = node.properties
    return (
        _label_before(node)
        or _label_behind(node)
        or properties["tooltip"]
        or properties["name"]
        or properties["identifier"]
        or node.kind
    )


def _label_before(node: Node) -> str:
    """Return the text of the label before the widget in its row, or of that before the row."""
    for element in node.chain[:2]:
        parent = element._ui_node.parent
        if parent is None:
            return ""
        texts = [_text(each) for each in _before(element, parent._ui_node)]
        found = next((text for text in reversed(texts) if text), "")
        if found:
            return found
    return ""


def _label_behind(node: Node) -> str:
    """Return the text of the label behind a check box in its row."""
    parent = node.parent
    if parent is None or node.kind != "CheckBox":
        return ""
    row = parent._ui_node.children
    place = next((place for place, each in enumerate(row) if each is node.element), len(row))
    return next((_text(each) for each in row[place + 1 : place + 2]), "")


def _before(element: Element, parent: Node) -> list[Element]:
    children = parent.children
    place = next((place for place, each in enumerate(children) if each is element), 0)
    return children[max(0, place - 2) : place]


def _text(element: Element) -> str:
    node = element._ui_node
    return node.properties["text"].strip(" :") if node.kind == "Label" else ""
