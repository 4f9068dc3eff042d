"""What the functional calls take: prims in any form, and values for one prim or one for each."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from pxr import Sdf, Usd, Vt

import omni.usd


def current_stage() -> Usd.Stage:
    """The open stage. Raises ``RuntimeError`` where there is none."""
    stage = omni.usd.get_context().get_stage()
    if stage is None:
        raise RuntimeError("No stage is open: open one or make a new one first")
    return stage


def as_prim(prim: Any) -> Usd.Prim:
    """A prim given as prim, schema object (``UsdGeom.Cube``) or path.

    Raises ``ValueError`` where there is no such prim, or for something else.
    """
    if isinstance(prim, Usd.SchemaBase):
        prim = prim.GetPrim()
    if isinstance(prim, Usd.Prim):
        found = prim
    elif isinstance(prim, (str, Sdf.Path)) and Sdf.Path.IsValidPathString(str(prim))[0]:
        found = current_stage().GetPrimAtPath(str(prim))
    else:
        raise ValueError(f"Not a prim: {prim!r}; give a prim, a path or a list of them")
    if not found:
        raise ValueError(f"No prim at '{prim}'")
    return found


def as_prims(prims: Any) -> list[Usd.Prim]:
    """Prims given as one prim or path, or a sequence of them."""
    if isinstance(prims, (list, tuple, np.ndarray)):
        return [as_prim(prim) for prim in prims]
    return [as_prim(prims)]


def is_number(value: Any) -> bool:
    """Whether a value is a single number or truth value."""
    return np.ndim(value) == 0 and isinstance(value, (int, float, np.number, np.bool_))


def is_sequence(value: Any) -> bool:
    """Whether a value is a list of things, and not a text, a mapping or one of USD's vectors."""
    return isinstance(value, (list, tuple, np.ndarray, Vt.Vec3fArray, Vt.Vec3dArray))


def for_each(value: Any, count: int, name: str, *, is_one: bool) -> list[Any]:
    """One value per prim: ``is_one`` says that ``value`` is one for all of them, else it has to be ``count`` values.

    Raises ``ValueError`` that names the parameter where their numbers differ.
    """
    if is_one:
        return [value] * count
    if len(value) != count:
        raise ValueError(f"{name}: {len(value)} values for {count} prims; give one value, or one for each")
    return list(value)


def is_one_labelling(value: Any) -> bool:
    """Whether semantics are for all prims, and not a list of one mapping for each."""
    return not (isinstance(value, (list, tuple)) and any(isinstance(item, Mapping) or item is None for item in value))


def vectors(value: Any, count: int, name: str) -> list[Any]:
    """One vector per prim, from one vector (or number) for all, or a sequence or (count, n) array of vectors."""
    is_one = not is_sequence(value) or (len(value) > 0 and all(is_number(item) for item in value))
    return for_each(value, count, name, is_one=is_one)
