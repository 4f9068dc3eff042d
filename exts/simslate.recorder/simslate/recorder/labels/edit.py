"""Authoring labels: many changes as one edit of one layer, all or nothing, which can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count, islice

from pxr import Sdf, Usd

from ..compat import label_schema
from ..errors import ConfigError, StageError
from ..problems import nearest
from .bulk import without_collection
from .change import Change, replaced
from .memory import LayerMemory
from .read import NEW_SCHEMA, OLD_SCHEMA, old_instances, own_labels
from .target import Target, authored_at, find_target

SCHEMAS = ("labels", "legacy")
"""What is written: UsdSemantics' LabelsAPI, or the SemanticsAPI of Isaac Sim before 5.0."""

_SHOWN = 5
_OLD_PREFIX = f"{OLD_SCHEMA}:"
_LISTS = ("explicitItems", "prependedItems", "appendedItems", "addedItems", "deletedItems")


@dataclass(slots=True)
class _Recipe:
    """What one prim needs: schemas to take off, and schemas to apply with properties and their values."""

    is_legacy: bool
    schemas: Sequence[str]
    """What is applied to the prim."""
    old: Mapping[str, str]
    """The taxonomy of each of the prim's instances of the old schema."""
    dropped: list[str] = field(default_factory=list)
    applied: list[str] = field(default_factory=list)
    values: list[tuple[str, Sdf.ValueTypeName, object]] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    """Schemas that a weaker layer applies, so that leaving them out is not enough."""


class LabelEdit:
    """Changes of labels, authored together."""

    def __init__(
        self,
        target: Target,
        changes: Iterable[Change],
        *,
        schema: str | None = None,
        deinstanced: Iterable[Sdf.Path] = (),
    ) -> None:
        """Prepare ``changes`` for a layer; ``deinstanced`` are the instances that become ordinary prims for them.

        ``schema`` is one of SCHEMAS, None for what the release's annotators read; labels of the same taxonomy in the
        other one are taken away, so that the two never disagree. Raises ConfigError for another schema.
        """
        schema = label_schema() if schema is None else schema
        if schema not in SCHEMAS:
            raise ConfigError(f'schema: "{schema}" is unknown; {nearest(schema, SCHEMAS)}')
        self.target = target
        self.changes = tuple(changes)
        self._is_legacy = schema == "legacy"
        self._deinstanced = tuple(dict.fromkeys(deinstanced))
        self._memory = LayerMemory(target.layer)

    @without_collection()
    def apply(self) -> None:
        """Author the changes. StageError, with nothing changed, if a stronger layer would hide one of them."""
        by_prim = self._by_prim()
        # Asked first: once something is authored nothing may be raised.
        places = {path: self.target.spec_path(path) for path in (*by_prim, *self._deinstanced)}
        with Sdf.ChangeBlock():
            for path in self._deinstanced:
                spec = self._memory.prim(places[path])
                self._memory.metadata(spec, "instanceable")
                spec.SetInfo("instanceable", False)
            for path, changes in by_prim.items():
                _author(self._memory.prim(places[path]), self._recipe(path, places[path], changes), self._memory)
        hidden = [change for path, changes in self._doubtful(by_prim) for change in self._hidden(path, changes)]
        if hidden:
            complaints = [self._complaint(change) for change in islice(hidden, _SHOWN)]
            self.revert()
            more = [f"... and {len(hidden) - _SHOWN} more"] if len(hidden) > _SHOWN else []
            raise StageError(*complaints, *more)

    @without_collection()
    def revert(self) -> None:
        """Make the layer say again what it said before ``apply``."""
        self._memory.restore()

    def _by_prim(self) -> dict[Sdf.Path, list[Change]]:
        found: dict[Sdf.Path, list[Change]] = {}
        for change in self.changes:
            found.setdefault(change.path, []).append(change)
        return found

    def _recipe(self, path: Sdf.Path, place: Sdf.Path, changes: Sequence[Change]) -> _Recipe:
        prim = self.target.stage.GetPrimAtPath(path)
        applied = prim.GetPrimTypeInfo().GetAppliedAPISchemas()
        old = [*old_instances(prim)] if any(name.startswith(_OLD_PREFIX) for name in applied) else []
        recipe = _Recipe(self._is_legacy, applied, {instance: taxonomy for instance, taxonomy, _ in old})
        for change in changes:
            (_legacy if self._is_legacy else _new)(prim, change, recipe)
        if recipe.dropped:
            recipe.dropped = [name for name in recipe.dropped if name in applied and name not in recipe.applied]
        if recipe.dropped:
            weaker = _applied_elsewhere(prim, self.target.layer, place)
            recipe.blocked = [name for name in recipe.dropped if name in weaker]
        recipe.applied = [name for name in recipe.applied if name not in applied]
        return recipe

    def _doubtful(self, by_prim: Mapping[Sdf.Path, list[Change]]) -> Iterator[tuple[Sdf.Path, list[Change]]]:
        """Yield the prims that something stronger than the target has an opinion of."""
        stronger = self.target.stronger
        for path, changes in by_prim.items():
            if stronger is None or any(layer.GetPrimAtPath(path) for layer in stronger):
                yield path, changes

    def _hidden(self, path: Sdf.Path, changes: Sequence[Change]) -> list[Change]:
        labels = own_labels(self.target.stage.GetPrimAtPath(path))
        return [change for change in changes if tuple(labels.get(change.taxonomy, ())) != change.after]

    def _complaint(self, change: Change) -> str:
        prim = self.target.stage.GetPrimAtPath(change.path)
        specs = [*prim.GetPrimStack()]
        strongest = next((s.layer.identifier for s in specs if s.layer != self.target.layer), "another layer")
        return (
            f"{change.path}: labels of {change.taxonomy} in {self.target.layer.identifier} have no effect: "
            f"{strongest} is stronger; choose that layer"
        )


def set_labels(prim: Usd.Prim, labels: Iterable[str], *, taxonomy: str = "class") -> None:
    """Make ``labels`` the labels of ``prim`` in ``taxonomy``, in the stage's current edit target.

    Labels of other taxonomies and of ancestors stay. Raises ConfigError for a label or taxonomy that annotators could
    not read back, and StageError for a prim that cannot hold an opinion of its own or where it would have no effect.
    """
    authored_at(prim)
    LabelEdit(find_target(prim.GetStage()), [replaced(prim, taxonomy, labels)]).apply()


def _new(prim: Usd.Prim, change: Change, recipe: _Recipe) -> None:
    schema, name = f"{NEW_SCHEMA}:{change.taxonomy}", f"semantics:labels:{change.taxonomy}"
    recipe.dropped += [_OLD_PREFIX + each for each, taxonomy in recipe.old.items() if taxonomy == change.taxonomy]
    if not change.after:
        recipe.dropped.append(schema)
        return
    recipe.applied.append(schema)
    # Replicator's own writer makes string[] of it; a layer above cannot change the type.
    attribute = prim.GetAttribute(name) if schema in recipe.schemas else None
    kind = attribute.GetTypeName() if attribute else Sdf.ValueTypeNames.TokenArray
    recipe.values.append((name, kind, list(change.after)))


def _legacy(_prim: Usd.Prim, change: Change, recipe: _Recipe) -> None:
    recipe.dropped.append(f"{NEW_SCHEMA}:{change.taxonomy}")
    own = [each for each, taxonomy in recipe.old.items() if taxonomy == change.taxonomy]
    free = _free_names(change.taxonomy, recipe.old)
    names = [*own, *islice(free, max(0, len(change.after) - len(own)))]
    recipe.dropped += [_OLD_PREFIX + each for each in names[len(change.after) :]]
    for name, label in zip(names, change.after, strict=False):
        recipe.applied.append(_OLD_PREFIX + name)
        prefix = f"semantic:{name}:params:semantic"
        recipe.values.append((f"{prefix}Type", Sdf.ValueTypeNames.String, change.taxonomy))
        recipe.values.append((f"{prefix}Data", Sdf.ValueTypeNames.String, label))


def _free_names(taxonomy: str, taken: Iterable[str]) -> Iterator[str]:
    """Yield names for instances of the old schema, which has one of them for each label."""
    candidates = (f"Semantics_{taxonomy}" + (f"_{i}" if i else "") for i in count())
    return (name for name in candidates if name not in taken)


def _applied_elsewhere(prim: Usd.Prim, layer: Sdf.Layer, path: Sdf.Path) -> set[str]:
    """Return the schemas that specs of ``prim`` other than the one at ``path`` of ``layer`` apply."""
    found: set[str] = set()
    for spec in prim.GetPrimStack():
        if (spec.layer, spec.path) != (layer, path):
            found.update(spec.GetInfo("apiSchemas").GetAppliedItems())
    return found


def _author(spec: Sdf.PrimSpec, recipe: _Recipe, memory: LayerMemory) -> None:
    if recipe.dropped or recipe.applied:
        _edit_schemas(spec, recipe, memory.metadata(spec, "apiSchemas"))
    for schema in recipe.dropped:
        for name in _properties_of(spec, schema):
            spec.RemoveProperty(memory.property(spec, name))
    for name, kind, value in recipe.values:
        attribute = memory.property(spec, name)
        if not attribute:
            attribute = Sdf.AttributeSpec(spec, name, kind)
        elif attribute.HasInfo("timeSamples"):
            attribute.ClearInfo("timeSamples")
        attribute.default = value


def _edit_schemas(spec: Sdf.PrimSpec, recipe: _Recipe, operation: Sdf.TokenListOp | None) -> None:
    if operation is None and not recipe.blocked:
        if recipe.applied:
            spec.SetInfo("apiSchemas", _fresh(tuple(recipe.applied), recipe.is_legacy))
        return
    operation = operation or Sdf.TokenListOp()
    unwanted = {*recipe.dropped, *recipe.applied}
    for kind in _LISTS:
        items = getattr(operation, kind)
        if not unwanted.isdisjoint(items):
            setattr(operation, kind, [name for name in items if name not in unwanted])
    place = "explicitItems" if operation.isExplicit else _place(recipe.is_legacy)
    if recipe.applied:
        setattr(operation, place, [*getattr(operation, place), *recipe.applied])
    if recipe.blocked and not operation.isExplicit:
        operation.deletedItems = [*operation.deletedItems, *recipe.blocked]
    if operation == Sdf.TokenListOp():
        spec.ClearInfo("apiSchemas")
    else:
        spec.SetInfo("apiSchemas", operation)


@lru_cache(maxsize=64)
def _fresh(applied: tuple[str, ...], is_legacy: bool) -> Sdf.TokenListOp:
    """Return what applies schemas to prims that the layer says nothing of yet; shared, so never changed."""
    operation = Sdf.TokenListOp()
    setattr(operation, _place(is_legacy), applied)
    return operation


def _place(is_legacy: bool) -> str:
    # USD itself would prepend. The old schema has its labels in the order of its instances, so new ones come last.
    return "appendedItems" if is_legacy else "prependedItems"


def _properties_of(spec: Sdf.PrimSpec, schema: str) -> list[str]:
    kind, _, instance = schema.partition(":")
    names = list(spec.properties.keys())
    if kind == NEW_SCHEMA:
        return [name for name in names if name == f"semantics:labels:{instance}"]
    return [name for name in names if name.startswith(f"semantic:{instance}:params:")]
