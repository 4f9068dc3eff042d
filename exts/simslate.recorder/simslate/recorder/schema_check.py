"""Values against a JSON Schema, of which the part is understood that writers' parameters need.

Draft 2020-12: type, enum, const, the bounds of numbers, texts and lists, items, prefixItems, properties, required,
additionalProperties, anyOf, and "$ref" within the schema. Messages name what may have been meant.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from .problems import nearest, shown

Complaints = Iterator[tuple[str, str]]
Schema = Mapping[str, Any]

_IS: Mapping[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value),
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, (list, tuple)),
    "object": lambda value: isinstance(value, Mapping),
}
_SAID = {
    "null": "null",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "array": "a list",
    "object": "an object",
}


def complaints(value: Any, schema: Schema | bool, root: Schema | None = None) -> Complaints:
    """Yield (place below ``value``, complaint) for all that ``schema`` does not allow.

    ``root`` is what "$ref" starts at, the schema itself unless given.
    """
    if isinstance(schema, bool):
        if not schema:
            yield "", f"{shown(value)} is one too many"
        return
    root = schema if root is None else root
    schema = _followed(schema, root)
    if "anyOf" in schema:
        yield from _any_of(value, schema, root)
        return
    if not _fits_type(value, schema):
        yield "", f"{shown(value)} is not {said(schema)}{_meant(value, schema)}"
    elif "enum" in schema or "const" in schema:
        yield from _one_of(value, schema.get("enum", [schema.get("const")]))
    elif isinstance(value, (list, tuple)):
        yield from _list_complaints(value, schema, root)
    elif isinstance(value, Mapping):
        yield from _object_complaints(value, schema, root)
    elif not _in_bounds(value, schema):
        yield "", f"{shown(value)} is not {said(schema)}"


def said(schema: Schema) -> str:
    """Return what values a schema allows, in words."""
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(said(each) for each in schema["anyOf"]))
    if "enum" in schema:
        return f"one of {', '.join(shown(each) for each in schema['enum'])}"
    return " or ".join(_SAID[kind] + _bounds(kind, schema) for kind in _types(schema)) or "allowed"


def _followed(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def _types(schema: Schema) -> list[str]:
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _fits_type(value: Any, schema: Schema) -> bool:
    kinds = _types(schema)
    return not kinds or any(_IS[kind](value) for kind in kinds)


def _bounds(kind: str, schema: Schema) -> str:
    if kind in ("integer", "number"):
        low, high, above = (schema.get(key) for key in ("minimum", "maximum", "exclusiveMinimum"))
        least = "" if low is None else f" from {low}"
        return f"{least}{'' if above is None else f' above {above}'}{'' if high is None else f' to {high}'}"
    if kind == "string" and "pattern" in schema:
        return f" like {schema['examples'][0]}" if schema.get("examples") else f" that fits {schema['pattern']}"
    if kind == "string" and schema.get("minLength"):
        return " that is not empty"
    return ""


def _in_bounds(value: Any, schema: Schema) -> bool:
    if isinstance(value, str):
        fits = "pattern" not in schema or re.search(schema["pattern"], value) is not None
        return fits and schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        inside = schema.get("minimum", value) <= value <= schema.get("maximum", value)
        return inside and ("exclusiveMinimum" not in schema or value > schema["exclusiveMinimum"])
    return True


def _one_of(value: Any, known: list[Any]) -> Complaints:
    # 1 and true are equal to Python and not to JSON.
    if not any(each == value and type(each) is type(value) for each in known):
        names = [str(each) for each in known if each is not None]
        yield "", f"{shown(value)} is unknown; {nearest(str(value), names)}"


def _list_complaints(value: Any, schema: Schema, root: Schema) -> Complaints:
    first = schema.get("prefixItems", [])
    rest = schema.get("items", True)
    low, high = schema.get("minItems", 0), schema.get("maxItems", math.inf)
    if not low <= len(value) <= high:
        wanted = f"{low} items" if low == high else f"at least {low}" if high == math.inf else f"{low} to {high} items"
        yield "", f"{shown(value)} is not a list of {wanted}"
        return
    for index, item in enumerate(value):
        inner = first[index] if index < len(first) else rest
        yield from ((f"[{index}]{place}", text) for place, text in complaints(item, inner, root))


def _object_complaints(value: Mapping[str, Any], schema: Schema, root: Schema) -> Complaints:
    properties = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for key, item in value.items():
        if key in properties or others is not False:
            inner = properties.get(key, others)
            yield from ((f".{key}{place}", text) for place, text in complaints(item, inner, root))
        else:
            yield f".{key}", f"is an unknown key; {nearest(key, properties)}"
    for key in schema.get("required", []):
        if key not in value:
            yield f".{key}", "is missing"


def _any_of(value: Any, schema: Schema, root: Schema) -> Complaints:
    branches = [_followed(each, root) for each in schema["anyOf"]]
    found = [list(complaints(value, each, root)) for each in branches]
    if any(not each for each in found):
        return
    fitting = [each for branch, each in zip(branches, found, strict=True) if _fits_type(value, branch)]
    if len(fitting) == 1:
        yield from fitting[0]
    else:
        yield "", f"{shown(value)} is not {said({'anyOf': branches})}"


def _meant(value: Any, schema: Schema) -> str:
    """Return a hint where another spelling of ``value`` would do: "true" for true, 1 for [1]."""
    guesses: list[Any] = []
    if isinstance(value, str):
        with suppress(ValueError, RecursionError):
            guesses.append(json.loads(value.strip().lower()))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        guesses += [bool(value)] if value in (0, 1) else []
        guesses += [int(value)] if math.isfinite(value) and value == int(value) else []
        guesses.append(str(value))
    guesses.append([value])
    good = [
        guess
        for guess in guesses
        if _types(schema) and _fits_type(guess, schema) and not any(complaints(guess, schema))
    ]
    return f"; did you mean {shown(good[0])}?" if good else ""
