"""Reach: why labels of a prim reach nothing that is drawn."""

from __future__ import annotations

from collections.abc import Iterator

from pxr import Usd, UsdGeom, UsdLux, UsdShade

from .surfaces import is_drawn_purpose, is_empty, is_face_subset, is_hidden, own_purpose, subset_faces

_KINDS = (
    (UsdShade.Material, "a material, and a material's label does not reach masks: label what it is bound to"),
    (UsdShade.Shader, "a shader, which is not drawn: label what its material is bound to"),
    (UsdGeom.Camera, "a camera, which is not drawn: remove the label"),
    (UsdGeom.PointInstancer, "a point instancer that places nothing drawn: check its prototypes and protoIndices"),
)


def why_nothing(prim: Usd.Prim) -> str:
    """Return why nothing is drawn at or below ``prim``, and what to do; given that nothing is."""
    return f"its labels reach nothing that is drawn: it is {next(_reasons(prim))}"


def _reasons(prim: Usd.Prim) -> Iterator[str]:
    """Yield what may be the reason, the most telling first, and at last one that always holds."""
    lineage = [prim.GetStage().GetPrimAtPath(path) for path in prim.GetPath().GetAncestorsRange()]
    lineage = [each for each in lineage if not each.IsPseudoRoot()]
    yield from _absences(prim, lineage)
    yield from (text for kind, text in _KINDS if prim.IsA(kind))
    if _is_light(prim):
        yield "a light, which is not drawn: remove the label"
    if prim.IsA(UsdGeom.Subset):
        yield from _subset_reasons(prim)
    yield from _above(lineage)
    if is_empty(prim):
        yield "a gprim without faces or points: give it geometry, or remove the label"
    yield "drawn nowhere, and nothing below it is either: label what is to be seen"


def _absences(prim: Usd.Prim, lineage: list[Usd.Prim]) -> Iterator[str]:
    if not prim.IsActive():
        yield "inactive: activate it, or remove the label"
    if not prim.IsLoaded():
        yield "not loaded: load its payload"
    over = next((each for each in lineage if not each.HasDefiningSpecifier()), None)
    if over and not _is_in_instancer(lineage):
        yield f'undefined, as {_itself(over, prim)} only an "over": define it, or remove the label'


def _subset_reasons(prim: Usd.Prim) -> Iterator[str]:
    if not is_face_subset(prim):
        yield f"a subset of {prim.GetAttribute('elementType').Get()}s: only subsets of faces have labels of their own"
    elif not subset_faces(prim):
        yield "a face subset without faces: give it indices, or remove the label"


def _above(lineage: list[Usd.Prim]) -> Iterator[str]:
    prim = lineage[0]
    hidden = next((each for each in lineage if is_hidden(each)), None)
    if hidden:
        yield f"invisible, as {_itself(hidden, prim)} set to be: make it visible, or remove the label"
    said = next(((each, own_purpose(each)) for each in lineage if own_purpose(each) is not None), None)
    if said and not is_drawn_purpose(said[1]):
        yield f'of purpose "{said[1]}", as {_itself(said[0], prim)}: only "default" and "render" are drawn'
    if _is_in_instancer(lineage):
        yield "below a point instancer that does not place it: check its prototypes and protoIndices"


def _itself(prim: Usd.Prim, of: Usd.Prim) -> str:
    return "it is" if prim == of else f"{prim.GetPath()} is"


def _is_in_instancer(lineage: list[Usd.Prim]) -> bool:
    return any(each.IsA(UsdGeom.PointInstancer) for each in lineage[1:])


def _is_light(prim: Usd.Prim) -> bool:
    return bool(prim.HasAPI(UsdLux.LightAPI))
