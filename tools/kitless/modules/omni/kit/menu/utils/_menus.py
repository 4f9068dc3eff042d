"""The app's menus: who added what, and the menu bar of omni.ui that is built of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import omni.ui as ui
from carb._edge import LoggedErrors
from carb.eventdispatcher import get_eventdispatcher
from kitless.services import service
from omni.kit.actions.core import execute_action
from omni.kit.app import _names as names
from omni.kit.menu.utils._merge import Entry, merged
from omni.kit.menu.utils.builder_utils import MenuItemDescription, get_menu_name
from omni.ui._tree import UiTree

_SOURCE = "omni.kit.menu.utils"


@dataclass
class _Addition:
    """What one call added."""

    menu: str
    items: list[MenuItemDescription]


@dataclass
class _Built:
    """An item of the bar and what it was built of."""

    menu: str
    item: ui.MenuItem | ui.Menu
    description: MenuItemDescription


class AppMenus:
    """All menus; the bar is `UiTree.main_menu_bar`, a view hears of it as of every widget.

    What is added, removed or to be refreshed shows at the end of the next update, as in Kit: an extension may add a
    menu first and then what the menu's functions ask for.
    """

    def __init__(self) -> None:
        self._tree = service(UiTree)
        self._additions: list[_Addition] = []
        self._priorities: dict[str, int] = {}
        self._built: list[_Built] = []
        self._to_rebuild = False
        self._to_refresh: set[str] = set()
        self._observer: Any = get_eventdispatcher().observe_event(
            event_name=names.GLOBAL_EVENT_POST_UPDATE, on_event=lambda _: self.update(), observer_name=_SOURCE
        )

    def close(self) -> None:
        """Take the bar away."""
        self._observer = None
        bar, self._tree.main_menu_bar = self._tree.main_menu_bar, None
        if bar is not None:
            bar.destroy()

    # --- what is in the menus

    def add(self, items: list[MenuItemDescription], menu: str, priority: int, rebuild: bool) -> None:
        """Add items to a menu; the first one to name the menu decides its place among the others."""
        self._priorities.setdefault(menu, priority)
        self._additions.append(_Addition(menu, items))
        self._to_rebuild |= rebuild

    def remove(self, items: list[MenuItemDescription], menu: str, rebuild: bool) -> None:
        """Remove what was added, given the same list or the same items."""
        self._additions = [each for each in self._additions if each.menu != menu or not _same(each.items, items)]
        self._to_rebuild |= rebuild

    def replace(self, new: list[MenuItemDescription], old: list[MenuItemDescription], menu: str) -> None:
        """Put items in the place of others; without those, add them."""
        found = [each for each in self._additions if each.menu == menu and _same(each.items, old)]
        if found:
            found[0].items = new
            self._to_rebuild = True
        else:
            self.add(new, menu, 0, True)

    def set_priority(self, menu: str, priority: int) -> None:
        """Say where a menu stands: those with lower numbers are further left."""
        self._priorities[menu] = priority
        self._to_rebuild = True

    def merged(self) -> dict[str, list[Entry]]:
        """Return the entries of each menu, the menus from left to right."""
        menus = sorted(dict.fromkeys(each.menu for each in self._additions), key=lambda menu: self._priorities[menu])
        return {
            name: merged(item for each in self._additions if each.menu == name for item in each.items) for name in menus
        }

    # --- the bar

    def ask_rebuild(self) -> None:
        """Build the bar at the next update."""
        self._to_rebuild = True

    def ask_refresh(self, menu: str) -> None:
        """Refresh a menu at the next update."""
        self._to_refresh.add(menu)

    def update(self) -> None:
        """Do what was asked for."""
        if self._to_rebuild:
            self._to_rebuild = False
            self._to_refresh.clear()
            self._build()
        while self._to_refresh:
            self.refresh(self._to_refresh.pop())

    def refresh(self, menu: str) -> None:
        """Ask the functions of a menu's items again."""
        for built in self._built:
            if built.menu == menu:
                _refresh(built.item, built.description)

    def _build(self) -> None:
        with self._tree.apart():
            bar = self._tree.main_menu_bar
            if bar is None:
                bar = self._tree.main_menu_bar = ui.MenuBar()
            bar.clear()
            self._built = []
            with bar:
                self._build_menus()

    def _build_menus(self) -> None:
        for name, entries in self.merged().items():
            with ui.Menu(name):
                self._built.extend(self._items(name, entries))

    def _items(self, menu: str, entries: list[Entry]) -> Iterator[_Built]:
        for entry in entries:
            description = entry.description
            if description.header is not None:
                ui.Separator(description.header)
            if entry.is_submenu:
                with ui.Menu(description.name) as submenu:
                    yield from self._items(menu, entry.children)
                yield _Built(menu, submenu, description)
            elif description.name or description.name_fn:
                yield _Built(menu, self._item(menu, description), description)
            elif description.header is None:
                ui.Separator()

    def _item(self, menu: str, description: MenuItemDescription) -> ui.MenuItem:
        def triggered() -> None:
            _do(description)
            self.ask_refresh(menu)

        ticks = description.ticked or description.ticked_fn is not None or description.ticked_value is not None
        hotkey = "" if description.hotkey is None else _hotkey_text(*description.hotkey)
        item = ui.MenuItem(description.name, triggered_fn=triggered, checkable=ticks, hotkey_text=hotkey)
        _refresh(item, description)
        return item


def _same(left: list[MenuItemDescription], right: list[MenuItemDescription]) -> bool:
    return left is right or [id(each) for each in left] == [id(each) for each in right]


def _refresh(item: ui.MenuItem | ui.Menu, description: MenuItemDescription) -> None:
    with LoggedErrors(_SOURCE, f"a function of menu item {description.name!r}"):
        item.text = get_menu_name(description)
        item.visible = _ask(description.show_fn, True)
        item.enabled = _ask(description.enable_fn, description.enabled)
        value = description.ticked if description.ticked_value is None else description.ticked_value
        item.checked = _ask(description.ticked_fn, value)


def _ask(question: Any, default: bool) -> bool:
    """Answer by a function, an action (extension, id), all of several functions, or a plain bool."""
    if question is None:
        return default
    if callable(question):
        return bool(question())
    if isinstance(question, (tuple, list)):
        if all(isinstance(each, str) for each in question):
            return bool(execute_action(*question))
        return all(_ask(each, default) for each in question)
    return bool(question)


def _do(description: MenuItemDescription) -> None:
    if description.onclick_action:
        execute_action(*description.onclick_action)
    if description.onclick_fn is not None:
        description.onclick_fn()


def _hotkey_text(modifier: int, key: Any) -> str:
    """Return the keys as they are shown."""
    flags = {2: "Ctrl", 1: "Shift", 4: "Alt", 8: "Super"}
    held = [name for flag, name in flags.items() if int(modifier) & flag]
    return "+".join([*held, str(getattr(key, "name", key)).removeprefix("KEY_")])
