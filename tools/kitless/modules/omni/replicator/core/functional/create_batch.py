"""``rep.functional.create_batch``: ``count`` prims by one call, as a list.

Each function takes what its namesake in ``functional.create`` takes, once for all prims or as a list with one for each
(of vectors: a list of vectors), and ``count`` before.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
from pxr import Usd

from kitless.absent import Missing

from ..scene.materials import COLOR, OMNI_PBR, PAIR
from . import create
from ._prims import for_each, is_number, is_one_labelling, is_sequence

omni_lidar = Missing("omni.replicator.core.functional.create_batch.omni_lidar")
omni_radar = Missing("omni.replicator.core.functional.create_batch.omni_radar")

VECTORS = frozenset(
    """
    position scale rotation look_at look_at_up_axis pivot color shaping_focus_tint clipping_range
    """.split()  # noqa: SIM905  names read better as a line
)
_SIZED = (create.camera, create.sphere_light, create.rect_light, create.cylinder_light, create.distant_light)
SCALARS = frozenset(name for made in _SIZED for name in inspect.signature(made).parameters) - VECTORS


def _is_vector(name: str, value: Any) -> bool:
    """Whether a parameter takes vectors; of a material's inputs that are not known, two to four numbers are one."""
    if name in VECTORS:
        return True
    if name in OMNI_PBR:
        return OMNI_PBR[name] in (COLOR, PAIR)
    return len(value) in (2, 3, 4)


def _is_for_all(name: str, value: Any) -> bool:
    """Whether a value is one for all prims."""
    if name == "semantics":
        return is_one_labelling(value)
    if not is_sequence(value):
        return True
    is_flat = np.ndim(value) == 1 and all(is_number(item) for item in value)
    return is_flat and name not in SCALARS and _is_vector(name, value)


def _batch(function: Callable[..., Usd.Prim]) -> Callable[..., list[Usd.Prim]]:
    signature = _with_count(inspect.signature(function))

    @wraps(function)
    def create_many(*args: Any, **kwargs: Any) -> list[Usd.Prim]:
        given = dict(signature.bind(*args, **kwargs).arguments)
        given.update(given.pop("kwargs", {}))
        count = given.pop("count", 1)
        columns = {name: for_each(value, count, name, is_one=_is_for_all(name, value)) for name, value in given.items()}
        return _make(function, [{name: values[row] for name, values in columns.items()} for row in range(count)])

    create_many.__signature__ = signature  # type: ignore[attr-defined]
    return create_many


def _make(function: Callable[..., Usd.Prim], rows: list[dict[str, Any]]) -> list[Usd.Prim]:
    made: list[Usd.Prim] = []
    before: Any = None
    for row in rows:
        asked = row.get("name"), str(row.get("parent"))
        # Numbers up to the last prim's are taken: asking for its name spares looking at all of them again.
        is_same = bool(made) and asked == before
        made.append(function(**({**row, "name": made[-1].GetName()} if is_same else row)))
        before = asked
    return made


def _with_count(signature: inspect.Signature) -> inspect.Signature:
    """A signature with ``count`` before its first parameter that has a default."""
    parameters = list(signature.parameters.values())
    needed = [each for each in parameters if each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD]
    count = inspect.Parameter("count", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=1, annotation=int)
    return signature.replace(parameters=[*needed, count, *parameters[len(needed) :]], return_annotation=list[Usd.Prim])


scope = _batch(create.scope)
xform = _batch(create.xform)
clone = _batch(create.clone)
reference = _batch(create.reference)
camera = _batch(create.camera)
plane = _batch(create.plane)
cube = _batch(create.cube)
sphere = _batch(create.sphere)
cylinder = _batch(create.cylinder)
cone = _batch(create.cone)
torus = _batch(create.torus)
disk = _batch(create.disk)
sphere_light = _batch(create.sphere_light)
disk_light = _batch(create.disk_light)
rect_light = _batch(create.rect_light)
cylinder_light = _batch(create.cylinder_light)
distant_light = _batch(create.distant_light)
dome_light = _batch(create.dome_light)
material = _batch(create.material)
