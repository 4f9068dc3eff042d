"""Typing: the text that keys make in the field that has the keyboard."""

from __future__ import annotations

import weakref
from typing import Any

import omni.ui as ui
from carb.input import KEYBOARD_MODIFIER_FLAG_CONTROL, KeyboardInput
from kitless.services import service
from omni.ui import _input
from omni.ui._element import Element
from omni.ui._tree import UiTree

_DONE = (KeyboardInput.ENTER, KeyboardInput.NUMPAD_ENTER, KeyboardInput.TAB)
_DELETE = (KeyboardInput.BACKSPACE, KeyboardInput.DEL)


class Typing:
    """The text under way. In a text field it begins with what is there, in a field of a number with nothing."""

    def __init__(self) -> None:
        self._field: weakref.ref[Element] | None = None
        self._text = ""
        self._before = ""
        self._all_selected = False

    def _begin(self) -> Any:
        """Return the field that has the keyboard, None if there is none."""
        field: Any = service(UiTree).focused
        if field is None or field._ui_node.model is None:
            return None
        if self._field is None or self._field() is not field:
            self._field = weakref.ref(field)
            self._before = field._ui_node.model.get_value_as_string()
            self._text = self._before if isinstance(field, ui.StringField) else ""
            self._all_selected = False
        return field

    def type(self, text: str) -> None:
        """Append ``text``, or put it in the place of what is selected."""
        field = self._begin()
        if field is not None:
            self._set(field, ("" if self._all_selected else self._text) + text)

    def press(self, key: KeyboardInput, modifier: int = 0) -> None:
        """Press a key: those that edit the field do so, all go to the callbacks of the field and of its window."""
        field = self._begin()
        if field is None:
            _to_window(key, modifier)
            return
        _input.press_key(field, int(key), modifier)
        if key == KeyboardInput.A and modifier & KEYBOARD_MODIFIER_FLAG_CONTROL:
            self._all_selected = True
        elif key in _DELETE:
            self._set(field, "" if self._all_selected else self._text[:-1])
        elif key == KeyboardInput.ENTER and getattr(field, "multiline", False):
            self.type("\n")
        elif key == KeyboardInput.ESCAPE:
            self._set(field, self._before)
            self._end()
        elif key in _DONE:
            self._end()

    def _set(self, field: Any, text: str) -> None:
        self._text, self._all_selected = text, False
        _input.edit(field, text)

    def _end(self) -> None:
        self._field = None
        service(UiTree).focus(None)


def _to_window(key: KeyboardInput, modifier: int) -> None:
    for window in service(UiTree).windows:
        if window.focused:
            _input.press_key(window, int(key), modifier)
