"""Blueprints: what can be spawned, by CARLA's names. The table that they come from is read in ``blueprint_table``."""

from __future__ import annotations

import copy
import enum
import fnmatch
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from simslate.recorder.problems import nearest, shown

from .errors import CarlaError

if TYPE_CHECKING:
    from .color import Color


class UnknownNameError(CarlaError, IndexError):
    """There is no blueprint, or no attribute, of that name: an IndexError in CARLA."""


class ActorAttributeType(enum.IntEnum):
    """What an attribute's text means."""

    Bool = 0
    Int = 1
    Float = 2
    String = 3
    RGBColor = 4


_SHOWN = ("bool", "int", "float", "str", "Color")


def _bool(text: str) -> bool:
    return {"true": True, "false": False}[text.strip().lower()]


def _int(text: str) -> int:
    if re.fullmatch(r"\s*[+-]?\d+\s*", text) is None:
        raise ValueError(text)
    return int(text)


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def rgb(text: str) -> tuple[int, int, int]:
    """Return the three bytes of a colour attribute's text. Raises ValueError."""
    if re.fullmatch(r"\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*", text) is None:
        raise ValueError(text)
    r, g, b = (int(part) for part in text.split(","))
    if max(r, g, b) > 255:
        raise ValueError(text)
    return r, g, b


_READERS: tuple[tuple[Callable[[str], Any], str], ...] = (
    (_bool, '"true" or "false"'),
    (_int, 'a whole number such as "800"'),
    (_float, 'a number such as "90.0"'),
    (str, "a text"),
    (rgb, 'a colour "r,g,b" of 0 to 255 each, such as "255,128,0"'),
)
"""By attribute type: what reads the text, and what it has to be."""


def complaint_about(kind: ActorAttributeType, text: str) -> str:
    """Return why ``text`` is no value of that type, or nothing."""
    reader, description = _READERS[kind]
    try:
        reader(text)
    except (ValueError, KeyError):
        return f"{shown(text)} is not {description}"
    return ""


@dataclass(frozen=True, eq=False)
class ActorAttribute:
    """One attribute of a blueprint. Its value is text; ``as_...()``, ``int()``, ``float()`` and ``bool()`` read it.

    Equal to a plain value that means the same: ``attribute == 4``, ``attribute == "hero"``. Reading it as what it is
    not raises CarlaError.
    """

    id: str
    type: ActorAttributeType
    value: str
    recommended_values: list[str]
    is_modifiable: bool

    def as_bool(self) -> bool:
        """Return the value of a Bool."""
        return bool(self._read(ActorAttributeType.Bool))

    def as_int(self) -> int:
        """Return the value of an Int."""
        return int(self._read(ActorAttributeType.Int))

    def as_float(self) -> float:
        """Return the value of a Float."""
        return float(self._read(ActorAttributeType.Float))

    def as_str(self) -> str:
        """Return the value of a String."""
        return str(self._read(ActorAttributeType.String))

    def as_color(self) -> Color:
        """Return the value of an RGBColor: sRGB bytes, opaque."""
        r, g, b = self._read(ActorAttributeType.RGBColor)
        from .color import Color

        return Color(r, g, b, 255)

    def _read(self, kind: ActorAttributeType) -> Any:
        if self.type != kind:
            have, asked = _SHOWN[self.type], _SHOWN[kind]
            raise CarlaError(f"attribute '{self.id}': is of type {have} and cannot be read as {asked}")
        return self._meaning()

    def _meaning(self) -> Any:
        return _READERS[self.type][0](self.value)

    def __bool__(self) -> bool:
        return self.as_bool()

    def __int__(self) -> int:
        return self.as_int()

    def __float__(self) -> float:
        return self.as_float()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ActorAttribute):
            return (self.id, self.type, self.value) == (other.id, other.type, other.value)
        if isinstance(other, str):
            return self.value == other
        if isinstance(other, bool) or self.type == ActorAttributeType.Bool:
            return isinstance(other, bool) and self.type == ActorAttributeType.Bool and self._meaning() == other
        if isinstance(other, (int, float)):
            return self.type in (ActorAttributeType.Int, ActorAttributeType.Float) and bool(self._meaning() == other)
        return self.type == ActorAttributeType.RGBColor and bool(self.as_color() == other)

    def __hash__(self) -> int:
        return hash(self.value)

    def __str__(self) -> str:
        tail = "" if self.is_modifiable else ",const"
        return f"ActorAttribute(id={self.id},type={_SHOWN[self.type]},value={self.value}{tail})"

    __repr__ = __str__


class ActorBlueprint:
    """What can be spawned: an id, tags, and attributes, which a script may set before it spawns."""

    def __init__(self, name: str, attributes: Iterable[ActorAttribute] = ()) -> None:
        self.id = name
        self.tags = name.split(".")
        self._attributes = {attribute.id: attribute for attribute in attributes}

    def has_tag(self, tag: str) -> bool:
        """Return whether ``tag`` is one of the tags."""
        return tag in self.tags

    def match_tags(self, wildcard_pattern: str) -> bool:
        """Return whether the id or one of the tags matches a shell pattern, upper and lower case told apart."""
        return any(fnmatch.fnmatchcase(name, wildcard_pattern) for name in (self.id, *self.tags))

    def has_attribute(self, id: str) -> bool:  # noqa: A002 (CARLA's keyword)
        """Return whether there is an attribute of that name."""
        return id in self._attributes

    def get_attribute(self, id: str) -> ActorAttribute:  # noqa: A002 (CARLA's keyword)
        """Return an attribute. Raises UnknownNameError with the nearest name."""
        if id not in self._attributes:
            raise UnknownNameError(f"{self.id}: attribute '{id}' not found; {nearest(str(id), self._attributes)}")
        return self._attributes[id]

    def set_attribute(self, id: str, value: str) -> None:  # noqa: A002 (CARLA's keyword)
        """Set an attribute to a text.

        Raises UnknownNameError, or CarlaError if the attribute cannot be changed or the text is none of its type.
        """
        old = self.get_attribute(id)
        if not old.is_modifiable:
            raise CarlaError(f"{self.id}: attribute '{id}' cannot be changed; it is {shown(old.value)}")
        if not isinstance(value, str):
            raise CarlaError(f"{self.id}: attribute '{id}' takes a text: {shown(str(value))}, not {shown(value)}")
        if problem := complaint_about(old.type, value):
            raise CarlaError(f"{self.id}: attribute '{id}': {problem}")
        self._attributes[id] = ActorAttribute(id, old.type, value, old.recommended_values, old.is_modifiable)

    def __len__(self) -> int:
        return len(self._attributes)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[ActorAttribute]:
        return iter(list(self._attributes.values()))

    def __str__(self) -> str:
        return f"ActorBlueprint(id={self.id},tags=[{', '.join(self.tags)}])"

    __repr__ = __str__


class BlueprintLibrary:
    """Blueprints by id, in the table's order. It hands out copies: setting their attributes changes nothing here."""

    def __init__(self, blueprints: Iterable[ActorBlueprint]) -> None:
        self._blueprints = {blueprint.id: blueprint for blueprint in blueprints}

    def find(self, id: str) -> ActorBlueprint:  # noqa: A002 (CARLA's keyword)
        """Return one blueprint. Raises UnknownNameError, an IndexError, with the nearest id."""
        if id not in self._blueprints:
            raise UnknownNameError(f"blueprint '{id}' not found; {self._hint(str(id))}")
        return copy.deepcopy(self._blueprints[id])

    def _hint(self, id: str) -> str:  # noqa: A002
        text = nearest(id, self._blueprints)
        return text if text.startswith("did") else f"{len(self)} are known, see [bp.id for bp in library]"

    def filter(self, wildcard_pattern: str) -> BlueprintLibrary:
        """Return those whose id or a tag matches a shell pattern such as ``vehicle.*``."""
        return self._those(lambda blueprint: blueprint.match_tags(wildcard_pattern))

    def filter_by_attribute(self, name: str, value: str) -> BlueprintLibrary:
        """Return those that have the attribute with this text as its value or as one of the recommended ones."""

        def has(blueprint: ActorBlueprint) -> bool:
            if not blueprint.has_attribute(name):
                return False
            attribute = blueprint.get_attribute(name)
            return str(value) in (attribute.value, *attribute.recommended_values)

        return self._those(has)

    def _those(self, wanted: Callable[[ActorBlueprint], bool]) -> BlueprintLibrary:
        return BlueprintLibrary(
            copy.deepcopy(blueprint) for blueprint in self._blueprints.values() if wanted(blueprint)
        )

    @overload
    def __getitem__(self, key: int | str) -> ActorBlueprint: ...
    @overload
    def __getitem__(self, key: slice) -> list[ActorBlueprint]: ...
    def __getitem__(self, key: int | str | slice) -> ActorBlueprint | list[ActorBlueprint]:
        if isinstance(key, str):
            return self.find(key)
        names = list(self._blueprints)
        if isinstance(key, slice):
            return [self.find(name) for name in names[key]]
        if not -len(names) <= key < len(names):
            raise UnknownNameError(f"blueprint {key} of {len(names)} not found")
        return self.find(names[key])

    def __len__(self) -> int:
        return len(self._blueprints)

    def __iter__(self) -> Iterator[ActorBlueprint]:
        return (self.find(name) for name in list(self._blueprints))

    def __str__(self) -> str:
        return f"[{', '.join(str(blueprint) for blueprint in self._blueprints.values())}]"

    __repr__ = __str__
