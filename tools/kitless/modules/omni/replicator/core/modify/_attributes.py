"""Changes of anything but poses."""

import difflib
from typing import Any

from pxr import Sdf, Usd, UsdGeom, UsdLux, UsdShade

from ..create._wrapped import material_prim, write_visibility
from ..graph import ReplicatorItem, assign, perform, subject
from ..scene.materials import as_value, bind, shader_of
from ..scene.semantics import as_labels, checked_mode, write_labels

PREFIXES = ("", "inputs:", "primvars:")
"""What may stand before the name of an attribute that is given without."""


def semantics(semantics: Any = None, input_prims: Any = None, mode: str = "add") -> ReplicatorItem:
    """Label prims: ``add`` to their labels, ``replace`` those of the types given, or ``clear`` all before.

    ``semantics``: ``{type: label or labels}`` or (type, label) pairs. Raises ``ValueError`` for anything else, and for
    an unknown mode.
    """
    node, labels, how = subject(input_prims), as_labels(semantics), checked_mode(mode)

    def run() -> None:
        for prim in node.prims():
            write_labels(prim, labels, how, once=True)

    perform(run)
    return ReplicatorItem(node)


def attribute(name: str, value: Any, attribute_type: str | None = None, input_prims: Any = None) -> ReplicatorItem:
    """Set an attribute, which is found with ``inputs:`` or ``primvars:`` before its name too.

    It is looked for on the prim, then on what stands for it: the surface shader of a material, and the one camera or
    light below an Xform. ``attribute_type`` (a name of Sdf's value types) makes it where it is missing. Raises
    ``ValueError`` where it is and no type is given.
    """
    node = subject(input_prims)
    kind = None if attribute_type is None else Sdf.ValueTypeNames.Find(attribute_type)
    if attribute_type is not None and not kind:
        raise ValueError(f"Unknown attribute_type '{attribute_type}'; it is one of Sdf.ValueTypeNames")

    def write(prim: Usd.Prim, values: dict[str, Any]) -> None:
        target = find_attribute(prim, name) or make_attribute(prim, name, kind)
        # USD reports a value of another type as an error of its own, naming the attribute.
        target.Set(as_value(target.GetTypeName(), values["value"]))

    assign(node, write, {"value": value})
    return ReplicatorItem(node)


def stand_ins(prim: Usd.Prim) -> list[Usd.Prim]:
    """A prim, and what an attribute of it may be on."""
    if prim.IsA(UsdShade.Material):
        return [prim, shader_of(prim).GetPrim()]
    below = [child for child in prim.GetChildren() if child.IsA(UsdGeom.Camera) or child.HasAPI(UsdLux.LightAPI)]
    return [prim, *below] if len(below) == 1 else [prim]


def find_attribute(prim: Usd.Prim, name: str) -> Usd.Attribute | None:
    """The attribute of that name."""
    candidates = (each.GetAttribute(prefix + name) for each in stand_ins(prim) for prefix in PREFIXES)
    return next((attribute for attribute in candidates if attribute), None)


def make_attribute(prim: Usd.Prim, name: str, kind: Sdf.ValueTypeName | None) -> Usd.Attribute:
    """A new attribute. Raises ``ValueError`` without a type."""
    if kind is None:
        names = [attribute.GetName() for each in stand_ins(prim) for attribute in each.GetAttributes()]
        near = difflib.get_close_matches(name, names, 1)
        raise ValueError(
            f"{prim.GetPath()} has no attribute '{name}'" + (f" (nearest: '{near[0]}')" if near else "")
            + "; attribute_type would make it"
        )  # fmt: skip
    return prim.CreateAttribute(name, kind)


def material(value: Any, input_prims: Any = None, name: str | None = None) -> ReplicatorItem:
    """Bind a material, given as item, path or prim, to prims and all below them."""
    node = subject(input_prims)
    assign(node, lambda prim, values: bind(prim, material_prim(values["value"])), {"value": value})
    return ReplicatorItem(node)


def visibility(value: Any, input_prims: Any = None, name: str | None = None) -> ReplicatorItem:
    """Show prims (True) or hide them and all below them."""
    node = subject(input_prims)
    assign(node, write_visibility, {"visible": value})
    return ReplicatorItem(node)


def variant(name: str, value: Any, input_prims: Any = None) -> ReplicatorItem:
    """Select a variant of a variant set. Raises ``ValueError`` where there is no such set or variant."""
    node = subject(input_prims)

    def write(prim: Usd.Prim, values: dict[str, Any]) -> None:
        chosen = str(values["value"])
        known = prim.GetVariantSets().GetVariantSet(name).GetVariantNames()
        if chosen not in known:
            raise ValueError(f"{prim.GetPath()}: variant set '{name}' has no '{chosen}'; there are {known or 'none'}")
        prim.GetVariantSets().SetSelection(name, chosen)

    assign(node, write, {"value": value})
    return ReplicatorItem(node)
