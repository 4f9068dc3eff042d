"""The base of widgets and windows: keywords, and what the tree asks an element."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, ClassVar

from kitless.absent import Partial
from omni.ui._node import Node
from omni.ui._properties import Property


class Element(Partial):
    """Something with properties and callbacks in the tree. Not in Kit: its base of widgets and windows."""

    _ui_properties: ClassVar[dict[str, Property[Any]]] = {}
    _ui_callbacks: ClassVar[frozenset[str]] = frozenset()
    _ui_is_root: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # Over all bases, not the first alone: a field is a widget and a helper of models.
        members = [member for base in reversed(cls.__mro__) for member in vars(base).items()]
        cls._ui_properties = {name: value for name, value in members if isinstance(value, Property)}
        setters = (name for name, _ in members if name.startswith("set_") and name.endswith("_fn"))
        cls._ui_callbacks = frozenset(name.removeprefix("set_") for name in setters)

    def __init__(self, keywords: Mapping[str, Any]) -> None:
        self._ui_node = Node(self)
        for name, value in keywords.items():
            self._ui_set(name, value)
        self._ui_node.quiet = False

    def _ui_set(self, name: str, value: Any) -> None:
        if name in self._ui_properties:
            setattr(self, name, value)
        elif name in self._ui_callbacks:
            getattr(self, f"set_{name}")(value)
        else:
            known = [*self._ui_properties, *self._ui_callbacks]
            near = difflib.get_close_matches(name, known, 1, 0.0)
            raise TypeError(f"{type(self).__name__}() has no keyword {name!r} (nearest: {near[0] if near else 'none'})")

    # --- what the tree asks

    def _ui_is_visible(self) -> bool:
        return True

    def _ui_is_enabled(self) -> bool:
        return True

    def _ui_hides_children(self) -> bool:
        return False

    def _ui_focus(self, has_it: bool) -> None:
        """Note that the keyboard came or went."""

    def _ui_property_changed(self, name: str, value: Any) -> None:
        """Note that a property has another value."""

    def _ui_model_changed(self) -> None:
        """Note that the model is another one or holds something else."""

    def _ui_limited(self, value: Any) -> Any:
        """Return what a user's input comes to."""
        return value

    def _ui_click(self, x: float, y: float) -> None:
        """Do what a click with the left button does, beside the callbacks of the mouse."""

    def _ui_end(self) -> None:
        """End the element and what is in it: nothing is called or told any more."""
        node = self._ui_node
        node.quiet = node.ended = True
        node.clear()
        node.callbacks.clear()
        node.model_subscription = None
