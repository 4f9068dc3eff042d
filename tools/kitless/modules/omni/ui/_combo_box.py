"""Combo boxes and fields of several values: widgets with an item model."""

from __future__ import annotations

from typing import Any, ClassVar

from omni.ui._item_models import AbstractItemModel, ListModel
from omni.ui._model_helpers import ItemModelHelper
from omni.ui._models import AbstractValueModel
from omni.ui._properties import Property, flag, integer, number
from omni.ui._simple_models import SimpleFloatModel, SimpleIntModel, SimpleStringModel
from omni.ui._widget import Widget


class ComboBox(Widget, ItemModelHelper):
    """One of several texts: ``ComboBox(index, *texts)`` or ``ComboBox(model)``.

    The model's root value is the index, its items the texts.
    """

    arrow_only = Property(False, flag)

    def __init__(self, *args: Any, model: AbstractItemModel | None = None, **kwargs: Any) -> None:
        if model is None:
            model = args[0] if args and isinstance(args[0], AbstractItemModel) else _choices(*args)
        super().__init__(model=model, **kwargs)


def _choices(index: int = 0, *texts: str) -> ListModel:
    return ListModel([SimpleStringModel(text) for text in texts], SimpleIntModel(index))


class AbstractMultiField(Widget, ItemModelHelper):
    """Several values side by side: given values, or a model whose items they are."""

    column_count = Property(4, integer)
    h_spacing = Property(2.0, number)
    v_spacing = Property(2.0, number)

    _ui_value: ClassVar[type[AbstractValueModel]] = SimpleFloatModel

    def __init__(self, *args: Any, model: AbstractItemModel | None = None, **kwargs: Any) -> None:
        if model is None and args and isinstance(args[0], AbstractItemModel):
            model = args[0]
        super().__init__(model=self._ui_values(*args) if model is None else model, **kwargs)

    def _ui_values(self, *values: Any) -> ListModel:
        make: Any = self._ui_value
        return ListModel([make(value) for value in values])


class MultiFloatField(AbstractMultiField):
    """Several floats."""


class MultiIntField(AbstractMultiField):
    """Several ints."""

    _ui_value = SimpleIntModel


class MultiStringField(AbstractMultiField):
    """Several texts."""

    _ui_value = SimpleStringModel


class MultiFloatDragField(MultiFloatField):
    """Several floats that are dragged."""

    min = Property(0.0, number)
    max = Property(0.0, number)
    step = Property(0.001, number)


class MultiIntDragField(MultiIntField):
    """Several ints that are dragged."""

    min = Property(0, integer)
    max = Property(0, integer)
    step = Property(1.0, number)


class ColorWidget(AbstractMultiField):
    """A colour: red, green, blue and maybe alpha between 0 and 1, black when none are given."""

    def _ui_values(self, *values: Any) -> ListModel:
        return super()._ui_values(*(values or (0.0, 0.0, 0.0)))
