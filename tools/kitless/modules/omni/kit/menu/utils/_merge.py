"""Merging: what several extensions put under one menu, in one order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from omni.kit.menu.utils.builder_utils import MenuItemDescription

FIRST, LAST = "@first", "@last"


@dataclass
class Entry:
    """An entry of the merged menu; a submenu has the entries of all submenus of its name."""

    description: MenuItemDescription
    children: list[Entry] = field(default_factory=list)

    @property
    def is_submenu(self) -> bool:
        """Whether the entry opens a menu."""
        return self.description.sub_menu is not None


def merged(descriptions: Iterable[MenuItemDescription]) -> list[Entry]:
    """Return the entries in the order in which they are shown: as added, but for what ``appear_after`` says."""
    entries: list[Entry] = []
    submenus: dict[str, list[MenuItemDescription]] = {}
    for description in descriptions:
        if description.sub_menu is not None:
            is_new = description.name not in submenus
            submenus.setdefault(description.name, []).extend(description.sub_menu)
            if not is_new:
                continue
        entries.append(Entry(description))
    for entry in entries:
        if entry.is_submenu:
            entry.children = merged(submenus[entry.description.name])
    return _ordered(entries)


def _ordered(entries: list[Entry]) -> list[Entry]:
    result = [entry for entry in entries if not entry.description.appear_after]
    # Until nothing moves: an entry may want to be after one that itself wants to be after another.
    waiting = [entry for entry in entries if entry.description.appear_after]
    while waiting:
        placed = [entry for entry in waiting if _place(entry, result)]
        waiting = [entry for entry in waiting if entry not in placed]
        if not placed:
            result.extend(waiting)
            break
    last = [entry for entry in result if LAST in _wishes(entry)]
    return [entry for entry in result if LAST not in _wishes(entry)] + last


def _place(entry: Entry, result: list[Entry]) -> bool:
    """Insert the entry after the first of its wishes that is there; return whether one is."""
    wishes = _wishes(entry)
    if LAST in wishes:
        result.append(entry)
        return True
    if FIRST in wishes:
        result.insert(0, entry)
        return True
    for wish in wishes:
        names = [each.description.name for each in result]
        if wish in names:
            result.insert(names.index(wish) + 1, entry)
            return True
    return False


def _wishes(entry: Entry) -> list[str]:
    wish = entry.description.appear_after
    return [wish] if isinstance(wish, str) else list(wish)
