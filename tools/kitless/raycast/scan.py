"""Finding what is on a stage: gprims to draw, lights, and what cannot be drawn yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pxr import Sdf, Usd, UsdGeom, UsdLux

from kitless.raycast import parts
from kitless.raycast.gprims import DRAWABLE, is_animated
from kitless.raycast.point_instances import INSTANCER_ATTRIBUTES, Link
from kitless.raycast.skinning import Skin, Skins

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LIGHTS = frozenset(
    ("DomeLight", "DomeLight_1", "DistantLight", "SphereLight", "RectLight", "DiskLight", "CylinderLight")
)
"""Light types that shade() knows."""
_PURPOSES = (UsdGeom.Tokens.default_, UsdGeom.Tokens.render)
_EVERYTHING_ALIVE = Usd.TraverseInstanceProxies(Usd.PrimDefaultPredicate)
# Prototypes are often kept below an over or a class, so that nothing else draws them.
_IN_PROTOTYPES = Usd.TraverseInstanceProxies(Usd.PrimIsActive & Usd.PrimIsLoaded & Usd.PrimHasDefiningSpecifier)


@dataclass(frozen=True)
class Gprim:
    """One occurrence of something drawable: of an ordinary gprim, or of one in a point instancer's prototype."""

    prim: Usd.Prim
    source: str
    """Path of the prim that edits are reported for: of the prototype's prim if this is an instance proxy."""
    moves: bool
    """Whether the transform depends on the time."""
    blinks: bool
    """Whether the visibility depends on the time."""
    deforms: bool
    """Whether the geometry depends on the time."""
    chain: tuple[Link, ...] = ()
    """The point instancers it is placed by, outermost first."""
    skin: Skin | None = None
    """What deforms it, if it is bound to a skeleton."""

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The path in pieces: to the outermost instancer, then each piece from a prototype's root on."""
        ends = [*(link.instancer for link in self.chain), self.prim]
        roots = ["", *(str(link.root.GetPath()) for link in self.chain)]
        return tuple(str(end.GetPath())[len(root) :] for end, root in zip(ends, roots, strict=True))

    @cached_property
    def key(self) -> str:
        """What tells it from all others: the path, or that with the positions of prototypes."""
        steps = (f"[{link.index}]{stem}" for link, stem in zip(self.chain, self.stems[1:], strict=True))
        return "".join((self.stems[0], *steps))

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Paths of the prims whose ancestors' edits concern it: its own and its instancers'."""
        return (str(self.prim.GetPath()), *(str(link.instancer.GetPath()) for link in self.chain))

    @property
    def is_shared(self) -> bool:
        """Whether something of it is in one of USD's implicit prototypes, where edits are reported once for all."""
        return self.prim.IsInstanceProxy() or any(link.instancer.IsInstanceProxy() for link in self.chain)

    def lineage(self) -> Iterator[tuple[Sdf.Path, int]]:
        """Yield the paths of the prims it is in, itself first, with how many of its ids tell their copies apart.

        From a prototype's root on with its instancer, from there with what is above that.
        """
        path, depth = self.prim.GetPath(), len(self.chain)
        for link in reversed(self.chain):
            above = link.root.GetPath().GetParentPath()
            while path != above:
                yield path, depth
                path = path.GetParentPath()
            yield link.instancer.GetPath(), depth
            path, depth = link.instancer.GetPath().GetParentPath(), depth - 1
        while path != Sdf.Path.absoluteRootPath:
            yield path, depth
            path = path.GetParentPath()


@dataclass
class Finds:
    """What a scan met."""

    gprims: dict[str, Gprim] = field(default_factory=dict)
    """By key."""
    lights: dict[str, Usd.Prim] = field(default_factory=dict)
    unsupported: dict[str, str] = field(default_factory=dict)
    """Path to type."""
    instancers: dict[str, set[str]] = field(default_factory=dict)
    """Path of each outermost point instancer to the roots of all prototypes in it, nested ones included."""


class Scan:
    """A walk over (part of) a stage."""

    def __init__(self) -> None:
        self.finds = Finds()
        self._skins = Skins()
        self._varying: dict[Sdf.Path, tuple[bool, bool]] = {}

    def walk(self, root: Usd.Prim) -> Finds:
        """Return what is at and below a prim. Inactive, abstract, undefined and unloaded prims are not there."""
        if not _is_below_instancer(root):
            self._walk(Usd.PrimRange(root, _EVERYTHING_ALIVE), ())
        return self.finds

    def _walk(self, found: Iterable[Usd.Prim], chain: tuple[Link, ...]) -> None:
        prims = iter(found)
        for prim in prims:
            kind = str(prim.GetTypeName())
            if kind == "PointInstancer":
                self._enter(prim, chain)
                prims.PruneChildren()  # type: ignore[attr-defined]
            elif kind in DRAWABLE:
                self._keep(prim, chain)
            elif kind in LIGHTS and not chain:
                self.finds.lights[str(prim.GetPath())] = prim
            elif prim.IsA(UsdGeom.Gprim) or prim.HasAPI(UsdLux.LightAPI):
                self._refuse(prim, kind)

    def _enter(self, prim: Usd.Prim, chain: tuple[Link, ...]) -> None:
        outermost = str((chain[0].instancer if chain else prim).GetPath())
        roots = self.finds.instancers.setdefault(outermost, set())
        targets = UsdGeom.PointInstancer(prim).GetPrototypesRel().GetForwardedTargets()
        roots.update(map(str, targets))
        if not _is_rendered(prim):
            return
        if any(link.instancer == prim for link in chain):
            self._refuse(prim, "PointInstancer inside itself")
            return
        for index, target in enumerate(targets):
            root = prim.GetStage().GetPrimAtPath(target)
            if root:
                self._walk(Usd.PrimRange(root, _IN_PROTOTYPES), (*chain, Link(prim, root, index)))

    def _keep(self, prim: Usd.Prim, chain: tuple[Link, ...]) -> None:
        if not _is_rendered(prim):
            return
        source = prim.GetPrimInPrototype() if prim.IsInstanceProxy() else prim
        varying = [self._varies(each) for each in (prim, *(link.instancer for link in chain))]
        moves = any(moves for moves, _ in varying) or any(_is_animated(link.instancer) for link in chain)
        blinks = any(blinks for _, blinks in varying)
        skin = self._skins.of(prim)
        deforms = is_animated(prim) or parts.are_animated(prim) or (skin is not None and skin.is_animated)
        gprim = Gprim(prim, str(source.GetPath()), moves, blinks, deforms, chain, skin)
        self.finds.gprims[gprim.key] = gprim

    def _refuse(self, prim: Usd.Prim, kind: str) -> None:
        if _is_rendered(prim):
            self.finds.unsupported[str(prim.GetPath())] = kind

    def _varies(self, prim: Usd.Prim) -> tuple[bool, bool]:
        path = prim.GetPath()
        if path == Sdf.Path.absoluteRootPath:
            return False, False
        if path not in self._varying:
            moves, blinks = self._varies(prim.GetParent())
            xform, imageable = UsdGeom.Xformable(prim), UsdGeom.Imageable(prim)
            moves = moves or bool(xform and xform.TransformMightBeTimeVarying())
            blinks = blinks or bool(imageable and imageable.GetVisibilityAttr().ValueMightBeTimeVarying())
            self._varying[path] = moves, blinks
        return self._varying[path]


def _is_rendered(prim: Usd.Prim) -> bool:
    return UsdGeom.Imageable(prim).ComputePurpose() in _PURPOSES


def _is_animated(instancer: Usd.Prim) -> bool:
    return any(instancer.GetAttribute(name).ValueMightBeTimeVarying() for name in INSTANCER_ATTRIBUTES)


def _is_below_instancer(prim: Usd.Prim) -> bool:
    above = prim.GetParent()
    while above:
        if above.IsA(UsdGeom.PointInstancer):
            return True
        above = above.GetParent()
    return False
