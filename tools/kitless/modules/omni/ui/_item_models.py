"""Item models: a list or tree of items, each with one value model per column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kitless.absent import Partial
from omni.ui._models import AbstractValueModel
from omni.ui._subscription import Callbacks, Subscription

ItemFn = Callable[["AbstractItemModel", Any], Any]


class AbstractItem(Partial):
    """The base of items."""


class AbstractItemModel(Partial):
    """The base of item models: subclasses give the items and values and call ``_item_changed(item)``.

    An item of None means the root. Callbacks get (model, item).
    """

    def __init__(self) -> None:
        # Subclasses of others have _children and _items of their own: these names are mangled.
        self.__changed = Callbacks("a model's item_changed_fn")
        self.__begin = Callbacks("a model's begin_edit_fn")
        self.__end = Callbacks("a model's end_edit_fn")

    def get_item_children(self, parentItem: Any = None) -> list[Any]:
        """Return the items in an item."""
        return []

    def can_item_have_children(self, parentItem: Any = None) -> bool:
        """Return whether the item can be expanded: unless a subclass says otherwise, whether it has children now."""
        return bool(self.get_item_children(parentItem))

    def get_item_value_model(self, item: Any = None, column_id: int = 0) -> AbstractValueModel | None:
        """Return the value of an item in a column."""
        return None

    def get_item_value_model_count(self, item: Any = None) -> int:
        """Return the number of columns."""
        return 1

    def append_child_item(self, parentItem: Any, model: AbstractValueModel) -> Any:
        """Append an item with that value; the base keeps none."""

    def remove_item(self, item: Any) -> None:
        """Remove an item; the base keeps none."""

    def drop_accepted(self, item_tagget: Any, item_source: Any, drop_location: int = -1) -> bool:
        """Return whether something may be dropped on the item."""
        return False

    def drop(self, item_tagget: Any, item_source: Any, drop_location: int = -1) -> None:
        """Take what was dropped on the item."""

    def get_drag_mime_data(self, item: Any = None) -> str:
        """Return what is dragged with the item."""
        return ""

    def begin_edit(self, item: Any) -> None:
        """Say that a user begins to change the item."""
        self.__begin.call(self, item)

    def end_edit(self, item: Any) -> None:
        """Say that a user is done with changing the item."""
        self.__end.call(self, item)

    def _item_changed(self, item: Any) -> None:
        """Say that the item, or what is in it, is another one."""
        self.__changed.call(self, item)

    def add_item_changed_fn(self, fn: ItemFn) -> int:
        """Call ``fn(model, item)`` after each change; return the id to remove it by."""
        return self.__changed.add(fn)

    def remove_item_changed_fn(self, id: int) -> None:
        """Call it no more."""
        self.__changed.remove(id)

    def subscribe_item_changed_fn(self, fn: ItemFn) -> Subscription:
        """Call ``fn(model, item)`` after each change as long as the result is held."""
        return Subscription(self.__changed, fn)

    def add_begin_edit_fn(self, fn: ItemFn) -> int:
        """Call ``fn(model, item)`` when an edit begins; return the id to remove it by."""
        return self.__begin.add(fn)

    def remove_begin_edit_fn(self, id: int) -> None:
        """Call it no more."""
        self.__begin.remove(id)

    def subscribe_begin_edit_fn(self, fn: ItemFn) -> Subscription:
        """Call ``fn(model, item)`` when an edit begins as long as the result is held."""
        return Subscription(self.__begin, fn)

    def add_end_edit_fn(self, fn: ItemFn) -> int:
        """Call ``fn(model, item)`` when an edit ends; return the id to remove it by."""
        return self.__end.add(fn)

    def remove_end_edit_fn(self, id: int) -> None:
        """Call it no more."""
        self.__end.remove(id)

    def subscribe_end_edit_fn(self, fn: ItemFn) -> Subscription:
        """Call ``fn(model, item)`` when an edit ends as long as the result is held."""
        return Subscription(self.__end, fn)


class ValueItem(AbstractItem):
    """An item with one value. Not in Kit."""

    def __init__(self, model: AbstractValueModel) -> None:
        super().__init__()
        self.model = model


class ListModel(AbstractItemModel):
    """A flat list of values with one more for the root. Not in Kit: the model that its widgets make for themselves.

    A change of a value is a change of its item.
    """

    def __init__(self, values: list[AbstractValueModel], root: AbstractValueModel | None = None) -> None:
        super().__init__()
        self.__items: list[ValueItem] = []
        self.__root = root
        self.__subscriptions: dict[int, Subscription] = {}
        if root is not None:
            self.__watch(None, root)
        for value in values:
            self.__insert(value)

    def get_item_children(self, parentItem: Any = None) -> list[Any]:
        """Return the items; an item has none in it."""
        return list(self.__items) if parentItem is None else []

    def get_item_value_model(self, item: Any = None, column_id: int = 0) -> AbstractValueModel | None:
        """Return the value of an item, that of the root for None."""
        return self.__root if item is None else item.model

    def append_child_item(self, parentItem: Any, model: AbstractValueModel) -> Any:
        """Append an item with that value and return it."""
        item = self.__insert(model)
        self._item_changed(None)
        return item

    def remove_item(self, item: Any) -> None:
        """Remove an item; the root's value stays as it is."""
        self.__items.remove(item)
        self.__subscriptions.pop(id(item), None)
        self._item_changed(None)

    def __insert(self, value: AbstractValueModel) -> ValueItem:
        item = ValueItem(value)
        self.__items.append(item)
        self.__watch(item, value)
        return item

    def __watch(self, item: ValueItem | None, value: AbstractValueModel) -> None:
        self.__subscriptions[id(item)] = value.subscribe_value_changed_fn(lambda _: self._item_changed(item))
