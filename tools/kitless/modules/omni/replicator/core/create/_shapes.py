"""``rep.create``: shapes, 1 m across."""

from functools import partial
from typing import Any

from pxr import UsdGeom

from ..graph import Made, ReplicatorItem
from ..scene import naming
from ..scene.shapes import define_gprim, define_mesh
from ._wrapped import checked_count, finish, only, wrapped


def shape(kind: str, options: dict[str, Any]) -> ReplicatorItem:
    """A shape, of the options that all have."""
    define = define_mesh if options.pop("as_mesh", True) else define_gprim
    count, name, parent = (options.pop(key) for key in ("count", "name", "parent"))
    semantics, material, visible = (options.pop(key) for key in ("semantics", "material", "visible"))
    node = wrapped(kind, partial(define, kind=kind), count, name, parent)
    return finish(node, options, semantics, material, visible)


def xform(
    position: Any = None,
    scale: Any = None,
    pivot: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    semantics: Any = None,
    visible: bool = True,
    count: int = 1,
    name: str | None = None,
    parent: Any = None,
) -> ReplicatorItem:
    """Xforms without anything in them, ``/Replicator/Xform``. Parameters as of ``cube``."""
    options = dict(locals())
    stage = naming.open_stage()
    where = naming.parent_path(stage, only(parent))
    paths = naming.free_paths(stage, where, name or "Xform", checked_count(count))
    for path in paths:
        UsdGeom.Xform.Define(stage, path)
    pose = {key: options[key] for key in ("position", "scale", "pivot", "rotation", "look_at", "look_at_up_axis")}
    return finish(Made(paths, name or "Xform"), pose, semantics, None, visible)


def cube(
    position: Any = None,
    scale: Any = None,
    pivot: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    semantics: Any = None,
    material: Any = None,
    visible: bool = True,
    as_mesh: bool = True,
    count: int = 1,
    name: str | None = None,
    parent: Any = None,
) -> ReplicatorItem:
    """``count`` cubes with edges of 1 m, each below an Xform that is placed and labelled.

    position (stage units, relative to ``parent``), scale and rotation (degrees about x, then y, then z): three numbers,
    one for all three, a list of a vector for each, or a distribution. ``pivot``: about which point of the prim's box
    (-1 to 1 along each side) it turns and scales. ``look_at``: a point or prims. ``semantics``: ``{type: label or
    labels}``. ``as_mesh=False`` makes USD's own shape. Raises ``ValueError`` for contradictions.
    """
    return shape("Cube", dict(locals()))


def sphere(
    position: Any = None,
    scale: Any = None,
    pivot: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    semantics: Any = None,
    material: Any = None,
    visible: bool = True,
    as_mesh: bool = True,
    count: int = 1,
    name: str | None = None,
    parent: Any = None,
) -> ReplicatorItem:
    """Spheres of 1 m diameter. Parameters as of ``cube``."""
    return shape("Sphere", dict(locals()))


def cylinder(
    position: Any = None,
    scale: Any = None,
    pivot: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    semantics: Any = None,
    material: Any = None,
    visible: bool = True,
    as_mesh: bool = True,
    count: int = 1,
    name: str | None = None,
    parent: Any = None,
) -> ReplicatorItem:
    """Upright cylinders of 1 m diameter and height. Parameters as of ``cube``."""
    return shape("Cylinder", dict(locals()))


def cone(
    position: Any = None,
    scale: Any = None,
    pivot: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    semantics: Any = None,
    material: Any = None,
    visible: bool = True,
    as_mesh: bool = True,
    count: int = 1,
    name: str | None = None,
    parent: Any = None,
) -> ReplicatorItem:
    """Upright cones of 1 m diameter and height. Parameters as of ``cube``."""
    return shape("Cone", dict(locals()))


def torus(
    position: Any = None,
    scale: Any = None,
    pivot: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    semantics: Any = None,
    material: Any = None,
    visible: bool = True,
    count: int = 1,
    name: str | None = None,
    parent: Any = None,
) -> ReplicatorItem:
    """Lying tori of 1 m diameter. Parameters as of ``cube``."""
    return shape("Torus", dict(locals()))


def disk(
    position: Any = None,
    scale: Any = None,
    pivot: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    semantics: Any = None,
    material: Any = None,
    visible: bool = True,
    count: int = 1,
    name: str | None = None,
    parent: Any = None,
) -> ReplicatorItem:
    """Disks of 1 m diameter that face up. Parameters as of ``cube``."""
    return shape("Disk", dict(locals()))


def plane(
    position: Any = None,
    scale: Any = None,
    pivot: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    semantics: Any = None,
    material: Any = None,
    visible: bool = True,
    count: int = 1,
    name: str | None = None,
    parent: Any = None,
) -> ReplicatorItem:
    """Squares with edges of 1 m that face up. Parameters as of ``cube``."""
    return shape("Plane", dict(locals()))
