"""The stage as a map: its name, and where things can be spawned."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pxr import Usd

import carb
import carb.settings
from simslate.recorder.errors import ConfigError
from simslate.recorder.labels import every_prim
from simslate.recorder.problems import Problems, load_json, nearest, shown

from .errors import CarlaError
from .geometry import Location, Rotation, Transform

if TYPE_CHECKING:
    from .place import Place

SPAWN_POINT = "carla:spawn_point"
"""A bool attribute: prims that have it true are spawn points, x forward and z up."""
SPECTATOR = "carla:spectator"
"""The same, of the prim where the spectator begins."""
SPAWN_POINTS_FILE = "/exts/simslate.carla/spawnPoints"

_NUMBERS = ("x", "y", "z", "pitch", "yaw", "roll")


class Map:
    """What is known of the stage besides its actors."""

    def __init__(self, stage: Usd.Stage, place: Place) -> None:
        self._stage = stage
        self._place = place
        layer = stage.GetRootLayer()
        self.name = str(layer.realPath or layer.identifier)
        """The path of the stage."""

    def get_spawn_points(self) -> list[Transform]:
        """Return where vehicles can be spawned: the stage's spawn points in stage order, then those of the file.

        Raises CarlaError for what is wrong with the file that the setting names. Without any, a warning says what one
        is.
        """
        points = [self._place.pose(prim) for prim in self._marked(SPAWN_POINT)]
        source = carb.settings.get_settings().get_as_string(SPAWN_POINTS_FILE)
        if source:
            points += load_spawn_points(Path(source))
        if not points:
            carb.log_warn(
                f"{self.name}: no spawn points: give prims a bool attribute {SPAWN_POINT}, or name a JSON file in the "
                f"setting {SPAWN_POINTS_FILE}"
            )
        return points

    @property
    def spectator(self) -> Transform:
        """Where the spectator begins."""
        prim = next(self._marked(SPECTATOR), None)
        return self._place.pose(prim) if prim else Transform()

    def _marked(self, name: str) -> Any:
        prims = (prim for prim in every_prim(self._stage) if prim.HasAttribute(name))
        return (prim for prim in prims if prim.GetAttribute(name).Get())

    def __repr__(self) -> str:
        return f"Map(name={self.name})"


def load_spawn_points(path: Path) -> list[Transform]:
    """Return the poses in a JSON file: a list of objects with x, y, z in metres, pitch, yaw, roll in degrees.

    All are CARLA's, and what is left out is 0. CarlaError lists all that is wrong with the file.
    """
    problems = Problems(path)
    try:
        rows = load_json(path, problems)
    except ConfigError as error:
        raise CarlaError(*error.problems) from error
    if not isinstance(rows, list):
        problems.add("$", f"{shown(rows)} is not a list")
        rows = []
    for index, row in enumerate(rows):
        _check(row, f"$[{index}]", problems)
    if problems.lines:
        raise CarlaError(*problems.lines)
    values = [[float(row.get(name, 0)) for name in _NUMBERS] for row in rows]
    return [Transform(Location(*each[:3]), Rotation(*each[3:])) for each in values]


def _check(row: Any, where: str, problems: Problems) -> None:
    if not isinstance(row, dict):
        problems.add(where, f"{shown(row)} is not an object")
        return
    for name, value in row.items():
        if name not in _NUMBERS:
            problems.add(f"{where}.{name}", f"is unknown; {nearest(name, _NUMBERS)}")
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            problems.add(f"{where}.{name}", f"{shown(value)} is not a number")
