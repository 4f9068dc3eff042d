"""``rep.functional.modify``: what is written on prims at once.

``prims`` is a prim, a path or a list of them. Values are one for all of them, or a sequence with one for each: of
vectors an (n, 3) array or a list of n triples.
"""

from typing import Any

from pxr import Gf, Sdf, Usd, UsdGeom

from ..scene.materials import as_value, bind, find_input
from ..scene.semantics import as_labels, checked_mode, write_labels
from ._pose import place
from ._prims import as_prim, as_prims, for_each, is_number, is_one_labelling, is_sequence, vectors


def position(prims: Any, value: Any) -> None:
    """Set the translation to the parent's frame, stage units."""
    found = as_prims(prims)
    for prim, each in zip(found, vectors(value, len(found), "position"), strict=True):
        place(prim, position=each)


def rotation(prims: Any, value: Any) -> None:
    """Set the rotation: Euler XYZ in degrees, or quaternions w, x, y, z."""
    found = as_prims(prims)
    for prim, each in zip(found, vectors(value, len(found), "rotation"), strict=True):
        place(prim, rotation=each)


def scale(prims: Any, value: Any) -> None:
    """Set the scale factors."""
    found = as_prims(prims)
    for prim, each in zip(found, vectors(value, len(found), "scale"), strict=True):
        place(prim, scale=each)


def pose(
    prims: Any,
    position_value: Any = None,
    rotation_value: Any = None,
    scale_value: Any = None,
    look_at_value: Any = None,
    look_at_up_axis: Any = None,
    write_to_usd: bool = True,
) -> None:
    """Set what is given of position, rotation and scale; with ``look_at_value`` -Z is turned to a point or prim.

    ``write_to_usd=False`` writes to USD too: there is no Fabric here. Raises ``ValueError`` for a rotation together
    with something to look at.
    """
    del write_to_usd
    found = as_prims(prims)
    columns = [
        vectors(value, len(found), name)
        for name, value in (("position", position_value), ("rotation", rotation_value), ("scale", scale_value))
    ]
    targets = _targets(look_at_value, len(found))
    for prim, at, turned, sized, target in zip(found, *columns, targets, strict=True):
        place(prim, position=at, rotation=turned, scale=sized, target=target, up_axis=look_at_up_axis)


def _targets(value: Any, count: int) -> list[Any]:
    """What each prim looks at. A list of as many points, or of as many prims (more than one), is one for each."""
    if not is_sequence(value) or all(is_number(item) for item in value):
        return [value] * count
    is_each = len(value) == count and (count > 1 or is_sequence(value[0]))
    return list(value) if is_each else [value] * count


def attribute(prims: Any, name: str, value: Any) -> None:
    """Set an attribute, by its name with or without ``inputs:``; of materials, the input of their shader.

    Values are converted to the attribute's type. Raises ``ValueError`` where a prim has no such attribute.
    """
    found = [_attribute(prim, name) for prim in as_prims(prims)]
    for target, each in zip(found, _values(value, found, name), strict=True):
        target.Set(as_value(target.GetTypeName(), each))


def _attribute(prim: Usd.Prim, name: str) -> Usd.Attribute:
    for known in (name, f"inputs:{name}"):
        if prim.HasAttribute(known):
            return prim.GetAttribute(known)
    shader_input = find_input(prim, name)
    if shader_input is not None:
        return shader_input.GetAttr()
    names = ", ".join(sorted(prim.GetPropertyNames())) or "none"
    raise ValueError(f"{prim.GetPath()} has no attribute '{name}'; it has {names}")


def _values(value: Any, attributes: list[Usd.Attribute], name: str) -> list[Any]:
    """One value per attribute; a sequence is one value where the attribute itself holds as deep a sequence."""
    kind: Sdf.ValueTypeName = attributes[0].GetTypeName() if attributes else Sdf.ValueTypeNames.Float
    depth = int(kind.isArray) + int(hasattr(kind.scalarType.defaultValue, "dimension"))
    return for_each(value, len(attributes), name, is_one=_depth(value) <= depth)


def _depth(value: Any) -> int:
    """How deep sequences are nested in a value; texts, vectors and asset paths of USD are none."""
    if isinstance(value, (Gf.Vec2f, Gf.Vec3f, Gf.Vec4f, Gf.Vec2d, Gf.Vec3d, Gf.Vec4d)):
        return 1
    return 1 + (_depth(value[0]) if len(value) else 0) if is_sequence(value) else 0


def material(prims: Any, materials: Any) -> None:
    """Bind a material to prims, or one of a list to each. Raises ``ValueError`` for what is no material."""
    found = as_prims(prims)
    for prim, each in zip(
        found, for_each(materials, len(found), "materials", is_one=not is_sequence(materials)), strict=True
    ):
        bind(prim, as_prim(each))


def visibility(prims: Any, value: Any) -> None:
    """Show or hide prims with what is below them. Showing a prim shows what it is in, as in USD's ``MakeVisible``."""
    found = as_prims(prims)
    for prim, is_shown in zip(
        found, for_each(value, len(found), "visibility", is_one=not is_sequence(value)), strict=True
    ):
        imageable = UsdGeom.Imageable(prim)
        if not imageable:
            raise ValueError(f"{prim.GetPath()} ({prim.GetTypeName() or 'untyped'}) cannot be shown or hidden")
        if is_shown:
            imageable.MakeVisible()
        else:
            imageable.MakeInvisible()


def semantics(prims: Any, value: Any = None, mode: str = "add") -> None:
    """Write labels: ``{type: label or [labels]}``, one mapping per prim, a ``(type, label)`` pair or a list of pairs.

    ``add`` appends to what the edited layer has of the type, ``replace`` overwrites the type, ``clear`` removes all
    labels first. Legacy labels are converted: those of a type that is written come first (not with ``clear``), the
    others go. Raises ``ValueError`` for another mode.
    """
    chosen = checked_mode(mode)
    found = as_prims(prims)
    for prim, each in zip(found, for_each(value, len(found), "semantics", is_one=is_one_labelling(value)), strict=True):
        write_labels(prim, as_labels(each), chosen)
