"""Input: what a user does to an element, for views and for tests. Nothing reaches what is hidden or disabled."""

from __future__ import annotations

from typing import Any

from omni.ui._element import Element
from omni.ui._models import AbstractValueModel

LEFT, RIGHT, MIDDLE = 0, 1, 2
"""Numbers of the mouse's buttons in the mouse callbacks."""


def reachable(element: Element) -> bool:
    """Return whether a user can do something to the element."""
    node = element._ui_node
    return node.shown and node.enabled


def click(element: Element, button: int = LEFT, *, double: bool = False, x: float = 0.0, y: float = 0.0) -> bool:
    """Press and release a button of the mouse on an element; return whether it was reachable.

    The callbacks of the mouse come first, then, for the left button, what a click on such an element does. ``double``
    does that twice, with ``mouse_double_clicked_fn`` for the second press.
    """
    if not reachable(element):
        return False
    node = element._ui_node
    if node.tree.focused is not element:
        node.tree.focus(None)
    for press in ("mouse_pressed_fn", "mouse_double_clicked_fn") if double else ("mouse_pressed_fn",):
        node.call(press, x, y, button, 0)
        node.call("mouse_released_fn", x, y, button, 0)
        if button == LEFT and not node.ended:
            element._ui_click(x, y)
    return True


def edit(element: Element, value: Any) -> bool:
    """Change the value of a field, slider or check box as one edit; return whether it was reachable.

    Sliders and drags keep to their limits; a read-only field stays as it is. The edit of a field that has the keyboard
    goes on.
    """
    node = element._ui_node
    model = node.model
    if not isinstance(model, AbstractValueModel) or not reachable(element) or node.properties.get("read_only"):
        return False
    has_keyboard = node.tree.focused is element
    if not has_keyboard:
        model.begin_edit()
    model.set_value(element._ui_limited(value))
    if not has_keyboard:
        model.end_edit()
    return True


def press_key(element: Element, key: int, modifier: int = 0, *, down: bool = True) -> None:
    """Give a key to the element and to its window, whose ``key_pressed_fn(key, modifier, is down)`` are called."""
    chain = element._ui_node.chain
    for each in (chain[0], chain[-1]) if len(chain) > 1 else chain:
        each._ui_node.call("key_pressed_fn", key, modifier, down)
