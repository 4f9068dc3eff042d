"""How the widgets' properties and callbacks are declared: one line each, checked and told to the tree alike.

``title = Property("", string, changed="title_changed_fn")`` in a class makes an attribute that may be given as keyword,
whose values go through ``string`` and whose changes are told once, to the tree and then to the callback of that name.
``set_x_fn, has_x_fn, call_x_fn = callback("x_fn")`` makes Kit's three methods of a callback, and the keyword ``x_fn``.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from omni.ui._length import Length, Pixel

if TYPE_CHECKING:
    from omni.ui._element import Element

T = TypeVar("T")
E = TypeVar("E", bound=IntEnum)
Handler = Callable[..., Any]


class Property(Generic[T]):
    """A property of an element: the value that ``convert`` made of what was set, ``default`` before that.

    ``convert`` raises TypeError or ValueError at what it cannot take; setting raises TypeError then, with the name of
    the property in it.
    """

    def __init__(self, default: T, convert: Callable[[Any], T], changed: str = "") -> None:
        self.default = default
        self._convert = convert
        self._changed = changed
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, element: None, owner: type) -> Self: ...

    @overload
    def __get__(self, element: Element, owner: type) -> T: ...

    def __get__(self, element: Element | None, owner: type) -> Self | T:
        if element is None:
            return self
        value: T = element._ui_node.values.get(self.name, self.default)
        return value

    def __set__(self, element: Element, value: Any) -> None:
        node = element._ui_node
        try:
            new = self._convert(value)
        except (TypeError, ValueError) as error:
            raise TypeError(f"{node.kind}.{self.name} cannot be {value!r}: {error}") from None
        if self.same(new, node.values.get(self.name, self.default)):
            return
        node.values[self.name] = new
        self.tell(element, new)

    def same(self, new: T, old: T) -> bool:
        """Return whether there is nothing to tell."""
        return type(new) is type(old) and bool(new == old)

    def tell(self, element: Element, value: T) -> None:
        """Tell the change."""
        element._ui_node.changed("properties")
        element._ui_property_changed(self.name, value)
        if self._changed:
            element._ui_node.call(self._changed, value)


def callback(
    name: str,
) -> tuple[Callable[[Any, Handler | None], None], Callable[[Any], bool], Callable[..., Any]]:
    """Return the methods ``set_<name>``, ``has_<name>`` and ``call_<name>``."""

    def set_fn(self: Element, fn: Handler | None) -> None:
        self._ui_node.set_callback(name, fn)

    def has_fn(self: Element) -> bool:
        return name in self._ui_node.callbacks

    def call_fn(self: Element, *args: Any) -> Any:
        return self._ui_node.call(name, *args)

    return set_fn, has_fn, call_fn


def anything(value: Any) -> Any:
    """Return ``value``."""
    return value


def flag(value: Any) -> bool:
    """Return ``value`` as a bool."""
    return bool(value)


def string(value: Any) -> str:
    """Return ``value``, which has to be a text."""
    if not isinstance(value, str):
        raise TypeError("expected a str")
    return value


def number(value: Any) -> float:
    """Return ``value`` as a float."""
    return float(value)


def integer(value: Any) -> int:
    """Return ``value`` as an int."""
    return int(value)


def length(value: Any) -> Length:
    """Return ``value`` as a length; a number is pixels."""
    return value if isinstance(value, Length) else Pixel(value)


def lengths(value: Any) -> list[Length]:
    """Return ``value`` as a list of lengths."""
    return [length(each) for each in value]


def choice(kind: type[E]) -> Callable[[Any], E]:
    """Return what makes members of ``kind`` of their values."""
    return lambda value: kind(value)
