"""A menu entry for a window, and the window's life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import omni.ui as ui
from kitless.absent import absent
from omni.kit.menu.utils.extension_window_helper import WindowEntry

__all__ = ["MenuHelperExtensionFull", "MenuHelperWindow"]


class MenuHelperWindow(ui.Window):
    """A window whose visibility one more can listen to, beside the ``visibility_changed_fn``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._menu_helper_listener: Callable[[bool], Any] | None = None
        super().__init__(*args, **kwargs)

    def set_visibility_changed_listener(self, listener: Callable[[bool], Any] | None) -> None:
        """Call ``listener(visible)`` after each change, None for nobody."""
        self._menu_helper_listener = listener

    def _ui_property_changed(self, name: str, value: Any) -> None:
        if name == "visible" and self._menu_helper_listener is not None:
            self._menu_helper_listener(value)

    def destroy(self) -> None:
        """End the window."""
        self.set_visibility_changed_listener(None)
        super().destroy()


class _WindowLife:
    """One window of an extension: its entry and how it is made."""

    def __init__(self, create: Callable[[], Any], entry: WindowEntry, attribute: str | None) -> None:
        self.create = create
        self.entry = entry
        self.attribute = attribute
        self.window: Any = None


class MenuHelperExtensionFull:
    """Base of an extension with windows: ``menu_startup`` for each at its start, ``menu_shutdown`` at its end."""

    def menu_startup(
        self,
        create_window_fn: Callable[[], Any],
        window_name: str,
        menu_desc: str,
        menu_group: str,
        window_attr_name: str | None = None,
        verbose: bool = False,
    ) -> None:
        """Add the entry ``menu_desc`` to the menu ``menu_group``, a path such as "Tools/Replicator".

        The window is made by ``create_window_fn()`` when it is first shown, by the menu or by
        ``Workspace.show_window``; it is kept, and with ``window_attr_name`` it is that attribute of the extension too.
        """
        life = _WindowLife(create_window_fn, WindowEntry(window_name, menu_desc, menu_group), window_attr_name)
        # Not in __init__: extensions are made without calling those of all their bases.
        lives = [*getattr(self, "_menu_helper_lives", []), life]
        self._menu_helper_lives: list[_WindowLife | None] = lives
        index = len(lives) - 1
        if window_attr_name:
            setattr(self, window_attr_name, None)
        ui.Workspace.set_show_window_fn(window_name, lambda show: self.show_window(None, show, index))

    def show_window(self, menu: Any, value: bool, index: int) -> None:
        """Show or hide the window of that number; make it if it is not there."""
        life = self._menu_helper_lives[index]
        if life is None:
            return
        if value and (life.window is None or life.window._ui_node.ended):
            self._keep(life, life.create() or ui.Workspace.get_window(life.entry.window))
        if life.window is not None:
            life.window.visible = value
        life.entry.refresh()

    def _keep(self, life: _WindowLife, window: Any) -> None:
        life.window = window
        if life.attribute:
            setattr(self, life.attribute, window)
        if isinstance(window, MenuHelperWindow):
            window.set_visibility_changed_listener(lambda _: life.entry.refresh())

    def menu_shutdown(self, index: int = -1) -> None:
        """Take off the entry of that number, -1 for all, and destroy the window."""
        lives = getattr(self, "_menu_helper_lives", [])
        for number, life in enumerate(lives):
            if life is not None and index in (-1, number):
                ui.Workspace.set_show_window_fn(life.entry.window, None)
                life.entry.remove()
                if life.window is not None:
                    life.window.destroy()
                self._keep(life, None)
                lives[number] = None


__getattr__ = absent(__name__)
