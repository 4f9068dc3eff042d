"""A menu entry for a window that somebody else makes."""

from __future__ import annotations

import omni.ui as ui
from kitless.absent import absent
from kitless.services import service
from omni.kit.menu.utils._menus import AppMenus
from omni.kit.menu.utils._submenus import build_submenu_dict
from omni.kit.menu.utils.builder_utils import MenuItemDescription

__all__ = ["MenuHelperExtension"]


class WindowEntry:
    """The menu entry of a window: ticked while that is visible, a click shows or hides it. Not in Kit."""

    def __init__(self, window: str, name: str, group: str, appear_after: str = "", header: str | None = None) -> None:
        self.window = window
        item = MenuItemDescription(
            name=f"{group}/{name}",
            appear_after=appear_after,
            header=header,
            ticked_fn=self.is_visible,
            onclick_fn=lambda: ui.Workspace.show_window(window, not self.is_visible()),
        )
        self._menus = build_submenu_dict([item])
        for menu, items in self._menus.items():
            service(AppMenus).add(items, menu, 0, True)

    def is_visible(self) -> bool:
        """Return whether the window is there and visible."""
        window = ui.Workspace.get_window(self.window)
        return window is not None and window.visible

    def refresh(self) -> None:
        """Let the tick follow the window."""
        for menu in self._menus:
            service(AppMenus).ask_refresh(menu)

    def remove(self) -> None:
        """Take the entry off."""
        for menu, items in self._menus.items():
            service(AppMenus).remove(items, menu, True)


class MenuHelperExtension:
    """Base of an extension with a window: ``menu_startup`` at its start, ``menu_shutdown`` at its end.

    The extension itself says how the window is shown, by ``ui.Workspace.set_show_window_fn``.
    """

    def menu_startup(
        self,
        window_name: str,
        menu_desc: str,
        menu_group: str,
        appear_after: str = "",
        header: str | None = None,
        verbose: bool = False,
    ) -> None:
        """Add the entry ``menu_desc`` to the menu ``menu_group``, a path such as "Tools/Replicator"."""
        entry = WindowEntry(window_name, menu_desc, menu_group, appear_after, header)
        # Not in __init__: extensions are made without calling those of all their bases.
        self._menu_helper_entries = [*getattr(self, "_menu_helper_entries", []), entry]

    def menu_refresh(self) -> None:
        """Let the tick follow the window."""
        for entry in self._menu_helper_entries:
            entry.refresh()

    def menu_shutdown(self) -> None:
        """Take the entries off."""
        for entry in getattr(self, "_menu_helper_entries", []):
            entry.remove()
        self._menu_helper_entries = []


__getattr__ = absent(__name__)
