"""Context menus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import omni.ui as ui
from kitless.absent import absent
from omni.kit.ui_test.common import human_delay
from omni.kit.ui_test.query import MenuRef, _entries
from omni.kit.ui_test.vec2 import Vec2

__all__ = ["get_context_menu", "select_context_menu"]


async def get_context_menu(menu_root: Any = None, get_all: bool = False) -> dict[str, Any]:
    """Return the texts of a menu, that of ``menu_root`` or the one that is shown.

    Submenus are dicts by their text, the entries of a menu are the list under "_"; with ``get_all`` the hidden ones
    too. Empty when no menu is shown.
    """
    await human_delay()
    menu = menu_root or ui.Menu.get_current()
    return {} if menu is None else _texts(menu, get_all)


def _texts(menu: Any, hidden_too: bool) -> dict[str, Any]:
    shown = [each for each in _entries(menu) if hidden_too or each.visible]
    result: dict[str, Any] = {each.text: _texts(each, hidden_too) for each in shown if isinstance(each, ui.Menu)}
    entries = [each.text for each in shown if not isinstance(each, ui.Menu)]
    return {**result, "_": entries} if entries else result


def _find_menu_item(menu: Any, path: str) -> Any:
    found = MenuRef(menu, "").find_menu(path)
    return None if found is None else found.widget


async def select_context_menu(
    menu_path: str,
    menu_root: Any = None,
    offset: Vec2 = Vec2(),
    human_delay_speed: int = 4,
    find_fn: Callable[[Any, str], Any] = _find_menu_item,
) -> None:
    """Click on an entry of a menu, that of ``menu_root`` or the one that is shown, which closes then.

    ``find_fn(menu, path)`` finds the entry. Raises ValueError when there is no menu or no entry.
    """
    await human_delay(human_delay_speed)
    menu: Any = menu_root or ui.Menu.get_current()
    entry = None if menu is None else find_fn(menu, menu_path)
    if entry is None:
        raise ValueError(f"no entry {menu_path!r} in {'the context menu' if menu else 'any menu: none is shown'}")
    await MenuRef(entry, menu_path).click(human_delay_speed=human_delay_speed)
    menu.hide()


__getattr__ = absent(__name__)
