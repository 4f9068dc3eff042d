"""Frames: containers of one child, which they may make themselves."""

from __future__ import annotations

from typing import Any

from omni.ui._containers import Container
from omni.ui._element import Element
from omni.ui._enums import ScrollBarPolicy
from omni.ui._properties import Handler, Property, callback, choice, flag, number, string
from omni.ui._widget import Widget


class Frame(Container):
    """A container of one child: another one takes its place.

    With a ``build_fn`` the frame makes its content itself: not at once, but at the end of the next app update in which
    the frame is shown, as in Kit; so the function may use what is set after the frame is made. A frame in a hidden
    window or in a collapsed frame waits until it is shown.
    """

    # Only a scrolling frame scrolls, but scripts give these to others too.
    horizontal_scrollbar_policy = Property(ScrollBarPolicy.SCROLLBAR_AS_NEEDED, choice(ScrollBarPolicy))
    vertical_scrollbar_policy = Property(ScrollBarPolicy.SCROLLBAR_AS_NEEDED, choice(ScrollBarPolicy))
    horizontal_clipping = Property(False, flag)
    vertical_clipping = Property(False, flag)
    separate_window = Property(False, flag)
    frozen = Property(False, flag)

    def set_build_fn(self, fn: Handler | None) -> None:
        """Set what makes the content; it is called late, see the class."""
        self._ui_node.set_callback("build_fn", fn)
        self.rebuild()

    def has_build_fn(self) -> bool:
        """Return whether there is a build_fn."""
        return "build_fn" in self._ui_node.callbacks

    def call_build_fn(self) -> None:
        """Make the content now."""
        self._ui_build()

    def rebuild(self) -> None:
        """Call the build_fn again, late; without one nothing happens."""
        if self.has_build_fn():
            self._ui_node.tree.build_later(self)

    def invalidate_raster(self) -> None:
        """Have no effect: nothing is drawn here."""

    def add_child(self, widget: Widget) -> None:
        """Replace the content."""
        self.clear()
        super().add_child(widget)

    def _ui_build(self) -> None:
        if not self.has_build_fn():
            return
        self.clear()
        with self:
            self._ui_node.call("build_fn")


class CollapsableFrame(Frame):
    """A frame with a title that hides its content when collapsed. A click turns that over.

    Kit has containers of its own between this one and the content; here the content is a direct child.
    ``build_header_fn`` is kept and not called.
    """

    title = Property("", string)
    collapsed = Property(False, flag, changed="collapsed_changed_fn")

    set_collapsed_changed_fn, has_collapsed_changed_fn, call_collapsed_changed_fn = callback("collapsed_changed_fn")
    set_build_header_fn, has_build_header_fn, call_build_header_fn = callback("build_header_fn")

    def __init__(self, title: str = "", **kwargs: Any) -> None:
        super().__init__(title=title, **kwargs)

    def _ui_hides_children(self) -> bool:
        return self.collapsed

    def _ui_click(self, x: float, y: float) -> None:
        self.collapsed = not self.collapsed


class ScrollingFrame(Frame):
    """A frame that scrolls its content."""

    scroll_x = Property(0.0, number, changed="scroll_x_changed_fn")
    scroll_y = Property(0.0, number, changed="scroll_y_changed_fn")
    scroll_x_max = Property(0.0, number)
    scroll_y_max = Property(0.0, number)

    set_scroll_x_changed_fn, has_scroll_x_changed_fn, call_scroll_x_changed_fn = callback("scroll_x_changed_fn")
    set_scroll_y_changed_fn, has_scroll_y_changed_fn, call_scroll_y_changed_fn = callback("scroll_y_changed_fn")


class CanvasFrame(Frame):
    """A frame that pans and zooms its content."""

    zoom = Property(1.0, number, changed="zoom_changed_fn")
    zoom_min = Property(0.0, number)
    zoom_max = Property(float("inf"), number)
    pan_x = Property(0.0, number, changed="pan_x_changed_fn")
    pan_y = Property(0.0, number, changed="pan_y_changed_fn")
    smooth_zoom = Property(False, flag)
    draggable = Property(True, flag)

    set_zoom_changed_fn, has_zoom_changed_fn, call_zoom_changed_fn = callback("zoom_changed_fn")
    set_pan_x_changed_fn, has_pan_x_changed_fn, call_pan_x_changed_fn = callback("pan_x_changed_fn")
    set_pan_y_changed_fn, has_pan_y_changed_fn, call_pan_y_changed_fn = callback("pan_y_changed_fn")


class Inspector:
    """What tests look into the tree with."""

    @staticmethod
    def get_children(widget: Element) -> list[Element]:
        """Return a widget's children."""
        return list(widget._ui_node.children)
