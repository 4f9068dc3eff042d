"""Buttons: what is clicked."""

from __future__ import annotations

import weakref
from typing import Any

from omni.ui._enums import Alignment, Direction, FillPolicy
from omni.ui._fields import CheckBox
from omni.ui._length import Fraction, Length
from omni.ui._model_helpers import ValueModelHelper
from omni.ui._models import AbstractValueModel
from omni.ui._properties import Property, anything, callback, choice, flag, length, number, string
from omni.ui._simple_models import SimpleIntModel
from omni.ui._widget import Widget


class InvisibleButton(Widget):
    """An area that can be clicked."""

    set_clicked_fn, has_clicked_fn, call_clicked_fn = callback("clicked_fn")

    def _ui_click(self, x: float, y: float) -> None:
        self._ui_node.call("clicked_fn")


class Button(InvisibleButton):
    """A text, an image or both that can be clicked."""

    text = Property("", string)
    image_url = Property("", string)
    image_width: Property[Length] = Property(Fraction(1), length)
    image_height: Property[Length] = Property(Fraction(1), length)
    direction = Property(Direction.TOP_TO_BOTTOM, choice(Direction))
    alignment = Property(Alignment.CENTER, choice(Alignment))
    fill_policy = Property(FillPolicy.PRESERVE_ASPECT_FIT, choice(FillPolicy))
    content_clipping = Property(False, flag)
    spacing = Property(0.0, number)

    def __init__(self, text: str = "", **kwargs: Any) -> None:
        super().__init__(text=text, **kwargs)


class ToolButton(Button, CheckBox):
    """A button that stays down until it is clicked again; its model is a bool."""

    def _ui_click(self, x: float, y: float) -> None:
        CheckBox._ui_click(self, x, y)
        self._ui_node.call("clicked_fn")


class RadioCollection(ValueModelHelper):
    """Radio buttons of which one is down; the model holds its index. Nothing that is drawn."""

    def __init__(self, model: AbstractValueModel | None = None) -> None:
        self._ui_refs: list[weakref.ref[RadioButton]] = []
        super().__init__({"model": SimpleIntModel() if model is None else model})

    @property
    def _ui_buttons(self) -> list[RadioButton]:
        """The buttons in the order of their making, without the destroyed ones."""
        buttons = (ref() for ref in self._ui_refs)
        return [each for each in buttons if each is not None and not each._ui_node.ended]

    def _ui_model_changed(self) -> None:
        down = self.model.get_value_as_int()
        for index, button in enumerate(self._ui_buttons):
            button.checked = index == down


class RadioButton(Button):
    """One of several buttons of which one is down: the collection's model has the index of that one."""

    radio_collection: Property[RadioCollection | None] = Property(None, anything)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if self.radio_collection is not None:
            self.radio_collection._ui_refs.append(weakref.ref(self))
            self.radio_collection._ui_model_changed()

    def _ui_click(self, x: float, y: float) -> None:
        collection = self.radio_collection
        if collection is not None:
            collection.model.set_value(collection._ui_buttons.index(self))
        super()._ui_click(x, y)
