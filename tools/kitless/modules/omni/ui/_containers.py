"""Containers: widgets with children, which the ``with`` statement puts into them."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from omni.ui._enums import Axis, Direction
from omni.ui._length import Length, Pixel
from omni.ui._properties import Property, callback, choice, flag, integer, length, number
from omni.ui._widget import Widget


class Container(Widget):
    """A widget with children: what is made in its ``with`` block, in the order of making."""

    def __enter__(self) -> Self:
        self._ui_node.tree.builders.append(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._ui_node.tree.builders.pop()

    def add_child(self, widget: Widget) -> None:
        """Append a widget, which leaves the container it was in."""
        self._ui_node.add(widget)

    def clear(self) -> None:
        """Destroy all children."""
        self._ui_node.clear()


class Stack(Container):
    """Children in a row, a column or a pile."""

    direction = Property(Direction.LEFT_TO_RIGHT, choice(Direction))
    spacing = Property(0.0, number)
    content_clipping = Property(False, flag)
    send_mouse_events_to_back = Property(True, flag)

    def __init__(self, direction: Direction = Direction.LEFT_TO_RIGHT, **kwargs: Any) -> None:
        super().__init__(direction=direction, **kwargs)


class HStack(Stack):
    """Children in a row from left to right."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"direction": Direction.LEFT_TO_RIGHT, **kwargs})


class VStack(Stack):
    """Children in a column from top to bottom."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"direction": Direction.TOP_TO_BOTTOM, **kwargs})


class ZStack(Stack):
    """Children on top of each other, the last one in front."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"direction": Direction.BACK_TO_FRONT, **kwargs})


class Grid(Stack):
    """Children in cells of equal size, row by row or column by column."""

    column_width = Property(0.0, number)
    row_height = Property(0.0, number)
    column_count = Property(1, integer)
    row_count = Property(1, integer)


class VGrid(Grid):
    """A grid that grows downwards: its children fill one row after the other."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"direction": Direction.TOP_TO_BOTTOM, **kwargs})


class HGrid(Grid):
    """A grid that grows to the right: its children fill one column after the other."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"direction": Direction.LEFT_TO_RIGHT, **kwargs})


class Placer(Container):
    """Its child at an offset."""

    offset_x: Property[Length] = Property(Pixel(0), length, changed="offset_x_changed_fn")
    offset_y: Property[Length] = Property(Pixel(0), length, changed="offset_y_changed_fn")
    draggable = Property(False, flag)
    # Kit's default, Axis.None, cannot be written in Python: None stands for it.
    drag_axis: Property[Axis | None] = Property(None, choice(Axis))
    stable_size = Property(False, flag)

    set_offset_x_changed_fn, has_offset_x_changed_fn, call_offset_x_changed_fn = callback("offset_x_changed_fn")
    set_offset_y_changed_fn, has_offset_y_changed_fn, call_offset_y_changed_fn = callback("offset_y_changed_fn")
