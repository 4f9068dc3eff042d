"""The workspace: windows by their titles, and who shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from carb._edge import LoggedErrors
from kitless.services import service
from omni.ui._enums import DockPosition
from omni.ui._tree import UiTree
from omni.ui._window import Window

# No screen: what scripts that place windows can work with.
_MAIN_SIZE = (1280.0, 720.0)


class _ShowFns:
    """Who shows windows, by title."""

    def __init__(self) -> None:
        self.by_title: dict[str, Callable[[bool], Any]] = {}


class Workspace:
    """All windows of the app."""

    @staticmethod
    def get_windows() -> list[Window]:
        """Return all windows in the order of their making, hidden ones too."""
        return list(service(UiTree).windows)

    @staticmethod
    def get_window(title: str) -> Window | None:
        """Return the window with that title, the latest one if there are several, None if there is none."""
        return next((window for window in reversed(service(UiTree).windows) if window.title == title), None)

    @staticmethod
    def show_window(title: str, show: bool = True) -> bool:
        """Show or hide a window, by its set_show_window_fn if it has one; return whether anything could be done.

        The function is asked only when the window is not there or does not have that visibility yet.
        """
        window = Workspace.get_window(title)
        if window is not None and window.visible == show:
            return True
        fn = service(_ShowFns).by_title.get(title)
        if fn is not None:
            with LoggedErrors("omni.ui", f"the show_window_fn of {title!r}"):
                fn(show)
        elif window is not None:
            window.visible = show
        return fn is not None or window is not None

    @staticmethod
    def set_show_window_fn(title: str, fn: Callable[[bool], Any] | None) -> None:
        """Set, or with None unset, what shows and hides (True, False) the window with that title."""
        fns = service(_ShowFns).by_title
        if fn is None:
            fns.pop(title, None)
        else:
            fns[title] = fn

    @staticmethod
    def get_dpi_scale() -> float:
        """Return 1."""
        return 1.0

    @staticmethod
    def get_main_window_width() -> float:
        """Return 1280: there is no screen."""
        return _MAIN_SIZE[0]

    @staticmethod
    def get_main_window_height() -> float:
        """Return 720: there is no screen."""
        return _MAIN_SIZE[1]

    @staticmethod
    def clear() -> None:
        """Destroy all windows."""
        for window in service(UiTree).windows:
            window.destroy()


def get_main_window_width() -> float:
    """Return 1280: there is no screen."""
    return _MAIN_SIZE[0]


def get_main_window_height() -> float:
    """Return 720: there is no screen."""
    return _MAIN_SIZE[1]


def dock_window_in_window(window: str, destination: str, dock_position: DockPosition, ratio: float = 0.5) -> bool:
    """Dock one window at another by their titles; return whether both are there."""
    found = Workspace.get_window(window)
    return found is not None and found.dock_in_window(destination, dock_position, ratio)
