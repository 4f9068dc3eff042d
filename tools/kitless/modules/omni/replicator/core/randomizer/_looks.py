"""Random materials."""

from collections.abc import Callable
from typing import Any

import numpy as np
from pxr import Usd, UsdGeom

import omni.usd

from ..create._wrapped import material_prim
from ..distribution import choice
from ..graph import Node, ReplicatorItem, as_node, as_vector, assign, distribution_of, subject
from ..scene.materials import bind, define_look, set_inputs


def color(
    colors: Any, per_sub_mesh: bool = False, seed: int | None = None, input_prims: Any = None, name: str | None = None
) -> ReplicatorItem:
    """Cover prims with materials of one colour each: of a list of linear colours, or of a distribution.

    ``per_sub_mesh``: each mesh below a prim gets a colour of its own.
    """
    node = subject(input_prims)
    looks = Looks()

    def write(prim: Usd.Prim, values: dict[str, Any]) -> None:
        looks.set(prim, {"diffuse_color_constant": as_vector(values["colors"], "colors")})

    assign(parts(node, per_sub_mesh), write, {"colors": one_of(colors, seed, is_color)})
    return ReplicatorItem(node)


def texture(
    textures: Any,
    texture_scale: Any = None,
    texture_rotate: Any = None,
    per_sub_mesh: bool = False,
    project_uvw: bool = False,
    seed: int | None = None,
    input_prims: Any = None,
    name: str | None = None,
) -> ReplicatorItem:
    """Cover prims with pictures, of a list of files or of a distribution.

    ``texture_scale`` (two numbers, or one) and ``texture_rotate`` (degrees) may be distributions. ``project_uvw`` is
    authored; pictures are laid on by the texture coordinates in any case.
    """
    node = subject(input_prims)
    looks = Looks()

    def write(prim: Usd.Prim, values: dict[str, Any]) -> None:
        inputs = {"diffuse_texture": values["textures"], "project_uvw": project_uvw}
        if "scale" in values:
            pair = np.broadcast_to(np.asarray(values["scale"], float).ravel(), 2)
            inputs["texture_scale"] = tuple(pair.tolist())
        if "rotate" in values:
            inputs["texture_rotate"] = float(values["rotate"])
        looks.set(prim, inputs)

    drawn = {"textures": one_of(textures, seed, is_text), "scale": texture_scale, "rotate": texture_rotate}
    assign(parts(node, per_sub_mesh), write, drawn)
    return ReplicatorItem(node)


def materials(
    materials: Any,
    seed: int | None = None,
    max_cached_materials: int = 0,
    input_prims: Any = None,
    name: str | None = None,
) -> ReplicatorItem:
    """Bind materials: of a list of items, paths and MDL files, of an item of several, or of a distribution.

    ``max_cached_materials`` has no meaning here: each MDL file becomes one material.
    """
    node = subject(input_prims)
    if isinstance(materials, ReplicatorItem) and distribution_of(materials) is None:
        materials = [str(prim.GetPath()) for prim in materials.node.prims()]
    made: dict[str, Usd.Prim] = {}

    def write(prim: Usd.Prim, values: dict[str, Any]) -> None:
        bind(prim, as_material(values["materials"], made))

    assign(node, write, {"materials": one_of(materials, seed, is_material)})
    return ReplicatorItem(node)


def as_material(material: Any, made: dict[str, Usd.Prim]) -> Usd.Prim:
    """A material's prim; one of an MDL file is made when it is first wanted."""
    if not (isinstance(material, str) and material.endswith(".mdl")):
        return material_prim(material)
    if not made.get(material):
        stage = omni.usd.get_context().get_stage()
        made[material] = define_look(stage, material)
    return made[material]


class Looks:
    """The material of each prim that a randomiser covers: made and bound once, then only its inputs change."""

    def __init__(self) -> None:
        self._materials: dict[str, Usd.Prim] = {}

    def set(self, prim: Usd.Prim, inputs: dict[str, Any]) -> None:
        """Cover a prim with a material of these inputs."""
        path = str(prim.GetPath())
        if not self._materials.get(path):
            self._materials[path] = define_look(prim.GetStage())
        set_inputs(self._materials[path], inputs)
        bind(prim, self._materials[path])


class Parts(Node):
    """The meshes and other geometry below prims."""

    def __init__(self, whole: Node) -> None:
        self._whole = whole

    def prims(self) -> list[Usd.Prim]:
        """Those that are there now."""
        return [part for prim in self._whole.prims() for part in Usd.PrimRange(prim) if part.IsA(UsdGeom.Gprim)]


def parts(node: Node, per_sub_mesh: bool) -> Node:
    """What gets a look of its own."""
    return Parts(node) if per_sub_mesh else node


def one_of(options: Any, seed: int | None, is_one: Callable[[Any], bool]) -> Any:
    """A distribution over options, unless it is one already, or there is just one."""
    return options if distribution_of(options) is not None or is_one(options) else choice(options, seed=seed)


def is_color(value: Any) -> bool:
    """Whether a value is one colour."""
    return all(np.isscalar(part) for part in value)


def is_text(value: Any) -> bool:
    """Whether a value is one text."""
    return isinstance(value, str)


def is_material(value: Any) -> bool:
    """Whether a value is one material. Raises ``ValueError`` for a list with something else in it."""
    if isinstance(value, (list, tuple)):
        for each in value:
            if not (isinstance(each, str) and each.endswith(".mdl")):
                as_node(each)
        return False
    return True
