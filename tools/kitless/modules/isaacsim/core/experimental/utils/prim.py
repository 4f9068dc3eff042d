"""Finding and asking about prims, given as prims or paths, in the manner of Isaac Sim 6."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from pxr import Sdf, Usd

from isaacsim.core._current import current_stage
from isaacsim.core._search import downwards, is_articulation_link, matching_paths, nearest_above
from kitless.absent import absent

__all__ = [
    "create_prim_attribute",
    "ensure_api",
    "find_matching_prim_paths",
    "get_all_matching_child_prims",
    "get_first_matching_child_prim",
    "get_first_matching_parent_prim",
    "get_prim_at_path",
    "get_prim_attribute_names",
    "get_prim_attribute_value",
    "get_prim_path",
    "get_prim_variant_collection",
    "get_prim_variants",
    "has_api",
    "is_prim_non_root_articulation_link",
    "set_prim_variants",
]

Predicate = Callable[[Usd.Prim, str], bool]
"""Asked with a prim and its path."""


def get_prim_at_path(path: str | Usd.Prim) -> Usd.Prim:
    """Return the prim at a path; a prim is returned as it is.

    Raises ValueError where there is none.
    """
    prim = path if isinstance(path, Usd.Prim) else current_stage().GetPrimAtPath(str(path))
    if not prim:
        raise ValueError(f"no prim at {path}")
    return prim


def get_prim_path(prim: str | Usd.Prim) -> str:
    """Return the path of a prim; a path is returned as it is."""
    return str(prim.GetPath()) if isinstance(prim, Usd.Prim) else str(prim)


# --- variants


def set_prim_variants(prim: str | Usd.Prim, *, variants: Sequence[tuple[str, str]]) -> None:
    """Choose variants, given as (set, variant).

    Raises ValueError for a set or variant that the prim does not have.
    """
    known = get_prim_variant_collection(prim)
    for name, variant in variants:
        if variant not in known.get(name, ()):
            choices = f"variants {', '.join(known[name])}" if name in known else f"variant sets {', '.join(known)}"
            raise ValueError(f"{get_prim_path(prim)} has no variant {variant!r} of {name!r}; it has the {choices}")
        get_prim_at_path(prim).GetVariantSet(name).SetVariantSelection(variant)


def get_prim_variants(prim: str | Usd.Prim) -> list[tuple[str, str]]:
    """Return the chosen variants as (set, variant)."""
    sets = get_prim_at_path(prim).GetVariantSets()
    return [(name, sets.GetVariantSelection(name)) for name in sets.GetNames()]


def get_prim_variant_collection(prim: str | Usd.Prim) -> dict[str, list[str]]:
    """Return the variants of each set."""
    sets = get_prim_at_path(prim).GetVariantSets()
    return {name: list(sets.GetVariantSet(name).GetVariantNames()) for name in sets.GetNames()}


# --- searching


def find_matching_prim_paths(path: str, *, traverse: bool = False) -> list[str]:
    """Return the paths of the prims that match, each part of ``path`` a regular expression.

    With ``traverse`` the expression is one for whole paths, at any depth.
    """
    if traverse:
        whole = re.compile(path)
        return [str(prim.GetPath()) for prim in current_stage().Traverse() if whole.fullmatch(str(prim.GetPath()))]
    return matching_paths(path)


def get_all_matching_child_prims(
    prim: str | Usd.Prim, *, predicate: Predicate, include_self: bool = False, max_depth: int | None = None
) -> list[Usd.Prim]:
    """Return the prims below this one (at depth 0) that the predicate likes, breadth first."""
    found = downwards(get_prim_at_path(prim))[0 if include_self else 1 :]
    return [each for each, depth in found if (max_depth is None or depth <= max_depth) and _liked(predicate, each)]


def get_first_matching_child_prim(
    prim: str | Usd.Prim, *, predicate: Predicate, include_self: bool = False
) -> Usd.Prim | None:
    """Return the first prim below this one that the predicate likes, breadth first; None when there is none."""
    found = downwards(get_prim_at_path(prim))[0 if include_self else 1 :]
    return next((each for each, _ in found if _liked(predicate, each)), None)


def get_first_matching_parent_prim(
    prim: str | Usd.Prim, *, predicate: Predicate, include_self: bool = False
) -> Usd.Prim | None:
    """Return the nearest prim above this one that the predicate likes; None when there is none."""
    found = get_prim_at_path(prim)
    if include_self and _liked(predicate, found):
        return found
    return nearest_above(found, lambda each: _liked(predicate, each))


# --- schemas and attributes


def has_api(prim: str | Usd.Prim, api: type | str | Sequence[type | str], *, test: str = "all") -> bool:
    """Return whether ``all``, ``any`` or ``none`` of the schemas are applied.

    Raises ValueError for another test.
    """
    tests: dict[str, Callable[[list[bool]], bool]] = {"all": all, "any": any, "none": lambda each: not any(each)}
    if test not in tests:
        raise ValueError(f"test {test!r} is none of {', '.join(tests)}")
    asked = api if isinstance(api, (list, tuple)) else [api]
    applied = get_prim_at_path(prim)
    return tests[test]([bool(applied.HasAPI(each)) for each in asked])


def ensure_api(prim: str | Usd.Prim, api: type, *args: Any, **kwargs: Any) -> Any:
    """Apply a schema where it is not, and return it; further arguments are those of the schema's ``Apply``."""
    found = get_prim_at_path(prim)
    return api(found, *args, **kwargs) if found.HasAPI(api, *args) else api.Apply(found, *args, **kwargs)  # type: ignore[attr-defined]


def create_prim_attribute(
    prim: str | Usd.Prim, *, name: str, type_name: Sdf.ValueTypeName, exist_ok: bool = True
) -> Usd.Attribute:
    """Return the attribute of that name, made where it is missing.

    Raises ValueError when it is there and may not be.
    """
    found = get_prim_at_path(prim)
    if found.HasAttribute(name) and not exist_ok:
        raise ValueError(f"{found.GetPath()} has the attribute {name!r} already")
    return found.CreateAttribute(name, type_name)


def get_prim_attribute_value(prim: str | Usd.Prim, attribute_name: str) -> Any:
    """Return an attribute's value.

    Raises ValueError where there is no such prim or attribute.
    """
    attribute = get_prim_at_path(prim).GetAttribute(attribute_name)
    if not attribute:
        known = ", ".join(get_prim_attribute_names(prim))
        raise ValueError(f"{get_prim_path(prim)} has no attribute {attribute_name!r}; it has {known}")
    return attribute.Get()


def get_prim_attribute_names(prim: str | Usd.Prim) -> list[str]:
    """Return the names of the prim's attributes."""
    return [attribute.GetName() for attribute in get_prim_at_path(prim).GetAttributes()]


def is_prim_non_root_articulation_link(prim: str | Usd.Prim) -> bool:
    """Return whether the prim is a rigid body below the root of an articulation."""
    return is_articulation_link(get_prim_at_path(prim))


def _liked(predicate: Predicate, prim: Usd.Prim) -> bool:
    return bool(predicate(prim, str(prim.GetPath())))


__getattr__ = absent(__name__)
