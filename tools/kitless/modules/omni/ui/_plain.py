"""Widgets that only show something: text, space, lines and shapes."""

from __future__ import annotations

from typing import Any

from omni.ui._enums import Alignment, CircleSizePolicy
from omni.ui._properties import Property, choice, flag, number, string
from omni.ui._widget import Widget


class Label(Widget):
    """A text."""

    text = Property("", string)
    word_wrap = Property(False, flag)
    elided_text = Property(False, flag)
    elided_text_str = Property("...", string)
    hide_text_after_hash = Property(True, flag)
    exact_content_width = Property(0.0, number)
    alignment = Property(Alignment.LEFT_CENTER, choice(Alignment))

    def __init__(self, text: str, **kwargs: Any) -> None:
        super().__init__(text=text, **kwargs)


class Spacer(Widget):
    """Empty space."""


class Shape(Widget):
    """The base of shapes."""


class Line(Shape):
    """A line along or across its box, as its alignment says."""

    alignment = Property(Alignment.V_CENTER, choice(Alignment))


class Rectangle(Shape):
    """A rectangle."""


class Circle(Shape):
    """A circle, or the part of it that ``arc`` names."""

    radius = Property(0.0, number)
    arc = Property(Alignment.CENTER, choice(Alignment))
    alignment = Property(Alignment.CENTER, choice(Alignment))
    size_policy = Property(CircleSizePolicy.STRETCH, choice(CircleSizePolicy))


class Ellipse(Shape):
    """An ellipse."""


class Triangle(Shape):
    """A triangle that points to its alignment."""

    alignment = Property(Alignment.RIGHT_CENTER, choice(Alignment))
