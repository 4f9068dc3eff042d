"""What makes a widget one with a model: the widget tells the tree when the model changes."""

from __future__ import annotations

import weakref
from typing import Any

from omni.ui._element import Element
from omni.ui._item_models import AbstractItemModel
from omni.ui._models import AbstractValueModel
from omni.ui._node import Node
from omni.ui._properties import Property
from omni.ui._subscription import Subscription


class ModelProperty(Property[Any]):
    """The model of a widget; a change of what it holds is told to the tree as "model"."""

    def same(self, new: Any, old: Any) -> bool:
        """Return whether it is the model that is there already."""
        return new is old

    def tell(self, element: Element, value: Any) -> None:
        """Listen to the new model and tell that it is there."""
        node = element._ui_node
        node.model = value
        node.model_subscription = None if value is None else _subscribe(value, node)
        element._ui_model_changed()
        node.changed("model")


def _subscribe(model: Any, node: Node) -> Subscription:
    ref = weakref.ref(node)

    # The model may live longer than the widget and must not keep it.
    def changed(*_: Any) -> None:
        found = ref()
        element = None if found is None else found.element
        if found is not None and element is not None:
            element._ui_model_changed()
            found.changed("model")

    if isinstance(model, AbstractItemModel):
        return model.subscribe_item_changed_fn(changed)
    found: Subscription = model.subscribe_value_changed_fn(changed)
    return found


def _value_model(value: Any) -> AbstractValueModel:
    if not isinstance(value, AbstractValueModel):
        raise TypeError("expected an AbstractValueModel")
    return value


def _item_model(value: Any) -> AbstractItemModel:
    if not isinstance(value, AbstractItemModel):
        raise TypeError("expected an AbstractItemModel")
    return value


class ValueModelHelper(Element):
    """The base of widgets with a value model."""

    model: ModelProperty = ModelProperty(None, _value_model)


class ItemModelHelper(Element):
    """The base of widgets with an item model."""

    model: ModelProperty = ModelProperty(None, _item_model)
