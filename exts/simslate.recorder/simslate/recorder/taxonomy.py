"""A taxonomy: which classes there are, and the id and colour that each keeps in every data set."""

from __future__ import annotations

import colorsys
import hashlib
import json
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from .checks import IDENTIFIER, TEXT, Complaints, check_fields, check_object, json_object, must_be, one_of, or_none
from .dataset.layout import write_json
from .parameter_files import SCHEMA, without_schema
from .problems import Problems, load_json, nearest, parse_json, shown

VERSION = 1
FIRST_ID, LAST_ID = 2, 65535
POLICIES = ("error", "add-and-lock", "ignore")
"""What may be done about labels that are not listed."""
RESERVED = ("BACKGROUND", "UNLABELLED")
LOCK_COMMAND = "tools/simslate taxonomy FILE --lock"

Colour = tuple[int, int, int]
_BLACK: Colour = (0, 0, 0)


def _label(value: Any) -> Complaints:
    if not isinstance(value, str) or not value.strip():
        yield "", f"{shown(value)} is not a non-empty text"
    elif value in RESERVED:
        yield "", f"{shown(value)} is what masks call id {RESERVED.index(value)}"
    elif ":" in value or "," in value:
        yield "", f"{shown(value)} has a colon or a comma in it: annotators join labels with them"


def _aliases(value: Any) -> Complaints:
    if not isinstance(value, (list, tuple)):
        yield "", f"{shown(value)} is not a list of labels"
        return
    for index, alias in enumerate(value):
        yield from ((f"[{index}]", complaint) for _, complaint in _label(alias))


def _id(value: Any) -> Complaints:
    if type(value) is not int or not FIRST_ID <= value <= LAST_ID:
        said = f"{shown(value)} is not a whole number from {FIRST_ID} to {LAST_ID}"
        yield "", f"{said}: 0 is BACKGROUND, 1 is UNLABELLED, and {LAST_ID} is the largest that a 16-bit mask holds"


def _colour(value: Any) -> Complaints:
    fits = isinstance(value, (list, tuple)) and len(value) == 3
    if not fits or not all(type(channel) is int and 0 <= channel <= 255 for channel in value):
        yield "", f"{shown(value)} is not [red, green, blue] with whole numbers from 0 to 255"
    elif tuple(value) == _BLACK:
        yield "", f"{shown(value)} is black, the colour of what has no class"


def _hash(value: Any) -> Complaints:
    if not isinstance(value, str) or re.fullmatch("sha256:[0-9a-f]{64}", value) is None:
        yield "", f'{shown(value)} is not "sha256:" and 64 hex digits; {LOCK_COMMAND} locks the file anew'


@dataclass(frozen=True, kw_only=True)
class Category:
    """One class."""

    name: str
    """The label that prims have: not empty, without colon and comma, and in a taxonomy only once."""

    id: int = field(metadata=must_be(_id))
    """Its number in masks, 2 to 65535."""

    colour: Colour = field(metadata=must_be(_colour))
    """Red, green and blue in colourised masks, 0 to 255 each."""

    supercategory: str | None = field(default=None, metadata=must_be(or_none(TEXT)))

    aliases: tuple[str, ...] = field(default=(), metadata=must_be(_aliases))
    """Other labels that mean this class."""

    def __post_init__(self) -> None:
        check_fields(self)

    def to_json(self) -> dict[str, Any]:
        """Return what a taxonomy file says of it, below its name."""
        values: dict[str, Any] = {"id": self.id, "colour": list(self.colour)}
        if self.supercategory is not None:
            values["supercategory"] = self.supercategory
        return {**values, "aliases": list(self.aliases)} if self.aliases else values


@dataclass(frozen=True, kw_only=True)
class Taxonomy:
    """All classes of one semantic type. ``load``, ``from_json`` and ``with_classes`` make sound ones.

    Equal taxonomies have equal content, wherever they come from.
    """

    taxonomy: str = "class"
    """The semantic type that the labels belong to."""

    unlisted: str = "error"
    """What to do about labels that are not listed: one of ``POLICIES``."""

    categories: tuple[Category, ...] = ()
    """In the order of their ids."""

    locked: bool = False
    """Whether the file had a hash, which then fitted."""

    source: Path | str = field(default="taxonomy", compare=False)
    """The file it comes from; named in messages."""

    schema: str | None = field(default=None, compare=False)
    """The file's "$schema", for editors: kept when it is saved."""

    @classmethod
    def load(cls, path: Path, *, verify: bool = True) -> Taxonomy:
        """Read the taxonomy file at ``path``. ConfigError lists all that is wrong with it.

        ``verify=False`` reads a file that was edited after it was locked, as one without a hash: to lock it anew.
        """
        problems = Problems(path)
        return _taxonomy(load_json(path, problems), problems, verify=verify)

    @classmethod
    def from_json(cls, data: str | Mapping[str, Any], source: Path | str, *, verify: bool = True) -> Taxonomy:
        """Read a taxonomy from JSON text or from the object it stands for; ``source`` names it in messages.

        What an unlocked one leaves out is filled in: ids with the smallest free ones in the order of the file, colours
        with ``default_colour`` of the id, or the next free one where a class has been given that.
        """
        problems = Problems(source)
        return _taxonomy(parse_json(data, problems) if isinstance(data, str) else data, problems, verify=verify)

    def to_json(self) -> dict[str, Any]:
        """Return the taxonomy as a JSON object, defaults filled in: the inverse of ``from_json``."""
        classes = {category.name: category.to_json() for category in self.categories}
        values = {"version": VERSION, "taxonomy": self.taxonomy, "unlisted": self.unlisted, "classes": classes}
        return {**values, "hash": self.hash} if self.locked else values

    def save(self, path: Path) -> None:
        """Write the taxonomy to ``path``, locked, whole or not at all. Raises OutputError naming the file."""
        named = {} if self.schema is None else {SCHEMA: self.schema}
        write_json(path, {**named, **replace(self, locked=True).to_json()})

    @cached_property
    def hash(self) -> str:
        """``sha256:`` and 64 hex digits, of the taxonomy's name and its classes.

        The order of classes and of aliases, the formatting of the file and the policy for unlisted labels make no
        difference to it; anything else does.
        """
        classes = {
            category.name: [category.id, category.colour, category.supercategory, sorted(category.aliases)]
            for category in self.categories
        }
        text = json.dumps([self.taxonomy, classes], sort_keys=True, separators=(",", ":"))
        return f"sha256:{hashlib.sha256(text.encode('ascii')).hexdigest()}"

    @property
    def labels(self) -> list[str]:
        """All names and aliases."""
        return list(self._by_label)

    def find(self, label: str) -> Category | None:
        """Return the class that has ``label`` as its name or an alias, in this very case, or None."""
        return self._by_label.get(label)

    def nearest_class(self, labels: str) -> Category | None:
        """Return the class of the last listed one of ``labels``, joined by commas with the nearest prim's last."""
        return next((found for label in reversed(labels.split(",")) if (found := self.find(label)) is not None), None)

    def nearest(self, label: str) -> str:
        """Return a hint for a label that is not listed: the most similar name or alias, or else all of them."""
        return nearest(label, self._by_label)

    def with_classes(self, labels: Iterable[str]) -> Taxonomy:
        """Return a taxonomy, not locked, that also lists ``labels``; itself if it lists them all.

        New classes come in the order of their names, with ids above the largest; what is there keeps id and colour.
        Raises ConfigError for labels that cannot be listed, and for more than a 16-bit mask holds.
        """
        new = sorted({label for label in labels if self.find(label) is None})
        problems = Problems(self.source)
        for name in new:
            for _, complaint in _label(name):
                problems.add("$.classes", complaint)
        start = max((category.id for category in self.categories), default=FIRST_ID - 1) + 1
        if start + len(new) - 1 > LAST_ID:
            problems.add("$.classes", f"{len(new)} more have no room between {start - 1} and the last id, {LAST_ID}")
        problems.raise_any()
        known = {category.name: category.to_json() for category in self.categories}
        added = {name: {"id": number} for number, name in enumerate(new, start)}
        return replace(self, categories=_categories({**known, **added}), locked=False) if new else self

    def mapping(self, labels: Iterable[str], *, colorize: bool) -> str:
        """Return the ``mapping`` of Replicator's semantic_segmentation for those of ``labels`` that are listed.

        It is JSON text: ``{"class:box": [93, 220, 11, 255]}`` if ``colorize``, else ``{"class:box": 2}``. An alias has
        the value of its class, and what annotators make of nested labels, ``car,wheel``, that of the nearest listed.
        """
        found = {label: category for label in labels if (category := self.nearest_class(label)) is not None}
        return json.dumps(
            {f"{self.taxonomy}:{label}": [*each.colour, 255] if colorize else each.id for label, each in found.items()}
        )

    @cached_property
    def _by_label(self) -> dict[str, Category]:
        return {label: each for each in self.categories for label in (each.name, *each.aliases)}


def default_colour(number: int) -> Colour:
    """Return the colour of id ``number`` (2 to 65535) where none is given: bright, and no other id's."""
    return _colours(max(6, number.bit_length()))[number]


@cache
def _colours(bits: int) -> tuple[Colour, ...]:
    """Return the colours of all ids of so many bits; what an id gets depends on smaller ids only."""
    colours = [*_colours(bits - 1)] if bits > 1 else [_BLACK, _BLACK]
    taken = set(colours)
    for number in range(len(colours), 1 << bits):
        colour = _free_colour(_bright(number), taken)
        taken.add(colour)
        colours.append(colour)
    return tuple(colours)


def _bright(number: int) -> Colour:
    # Multiples of the golden ratio never come close to each other on the hue circle; those of the plastic number
    # spread saturation and value likewise, far from grey and from black.
    hue, grey, shade = (number * step % 1 for step in (0.6180339887498949, 0.7548776662466927, 0.5698402909980532))
    red, green, blue = (round(255 * channel) for channel in colorsys.hsv_to_rgb(hue, 1 - 0.45 * grey, 1 - 0.3 * shade))
    return red, green, blue


def _free_colour(wanted: Colour, taken: Container[Colour]) -> Colour:
    while wanted in taken:
        number = wanted[0] << 16 | wanted[1] << 8 | wanted[2]
        wanted = ((number + 1) >> 16 & 255, (number + 1) >> 8 & 255, (number + 1) & 255)
    return wanted


@dataclass(frozen=True, kw_only=True)
class _File:
    """The keys of a taxonomy file, but for its version, and what each may be."""

    classes: Mapping[str, Any] = field(metadata=must_be(json_object))
    taxonomy: str = field(default="class", metadata=must_be(IDENTIFIER))
    unlisted: str = field(default="error", metadata=must_be(one_of(*POLICIES)))
    hash: str | None = field(default=None, metadata=must_be(or_none(_hash)))


def _taxonomy(value: Any, problems: Problems, *, verify: bool) -> Taxonomy:
    """Check the whole of ``value`` first; only a taxonomy without problems is put together."""
    if any(json_object(value)):
        problems.add("$", f"{shown(value)} is not an object")
        problems.raise_any()
    values = without_schema(value, problems)
    if not verify:
        values.pop("hash", None)
    _check_version(values.pop("version", None), problems)
    check_object(_File, values, "$", problems, elsewhere=("version",))
    locked = values.pop("hash", None)
    _check_classes(values.get("classes"), problems, locked=locked is not None)
    problems.raise_any()
    categories = _categories(values.pop("classes"))
    told = {"locked": locked is not None, "source": problems.source, "schema": value.get(SCHEMA)}
    found = Taxonomy(**values, **told, categories=categories)
    if locked not in (None, found.hash):
        problems.add("$.hash", f"does not fit: the file was edited after it was locked; {LOCK_COMMAND} locks it anew")
    problems.raise_any()
    return found


def _check_version(version: Any, problems: Problems) -> None:
    if type(version) is not int or version != VERSION:
        said = "is missing" if version is None else f"{shown(version)} is not known"
        problems.add("$.version", f"{said}; this release reads version {VERSION}")


def _check_classes(classes: Any, problems: Problems, *, locked: bool) -> None:
    if not isinstance(classes, Mapping):
        return
    if len(classes) > LAST_ID - FIRST_ID + 1:
        problems.add("$.classes", f"has {len(classes)} classes, but ids go from {FIRST_ID} to {LAST_ID}")
    places = {f"$.classes.{name}": value for name, value in classes.items()}
    for name, (place, value) in zip(classes, places.items(), strict=True):
        for _, complaint in _label(name):
            problems.add(place, complaint)
        _check_class(value, place, problems, locked=locked)
    objects = {place: value for place, value in places.items() if isinstance(value, Mapping)}
    aliases = {
        f"{place}.aliases[{index}]": alias
        for place, value in objects.items()
        if not any(_aliases(value.get("aliases")))
        for index, alias in enumerate(value["aliases"])
    }
    _check_unique(dict(zip(places, classes, strict=True)) | aliases, problems)
    _check_unique({f"{p}.id": v["id"] for p, v in objects.items() if not any(_id(v.get("id")))}, problems)
    colours = {f"{p}.colour": tuple(v["colour"]) for p, v in objects.items() if not any(_colour(v.get("colour")))}
    _check_unique(colours, problems)


def _check_class(value: Any, where: str, problems: Problems, *, locked: bool) -> None:
    # Something sound stands in for what is left out: it is filled in later.
    left_out = {"id": FIRST_ID, "colour": [1, 1, 1]}
    check_object(Category, {**left_out, **value} if isinstance(value, Mapping) else value, where, problems)
    for name in left_out if locked and isinstance(value, Mapping) else ():
        if name not in value:
            problems.add(f"{where}.{name}", f"is missing from a locked file; {LOCK_COMMAND} locks it anew")


def _check_unique(values: Mapping[str, Any], problems: Problems) -> None:
    """Note in ``problems`` each of ``values``, which are by place, that an earlier place has."""
    first: dict[Any, str] = {}
    for place, value in values.items():
        if first.setdefault(value, place) != place:
            problems.add(place, f"{shown(value)} is taken by {first[value]}")


def _categories(classes: Mapping[str, Mapping[str, Any]]) -> tuple[Category, ...]:
    """Return sound ``classes`` in the order of their ids, with the ids and colours that are left out."""
    taken = {values["id"] for values in classes.values() if "id" in values}
    free = (number for number in range(FIRST_ID, LAST_ID + 1) if number not in taken)
    ids = {name: values["id"] if "id" in values else next(free) for name, values in classes.items()}
    colours = {tuple(values["colour"]) for values in classes.values() if "colour" in values}
    categories = []
    for name in sorted(classes, key=ids.__getitem__):
        values = dict(classes[name])
        colour = tuple(values.pop("colour", ())) or _free_colour(default_colour(ids[name]), colours)
        colours.add(colour)
        aliases = tuple(values.pop("aliases", ()))
        categories.append(Category(**{**values, "name": name, "id": ids[name], "colour": colour, "aliases": aliases}))
    return tuple(categories)
