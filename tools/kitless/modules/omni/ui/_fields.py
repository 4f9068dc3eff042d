"""Fields, sliders, drags, check boxes and progress bars: widgets with one value."""

from __future__ import annotations

from typing import Any

from omni.ui._model_helpers import ValueModelHelper
from omni.ui._models import AbstractValueModel
from omni.ui._properties import Property, flag, integer, number, string
from omni.ui._simple_models import SimpleBoolModel, SimpleFloatModel, SimpleIntModel, SimpleStringModel
from omni.ui._widget import Widget


class _ValueWidget(Widget, ValueModelHelper):
    """A widget with a value; without a ``model`` it makes one of its own."""

    def __init__(self, model: AbstractValueModel | None = None, **kwargs: Any) -> None:
        super().__init__(model=self._ui_own_model() if model is None else model, **kwargs)

    def _ui_own_model(self) -> AbstractValueModel:
        return SimpleFloatModel()


class AbstractField(_ValueWidget):
    """A value that is typed. The edit begins when the field gets the keyboard and ends when that goes elsewhere."""

    def focus_keyboard(self, focus: bool = True) -> None:
        """Take the keyboard, or give it away."""
        tree = self._ui_node.tree
        if focus:
            tree.focus(self)
        elif tree.focused is self:
            tree.focus(None)

    def _ui_click(self, x: float, y: float) -> None:
        self.focus_keyboard()

    def _ui_focus(self, has_it: bool) -> None:
        if has_it:
            self.model.begin_edit()
        else:
            self.model.end_edit()


class StringField(AbstractField):
    """A text that is typed."""

    password_mode = Property(False, flag)
    read_only = Property(False, flag)
    multiline = Property(False, flag)
    allow_tab_input = Property(False, flag)

    def _ui_own_model(self) -> AbstractValueModel:
        return SimpleStringModel()


class IntField(AbstractField):
    """An int that is typed."""

    def _ui_own_model(self) -> AbstractValueModel:
        return SimpleIntModel()


class FloatField(AbstractField):
    """A float that is typed."""

    precision = Property(5, integer)


class AbstractSlider(AbstractField):
    """A number that is dragged or typed."""

    format = Property("", string)

    def _ui_limited(self, value: Any) -> Any:
        low, high = (self._ui_node.properties[name] for name in ("min", "max"))
        try:
            return min(max(float(value), low), high) if low < high else value
        except ValueError:
            return value


class FloatSlider(AbstractSlider):
    """A float between min and max."""

    min = Property(0.0, number)
    max = Property(1.0, number)
    step = Property(0.01, number)
    precision = Property(5, integer)


class FloatDrag(FloatSlider):
    """A float that is dragged; without limits when min is not less than max."""

    min = Property(0.0, number)
    max = Property(0.0, number)


class IntSlider(AbstractSlider):
    """An int between min and max."""

    min = Property(0, integer)
    max = Property(100, integer)
    step = Property(1.0, number)

    def _ui_own_model(self) -> AbstractValueModel:
        return SimpleIntModel()


class IntDrag(IntSlider):
    """An int that is dragged; without limits when min is not less than max."""

    min = Property(0, integer)
    max = Property(0, integer)


class UIntSlider(IntSlider):
    """An int of at least 0 between min and max."""


class UIntDrag(UIntSlider):
    """An int of at least 0 that is dragged."""

    min = Property(0, integer)
    max = Property(0, integer)


class CheckBox(_ValueWidget):
    """A bool; a click turns it over."""

    def _ui_own_model(self) -> AbstractValueModel:
        return SimpleBoolModel()

    def _ui_click(self, x: float, y: float) -> None:
        self.model.begin_edit()
        self.model.set_value(not self.model.get_value_as_bool())
        self.model.end_edit()


class ProgressBar(_ValueWidget):
    """A float between 0 and 1 that is shown."""
