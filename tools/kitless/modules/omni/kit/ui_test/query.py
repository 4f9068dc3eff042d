"""Finding widgets, windows and menus by path, and doing to them what a user does."""

from __future__ import annotations

from typing import Any

import carb
import omni.ui as ui
from carb.input import KeyboardInput
from kitless.absent import Partial, absent
from kitless.services import service
from omni.kit.ui_test import _path
from omni.kit.ui_test.common import human_delay
from omni.kit.ui_test.input import emulate_char_press, emulate_keyboard_press
from omni.kit.ui_test.vec2 import Vec2
from omni.ui import _input
from omni.ui._element import Element
from omni.ui._tree import UiTree

__all__ = [
    "MenuRef",
    "WidgetRef",
    "WindowRef",
    "find",
    "find_all",
    "find_first",
    "get_menubar",
    "menu_click",
]


class WidgetRef(Partial):
    """A widget that was found. What is done to it has no effect when it is hidden or disabled.

    Its position is 0, its size what was given in pixels.
    """

    def __init__(self, widget: Any, path: str, window: Any = None) -> None:
        self._widget = widget
        self._path = path
        self._window = window

    @property
    def widget(self) -> Any:
        """The widget."""
        return self._widget

    @property
    def model(self) -> Any:
        """The widget's model, None if it has none."""
        return getattr(self._widget, "model", None)

    @property
    def window(self) -> Any:
        """The window that the widget is in."""
        return self._window

    @property
    def path(self) -> str:
        """The path by which it was found."""
        return self._path

    @property
    def realpath(self) -> str:
        """The path that leads to it alone."""
        return _path.real_path(self._widget)

    @property
    def position(self) -> Vec2:
        """The upper left corner."""
        return Vec2(self._widget.screen_position_x, self._widget.screen_position_y)

    @property
    def size(self) -> Vec2:
        """Width and height."""
        return Vec2(self._widget.computed_width, self._widget.computed_height)

    @property
    def center(self) -> Vec2:
        """The middle."""
        return self.position + self.size / 2

    def offset(self, *kwargs: Any) -> Vec2:
        """Return a place by its distance from the upper left corner."""
        return self.position + Vec2(*kwargs)

    async def click(
        self, pos: Vec2 | None = None, right_click: bool = False, double: bool = False, human_delay_speed: int = 2
    ) -> None:
        """Click on the middle of the widget, or on ``pos``."""
        await human_delay(human_delay_speed)
        place = self.center if pos is None else pos
        button = _input.RIGHT if right_click else _input.LEFT
        _input.click(self._widget, button, double=double, x=place.x, y=place.y)
        await human_delay(human_delay_speed)

    async def double_click(self, pos: Vec2 | None = None, human_delay_speed: int = 2) -> None:
        """Click twice."""
        await self.click(pos, double=True, human_delay_speed=human_delay_speed)

    async def right_click(self, pos: Vec2 | None = None, human_delay_speed: int = 2) -> None:
        """Click with the right button."""
        await self.click(pos, right_click=True, human_delay_speed=human_delay_speed)

    async def input(
        self,
        text: str,
        end_key: KeyboardInput = KeyboardInput.ENTER,
        human_delay_speed: int = 2,
        clear_before_input: bool = False,
    ) -> None:
        """Click on the field, type and press ``end_key``: one edit.

        A text field keeps what is in it before what is typed, unless ``clear_before_input``; a number is replaced.
        """
        await self.click(human_delay_speed=human_delay_speed)
        if service(UiTree).focused is not self._widget:
            return
        if clear_before_input:
            self.model.set_value("")
        await emulate_char_press(text, human_delay_speed=human_delay_speed)
        await emulate_keyboard_press(end_key, human_delay_speed=human_delay_speed)
        if service(UiTree).focused is self._widget:
            service(UiTree).focus(None)

    async def focus(self) -> None:
        """Bring the window of the widget to the front."""
        await self.bring_to_front()

    async def bring_to_front(self) -> None:
        """Bring the window of the widget to the front."""
        if self._window is not None:
            self._window.focus()
        await human_delay()

    async def undock(self) -> None:
        """Let the window of the widget float."""
        if self._window is not None:
            self._window.undock()
        await human_delay()

    async def drag_and_drop(self, drop_target: Vec2, human_delay_speed: int = 4) -> None:
        """Raise NotImplementedError."""
        raise NotImplementedError("omni.kit.ui_test.WidgetRef.drag_and_drop is not in kitless: there are no pixels")

    def find(self, path: str) -> WidgetRef | None:
        """Find one widget in this one, by a path without a window."""
        return _one(self.find_all(path), path)

    def find_first(self, path: str) -> WidgetRef | None:
        """Find the first one of the widgets in this one."""
        return next(iter(self.find_all(path)), None)

    def find_all(self, path: str) -> list[WidgetRef]:
        """Find widgets in this one, by a path without a window."""
        found = _path.descend([self._widget], _path.split(path))
        return [WidgetRef(widget, f"{self._path}/{path}", self._window) for widget in found]


class WindowRef(WidgetRef):
    """A window that was found."""

    def __init__(self, widget: Any, path: str) -> None:
        super().__init__(widget, path, widget)

    @property
    def position(self) -> Vec2:
        """The upper left corner."""
        return Vec2(self._widget.position_x, self._widget.position_y)

    @property
    def size(self) -> Vec2:
        """Width and height."""
        return Vec2(self._widget.width, self._widget.height)


class MenuRef(WidgetRef):
    """A menu or an entry that was found."""

    def __init__(self, widget: Any, path: str) -> None:
        super().__init__(widget, path)

    @staticmethod
    async def menu_click(path: str, separator: str = "/", human_delay_speed: int = 4, show: bool = True) -> None:
        """Click on an entry of the app's menu bar, see the function ``menu_click``."""
        await menu_click(path, separator, human_delay_speed, show)

    def find_menu(self, path: str, ignore_case: bool = False, contains_path: bool = False) -> MenuRef | None:
        """Find an entry by the texts on the way to it, "Tools/Replicator"; None if there is none.

        ``contains_path``: it is enough that the text of an entry contains that of the path.
        """
        widget: Any = self._widget
        for text in path.split("/"):
            widget = next(
                (each for each in _entries(widget) if _fits(each.text, text, ignore_case, contains_path)), None
            )
            if widget is None:
                return None
        return MenuRef(widget, path)

    @property
    def center(self) -> Vec2:
        """The middle."""
        return super().center


def find_all(path: str) -> list[WidgetRef]:
    """Find widgets by path, all windows of the title are looked into; without ``//`` find windows. See `_path`."""
    title, slashes, steps = path.partition("//")
    windows = [window for window in service(UiTree).windows if window.title == title]
    if not slashes:
        return [WindowRef(window, path) for window in windows]
    found: list[WidgetRef] = []
    for window in windows:
        found.extend(WidgetRef(each, path, window) for each in _path.descend([window], _path.split(steps)))
    return found


def find(path: str) -> WidgetRef | None:
    """Find one widget or window by path; None if there is none, the first one with a warning if there are several."""
    return _one(find_all(path), path)


def find_first(path: str) -> WidgetRef | None:
    """Find the first one of the widgets or windows of a path; None if there is none."""
    return next(iter(find_all(path)), None)


def _one(found: list[WidgetRef], path: str) -> WidgetRef | None:
    if len(found) > 1:
        carb.log_warn(f"{len(found)} widgets at {path!r}: the first one is taken")
    return found[0] if found else None


def get_menubar() -> MenuRef:
    """Return the app's menu bar, an empty one as long as there are no menus."""
    bar = service(UiTree).main_menu_bar
    if bar is None:
        with service(UiTree).apart():
            bar = ui.MenuBar()
    return MenuRef(bar, "")


async def menu_click(path: str, separator: str = "/", human_delay_speed: int = 2, show: bool = True) -> None:
    """Click on an entry of the app's menu bar, "Tools/Replicator/Record".

    An entry that is hidden or disabled, or in such a menu, is not clicked. Raises ValueError when there is no entry.
    """
    await human_delay(human_delay_speed)
    entry = get_menubar().find_menu(path.replace(separator, "/"))
    if entry is None:
        known = [each.text for each in _entries(get_menubar().widget)]
        raise ValueError(f"no menu entry {path!r}; the menus are {', '.join(known) or 'none'}")
    await entry.click(human_delay_speed=human_delay_speed)


def _entries(menu: Element) -> list[Any]:
    return [
        each
        for each in menu._ui_node.children
        if isinstance(each, ui.MenuHelper) and not isinstance(each, ui.Separator)
    ]


def _fits(text: str, wanted: str, ignore_case: bool, contains: bool) -> bool:
    if ignore_case:
        text, wanted = text.lower(), wanted.lower()
    return wanted in text if contains else text == wanted


__getattr__ = absent(__name__)
