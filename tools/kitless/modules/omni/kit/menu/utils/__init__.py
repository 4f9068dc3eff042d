"""The menus of the app: extensions describe entries, the bar of omni.ui is built of them."""

from __future__ import annotations

from typing import Any

from kitless.absent import absent
from kitless.services import service
from omni.kit.menu.utils._menus import AppMenus
from omni.kit.menu.utils._merge import FIRST, LAST
from omni.kit.menu.utils._submenus import build_submenu_dict
from omni.kit.menu.utils.builder_utils import LayoutSourceSearch, MenuAlignment, MenuItemDescription
from omni.kit.menu.utils.extension_window_helper import MenuHelperExtension
from omni.kit.menu.utils.extension_window_helper_full import MenuHelperExtensionFull, MenuHelperWindow

__all__ = [
    "LayoutSourceSearch",
    "MenuAlignment",
    "MenuHelperExtension",
    "MenuHelperExtensionFull",
    "MenuHelperWindow",
    "MenuItemDescription",
    "MenuItemOrder",
    "add_menu_items",
    "build_submenu_dict",
    "rebuild_menus",
    "refresh_menu_items",
    "remove_menu_items",
    "replace_menu_items",
    "set_default_menu_priority",
]


class MenuItemOrder:
    """Places for ``appear_after``."""

    FIRST = FIRST
    LAST = LAST


def add_menu_items(
    menu: list[MenuItemDescription],
    name: str,
    menu_index: int = 0,
    can_rebuild_menus: bool = True,
    delegate: Any = None,
) -> list[MenuItemDescription]:
    """Add entries to the menu ``name`` and return them; submenus of the same name become one.

    Menus stand in the order of ``menu_index``. Without ``can_rebuild_menus`` they show at the next rebuild.
    """
    service(AppMenus).add(menu, name, menu_index, can_rebuild_menus)
    return menu


def remove_menu_items(menu: list[MenuItemDescription], name: str, can_rebuild_menus: bool = True) -> None:
    """Remove entries that were added to the menu ``name``; a menu without entries goes."""
    service(AppMenus).remove(menu, name, can_rebuild_menus)


def replace_menu_items(new_menu: list[MenuItemDescription], old_menu: list[MenuItemDescription], name: str) -> None:
    """Put entries in the place of others that were added to the menu ``name``."""
    service(AppMenus).replace(new_menu, old_menu, name)


def refresh_menu_items(name: str, immediately: bool | None = None) -> None:
    """Ask the functions of the entries of the menu ``name`` again: at the next update, or at once."""
    menus = service(AppMenus)
    (menus.refresh if immediately else menus.ask_refresh)(name)


def rebuild_menus() -> None:
    """Build all menus again at the next update."""
    service(AppMenus).ask_rebuild()


def set_default_menu_priority(name: str, menu_index: int) -> None:
    """Say where the menu ``name`` stands: those with lower numbers are further left."""
    service(AppMenus).set_priority(name, menu_index)


__getattr__ = absent(__name__)
