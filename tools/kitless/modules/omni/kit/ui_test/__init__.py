"""Tests of windows: find widgets by path, click and type.

Every action waits for updates of the app as in Kit, so tests are coroutines.
"""

from kitless.absent import absent
from omni.kit.ui_test.common import human_delay, wait_n_updates
from omni.kit.ui_test.input import (
    KeyDownScope,
    emulate_char_press,
    emulate_key_combo,
    emulate_keyboard_press,
    emulate_mouse_click,
    emulate_mouse_drag_and_drop,
    emulate_mouse_move,
    emulate_mouse_move_and_click,
    emulate_mouse_scroll,
)
from omni.kit.ui_test.menu import get_context_menu, select_context_menu
from omni.kit.ui_test.query import WidgetRef, WindowRef, find, find_all, find_first, get_menubar, menu_click
from omni.kit.ui_test.vec2 import Vec2

__all__ = [
    "KeyDownScope",
    "Vec2",
    "WidgetRef",
    "WindowRef",
    "emulate_char_press",
    "emulate_key_combo",
    "emulate_keyboard_press",
    "emulate_mouse_click",
    "emulate_mouse_drag_and_drop",
    "emulate_mouse_move",
    "emulate_mouse_move_and_click",
    "emulate_mouse_scroll",
    "find",
    "find_all",
    "find_first",
    "get_context_menu",
    "get_menubar",
    "human_delay",
    "menu_click",
    "select_context_menu",
    "wait_n_updates",
]

__getattr__ = absent(__name__)
