"""What label rules ask of prims, each looked up once and only if some rule asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from pxr import Sdf, Usd, UsdShade

from .read import Labels, every_prim, own_labels


class PrimFacts:
    """Facts of the prims of ``stage``; ``labels`` are those that it would have, by path, where they differ from now."""

    def __init__(self, stage: Usd.Stage, labels: Mapping[Sdf.Path, Labels] | None = None) -> None:
        self._stage = stage
        self._labels = labels or {}

    def labels(self, prim: Usd.Prim) -> Labels:
        """Return the own labels."""
        return {**own_labels(prim), **self._labels.get(prim.GetPath(), {})}

    def kind(self, prim: Usd.Prim) -> str:
        """Return the model kind, "" for none."""
        return str(Usd.ModelAPI(prim).GetKind())

    def assets(self, prim: Usd.Prim) -> Sequence[str]:
        """Return the asset paths, as authored with ``/``, of all references and payloads that the prim has itself."""
        if not (prim.HasAuthoredReferences() or prim.HasPayload()):
            return ()
        lists = (each for spec in prim.GetPrimStack() for each in (spec.referenceList, spec.payloadList))
        paths = (item.assetPath for each in lists for item in each.GetAppliedItems())
        return [path.replace("\\", "/") for path in paths if path]

    def material(self, prim: Usd.Prim) -> str:
        """Return the path of the material that is bound to the prim or inherited by it, "" for none."""
        return self._materials.get(prim.GetPath(), "")

    @cached_property
    def _materials(self) -> dict[Sdf.Path, str]:
        # One call for all: bindings are inherited, and a call for each prim would look up the same again and again.
        prims = list(every_prim(self._stage))
        found, _ = UsdShade.MaterialBindingAPI.ComputeBoundMaterials(prims)
        return {p.GetPath(): str(m.GetPath()) for p, m in zip(prims, found, strict=True) if m}
