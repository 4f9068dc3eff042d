"""Lost opinions: labels that a layer of the stage sets inside an instance, where USD ignores them."""

from __future__ import annotations

from collections.abc import Iterator

from pxr import Sdf, Usd

from .read import NEW_SCHEMA, OLD_SCHEMA


def lost_opinions(stage: Usd.Stage) -> Iterator[tuple[Sdf.Path, Sdf.Path, Sdf.PrimSpec]]:
    """Yield label opinions that USD ignores because they are inside an instance: path, instance root, and the spec.

    Only the layers of the stage itself are searched, those of sessions too: no other can mean the instance's inside.
    Opinions in a variant of the instance root count for USD, and are not lost; in one of its ancestors they are.
    """
    layers = set(stage.GetLayerStack(includeSessionLayers=True))
    for prototype in stage.GetPrototypes():
        for root in prototype.GetInstances():
            # Instances inside a prototype are below another root on the stage.
            if not root.IsInPrototype():
                yield from _lost_below(root, layers)


def _lost_below(root: Usd.Prim, layers: set[Sdf.Layer]) -> Iterator[tuple[Sdf.Path, Sdf.Path, Sdf.PrimSpec]]:
    seen = set()
    for top in root.GetPrimStack():
        is_here = top.layer in layers and top.path.StripAllVariantSelections() == root.GetPath()
        todo = [*top.nameChildren.values()] if is_here and not top.path.IsPrimVariantSelectionPath() else []
        while todo:
            spec = todo.pop()
            todo.extend(spec.nameChildren.values())
            path = spec.path.StripAllVariantSelections()
            if path not in seen and spec_labels(spec) is not None:
                seen.add(path)
                yield path, root.GetPath(), spec


def spec_labels(spec: Sdf.PrimSpec) -> list[str] | None:
    """Return the labels that one layer's opinion on a prim holds; None if it does not speak of labels."""
    schemas = spec.GetInfo("apiSchemas").GetAddedOrExplicitItems() if spec.HasInfo("apiSchemas") else ()
    found = [each for each in spec.attributes if each.name.startswith(("semantics:labels:", "semantic:"))]
    if not found and not any(name.startswith((f"{NEW_SCHEMA}:", f"{OLD_SCHEMA}:")) for name in schemas):
        return None
    values = [each.default for each in found if not each.name.endswith(":params:semanticType")]
    return [str(label) for value in values if value for label in ([value] if isinstance(value, str) else value)]
