"""Enums and window flags of omni.ui. Nothing is drawn here, so they are kept for a view and have no other effect."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class Alignment(IntEnum):
    """Where content stands in its box; each value is the sum of its sides."""

    UNDEFINED = 0
    LEFT = 2
    RIGHT = 4
    H_CENTER = 6
    TOP = 8
    LEFT_TOP = 10
    RIGHT_TOP = 12
    CENTER_TOP = 14
    BOTTOM = 16
    LEFT_BOTTOM = 18
    RIGHT_BOTTOM = 20
    CENTER_BOTTOM = 22
    V_CENTER = 24
    LEFT_CENTER = 26
    RIGHT_CENTER = 28
    CENTER = 30


class Axis(IntEnum):
    """Along which axes something may be dragged; Kit's ``Axis.None`` is a keyword of Python and left out."""

    X = 1
    Y = 2
    XY = 3


class CircleSizePolicy(IntEnum):
    """Whether a circle fills its box."""

    STRETCH = 0
    FIXED = 1


class CornerFlag(IntFlag):
    """Corners of a rectangle."""

    NONE = 0
    TOP_LEFT = 1
    TOP_RIGHT = 2
    TOP = 3
    BOTTOM_LEFT = 4
    LEFT = 5
    BOTTOM_RIGHT = 8
    RIGHT = 10
    BOTTOM = 12
    ALL = 15


class Direction(IntEnum):
    """The order of a stack's children."""

    LEFT_TO_RIGHT = 0
    RIGHT_TO_LEFT = 1
    TOP_TO_BOTTOM = 2
    BOTTOM_TO_TOP = 3
    BACK_TO_FRONT = 4
    FRONT_TO_BACK = 5


class DockPolicy(IntEnum):
    """Which window is in front after docking."""

    DO_NOTHING = 0
    CURRENT_WINDOW_IS_ACTIVE = 1
    TARGET_WINDOW_IS_ACTIVE = 2


class DockPosition(IntEnum):
    """Where a window is docked, seen from another one."""

    RIGHT = 0
    LEFT = 1
    TOP = 2
    BOTTOM = 3
    SAME = 4


class DockPreference(IntEnum):
    """Where a window would like to be docked."""

    DISABLED = 0
    MAIN = 1
    RIGHT = 2
    LEFT = 3
    RIGHT_TOP = 4
    RIGHT_BOTTOM = 5
    LEFT_BOTTOM = 6


class FillPolicy(IntEnum):
    """How an image fills its box."""

    STRETCH = 0
    PRESERVE_ASPECT_FIT = 1
    PRESERVE_ASPECT_CROP = 2


class IwpFillPolicy(IntEnum):
    """How the image of a provider fills its box."""

    IWP_STRETCH = 0
    IWP_PRESERVE_ASPECT_FIT = 1
    IWP_PRESERVE_ASPECT_CROP = 2


class ScrollBarPolicy(IntEnum):
    """When a scroll bar is seen."""

    SCROLLBAR_AS_NEEDED = 0
    SCROLLBAR_ALWAYS_OFF = 1
    SCROLLBAR_ALWAYS_ON = 2


class SliderDrawMode(IntEnum):
    """What a slider looks like."""

    FILLED = 0
    HANDLE = 1
    DRAG = 2


class Type(IntEnum):
    """What a plot looks like."""

    LINE = 0
    HISTOGRAM = 1
    LINE2D = 2


class UnitType(IntEnum):
    """The unit of a length."""

    PIXEL = 0
    PERCENT = 1
    FRACTION = 2


WINDOW_FLAGS_NONE = 0
WINDOW_FLAGS_NO_TITLE_BAR = 1 << 0
WINDOW_FLAGS_NO_RESIZE = 1 << 1
WINDOW_FLAGS_NO_MOVE = 1 << 2
WINDOW_FLAGS_NO_SCROLLBAR = 1 << 3
WINDOW_FLAGS_NO_SCROLL_WITH_MOUSE = 1 << 4
WINDOW_FLAGS_NO_COLLAPSE = 1 << 5
WINDOW_FLAGS_NO_BACKGROUND = 1 << 7
WINDOW_FLAGS_NO_SAVED_SETTINGS = 1 << 8
WINDOW_FLAGS_NO_MOUSE_INPUTS = 1 << 9
WINDOW_FLAGS_MENU_BAR = 1 << 10
WINDOW_FLAGS_SHOW_HORIZONTAL_SCROLLBAR = 1 << 11
WINDOW_FLAGS_NO_FOCUS_ON_APPEARING = 1 << 12
WINDOW_FLAGS_FORCE_VERTICAL_SCROLLBAR = 1 << 14
WINDOW_FLAGS_FORCE_HORIZONTAL_SCROLLBAR = 1 << 15
WINDOW_FLAGS_NO_DOCKING = 1 << 21
WINDOW_FLAGS_POPUP = 1 << 26
WINDOW_FLAGS_MODAL = 1 << 27
WINDOW_FLAGS_NO_CLOSE = 1 << 31
