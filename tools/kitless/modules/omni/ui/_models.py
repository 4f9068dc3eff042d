"""Value models: one value, who changes it and who hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kitless.absent import Partial
from omni.ui._subscription import Callbacks, Subscription

ValueFn = Callable[["AbstractValueModel"], Any]


class AbstractValueModel(Partial):
    """The base of value models: subclasses give the ``get_value_as_*`` and ``set_value`` and call ``_value_changed()``.

    Callbacks get the model.
    """

    def __init__(self) -> None:
        # Subclasses of others have a _value and _children of their own: these names are mangled.
        self.__changed = Callbacks("a model's value_changed_fn")
        self.__begin = Callbacks("a model's begin_edit_fn")
        self.__end = Callbacks("a model's end_edit_fn")

    def get_value_as_bool(self) -> bool:
        """Return the value as a bool."""
        return False

    def get_value_as_float(self) -> float:
        """Return the value as a float."""
        return 0.0

    def get_value_as_int(self) -> int:
        """Return the value as an int."""
        return 0

    def get_value_as_string(self) -> str:
        """Return the value as a text."""
        return ""

    def set_value(self, value: Any) -> None:
        """Set the value; the base has none."""

    @property
    def as_bool(self) -> bool:
        """The value as a bool."""
        return self.get_value_as_bool()

    @property
    def as_float(self) -> float:
        """The value as a float."""
        return self.get_value_as_float()

    @property
    def as_int(self) -> int:
        """The value as an int."""
        return self.get_value_as_int()

    @property
    def as_string(self) -> str:
        """The value as a text."""
        return self.get_value_as_string()

    def begin_edit(self) -> None:
        """Say that a user begins to change the value."""
        self.__begin.call(self)

    def end_edit(self) -> None:
        """Say that a user is done with changing the value."""
        self.__end.call(self)

    def _value_changed(self) -> None:
        """Say that the value is another one."""
        self.__changed.call(self)

    def add_value_changed_fn(self, fn: ValueFn) -> int:
        """Call ``fn(model)`` after each change; return the id to remove it by."""
        return self.__changed.add(fn)

    def remove_value_changed_fn(self, id: int) -> None:
        """Call it no more."""
        self.__changed.remove(id)

    def subscribe_value_changed_fn(self, fn: ValueFn) -> Subscription:
        """Call ``fn(model)`` after each change as long as the result is held."""
        return Subscription(self.__changed, fn)

    def subscribe_item_changed_fn(self, fn: ValueFn) -> Subscription:
        """Call ``fn(model)`` after each change as long as the result is held."""
        return Subscription(self.__changed, fn)

    def add_begin_edit_fn(self, fn: ValueFn) -> int:
        """Call ``fn(model)`` when an edit begins; return the id to remove it by."""
        return self.__begin.add(fn)

    def remove_begin_edit_fn(self, id: int) -> None:
        """Call it no more."""
        self.__begin.remove(id)

    def subscribe_begin_edit_fn(self, fn: ValueFn) -> Subscription:
        """Call ``fn(model)`` when an edit begins as long as the result is held."""
        return Subscription(self.__begin, fn)

    def add_end_edit_fn(self, fn: ValueFn) -> int:
        """Call ``fn(model)`` when an edit ends; return the id to remove it by."""
        return self.__end.add(fn)

    def remove_end_edit_fn(self, id: int) -> None:
        """Call it no more."""
        self.__end.remove(id)

    def subscribe_end_edit_fn(self, fn: ValueFn) -> Subscription:
        """Call ``fn(model)`` when an edit ends as long as the result is held."""
        return Subscription(self.__end, fn)
