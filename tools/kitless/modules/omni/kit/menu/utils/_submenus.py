"""Paths as nested menus."""

from __future__ import annotations

from collections.abc import Iterable

from omni.kit.menu.utils.builder_utils import MenuItemDescription


def build_submenu_dict(
    menu_list: Iterable[MenuItemDescription], glyph: str | None = None
) -> dict[str, list[MenuItemDescription]]:
    """Return menus by name, for ``add_menu_items``, of entries whose names are paths such as "Tools/Replicator/Record".

    The entries keep the last part of their path as their name; ``glyph`` is the icon of the submenus. An entry whose
    name is no path raises ValueError.
    """
    menus: dict[str, list[MenuItemDescription]] = {}
    submenus: dict[tuple[str, ...], list[MenuItemDescription]] = {}
    for entry in menu_list:
        *path, name = entry.name.split("/")
        if not path:
            raise ValueError(f"menu entry {entry.name!r} is in no menu: expected a path such as 'Tools/{entry.name}'")
        items = menus.setdefault(path[0], [])
        for depth in range(2, len(path) + 1):
            items = _submenu(items, submenus, tuple(path[:depth]), glyph)
        entry.name = name
        items.append(entry)
    return menus


def _submenu(
    items: list[MenuItemDescription],
    submenus: dict[tuple[str, ...], list[MenuItemDescription]],
    path: tuple[str, ...],
    glyph: str | None,
) -> list[MenuItemDescription]:
    if path not in submenus:
        submenus[path] = []
        items.append(MenuItemDescription(name=path[-1], glyph=glyph or "", sub_menu=submenus[path]))
    return submenus[path]
