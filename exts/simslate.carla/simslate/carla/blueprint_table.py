"""The table that says which asset stands for which blueprint: a JSON file, ``{"blueprints": [...]}``.

Keys of an entry:

id          ``vehicle.maker.model``, unique; its parts are the blueprint's tags
asset       USD file, relative to the table; sensors have none
label       semantic class of the actor; left out: as in the asset
scale       factors along the asset's X, Y, Z; left out: 1, 1, 1
size        length, width, height in metres of the scaled asset; left out: as the asset is bounded
paint       colour property that the attribute ``color`` sets, such as ``Looks/Paint/Shader.inputs:diffuseColor``,
            relative to the asset's default prim; the attribute is sRGB bytes, the property linear light
colors      colour properties, each with the ``"r,g,b"`` that it always gets
attributes  name -> {"type": bool|int|float|string|color, "value", "recommended": [...], "modifiable": bool}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from simslate.recorder.problems import Problems, load_json, nearest, shown

from .blueprints import ActorAttribute, ActorAttributeType, ActorBlueprint, BlueprintLibrary, complaint_about, rgb


@dataclass(frozen=True, kw_only=True)
class Model:
    """What is spawned for a blueprint."""

    asset: Path
    """Absolute path of the USD file; its default prim is what is referred to."""
    label: str = ""
    """Semantic class; empty: as in the asset."""
    scale: tuple[float, float, float] = (1.0, 1.0, 1.0)
    size: tuple[float, float, float] | None = None
    """Length, width, height in metres, scaled; None: as the asset is bounded."""
    paint: str = ""
    """Property that the attribute ``color`` sets, relative to the asset's default prim; empty: none."""
    colors: Mapping[str, tuple[int, int, int]]
    """Properties that always get these sRGB bytes."""


class Blueprints(NamedTuple):
    """A table of blueprints, read."""

    library: BlueprintLibrary
    models: dict[str, Model]
    """By id; sensors are not in it."""


_TYPES = {
    "bool": ActorAttributeType.Bool,
    "int": ActorAttributeType.Int,
    "float": ActorAttributeType.Float,
    "string": ActorAttributeType.String,
    "color": ActorAttributeType.RGBColor,
}
_KEYS = ("id", "asset", "label", "scale", "size", "paint", "colors", "attributes")
_ATTRIBUTE_KEYS = ("type", "value", "recommended", "modifiable")


def load_blueprints(path: Path) -> Blueprints:
    """Read a table. Raises ConfigError with everything that is wrong with it, each with its place in the file."""
    problems = Problems(path)
    table = _object(load_json(path, problems), "$", ("blueprints",), problems)
    entries = table.get("blueprints")
    if not isinstance(entries, list):
        problems.add("$.blueprints", f"{shown(entries)} is not a list of blueprints")
        entries = []
    found: dict[str, ActorBlueprint] = {}
    models: dict[str, Model] = {}
    for number, entry in enumerate(entries):
        where = f"$.blueprints[{number}]"
        checked = _object(entry, where, _KEYS, problems)
        name = _id(checked, where, found, problems)
        attributes = _attributes(checked.get("attributes", {}), f"{where}.attributes", problems)
        found[name] = ActorBlueprint(name, attributes)
        if "asset" in checked:
            models[name] = _model(checked, where, path.resolve().parent, problems)
        _check_paint(checked, where, attributes, problems)
    problems.raise_any()
    return Blueprints(BlueprintLibrary(found.values()), models)


def _named(value: Any, where: str, problems: Problems) -> dict[str, Any]:
    return _object(value, where, tuple(value) if isinstance(value, dict) else (), problems)


def _object(value: Any, where: str, keys: tuple[str, ...], problems: Problems) -> dict[str, Any]:
    if not isinstance(value, dict):
        problems.add(where, f"{shown(value)} is not an object")
        return {}
    for key in value:
        if key not in keys:
            problems.add(f"{where}.{key}", f"is an unknown key; {nearest(key, keys)}")
    return value


def _id(entry: dict[str, Any], where: str, known: Mapping[str, object], problems: Problems) -> str:
    name = entry.get("id")
    if not isinstance(name, str) or re.fullmatch(r"[\w-]+(\.[\w-]+)+", name) is None:
        problems.add(f"{where}.id", f"{shown(name)} is not an id such as vehicle.maker.model")
    elif name in known:
        problems.add(f"{where}.id", f"{shown(name)} is there already")
    return str(name)


def _attributes(value: Any, where: str, problems: Problems) -> list[ActorAttribute]:
    named = _named(value, where, problems)
    return [_attribute(name, given, f"{where}.{name}", problems) for name, given in named.items()]


def _attribute(name: str, given: Any, where: str, problems: Problems) -> ActorAttribute:
    entry = _object(given, where, _ATTRIBUTE_KEYS, problems)
    word = str(entry.get("type"))
    if word not in _TYPES:
        problems.add(f"{where}.type", f"{shown(entry.get('type'))} is unknown; {nearest(word, _TYPES)}")
    kind = _TYPES.get(word, ActorAttributeType.String)
    recommended = entry.get("recommended", [])
    if not isinstance(recommended, list):
        problems.add(f"{where}.recommended", f"{shown(recommended)} is not a list")
        recommended = []
    values = {"value": entry.get("value", "")}
    values |= {f"recommended[{number}]": item for number, item in enumerate(recommended)}
    for place, item in values.items():
        if problem := complaint_about(kind, _text(item)):
            problems.add(f"{where}.{place}", problem)
    modifiable = entry.get("modifiable", True)
    if not isinstance(modifiable, bool):
        problems.add(f"{where}.modifiable", f"{shown(modifiable)} is not true or false")
    return ActorAttribute(name, kind, _text(values["value"]), [_text(item) for item in recommended], bool(modifiable))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _model(entry: dict[str, Any], where: str, folder: Path, problems: Problems) -> Model:
    for key in ("asset", "label", "paint"):
        if key in entry and (not isinstance(entry[key], str) or not entry[key]):
            problems.add(f"{where}.{key}", f"{shown(entry[key])} is not a text")
    asset = folder / str(entry["asset"])
    if not asset.is_file():
        problems.add(f"{where}.asset", f"{shown(entry['asset'])} is no file in {folder}")
    colors = _named(entry.get("colors", {}), f"{where}.colors", problems)
    for name, color in colors.items():
        if problem := complaint_about(ActorAttributeType.RGBColor, str(color)):
            problems.add(f"{where}.colors.{name}", problem)
    return Model(
        asset=asset,
        label=str(entry.get("label", "")),
        scale=_triple(entry, "scale", where, problems) or (1.0, 1.0, 1.0),
        size=_triple(entry, "size", where, problems),
        paint=str(entry.get("paint", "")),
        colors={} if problems.lines else {name: rgb(color) for name, color in colors.items()},
    )


def _triple(entry: dict[str, Any], key: str, where: str, problems: Problems) -> tuple[float, float, float] | None:
    if key not in entry:
        return None
    value = entry[key]
    numbers = (
        [item for item in value if isinstance(item, (int, float)) and item > 0 and item is not True]
        if isinstance(value, list)
        else []
    )
    if len(numbers) == 3 == len(value):
        return float(numbers[0]), float(numbers[1]), float(numbers[2])
    problems.add(f"{where}.{key}", f"{shown(value)} is not three numbers above 0")
    return None


def _check_paint(entry: dict[str, Any], where: str, attributes: list[ActorAttribute], problems: Problems) -> None:
    painted = any(attribute.id == "color" for attribute in attributes)
    if painted and not entry.get("paint"):
        problems.add(f"{where}.paint", "is missing: without it the attribute color would change nothing")
    if "asset" not in entry and (without := [key for key in _KEYS[2:7] if key in entry]):
        problems.add(f"{where}.{without[0]}", "says how an asset looks, but there is no asset")
