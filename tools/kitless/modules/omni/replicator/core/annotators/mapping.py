"""The ``mapping`` parameter of semantic_segmentation: which labels have which id or colour, whatever else there is."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count, islice
from typing import Any, TypeAlias

import carb

from .. import palette
from ..labels import Numbers, Pairs, describe, label_text
from .node import AnnotatorRegistryError

FIRST = 2
"""The first id that is neither background nor unlabelled."""

Value: TypeAlias = int | palette.Rgba


@dataclass(frozen=True)
class LabelMapping:
    """What a mapping says."""

    values: Mapping[str, Value] = field(default_factory=dict)
    """``type:label`` to an id or, in all entries alike, a colour."""
    colorize: bool | None = None
    """Whether they are colours; None where nothing is mapped."""
    skipped: tuple[str, ...] = ()
    """The keys of entries that cannot be used."""

    def value(self, pairs: Pairs) -> Value | None:
        """The value of a prim with some labels: of all its labels of a type as they are described, or else of one."""
        keys = (f"{kind}:{label}" for each in (describe(pairs).items(), pairs) for kind, label in each)
        return next((self.values[key] for key in keys if key in self.values), None)

    def values_of(self, label_sets: Sequence[Pairs], numbers: Numbers, *, colorize: bool) -> list[Value]:
        """The value of each set of labels; those not mapped have what the mapping leaves free, by their number."""
        # Thousands of prims have few different sets of labels.
        asked = {pairs: self.value(pairs) for pairs in label_sets}
        mapped = {pairs: value for pairs, value in asked.items() if value is not None}
        places = {pairs: numbers.of(label_text(describe(pairs))) for pairs in asked if pairs not in mapped}
        free = list(islice(self._free(colorize), 1 + max(places.values(), default=-1)))
        values = {**mapped, **{pairs: free[place] for pairs, place in places.items()}}
        return [values[pairs] for pairs in label_sets]

    def _free(self, colorize: bool) -> Iterator[Value]:
        used = set(self.values.values())
        ids = count(FIRST)
        return (value for value in (map(palette.semantic_colour, ids) if colorize else ids) if value not in used)


def check_mapping(annotator: str, given: Mapping[str, Any]) -> None:
    """Warn of entries that cannot be used. Raises ``AnnotatorRegistryError`` for a mapping that cannot be read."""
    text = given.get("mapping")
    try:
        if text is not None and not isinstance(text, str):
            raise ValueError(f"is JSON text, not {text!r}")
        skipped = read_mapping(text).skipped
    except ValueError as error:
        raise AnnotatorRegistryError(f"Annotator '{annotator}': parameter 'mapping' {error}") from error
    if skipped:
        wanted = "'type:label' with a list of four bytes or an id, all of the first entry's kind"
        carb.log_warn(f"Annotator '{annotator}': mapping entries {', '.join(skipped)} are skipped: not {wanted}")


@lru_cache(maxsize=64)
def read_mapping(text: str | None) -> LabelMapping:
    """Read a mapping; None and "" map nothing. The first entry that could be used decides between ids and colours.

    Raises ``ValueError`` for what is not the JSON of an object.
    """
    try:
        entries = json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is not JSON: {error}") from error
    if not isinstance(entries, dict):
        raise ValueError(f"is not the JSON of an object: {text}")
    found = {key: _value(each) for key, each in entries.items() if re.fullmatch("[^:]+:[^:]+", key)}
    usable = {key: value for key, value in found.items() if value is not None}
    kind = next(map(type, usable.values()), None)
    values = {key: value for key, value in usable.items() if type(value) is kind}
    skipped = tuple(repr(key) for key in entries if key not in values)
    return LabelMapping(values, kind is tuple if values else None, skipped)


def _value(value: Any) -> Value | None:
    """An id or a colour, or None for what is neither (JSON's true is none, though Python counts it among the ints)."""
    if type(value) is int and 0 <= value < 2**32:
        return value
    if isinstance(value, list) and len(value) == 4 and all(type(v) is int and 0 <= v <= 255 for v in value):
        return value[0], value[1], value[2], value[3]
    return None
