"""Names of keys and events of the keyboard and the mouse, values as in Kit. No device is read here."""

from __future__ import annotations

from enum import IntEnum

from kitless.absent import absent

__all__ = [
    "KeyboardEventType",
    "KeyboardInput",
    "MouseEventType",
    "KEYBOARD_MODIFIER_FLAG_ALT",
    "KEYBOARD_MODIFIER_FLAG_CONTROL",
    "KEYBOARD_MODIFIER_FLAG_SHIFT",
    "KEYBOARD_MODIFIER_FLAG_SUPER",
]

KEYBOARD_MODIFIER_FLAG_SHIFT = 1 << 0
KEYBOARD_MODIFIER_FLAG_CONTROL = 1 << 1
KEYBOARD_MODIFIER_FLAG_ALT = 1 << 2
KEYBOARD_MODIFIER_FLAG_SUPER = 1 << 3


class KeyboardEventType(IntEnum):
    """What happened to a key."""

    KEY_PRESS = 0
    KEY_REPEAT = 1
    KEY_RELEASE = 2
    CHAR = 3


class MouseEventType(IntEnum):
    """What happened to the mouse."""

    LEFT_BUTTON_DOWN = 0
    LEFT_BUTTON_UP = 1
    MIDDLE_BUTTON_DOWN = 2
    MIDDLE_BUTTON_UP = 3
    RIGHT_BUTTON_DOWN = 4
    RIGHT_BUTTON_UP = 5
    MOVE = 6
    SCROLL = 7


class KeyboardInput(IntEnum):
    """A key."""

    UNKNOWN = 0
    SPACE = 1
    APOSTROPHE = 2
    COMMA = 3
    MINUS = 4
    PERIOD = 5
    SLASH = 6
    KEY_0 = 7
    KEY_1 = 8
    KEY_2 = 9
    KEY_3 = 10
    KEY_4 = 11
    KEY_5 = 12
    KEY_6 = 13
    KEY_7 = 14
    KEY_8 = 15
    KEY_9 = 16
    SEMICOLON = 17
    EQUAL = 18
    A = 19
    B = 20
    C = 21
    D = 22
    E = 23
    F = 24
    G = 25
    H = 26
    I = 27  # noqa: E741
    J = 28
    K = 29
    L = 30
    M = 31
    N = 32
    O = 33  # noqa: E741
    P = 34
    Q = 35
    R = 36
    S = 37
    T = 38
    U = 39
    V = 40
    W = 41
    X = 42
    Y = 43
    Z = 44
    LEFT_BRACKET = 45
    BACKSLASH = 46
    RIGHT_BRACKET = 47
    GRAVE_ACCENT = 48
    ESCAPE = 49
    TAB = 50
    ENTER = 51
    BACKSPACE = 52
    INSERT = 53
    DEL = 54
    RIGHT = 55
    LEFT = 56
    DOWN = 57
    UP = 58
    PAGE_UP = 59
    PAGE_DOWN = 60
    HOME = 61
    END = 62
    CAPS_LOCK = 63
    SCROLL_LOCK = 64
    NUM_LOCK = 65
    PRINT_SCREEN = 66
    PAUSE = 67
    F1 = 68
    F2 = 69
    F3 = 70
    F4 = 71
    F5 = 72
    F6 = 73
    F7 = 74
    F8 = 75
    F9 = 76
    F10 = 77
    F11 = 78
    F12 = 79
    NUMPAD_0 = 80
    NUMPAD_1 = 81
    NUMPAD_2 = 82
    NUMPAD_3 = 83
    NUMPAD_4 = 84
    NUMPAD_5 = 85
    NUMPAD_6 = 86
    NUMPAD_7 = 87
    NUMPAD_8 = 88
    NUMPAD_9 = 89
    NUMPAD_DEL = 90
    NUMPAD_DIVIDE = 91
    NUMPAD_MULTIPLY = 92
    NUMPAD_SUBTRACT = 93
    NUMPAD_ADD = 94
    NUMPAD_ENTER = 95
    NUMPAD_EQUAL = 96
    LEFT_SHIFT = 97
    LEFT_CONTROL = 98
    LEFT_ALT = 99
    LEFT_SUPER = 100
    RIGHT_SHIFT = 101
    RIGHT_CONTROL = 102
    RIGHT_ALT = 103
    RIGHT_SUPER = 104
    MENU = 105
    COUNT = 106


__getattr__ = absent(__name__)
