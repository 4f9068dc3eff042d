"""Flaws: what is wrong with the labels that one prim says it has, whatever is around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..taxonomy import Taxonomy
from .findings import listed
from .placeholders import placeholder_complaint
from .read import NEW_SCHEMA, OLD_SCHEMA, applied_instances
from .statements import Wording
from .words import label_complaint

Flaw = tuple[str, str]
"""Code and text of a finding."""

_NEW_ATTRIBUTE = re.compile(r"semantics:labels:(.+)")
_OLD_ATTRIBUTE = re.compile(r"semantic:(.+):params:semantic(?:Type|Data)")


def label_flaws(wording: Wording, taxonomy: Taxonomy | None, taxonomy_name: str) -> Iterator[Flaw]:
    """Yield what is wrong with what a prim says: its schemas, its attributes, and each value."""
    yield from _not_applied(wording)
    yield from _unreadable(wording)
    for name, labels in wording.own.items():
        yield from _against_each_other(wording, name, labels)
        known = taxonomy if name == taxonomy_name else None
        for label in labels:
            yield from _value_flaws(name, label, known)


def _not_applied(wording: Wording) -> Iterator[Flaw]:
    missing: dict[str, str] = {}
    for attribute in wording.attributes:
        schema = _schema_of(attribute)
        if schema and schema not in wording.schemas:
            missing.setdefault(schema, attribute)
    for schema, attribute in missing.items():
        value = listed(wording.attributes[attribute])
        yield "not-applied", f"{attribute} ({value}) does not count: apply {schema}, or remove the attribute"


def _schema_of(attribute: str) -> str | None:
    """Return the applied schema, with its instance, that ``attribute`` belongs to; None if it is no label's."""
    for pattern, schema in ((_NEW_ATTRIBUTE, NEW_SCHEMA), (_OLD_ATTRIBUTE, OLD_SCHEMA)):
        match = pattern.fullmatch(attribute)
        if match:
            return f"{schema}:{match[1]}"
    return None


def _unreadable(wording: Wording) -> Iterator[Flaw]:
    for name in applied_instances(wording.schemas, NEW_SCHEMA):
        if not wording.new.get(name):
            yield "invalid", f"{NEW_SCHEMA}:{name} has no label: give semantics:labels:{name} one, or remove the schema"
    for instance in applied_instances(wording.schemas, OLD_SCHEMA):
        for what in ("Type", "Data"):
            attribute = f"semantic:{instance}:params:semantic{what}"
            if not "".join(wording.attributes.get(attribute, ())).strip():
                yield "invalid", f"{OLD_SCHEMA}:{instance} has no semantic{what}: set {attribute}, or remove the schema"
    for name in wording.old:
        if ":" in name:
            yield "invalid", f'the type "{name}" of {OLD_SCHEMA} has a colon in it: rename it'


def disagree(wording: Wording, name: str) -> bool:
    """Whether the two schemas say different things of taxonomy ``name``; they agree if only one speaks of it."""
    old, new = wording.old.get(name), wording.new.get(name)
    return bool(old and new) and set(old or ()) != set(new or ())


def new_alone(wording: Wording) -> Iterator[Flaw]:
    """Yield the taxonomies with new labels only: of note where other prims still have old ones."""
    for name, labels in wording.new.items():
        if labels and not wording.old.get(name):
            text = f"{name} is {listed(labels)} in the new schema alone, and other prims have old labels"
            yield "new-schema-only", text


def _against_each_other(wording: Wording, name: str, labels: list[str]) -> Iterator[Flaw]:
    old, new = wording.old.get(name, ()), wording.new.get(name, ())
    if disagree(wording, name):
        text = f"{name} is {listed(old)} in the old schema and {listed(new)} in the new one: keep one of them"
        yield "disagreeing", text
        return
    if len(labels) > 1:
        yield "conflict", f"{name} has the labels {listed(labels)}: keep one of them on this prim"
    if old and not new:
        text = f"{name} is {listed(old)} in the old {OLD_SCHEMA} alone: give it the new {NEW_SCHEMA} too, or instead"
        yield "old-schema-only", text


def _value_flaws(name: str, label: str, taxonomy: Taxonomy | None) -> Iterator[Flaw]:
    complaint = label_complaint(label)
    if complaint:
        yield "invalid", f"in {name} {complaint}; give it another"
        return
    # A taxonomy overrules: what it has is no placeholder, and a placeholder is not said to be missing from it.
    if taxonomy is not None and taxonomy.find(label) is not None:
        return
    placeholder = placeholder_complaint(label)
    if placeholder:
        yield "placeholder", f'the {name} label "{label}" {placeholder}: give it the real one'
    elif taxonomy is not None:
        yield "not-in-taxonomy", f'the {name} label "{label}" is not in the taxonomy; {_hint(taxonomy.nearest(label))}'


def _hint(nearest: str) -> str:
    """Return a sentence as it is, and make one of a bare name."""
    return nearest if not nearest or " " in nearest else f'did you mean "{nearest}"?'
