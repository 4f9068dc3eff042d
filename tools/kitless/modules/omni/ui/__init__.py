"""Windows and widgets: a tree that is kept, not drawn.

A script makes, changes and asks widgets as in Kit; a view, such as the browser's, draws the tree and listens to its
changes: see `omni.ui._tree`. Nothing is laid out, so what depends on pixels (computed sizes, screen positions, docking)
has nominal values, and styles are kept as they are given.
"""

from kitless.absent import absent
from omni.ui._buttons import Button, InvisibleButton, RadioButton, RadioCollection, ToolButton
from omni.ui._color import color
from omni.ui._combo_box import (
    AbstractMultiField,
    ColorWidget,
    ComboBox,
    MultiFloatDragField,
    MultiFloatField,
    MultiIntDragField,
    MultiIntField,
    MultiStringField,
)
from omni.ui._containers import Container, Grid, HGrid, HStack, Placer, Stack, VGrid, VStack, ZStack
from omni.ui._enums import (
    WINDOW_FLAGS_FORCE_HORIZONTAL_SCROLLBAR,
    WINDOW_FLAGS_FORCE_VERTICAL_SCROLLBAR,
    WINDOW_FLAGS_MENU_BAR,
    WINDOW_FLAGS_MODAL,
    WINDOW_FLAGS_NO_BACKGROUND,
    WINDOW_FLAGS_NO_CLOSE,
    WINDOW_FLAGS_NO_COLLAPSE,
    WINDOW_FLAGS_NO_DOCKING,
    WINDOW_FLAGS_NO_FOCUS_ON_APPEARING,
    WINDOW_FLAGS_NO_MOUSE_INPUTS,
    WINDOW_FLAGS_NO_MOVE,
    WINDOW_FLAGS_NO_RESIZE,
    WINDOW_FLAGS_NO_SAVED_SETTINGS,
    WINDOW_FLAGS_NO_SCROLL_WITH_MOUSE,
    WINDOW_FLAGS_NO_SCROLLBAR,
    WINDOW_FLAGS_NO_TITLE_BAR,
    WINDOW_FLAGS_NONE,
    WINDOW_FLAGS_POPUP,
    WINDOW_FLAGS_SHOW_HORIZONTAL_SCROLLBAR,
    Alignment,
    Axis,
    CircleSizePolicy,
    CornerFlag,
    Direction,
    DockPolicy,
    DockPosition,
    DockPreference,
    FillPolicy,
    IwpFillPolicy,
    ScrollBarPolicy,
    SliderDrawMode,
    Type,
    UnitType,
)
from omni.ui._fields import (
    AbstractField,
    AbstractSlider,
    CheckBox,
    FloatDrag,
    FloatField,
    FloatSlider,
    IntDrag,
    IntField,
    IntSlider,
    ProgressBar,
    StringField,
    UIntDrag,
    UIntSlider,
)
from omni.ui._frames import CanvasFrame, CollapsableFrame, Frame, Inspector, ScrollingFrame
from omni.ui._images import ByteImageProvider, Image, ImageProvider, ImageWithProvider
from omni.ui._item_models import AbstractItem, AbstractItemModel
from omni.ui._length import Fraction, Length, Percent, Pixel
from omni.ui._menu import Menu, MenuBar, MenuDelegate, MenuHelper, MenuItem, MenuItemCollection, Separator
from omni.ui._model_helpers import ItemModelHelper, ValueModelHelper
from omni.ui._models import AbstractValueModel
from omni.ui._plain import Circle, Ellipse, Label, Line, Rectangle, Shape, Spacer, Triangle
from omni.ui._plot import Plot
from omni.ui._simple_models import SimpleBoolModel, SimpleFloatModel, SimpleIntModel, SimpleStringModel
from omni.ui._tree_view import AbstractItemDelegate, TreeView
from omni.ui._widget import Widget
from omni.ui._window import Window, WindowHandle
from omni.ui._workspace import Workspace, dock_window_in_window, get_main_window_height, get_main_window_width

__all__ = [
    "AbstractField",
    "AbstractItem",
    "AbstractItemDelegate",
    "AbstractItemModel",
    "AbstractMultiField",
    "AbstractSlider",
    "AbstractValueModel",
    "Alignment",
    "Axis",
    "Button",
    "ByteImageProvider",
    "CanvasFrame",
    "CheckBox",
    "Circle",
    "CircleSizePolicy",
    "CollapsableFrame",
    "ColorWidget",
    "ComboBox",
    "Container",
    "CornerFlag",
    "Direction",
    "DockPolicy",
    "DockPosition",
    "DockPreference",
    "Ellipse",
    "FillPolicy",
    "FloatDrag",
    "FloatField",
    "FloatSlider",
    "Fraction",
    "Frame",
    "Grid",
    "HGrid",
    "HStack",
    "Image",
    "ImageProvider",
    "ImageWithProvider",
    "Inspector",
    "IntDrag",
    "IntField",
    "IntSlider",
    "InvisibleButton",
    "ItemModelHelper",
    "IwpFillPolicy",
    "Label",
    "Length",
    "Line",
    "Menu",
    "MenuBar",
    "MenuDelegate",
    "MenuHelper",
    "MenuItem",
    "MenuItemCollection",
    "MultiFloatDragField",
    "MultiFloatField",
    "MultiIntDragField",
    "MultiIntField",
    "MultiStringField",
    "Percent",
    "Pixel",
    "Placer",
    "Plot",
    "ProgressBar",
    "RadioButton",
    "RadioCollection",
    "Rectangle",
    "ScrollBarPolicy",
    "ScrollingFrame",
    "Separator",
    "Shape",
    "SimpleBoolModel",
    "SimpleFloatModel",
    "SimpleIntModel",
    "SimpleStringModel",
    "SliderDrawMode",
    "Spacer",
    "Stack",
    "StringField",
    "ToolButton",
    "TreeView",
    "Triangle",
    "Type",
    "UIntDrag",
    "UIntSlider",
    "UnitType",
    "VGrid",
    "VStack",
    "ValueModelHelper",
    "WINDOW_FLAGS_FORCE_HORIZONTAL_SCROLLBAR",
    "WINDOW_FLAGS_FORCE_VERTICAL_SCROLLBAR",
    "WINDOW_FLAGS_MENU_BAR",
    "WINDOW_FLAGS_MODAL",
    "WINDOW_FLAGS_NONE",
    "WINDOW_FLAGS_NO_BACKGROUND",
    "WINDOW_FLAGS_NO_CLOSE",
    "WINDOW_FLAGS_NO_COLLAPSE",
    "WINDOW_FLAGS_NO_DOCKING",
    "WINDOW_FLAGS_NO_FOCUS_ON_APPEARING",
    "WINDOW_FLAGS_NO_MOUSE_INPUTS",
    "WINDOW_FLAGS_NO_MOVE",
    "WINDOW_FLAGS_NO_RESIZE",
    "WINDOW_FLAGS_NO_SAVED_SETTINGS",
    "WINDOW_FLAGS_NO_SCROLLBAR",
    "WINDOW_FLAGS_NO_SCROLL_WITH_MOUSE",
    "WINDOW_FLAGS_NO_TITLE_BAR",
    "WINDOW_FLAGS_POPUP",
    "WINDOW_FLAGS_SHOW_HORIZONTAL_SCROLLBAR",
    "Widget",
    "Window",
    "WindowHandle",
    "Workspace",
    "ZStack",
    "color",
    "dock_window_in_window",
    "get_main_window_height",
    "get_main_window_width",
    "get_custom_glyph_code",
]


def get_custom_glyph_code(file_path: str, font_style: object = None) -> str:
    """Return an empty text: no font of icons is here."""
    return ""


__getattr__ = absent(__name__)
