"""The process's widgets: where a view finds all windows and hears of every change.

A view does ``tree = service(UiTree)``, draws ``tree.windows`` and ``tree.main_menu_bar`` and then listens::

    cancel = tree.subscribe(lambda element, what: ...)

``what`` is one of ``Change``. Each element has ``element._ui_node``, a `Node`: its id, kind, properties, children and
model. Input goes the other way through `omni.ui._input`.
"""

from __future__ import annotations

import contextlib
import itertools
import weakref
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal, Protocol

from carb._edge import LoggedErrors
from carb.eventdispatcher import get_eventdispatcher
from omni.kit.app import _names as names

if TYPE_CHECKING:
    from omni.ui._containers import Container
    from omni.ui._element import Element
    from omni.ui._menu import Menu, MenuBar
    from omni.ui._node import Node
    from omni.ui._window import Window

Change = Literal["properties", "children", "model", "opened", "closed", "focus"]
"""What happened to an element: its properties, the list of its children, what its model holds; ``opened`` and
``closed`` are a window's making and end, ``focus`` that the element got the keyboard."""


class Buildable(Protocol):
    """An element whose content is made late."""

    _ui_node: Node

    def _ui_build(self) -> None: ...


class UiTree:
    """All windows, the elements by id, who listens, and what is to be built at the next update.

    A window is here as long as somebody holds it, as in Kit.
    """

    def __init__(self) -> None:
        self._elements: weakref.WeakValueDictionary[int, Element] = weakref.WeakValueDictionary()
        self._ids = itertools.count(1)
        self._windows: list[weakref.ref[Window]] = []
        self._listeners: dict[int, Callable[[Any, Change], Any]] = {}
        self._pending: dict[int, weakref.ref[Any]] = {}
        self._focused: weakref.ref[Element] | None = None
        self._context_menu: weakref.ref[Menu] | None = None
        self.main_menu_bar: MenuBar | None = None
        """The app's menu bar, None before anybody added a menu. A new one is told as its ``children``."""
        self.builders: list[Container] = []
        """The containers whose ``with`` blocks are under way; new widgets go into the last one."""
        self._observer: Any = get_eventdispatcher().observe_event(
            event_name=names.GLOBAL_EVENT_POST_UPDATE, on_event=lambda _: self.build(), observer_name="omni.ui build"
        )

    def close(self) -> None:
        """End all windows and tell nobody."""
        self._observer = None
        self._listeners.clear()
        for window in self.windows:
            window.destroy()

    # --- elements

    def register(self, element: Element) -> int:
        """Return a new element's id, never given again in this process's app."""
        number = next(self._ids)
        self._elements[number] = element
        return number

    def find(self, id: int) -> Element | None:
        """Return the element with that id, None when it is gone."""
        return self._elements.get(id)

    @property
    def windows(self) -> tuple[Window, ...]:
        """All windows, hidden ones too, in the order of their making."""
        found = (ref() for ref in self._windows)
        return tuple(window for window in found if window is not None)

    def open(self, window: Window) -> None:
        """Add a window."""
        self._windows.append(weakref.ref(window))
        self.tell(window, "opened")

    def closed(self, window: Window) -> None:
        """Take a window off, if it is there."""
        kept = [ref for ref in self._windows if ref() is not None and ref() is not window]
        was_there = len(kept) != len(self._windows)
        self._windows = kept
        if was_there:
            self.tell(window, "closed")

    # --- telling

    def subscribe(self, callback: Callable[[Any, Change], Any]) -> Callable[[], None]:
        """Call ``callback(element, what)`` after each change; return the function that ends that.

        It is called within the change: it notes what to draw and draws later. What it raises is logged.
        """
        key = next(self._ids)
        self._listeners[key] = callback
        return lambda: self._listeners.pop(key, None) and None

    def tell(self, element: Element, what: Change) -> None:
        """Tell the subscribers."""
        for listener in tuple(self._listeners.values()):
            with LoggedErrors("omni.ui", f"a view's callback for {what}"):
                listener(element, what)

    # --- building

    @contextlib.contextmanager
    def apart(self) -> Iterator[None]:
        """Keep what is made in this block out of the container whose own block is under way."""
        builders, self.builders = self.builders, []
        try:
            yield
        finally:
            self.builders = builders

    def build_later(self, element: Buildable) -> None:
        """Call the element's ``_ui_build()`` at the end of the next update in which it is shown."""
        self._pending[element._ui_node.id] = weakref.ref(element)

    def build(self) -> None:
        """Build what is pending and shown, and what that leads to, each element once."""
        done: set[int] = set()
        while ready := self._ready(done):
            for element in ready:
                done.add(element._ui_node.id)
                del self._pending[element._ui_node.id]
            for element in ready:
                element._ui_build()

    def _ready(self, done: set[int]) -> list[Buildable]:
        found = [(id, ref()) for id, ref in self._pending.items()]
        for id, element in found:
            if element is None:
                del self._pending[id]
        return [each for id, each in found if each is not None and id not in done and each._ui_node.shown]

    # --- the keyboard and the context menu

    @property
    def focused(self) -> Element | None:
        """The element that gets the keys."""
        return self._focused() if self._focused is not None else None

    def focus(self, element: Element | None) -> None:
        """Give the keyboard to ``element``; the field that had it ends its edit."""
        before = self.focused
        if before is element:
            return
        self._focused = None if element is None else weakref.ref(element)
        if before is not None:
            before._ui_focus(False)
        if element is not None:
            element._ui_focus(True)
            self.tell(element, "focus")

    @property
    def context_menu(self) -> Menu | None:
        """The menu that was shown last and not hidden since."""
        menu = self._context_menu() if self._context_menu is not None else None
        return menu if menu is not None and menu.shown else None

    @context_menu.setter
    def context_menu(self, menu: Menu) -> None:
        self._context_menu = weakref.ref(menu)
