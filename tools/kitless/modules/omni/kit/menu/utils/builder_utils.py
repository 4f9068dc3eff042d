"""What a menu's entries are described with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from kitless.absent import Partial, absent

__all__ = ["LayoutSourceSearch", "MenuAlignment", "MenuItemDescription", "get_menu_name"]


class LayoutSourceSearch:
    """Where a layout looks for an entry."""

    EVERYWHERE = 0
    LOCAL_ONLY = 1


class MenuAlignment:
    """On which side of the bar a menu stands."""

    DEFAULT = 0
    RIGHT = 1


@dataclass(eq=False)
class MenuItemDescription(Partial):
    """An entry of a menu; without a name it is a line.

    ``onclick_action`` is (extension id, action id, arguments…); ``show_fn``, ``enable_fn``, ``ticked_fn``, ``name_fn``
    are asked each time the menu is built or refreshed. ``sub_menu`` is a list of entries. ``hotkey`` is (modifier, key)
    and shown, no key is listened to. ``unclick_action``, ``unclick_fn``, ``onclick_right_fn`` and the icons are kept.
    """

    MAX_DEPTH: ClassVar[int] = 16

    name: str = ""
    glyph: str = ""
    header: str | None = None
    appear_after: str | list[str] = ""
    enabled: bool = True
    ticked: bool = False
    ticked_value: bool | None = None
    radio_group: str = ""
    sub_menu: list[MenuItemDescription] | None = None
    hotkey: tuple[int, Any] | None = None
    name_fn: Callable[[], str] | None = None
    show_fn: Any = None
    enable_fn: Any = None
    ticked_fn: Any = None
    onclick_action: tuple[Any, ...] | None = None
    unclick_action: tuple[Any, ...] | None = None
    onclick_fn: Callable[..., Any] | None = None
    unclick_fn: Callable[..., Any] | None = None
    onclick_right_fn: Callable[..., Any] | None = None
    original_svg_color: bool = False
    original_menu_item: MenuItemDescription | None = None
    user: Any = None
    hotkey_window: str | None = None

    def __post_init__(self) -> None:
        self.user = {} if self.user is None else self.user
        self._on_delete: list[Callable[[MenuItemDescription], Any]] = []
        self._on_hotkey: list[Callable[[MenuItemDescription, Any], Any]] = []

    def __contains__(self, key: str) -> bool:
        return key in vars(self)

    def __getitem__(self, key: str, default_value: Any = None) -> Any:
        return vars(self).get(key, default_value)

    def get(self, key: str, default_value: Any = None) -> Any:
        """Return a field, or a default when there is none of that name."""
        return vars(self).get(key, default_value)

    def has_action(self) -> bool:
        """Return whether a click does something."""
        return bool(self.get("onclick_action") or self.get("onclick_fn"))

    def set_hotkey(self, hotkey: tuple[int, Any] | None) -> None:
        """Replace the hotkey and say so."""
        self.hotkey = hotkey
        for fn in tuple(self._on_hotkey):
            fn(self, hotkey)

    def add_on_hotkey_update_func(self, hotkey_update_fn: Callable[[MenuItemDescription, Any], Any]) -> None:
        """Call ``fn(entry, hotkey)`` when the hotkey is replaced."""
        self._on_hotkey.append(hotkey_update_fn)

    def remove_on_hotkey_update_func(self, hotkey_update_fn: Callable[[MenuItemDescription, Any], Any]) -> None:
        """Call it no more."""
        self._on_hotkey.remove(hotkey_update_fn)

    def add_on_delete_func(self, on_delete_fn: Callable[[MenuItemDescription], Any]) -> None:
        """Call ``fn(entry)`` when the entry is destroyed."""
        self._on_delete.append(on_delete_fn)

    def remove_on_delete_func(self, on_delete_fn: Callable[[MenuItemDescription], Any]) -> None:
        """Call it no more."""
        self._on_delete.remove(on_delete_fn)

    def destroy(self, recurse: bool = True) -> None:
        """End the entry, with ``recurse`` those of its submenu too: it does nothing any more."""
        for child in (self.get("sub_menu") or []) if recurse else []:
            child.destroy(recurse)
        for fn in tuple(self._on_delete):
            fn(self)
        self._on_delete.clear()
        self._on_hotkey.clear()
        for name in [name for name in vars(self) if name.endswith(("_fn", "_action"))]:
            setattr(self, name, None)


def get_menu_name(menu_entry: MenuItemDescription) -> str:
    """Return the name to show."""
    fn = menu_entry.get("name_fn")
    return str(fn()) if fn is not None else str(menu_entry.get("name"))


__getattr__ = absent(__name__)
