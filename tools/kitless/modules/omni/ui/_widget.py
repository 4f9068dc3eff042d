"""The base of all widgets."""

from __future__ import annotations

from typing import Any, ClassVar

from omni.ui._element import Element
from omni.ui._enums import Alignment
from omni.ui._length import Fraction, Length
from omni.ui._properties import Property, anything, callback, choice, flag, length, number, string


class Widget(Element):
    """Something in a window. It goes into the container whose ``with`` block is under way, if there is one.

    Nothing is laid out or drawn here: computed sizes are the given ones where those are pixels and otherwise 0, screen
    positions are 0. ``style`` is kept for a view. Mouse callbacks get (x, y, button, modifier).
    """

    FLAG_WANT_CAPTURE_KEYBOARD: ClassVar[int] = 1 << 30

    visible = Property(True, flag)
    enabled = Property(True, flag)
    selected = Property(False, flag)
    checked = Property(False, flag, changed="checked_changed_fn")
    dragging = Property(False, flag)
    name = Property("", string)
    identifier = Property("", string)
    style: Property[Any] = Property({}, anything)
    style_type_name_override = Property("", string)
    width: Property[Length] = Property(Fraction(1), length)
    height: Property[Length] = Property(Fraction(1), length)
    alignment = Property(Alignment.UNDEFINED, choice(Alignment))
    tooltip = Property("", string)
    tooltip_offset_x = Property(0.0, number)
    tooltip_offset_y = Property(0.0, number)
    visible_min = Property(0.0, number)
    visible_max = Property(0.0, number)
    skip_draw_when_clipped = Property(False, flag)
    opaque_for_mouse_events = Property(False, flag)
    scroll_only_window_hovered = Property(True, flag)

    set_checked_changed_fn, has_checked_changed_fn, call_checked_changed_fn = callback("checked_changed_fn")
    set_tooltip_fn, has_tooltip_fn, call_tooltip_fn = callback("tooltip_fn")
    set_mouse_moved_fn, has_mouse_moved_fn, call_mouse_moved_fn = callback("mouse_moved_fn")
    set_mouse_pressed_fn, has_mouse_pressed_fn, call_mouse_pressed_fn = callback("mouse_pressed_fn")
    set_mouse_released_fn, has_mouse_released_fn, call_mouse_released_fn = callback("mouse_released_fn")
    set_mouse_double_clicked_fn, has_mouse_double_clicked_fn, call_mouse_double_clicked_fn = callback(
        "mouse_double_clicked_fn"
    )
    set_mouse_wheel_fn, has_mouse_wheel_fn, call_mouse_wheel_fn = callback("mouse_wheel_fn")
    set_mouse_hovered_fn, has_mouse_hovered_fn, call_mouse_hovered_fn = callback("mouse_hovered_fn")
    set_key_pressed_fn, has_key_pressed_fn, call_key_pressed_fn = callback("key_pressed_fn")
    set_drag_fn, has_drag_fn, call_drag_fn = callback("drag_fn")
    set_accept_drop_fn, has_accept_drop_fn, call_accept_drop_fn = callback("accept_drop_fn")
    set_drop_fn, has_drop_fn, call_drop_fn = callback("drop_fn")
    (
        set_computed_content_size_changed_fn,
        has_computed_content_size_changed_fn,
        call_computed_content_size_changed_fn,
    ) = callback("computed_content_size_changed_fn")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(kwargs)
        builders = self._ui_node.tree.builders
        if builders:
            builders[-1].add_child(self)

    def destroy(self) -> None:
        """End the widget: it leaves its parent, its callbacks are forgotten."""
        node = self._ui_node
        if node.parent is not None:
            node.parent._ui_node.remove(self)
        self._ui_end()

    def set_style(self, style: dict[str, Any] | None) -> None:
        """Replace the style."""
        self.style = style or {}

    def set_tooltip(self, tooltip_label: str) -> None:
        """Replace the tooltip."""
        self.tooltip = tooltip_label

    def scroll_here(self, center_ratio_x: float = 0.0, center_ratio_y: float = 0.0) -> None:
        """Have no effect: nothing is scrolled here."""

    def scroll_here_x(self, center_ratio: float = 0.0) -> None:
        """Have no effect: nothing is scrolled here."""

    def scroll_here_y(self, center_ratio: float = 0.0) -> None:
        """Have no effect: nothing is scrolled here."""

    @property
    def computed_width(self) -> float:
        """The width in pixels if it was given so, else 0."""
        return _pixels(self.width)

    @property
    def computed_height(self) -> float:
        """The height in pixels if it was given so, else 0."""
        return _pixels(self.height)

    computed_content_width = computed_width
    computed_content_height = computed_height

    @property
    def screen_position_x(self) -> float:
        """0."""
        return 0.0

    @property
    def screen_position_y(self) -> float:
        """0."""
        return 0.0

    def _ui_is_visible(self) -> bool:
        return self.visible

    def _ui_is_enabled(self) -> bool:
        return self.enabled


def _pixels(given: Length) -> float:
    return given.value if given.unit == given.unit.PIXEL else 0.0
