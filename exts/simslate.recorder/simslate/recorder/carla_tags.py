"""CARLA's semantic tags: the red channel of its segmentation cameras, and the names that stage labels give them.

Source: CityObjectLabel and the palette of the CARLA 0.9.16 client; the aliases are ours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .errors import ConfigError
from .problems import nearest, shown

TAGS_FILE = Path(__file__).parents[2] / "data" / "carla_tags.json"


@dataclass(frozen=True)
class Tag:
    """One of CARLA's semantic classes."""

    id: int
    name: str
    """Its name in ``CityObjectLabel``."""
    rgb: tuple[int, int, int]
    """Its colour in ``CityScapesPalette``."""
    is_thing: bool
    """Whether its objects can be counted."""
    aliases: tuple[str, ...]


def _read() -> tuple[Tag, ...]:
    rows = json.loads(TAGS_FILE.read_text(encoding="utf-8"))["tags"]
    return tuple(
        Tag(row["id"], row["name"], tuple(row["rgb"]), row.get("thing", False), tuple(row["aliases"])) for row in rows
    )


TAGS = _read()
"""All tags, each at the place of its id."""

PALETTE: NDArray[np.uint8] = np.array([tag.rgb for tag in TAGS], np.uint8)
"""uint8 (29, 3): the colour of each tag. CARLA wraps larger tags round: 29 is black, 255 is 255 % 29."""

NONE = 0
"""The tag of what has no label, or an unknown one."""


class TagTable:
    """Which tag labels get: by the user's own table, else by a tag's name or one of its aliases.

    Case, spaces, hyphens and underscores make no difference: ``traffic_light`` is TrafficLight.
    """

    def __init__(self, own: Mapping[str, int | str] | None = None, *, source: str = "tags") -> None:
        """``own``: label -> tag, as a number or a name. ConfigError names each one that is no tag, and ``source``."""
        self._own = {}
        problems = []
        for label, tag in (own or {}).items():
            number = _number(tag)
            if number is None:
                hint = nearest(tag, [each.name for each in TAGS]) if isinstance(tag, str) else "0 to 255"
                problems.append(f"{source}: {shown(label)}: {shown(tag)} is not a tag; {hint}")
            else:
                self._own[_folded(label)] = number
        if problems:
            raise ConfigError(*problems)

    def find(self, labels: Sequence[str]) -> int | None:
        """Return the tag of a prim with ``labels``, the nearest prim's last; None if nobody knows any of them.

        The nearest label counts that is in the user's table, or else the nearest that is known at all.
        """
        names = [_folded(label) for label in reversed(labels)]
        return next((table[name] for table in (self._own, _KNOWN) for name in names if name in table), None)


def _folded(label: str) -> str:
    return "".join(character for character in label.casefold() if character.isalnum())


_KNOWN = {_folded(name): tag.id for tag in TAGS for name in (tag.name, *tag.aliases)}


def _number(tag: object) -> int | None:
    if isinstance(tag, str):
        return _KNOWN.get(_folded(tag))
    return tag if isinstance(tag, int) and not isinstance(tag, bool) and 0 <= tag <= 255 else None
