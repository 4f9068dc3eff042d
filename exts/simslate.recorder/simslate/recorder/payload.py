"""What a Replicator writer receives for one frame, in whichever of the three data structures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

Output: TypeAlias = Mapping[str, Any]
"""What an annotator gives: ``data``, an array, if it has one, and further named values."""

_COMMON = ("swhFrameNumber", "reference_time", "distribution_outputs", "trigger_outputs", "named_outputs")
_PRODUCT = "rp_"
_OF_PRODUCT = ("camera", "resolution")
_NUMERATOR, _DENOMINATOR = "referenceTimeNumerator", "referenceTimeDenominator"


@dataclass(frozen=True)
class Part:
    """What a frame has of one render product."""

    product: str
    """Name of the render product, as in the names of files."""

    size: tuple[int, int] | None
    """Rows and columns of its pictures; None where the payload does not tell."""

    outputs: Mapping[str, Output]
    """By the annotator's name in the payload."""


def parts(payload: Mapping[str, Any]) -> list[Part]:
    """Return what ``payload`` holds, one part per render product, in its order."""
    if isinstance(payload.get("renderProducts"), Mapping):
        return [_of_product(name, entry) for name, entry in payload["renderProducts"].items()]
    if isinstance(payload.get("annotators"), Mapping):
        return _of_annotators(payload["annotators"])
    return _of_keys(payload)


def triples(payload: Mapping[str, Any]) -> Iterator[tuple[str, str, Output]]:
    """Yield each render product, annotator and output."""
    return ((part.product, name, output) for part in parts(payload) for name, output in part.outputs.items())


def times(payload: Mapping[str, Any]) -> dict[str, Fraction | None]:
    """Return the simulation times in seconds that ``payload`` tells: of the ``frame``, and of annotators that have one.

    None for what is no time. Replicator gives only one of its annotators, ReferenceTime, a time of its own; what others
    belong to can be told where a writer asks for it on each render product.
    """
    found = {}
    if "reference_time" in payload:
        found["frame"] = _time(*_pair(payload["reference_time"]))
    for product, name, output in triples(payload):
        if _NUMERATOR in output and _DENOMINATOR in output:
            found[f"{name} of {product}"] = _time(output[_NUMERATOR], output[_DENOMINATOR])
    return found


def _of_product(name: str, entry: Mapping[str, Any]) -> Part:
    outputs = {key: _output(value) for key, value in entry.items() if key not in _OF_PRODUCT}
    return Part(name, _size(entry.get("resolution")), outputs)


def _of_annotators(annotators: Mapping[str, Mapping[str, Any]]) -> list[Part]:
    sizes = annotators.get("resolution", {})
    names = dict.fromkeys(name for by_product in annotators.values() for name in by_product)
    found = {name: {k: _output(v[name]) for k, v in annotators.items() if name in v} for name in names}
    return [
        Part(name, _size(sizes.get(name)), {k: v for k, v in outputs.items() if k not in _OF_PRODUCT})
        for name, outputs in found.items()
    ]


def _of_keys(payload: Mapping[str, Any]) -> list[Part]:
    products = {key.removeprefix(_PRODUCT): value for key, value in payload.items() if key.startswith(_PRODUCT)}
    outputs = {k: _output(v) for k, v in payload.items() if k not in _COMMON and not k.startswith(_PRODUCT)}
    if len(products) < 2:
        only = next(iter(products), "")
        return [Part(only, _size(products.get(only, {}).get("resolution")), outputs)]
    # Names of prims have no dash.
    split = {key: key.rpartition("-") for key in outputs}
    return [
        Part(
            name,
            _size(value.get("resolution")),
            {head: outputs[key] for key, (head, _, tail) in split.items() if tail == name and head},
        )
        for name, value in products.items()
    ]


def _output(value: Any) -> Output:
    """Return an output flat, whether it has the older shape or not."""
    if not isinstance(value, Mapping):
        return {"data": value}
    info = value.get("info")
    return {**{k: v for k, v in value.items() if k != "info"}, **info} if isinstance(info, Mapping) else value


def _size(resolution: Any) -> tuple[int, int] | None:
    if resolution is None or len(resolution) != 2:
        return None
    return int(resolution[1]), int(resolution[0])


def _pair(value: Any) -> tuple[Any, Any]:
    return (value[0], value[1]) if isinstance(value, (tuple, list)) and len(value) == 2 else (value, 0)


def _time(numerator: Any, denominator: Any) -> Fraction | None:
    try:
        return Fraction(int(numerator), int(denominator))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
