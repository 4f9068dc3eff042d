"""The labelled objects of a stage by the names that instance masks give them, and the ids that the stage gives them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pxr import Sdf, Usd, UsdGeom

from .labels import Surface, surfaces
from .labels.surfaces import values

ACTOR_ID = "carla:actor_id"
"""An int attribute: the id of a prim, all below it being part of that one object."""


def actor_of(stage: Usd.Stage, name: str) -> tuple[str, int | None]:
    """Return the object that a labelled prim or point instance is part of, and the id that the stage gives it.

    That is the nearest prim, itself included, which has an id of its own; without one it is an object by itself.
    """
    prim = stage.GetPrimAtPath(name.partition("[")[0]) if Sdf.Path.IsValidPathString(name.partition("[")[0]) else None
    while prim and not prim.IsPseudoRoot():
        attribute = prim.GetAttribute(ACTOR_ID)
        wanted = attribute.Get() if attribute else None
        if wanted is not None:
            return str(prim.GetPath()), int(wanted)
        prim = prim.GetParent()
    return name, None


def labelled_objects(stage: Usd.Stage) -> dict[str, str]:
    """Return the class of each labelled object that can be drawn, by name, in the order of their names' paths.

    Point instances are objects of their own, named ``<instancer>[<id>]<path below the prototype's root>``. Those that
    a point instancer inside another one places are left out: their names are known when they are seen.
    """
    found: dict[str, str] = {}
    for surface in surfaces(stage):
        if surface.lineage:
            label = ",".join(surface.labels().get("class", ()))
            found.update((name, label) for name in _names(surface))
    return dict(sorted(found.items(), key=lambda item: _order(item[0])))


def _names(surface: Surface) -> Iterator[str]:
    owner = Sdf.Path(surface.lineage[-1][0])
    outermost = surface.instancers[0] if surface.instancers else None
    if outermost is None or (outermost.GetPath().HasPrefix(owner) and outermost.GetPath() != owner):
        yield str(owner)
    elif len(surface.instancers) == 1:
        for number, root in _instances(outermost):
            if owner == outermost.GetPath():
                yield f"{owner}[{number}]"
            elif owner.HasPrefix(root):
                yield f"{outermost.GetPath()}[{number}]{str(owner)[len(str(root)) :]}"


def _instances(prim: Usd.Prim) -> Iterator[tuple[int, Sdf.Path]]:
    """Yield the id and the prototype's root of each instance that a point instancer has at one time or another."""
    instancer = UsdGeom.PointInstancer(prim)
    roots = prim.GetRelationship("prototypes").GetForwardedTargets()
    seen: dict[int, Sdf.Path] = {}
    all_ids: list[Any] = list(values(instancer.GetIdsAttr()))
    for index, places in enumerate(values(instancer.GetProtoIndicesAttr())):
        ids = all_ids[min(index, len(all_ids) - 1)] if all_ids else range(len(places))
        for number, place in zip(ids, places, strict=False):
            if place < len(roots):
                seen.setdefault(int(number), roots[place])
    return iter(sorted(seen.items()))


def _order(name: str) -> tuple[Sdf.Path, int, str]:
    path, _, rest = name.partition("[")
    number, _, below = rest.partition("]")
    return Sdf.Path(path), int(number or -1), below
