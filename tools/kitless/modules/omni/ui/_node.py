"""What an element is to the tree and its views: one attribute, so that subclasses' own names do not get in its way."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from carb._edge import LoggedErrors
from kitless.services import service
from omni.ui._tree import Change, UiTree

if TYPE_CHECKING:
    from omni.ui._element import Element


class Node:
    """An element's id, kind, properties, callbacks, children, parent and model."""

    def __init__(self, element: Element) -> None:
        self.tree = service(UiTree)
        self.id: int = self.tree.register(element)
        """Stable, and unique among the elements of this app."""
        self.values: dict[str, Any] = {}
        self.callbacks: dict[str, Callable[..., Any]] = {}
        self.children: list[Element] = []
        """In the order of declaration. Not to be changed here: `add`, `remove` and `clear` tell the views."""
        self.model: Any = None
        """The value or item model behind a field, None for others."""
        self.model_subscription: Any = None
        self.quiet = True
        """Whether the element is still being made, so that nobody knows of it."""
        self.ended = False
        """Whether the element was destroyed."""
        self._element = weakref.ref(element)
        # Weak, so that a window that nobody holds ends at once, without waiting for the garbage collector.
        self._parent: weakref.ref[Element] | None = None

    @property
    def element(self) -> Element | None:
        """The element, None while it is being deleted."""
        return self._element()

    @property
    def kind(self) -> str:
        """The name of the element's class in omni.ui, that of the base for subclasses of others."""
        element = self._element()
        mro = type(element).__mro__ if element is not None else ()
        return next((cls.__name__ for cls in mro if cls.__module__.startswith("omni.ui.")), "Element")

    @property
    def properties(self) -> dict[str, Any]:
        """All properties by name, those with default values too."""
        element = self._element()
        declared = {} if element is None else element._ui_properties
        return {name: self.values.get(name, each.default) for name, each in declared.items()}

    @property
    def parent(self) -> Element | None:
        """The element this one is in."""
        return self._parent() if self._parent is not None else None

    @property
    def chain(self) -> list[Element]:
        """The element, its parent, and so on up to the window or menu."""
        found: list[Element] = []
        element = self._element()
        while element is not None:
            found.append(element)
            element = element._ui_node.parent
        return found

    @property
    def shown(self) -> bool:
        """Whether a view would show the element: it is in a window or menu, and nothing hides it on the way up."""
        chain = self.chain
        if not chain or not chain[-1]._ui_is_root:
            return False
        return all(each._ui_is_visible() for each in chain) and not any(each._ui_hides_children() for each in chain[1:])

    @property
    def enabled(self) -> bool:
        """Whether the element and everything it is in are enabled."""
        return all(each._ui_is_enabled() for each in self.chain)

    # --- changing

    def changed(self, what: Change) -> None:
        """Tell the tree that the element changed."""
        element = self._element()
        if element is not None and not self.quiet:
            self.tree.tell(element, what)

    def add(self, child: Element) -> None:
        """Append a child, which leaves the parent it had."""
        node = child._ui_node
        if node.parent is not None:
            node.parent._ui_node.remove(child)
        node._parent = self._element
        self.children.append(child)
        self.changed("children")

    def remove(self, child: Element) -> None:
        """Take a child off, if it is one."""
        if any(each is child for each in self.children):
            self.children = [each for each in self.children if each is not child]
            child._ui_node._parent = None
            self.changed("children")

    def clear(self) -> None:
        """Take all children off and end them."""
        if not self.children:
            return
        children, self.children = self.children, []
        for child in children:
            child._ui_node._parent = None
            child._ui_end()
        self.changed("children")

    # --- callbacks

    def set_callback(self, name: str, fn: Callable[..., Any] | None) -> None:
        """Set or, with None, unset a callback. That there is one now, or none any more, is a change of properties."""
        had = name in self.callbacks
        if fn is None:
            self.callbacks.pop(name, None)
        else:
            self.callbacks[name] = fn
        if had != (name in self.callbacks):
            self.changed("properties")

    def call(self, name: str, *args: Any) -> Any:
        """Call a callback if it is set and return what it does; what it raises is logged, the result is None then."""
        fn = self.callbacks.get(name)
        if fn is None:
            return None
        with LoggedErrors("omni.ui", f"{name} of {self.kind}"):
            return fn(*args)
        return None
