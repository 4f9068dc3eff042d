"""Windows."""

from __future__ import annotations

from typing import Any

from omni.ui._element import Element
from omni.ui._enums import DockPolicy, DockPosition, DockPreference
from omni.ui._frames import Frame
from omni.ui._menu import MenuBar
from omni.ui._properties import Property, anything, callback, choice, flag, integer, number, string


class WindowHandle(Element):
    """What windows can be asked by those who did not make them.

    Without a screen there is no docking: where a window was docked is kept in its properties for a view.
    """

    _ui_is_root = True

    title = Property("", string)
    visible = Property(True, flag, changed="visibility_changed_fn")
    width = Property(0.0, number, changed="width_changed_fn")
    height = Property(0.0, number, changed="height_changed_fn")
    position_x = Property(0.0, number, changed="position_x_changed_fn")
    position_y = Property(0.0, number, changed="position_y_changed_fn")
    docked = Property(False, flag, changed="docked_changed_fn")
    docked_in: Property[Any] = Property(None, anything)
    dock_order = Property(0, integer)
    dock_tab_bar_visible = Property(True, flag)
    dock_tab_bar_enabled = Property(True, flag)
    focused = Property(False, flag, changed="focused_changed_fn")

    def focus(self) -> None:
        """Bring the window to the front: it has the focus, the others have not. A hidden one stays hidden."""
        for window in self._ui_node.tree.windows:
            window.focused = window is self

    def dock_in(self, window: WindowHandle, dock_position: DockPosition, ratio: float = 0.5) -> None:
        """Note where the window is docked: ``docked_in`` is (title of the other window, position, ratio)."""
        self.docked_in = (window.title, DockPosition(dock_position), float(ratio))
        self.docked = True

    def undock(self) -> None:
        """Note that the window floats."""
        self.docked_in = None
        self.docked = False

    def is_selected_in_dock(self) -> bool:
        """Return whether the window is in front of those it is docked with; without a screen, whether it is visible."""
        return self.visible

    def notify_app_window_change(self, app_window: Any) -> None:
        """Have no effect: there is no window of the operating system."""

    def _ui_is_visible(self) -> bool:
        return self.visible


class Window(WindowHandle):
    """A window: its content is made in ``with window.frame:``.

    It lives until ``destroy()`` or until nobody holds it any more. Callbacks of changes get the new value.
    """

    flags = Property(0, integer)
    identifier = Property("", string)
    dockPreference = Property(DockPreference.DISABLED, choice(DockPreference))
    padding_x = Property(4.0, number)
    padding_y = Property(4.0, number)
    auto_resize = Property(False, flag)
    noTabBar = Property(False, flag)
    detachable = Property(True, flag)
    exclusive_keyboard = Property(False, flag)
    tabbar_tooltip = Property("", string)
    style: Property[Any] = Property({}, anything)

    set_visibility_changed_fn, has_visibility_changed_fn, call_visibility_changed_fn = callback("visibility_changed_fn")
    set_width_changed_fn, has_width_changed_fn, call_width_changed_fn = callback("width_changed_fn")
    set_height_changed_fn, has_height_changed_fn, call_height_changed_fn = callback("height_changed_fn")
    set_position_x_changed_fn, has_position_x_changed_fn, call_position_x_changed_fn = callback("position_x_changed_fn")
    set_position_y_changed_fn, has_position_y_changed_fn, call_position_y_changed_fn = callback("position_y_changed_fn")
    set_docked_changed_fn, has_docked_changed_fn, call_docked_changed_fn = callback("docked_changed_fn")
    set_focused_changed_fn, has_focused_changed_fn, call_focused_changed_fn = callback("focused_changed_fn")
    set_key_pressed_fn, has_key_pressed_fn, call_key_pressed_fn = callback("key_pressed_fn")

    def __init__(self, title: str, dockPreference: DockPreference = DockPreference.DISABLED, **kwargs: Any) -> None:
        super().__init__({"title": title, "dockPreference": dockPreference, **kwargs})
        node = self._ui_node
        self._ui_menu_bar: MenuBar | None = None
        with node.tree.apart():
            self._ui_frame = Frame()
        # A view is told of the window when it is whole.
        node.quiet = True
        node.add(self._ui_frame)
        node.quiet = False
        node.tree.open(self)

    @property
    def frame(self) -> Frame:
        """The window's content."""
        return self._ui_frame

    @property
    def menu_bar(self) -> MenuBar:
        """The window's menu bar, made when first asked for, a child beside the frame."""
        if self._ui_menu_bar is None:
            with self._ui_node.tree.apart():
                self._ui_menu_bar = MenuBar()
            self._ui_node.add(self._ui_menu_bar)
        return self._ui_menu_bar

    def destroy(self) -> None:
        """End the window and what is in it."""
        self._ui_node.tree.closed(self)
        self._ui_end()

    def __del__(self) -> None:
        # A subclass may have failed before it came to this class's __init__.
        if "_ui_node" in vars(self):
            Window.destroy(self)

    def set_style(self, style: dict[str, Any] | None) -> None:
        """Replace the style."""
        self.style = style or {}

    def setPosition(self, x: float, y: float) -> None:
        """Move the window, in pixels."""
        self.position_x, self.position_y = x, y

    def deferred_dock_in(self, target_window_title: str, active_window: DockPolicy = DockPolicy.DO_NOTHING) -> None:
        """Note that the window is docked in another one, which need not be there yet."""
        self.docked_in = (target_window_title, DockPosition.SAME, 1.0)
        self.docked = True

    def dock_in_window(self, title: str, dock_position: DockPosition, ratio: float = 0.5) -> bool:
        """Dock the window at the one with that title; return whether there is one."""
        target = next((each for each in self._ui_node.tree.windows if each.title == title), None)
        if target is not None:
            self.dock_in(target, dock_position, ratio)
        return target is not None

    def set_top_modal(self) -> None:
        """Have no effect: nothing is drawn here."""
