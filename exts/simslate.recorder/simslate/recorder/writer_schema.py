"""The parameters of a writer class as a JSON Schema: from its signature, and what is known or told beyond it."""

from __future__ import annotations

import inspect
import json
import os
import types
import typing
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from .annotators import ANNOTATORS
from .problems import nearest
from .schema_check import complaints
from .writer_schemas import CHECKS, KNOWN

DRAFT = "https://json-schema.org/draft/2020-12/schema"

# Where to write is the job's "output", so that conflict policies hold for every writer.
OUTPUT_PARAMETERS = ("backend", "output_dir")

_TYPES: Mapping[Any, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    type(None): "null",
}
_UNIONS = (typing.Union, types.UnionType)
# What a default tells where there is no annotation: a whole number may stand for any number.
_OF_DEFAULT: Mapping[Any, str] = {**_TYPES, int: "number", list: "array", tuple: "array", dict: "object"}


def parameter_names(writer: type) -> dict[str, inspect.Parameter]:
    """Return the parameters that a ``writer`` class can be initialised with, by name."""
    signature = inspect.signature(writer.__init__)  # type: ignore[misc]  # the class is only asked, never made
    return {name: parameter for name, parameter in signature.parameters.items() if name != "self"}


def help_of(writer: type) -> str:
    """Return the first paragraph of a class's own docstring, on one line; "" if it has none."""
    text = inspect.cleandoc(writer.__dict__.get("__doc__") or "").split("\n\n")[0]
    return " ".join(text.split())


def parameters_schema(writer: type) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the parameters that a job can give a ``writer``.

    A class can say it better than its signature, in an attribute or class method ``parameters_schema``: a schema whose
    "properties" are put over those found, parameter by parameter, and whose other keywords count as they are.
    """
    known = parameter_names(writer)
    free = [p for p in known.values() if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    free = [parameter for parameter in free if parameter.name not in OUTPUT_PARAMETERS]
    names = [parameter.name for parameter in free]
    hints = _hints(writer, names)
    required = [parameter.name for parameter in free if parameter.default is inspect.Parameter.empty]
    schema = {
        "$schema": DRAFT,
        "title": writer.__name__,
        "description": help_of(writer),
        "type": "object",
        "properties": {parameter.name: _property(parameter, hints[parameter.name]) for parameter in free},
        "required": required,
        "additionalProperties": any(parameter.kind is parameter.VAR_KEYWORD for parameter in known.values()),
    }
    found = {name: each for name, each in KNOWN.get(writer.__name__, {}).items() if name in names}
    schema = _refined(_refined(schema, {"properties": found}), _own(writer))
    return {key: value for key, value in schema.items() if value not in ("", [])}


def parameter_problems(writer: type, parameters: Mapping[str, Any], products: Collection[Any]) -> list[tuple[str, str]]:
    """Return (place below the parameters, complaint) for all that is wrong with what a job gives a ``writer``.

    ``products`` are the job's render products. A class can look further than its schema, in a class method
    ``parameters_problems(parameters, products)`` that yields the same; it is asked where the schema has no complaint.
    """
    schema = parameters_schema(writer)
    found = list(_problems(schema, parameters, writer.__name__))
    if found:
        return found
    more = [CHECKS[writer.__name__](parameters)] if writer.__name__ in CHECKS else []
    own = getattr(writer, "parameters_problems", None)
    more += [own(parameters, products)] if callable(own) else []
    return [problem for each in more for problem in each]


def _problems(schema: Mapping[str, Any], parameters: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    properties = schema["properties"]
    others = schema["additionalProperties"]
    for key, value in parameters.items():
        if key in OUTPUT_PARAMETERS:
            yield f".{key}", 'is set by the recorder; say where to write in "output"'
        elif _is_default(value, properties.get(key, {})):
            # Whatever its annotation says: it is what the writer has when nothing is given.
            continue
        elif key in properties or others is not False:
            found = complaints(value, properties.get(key, others), schema)
            yield from ((f".{key}{place}", text) for place, text in found)
        else:
            yield f".{key}", f"is not a parameter of {name}; {nearest(key, properties)}"
    for key in schema.get("required", ()):
        if key not in parameters:
            yield f".{key}", f"is missing; {name} cannot do without it"
    rest = {
        key: value for key, value in schema.items() if key not in ("properties", "additionalProperties", "required")
    }
    yield from complaints(parameters, {**rest, "$defs": schema.get("$defs", {})}, schema)


def _is_default(value: Any, schema: Mapping[str, Any]) -> bool:
    return "default" in schema and type(value) is type(schema["default"]) and bool(value == schema["default"])


def _own(writer: type) -> Mapping[str, Any]:
    told = getattr(writer, "parameters_schema", {})
    found = told() if callable(told) else told
    # Through text, so that a schema is data, and nobody else's.
    return dict(json.loads(json.dumps(found)))


def _refined(schema: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    properties = dict(schema["properties"])
    for name, each in told.get("properties", {}).items():
        # A default that the signature has stays; a type that is told takes the place of all that was guessed.
        default = {"default": properties[name]["default"]} if "default" in properties.get(name, {}) else {}
        is_whole = any(key in each for key in ("type", "enum", "anyOf", "$ref"))
        properties[name] = {**each, **default} if is_whole else {**properties.get(name, {}), **each}
    return {**schema, **told, "properties": properties}


def _hints(writer: type, names: Iterable[str]) -> dict[str, Any]:
    """Return the annotation of each parameter as a type; Any for one that cannot be made out."""
    init: Any = writer.__init__  # type: ignore[misc]
    init = inspect.unwrap(init)
    given = getattr(init, "__annotations__", {})
    return {name: _hint(given[name], init) if name in given else None for name in names}


def _hint(annotation: Any, function: Any) -> Any:
    holder = type("Holder", (), {"__annotations__": {"it": annotation}})
    try:
        return typing.get_type_hints(holder, getattr(function, "__globals__", {}))["it"]
    except Exception:  # noqa: BLE001  the edge to plugins: names in annotations may be missing in any way
        return Any


def _property(parameter: inspect.Parameter, hint: Any) -> dict[str, Any]:
    default = parameter.default
    has_default = default is not inspect.Parameter.empty
    schema = _of_default(default) if hint is None else of_hint(hint)
    if has_default and default is None:
        schema = _or_null(schema)
    if has_default and _is_json(default):
        schema["default"] = default
    if parameter.name in ANNOTATORS:
        schema["description"] = ANNOTATORS[parameter.name].help
    elif parameter.name.removeprefix("colorize_") in ANNOTATORS:
        schema["description"] = f"Writes {parameter.name.removeprefix('colorize_')} in colours, not as ids."
    return schema


def _of_default(default: Any) -> dict[str, Any]:
    kind = None if default is None else _OF_DEFAULT.get(type(default))
    return {"type": kind} if kind else {}


def of_hint(hint: Any) -> dict[str, Any]:
    """Return the schema of the JSON values that an annotation allows; {} for what JSON cannot tell."""
    if hint in _TYPES:
        return {"type": _TYPES[hint]}
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return {"enum": list(arguments)}
    if origin is typing.Annotated:
        return of_hint(arguments[0])
    if origin in _UNIONS:
        return _of_union([of_hint(each) for each in arguments])
    cls = origin or hint
    if not isinstance(cls, type):
        return {}
    if issubclass(cls, os.PathLike):
        return {"type": "string"}
    if issubclass(cls, Mapping):
        return {"type": "object", **_inner("additionalProperties", arguments[1:])}
    if cls is tuple and arguments and arguments[-1] is not ...:
        return {"type": "array", "prefixItems": [of_hint(a) for a in arguments], **_exactly(len(arguments))}
    is_list = issubclass(cls, (list, tuple, set, frozenset)) or cls.__module__ == "collections.abc"
    return {"type": "array", **_inner("items", arguments[:1])} if is_list and cls is not type(of_hint) else {}


def _exactly(count: int) -> dict[str, int]:
    return {"minItems": count, "maxItems": count}


def _inner(key: str, arguments: Iterable[Any]) -> dict[str, Any]:
    found = [each for each in (of_hint(argument) for argument in arguments) if each]
    return {key: found[0]} if found else {}


def _of_union(parts: list[dict[str, Any]]) -> dict[str, Any]:
    if not all(parts):
        return {}
    if all(list(part) == ["type"] for part in parts):
        return {"type": list(dict.fromkeys(part["type"] for part in parts))}
    others = [part for part in parts if part != {"type": "null"}]
    if len(others) == 1:
        return _or_null(others[0])
    return {"anyOf": parts}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return ``schema`` with null allowed."""
    if "enum" in schema:
        return {**schema, "enum": [*(each for each in schema["enum"] if each is not None), None]}
    if "anyOf" in schema:
        return {**schema, "anyOf": [*(each for each in schema["anyOf"] if each != {"type": "null"}), {"type": "null"}]}
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    return {**schema, "type": [*(kind for kind in kinds if kind != "null"), "null"]} if kinds else schema


def _is_json(value: Any) -> bool:
    try:
        return bool(json.loads(json.dumps(value, allow_nan=False)) == value)
    except (TypeError, ValueError):
        return False
