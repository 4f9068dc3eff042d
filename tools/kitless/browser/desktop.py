"""The windows, menus and the context menu of omni.ui on the board: only what has changed is drawn again."""

from __future__ import annotations

from typing import Any

from kitless.browser.marks import Board, Sketch
from kitless.browser.widgets import Studio, draw_widget
from kitless.browser.widgets.drawing import key_of, keys_in
from kitless.services import service
from omni.ui._element import Element
from omni.ui._menu import Menu
from omni.ui._tree import Change, UiTree

MENU_BAR, WINDOWS, POPUP, KEYBOARD = "menu-bar", "windows", "popup", "keyboard"


class Desktop:
    """Listens to the tree of widgets; `draw` brings the board up to date."""

    def __init__(self, board: Board, studio: Studio) -> None:
        self._board = board
        self._studio = studio
        self._tree = service(UiTree)
        self._dirty: dict[int, bool] = {}
        """Ids of elements to draw again; True: with all that is in them."""
        self._frame_dirty = True
        self._keyboard = 0
        self._cancel = self._tree.subscribe(self._on_change)
        board.put(KEYBOARD, Sketch("span", {"hidden": True}))

    def close(self) -> None:
        """Stop listening."""
        self._cancel()

    def draw(self) -> None:
        """Draw what has changed since the last call."""
        if self._frame_dirty:
            self._frame_dirty = False
            self._draw_frame()
        dirty, self._dirty = self._dirty, {}
        for number, deep in dirty.items():
            element = self._tree.find(number)
            if element is not None and key_of(element._ui_node) in self._board:
                self._draw(element, deep=deep)

    def show_keyboard(self, element: Element) -> None:
        """Let the tabs put the caret into a field."""
        self._keyboard += 1
        self._board.put(
            KEYBOARD, Sketch("span", {"hidden": True, "key": key_of(element._ui_node), "n": self._keyboard})
        )

    def _on_change(self, element: Element, what: Change) -> None:
        node = element._ui_node
        if what == "focus":
            return
        if what in ("opened", "closed") or node.parent is None:
            self._frame_dirty = True
        if what in ("opened", "closed"):
            return
        # A container's style and whether it is enabled count for all that is in it.
        self._dirty[node.id] = self._dirty.get(node.id, False) or what == "properties"
        if what == "properties" and node.parent is not None:
            self._dirty.setdefault(node.parent._ui_node.id, False)

    def _draw_frame(self) -> None:
        windows = [each for each in self._tree.windows if each._ui_is_visible()]
        keys = [key_of(each._ui_node) for each in windows]
        empty = [] if keys else [Sketch("p", {"class": "empty"}, text="No window is open.")]
        self._put(WINDOWS, Sketch("aside", {"class": "windows", "aria-label": "Windows"}, [*keys, *empty]))
        bar = self._tree.main_menu_bar
        self._put(MENU_BAR, Sketch("nav", {"class": "main-menu"}, [] if bar is None else [key_of(bar._ui_node)]))
        self._put(POPUP, self._popup())

    def _popup(self) -> Sketch:
        menu = self._tree.context_menu
        if menu is None:
            return Sketch("div", {"hidden": True})
        return Sketch(
            "ks-popup",
            {"menu": key_of(menu._ui_node), "aria-label": menu.text or "Menu"},
            keys_in(menu._ui_node),
            on={"close": self._hide_popup},
        )

    def _hide_popup(self, _: Any) -> None:
        menu: Menu | None = self._tree.context_menu
        if menu is not None:
            menu.hide()

    def _draw(self, element: Element, *, deep: bool) -> None:
        node = element._ui_node
        self._put(key_of(node), draw_widget(node, self._studio))
        if deep:
            for child in node.children:
                if key_of(child._ui_node) in self._board:
                    self._draw(child, deep=True)

    def _put(self, key: str, sketch: Sketch) -> None:
        for missing in self._board.put(key, sketch):
            element = self._tree.find(int(missing[1:]))
            if element is not None:
                self._put(missing, draw_widget(element._ui_node, self._studio))
