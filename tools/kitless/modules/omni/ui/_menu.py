"""Menus: bars, menus in menus, items and separators."""

from __future__ import annotations

from typing import Any

from kitless.absent import Partial
from kitless.services import service
from omni.ui._containers import Stack
from omni.ui._properties import Property, anything, callback, flag, number, string
from omni.ui._tree import UiTree
from omni.ui._widget import Widget


class MenuDelegate(Partial):
    """What builds an item's widgets in Kit; kept and not called, since views draw menus of their own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__()
        self._given = kwargs

    def build_item(self, item: MenuHelper) -> None:
        """Build an item."""

    def build_title(self, item: MenuHelper) -> None:
        """Build a menu's title."""

    def build_status(self, item: MenuHelper) -> None:
        """Build a menu's status line."""


class MenuHelper(Widget):
    """What the entries of a menu have in common."""

    text = Property("", string)
    hotkey_text = Property("", string)
    checkable = Property(False, flag)
    hide_on_click = Property(True, flag)
    delegate: Property[Any] = Property(None, anything)
    menu_compatibility = Property(True, flag)

    set_triggered_fn, has_triggered_fn, call_triggered_fn = callback("triggered_fn")

    def __init__(self, text: str = "", **kwargs: Any) -> None:
        super().__init__(text=text, **kwargs)

    def _ui_click(self, x: float, y: float) -> None:
        parent = self._ui_node.parent
        if isinstance(parent, MenuItemCollection):
            for each in parent._ui_node.children:
                if isinstance(each, MenuHelper):
                    each.checked = each is self
        elif self.checkable:
            self.checked = not self.checked
        self._ui_node.call("triggered_fn")


class MenuItem(MenuHelper):
    """An entry: a click turns ``checked`` over if it is checkable, then calls ``triggered_fn()``."""


class Separator(MenuHelper):
    """A line between entries, with a text or without."""


class Menu(Stack, MenuHelper):
    """An entry that opens a menu, or a context menu that ``show()`` opens.

    ``on_build_fn`` makes the entries when the menu is first shown.
    """

    _ui_is_root = True

    shown = Property(False, flag, changed="shown_changed_fn")
    tearable = Property(True, flag)
    teared = Property(False, flag, changed="teared_changed_fn")
    position_x = Property(0.0, number)
    position_y = Property(0.0, number)

    set_shown_changed_fn, has_shown_changed_fn, call_shown_changed_fn = callback("shown_changed_fn")
    set_teared_changed_fn, has_teared_changed_fn, call_teared_changed_fn = callback("teared_changed_fn")
    set_on_build_fn, has_on_build_fn, call_on_build_fn = callback("on_build_fn")

    def __init__(self, text: str = "", **kwargs: Any) -> None:
        super().__init__(text=text, **kwargs)

    @staticmethod
    def get_current() -> Menu | None:
        """Return the context menu that is shown, None if there is none."""
        return service(UiTree).context_menu

    def show(self) -> None:
        """Open the menu as the context menu."""
        if not self._ui_node.children:
            self.invalidate()
        self._ui_node.tree.context_menu = self
        self.shown = True

    def show_at(self, x: float, y: float) -> None:
        """Open the menu as the context menu at a place, in pixels."""
        self.position_x, self.position_y = x, y
        self.show()

    def hide(self) -> None:
        """Close the menu."""
        self.shown = False

    def invalidate(self) -> None:
        """Make the entries again with the on_build_fn, if there is one."""
        if self.has_on_build_fn():
            self.clear()
            with self:
                self._ui_node.call("on_build_fn")

    def _ui_click(self, x: float, y: float) -> None:
        self._ui_node.call("triggered_fn")


class MenuItemCollection(Menu):
    """A menu of items of which one is checked: a click on one unchecks the others."""


class MenuBar(Menu):
    """The menus of a window, side by side."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
