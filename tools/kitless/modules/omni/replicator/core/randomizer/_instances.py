"""Random assets."""

from collections.abc import Sequence
from typing import Any

from pxr import Ar, Sdf, Usd, UsdGeom

from kitless.assets import resolve

from ..distribution import choice
from ..graph import Made, ReplicatorItem, assign, prims_of
from ..scene import naming
from ..scene.semantics import as_labels, write_labels

MODES = ("reference", "scene_instance", "point_instance")
ROOT = f"{naming.ROOT}/SampledAssets"


def instantiate(
    paths: Any,
    size: int,
    weights: Sequence[float] | None = None,
    mode: str = "scene_instance",
    with_replacements: bool = True,
    seed: int | None = None,
    name: str | None = None,
    use_cache: bool = True,
    semantics: Any = None,
) -> ReplicatorItem:
    """``size`` prims, each showing one of some USD files or prims; which one is drawn anew in each evaluation.

    In all modes each of them is a prim of its own, ``/Replicator/SampledAssets/Asset_Xform[_NN]``, that references
    what it shows. Raises ``ValueError`` for an unknown mode and a size below 1, ``FileNotFoundError`` for a file that
    is not there.
    """
    if mode not in MODES:
        raise ValueError(f"Unknown mode '{mode}'; there are {', '.join(MODES)}")
    if size < 1:
        raise ValueError(f"size must be at least 1: {size}")
    references = [reference(each) for each in sources(paths)]
    stage = naming.open_stage()
    for parent in (naming.ROOT, ROOT):
        naming.define_parent(stage, parent)
    node = Made(naming.free_paths(stage, ROOT, "Asset_Xform", size), name or "")
    for path in node.paths:
        define_slot(stage, path)
    for prim in node.prims():
        write_labels(prim, as_labels(semantics), once=True)
    chosen = choice(references, weights, seed=seed, with_replacements=with_replacements)
    assign(node, write_reference, {"reference": chosen})
    return ReplicatorItem(node)


def sources(paths: Any) -> list[str]:
    """Files and paths of prims."""
    if isinstance(paths, ReplicatorItem):
        return [str(prim.GetPath()) for prim in prims_of(paths)]
    return [path for each in paths for path in ([str(each)] if isinstance(each, (str, Sdf.Path)) else sources(each))]


def reference(source: str) -> Sdf.Reference:
    """A reference to a file, or within the stage. Raises ``FileNotFoundError`` for a file that is not there."""
    if Sdf.Path.IsValidPathString(source) and naming.open_stage().GetPrimAtPath(source):
        return Sdf.Reference(primPath=Sdf.Path(source))
    file = resolve(source)
    if not Ar.GetResolver().Resolve(file):
        raise FileNotFoundError(f"{source}: no such USD file, and no such prim")
    return Sdf.Reference(file)


def define_slot(stage: Usd.Stage, path: str) -> None:
    """Where one asset goes."""
    UsdGeom.Xform.Define(stage, path)
    stage.DefinePrim(f"{path}/Asset")


def write_reference(prim: Usd.Prim, values: dict[str, Any]) -> None:
    """Show another asset."""
    asset = prim.GetChild("Asset")
    asset.GetReferences().SetReferences([values["reference"]])
