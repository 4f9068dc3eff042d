"""Whether a frame is good: nothing blank that has something to show, nothing empty, nothing that is no number.

What may be blank for good reason is not judged by itself: a picture of the sky is no flaw. It takes a second annotator
of the same render product, or the caller who knows the stage, to tell that there is something to show. Arrays that are
not numpy's (a writer may ask for them on another device) are not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .looks import LOOKERS, NO_ARRAY, PICTURES, Look
from .payload import Output, Part, parts, times


@dataclass(frozen=True)
class Expected:
    """What is known of a render product's view before it is rendered."""

    surfaces: bool = False
    """Whether something is certain to be hit: a wrong yes marks good frames."""

    labels: bool = False
    """Whether something labelled is in the field of view, hidden by other things or not."""


def expect_nothing(product: str) -> Expected:
    """Return that nothing is known of a render product's view."""
    del product
    return Expected()


def flaws(payload: Mapping[str, Any], expected: Callable[[str], Expected] = expect_nothing) -> list[str]:
    """Return what is wrong with a frame, as a writer receives it.

    ``expected`` is called with the name of a render product, and only if something of it is blank.
    """
    found = [
        f"{name} of {part.product}: {problem}"
        for part in parts(payload)
        for name, problem in _part_flaws(part, expected)
    ]
    return found + _time_flaws(payload)


def _part_flaws(part: Part, expected: Callable[[str], Expected]) -> Iterator[tuple[str, str]]:
    looks: dict[str, Look] = {}
    for key, output in part.outputs.items():
        name = key.removesuffix("_fast")
        looks[name] = _look(name, output, part.size) if name in LOOKERS else Look()
    for name, look in looks.items():
        yield from ((name, problem) for problem in look.problems)
        others = {other: seen for other, seen in looks.items() if other != name}
        reason = _contradiction(look.lacks, others, expected(part.product)) if look.blank else ""
        if reason:
            yield name, f"{look.blank} although {reason}"


def _look(name: str, output: Output, size: tuple[int, int] | None) -> Look:
    data = output.get("data")
    if data is None:
        return LOOKERS[name](output) if name in NO_ARRAY else Look(problems=("no data",))
    if not isinstance(data, np.ndarray):
        return Look()
    if name in PICTURES:
        if data.size == 0:
            return Look(problems=(f"empty array {data.shape}",))
        if data.ndim < 2 or (size is not None and data.shape[:2] != size):
            return Look(problems=(f"shape {data.shape} in a picture of {size} rows and columns",))
    return LOOKERS[name](output)


def _contradiction(lacks: str, others: Mapping[str, Look], expected: Expected) -> str:
    """Return why there is something to show; "" if there may be nothing."""
    if lacks == "shapes":
        return _proof("shapes", others)
    hit = _proof("surfaces", others) or ("something is in view" if expected.surfaces else "")
    if lacks == "surfaces":
        return hit
    # What hides a labelled thing shows as unlabelled: with one in the field of view, not all can be background.
    is_near = expected.labels or any(look.is_near for look in others.values())
    return _proof("labels", others) or (
        f"labelled things are in the field of view, and {hit}" if hit and is_near else ""
    )


def _proof(kind: str, looks: Mapping[str, Look]) -> str:
    return next((f"{shown} ({name})" for name, look in looks.items() if (shown := getattr(look, kind))), "")


def _time_flaws(payload: Mapping[str, Any]) -> list[str]:
    found = times(payload)
    lost = [f"{name}: no time" for name, time in found.items() if time is None]
    if len({time for time in found.values() if time is not None}) < 2:
        return lost
    told = ", ".join(f"{name} {time}" for name, time in found.items() if time is not None)
    return [*lost, f"annotators of one frame have different times: {told}"]
