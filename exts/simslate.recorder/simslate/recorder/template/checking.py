"""What is wrong with the parameters of a TemplateWriter, told before its first frame."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from ..problems import nearest, shown
from .encodings import ENCODINGS, TABLES
from .paths import FIELDS as PATH_FIELDS
from .paths import path_complaints
from .pattern import Pattern, complaints
from .sources import CLASSES, KNOWN, MAPPINGS, OPTIONS, SEEN, VISIBILITY, Kind, Source, kind_of, row_fields

Found = Iterator[tuple[str, str]]
_OUTPUTS = ("json", "jsonl", "npy", "npz")
"""The encodings that outputs of annotators can have: npz has them in "arrays"."""
EACH = ("frame", "instance", "class", "end")

_HELP = {
    "path": "Path below the output folder; fields: {frame:06d}, {product}, {camera}, {annotator}, {class}, {instance}.",
    "from": 'An annotator, an output of it ("bounding_box_2d_tight.primPaths"), or "classes".',
    "encoding": "; ".join(f"{name}: {each.help}" for name, each in ENCODINGS.items()),
    "each": "One file per render product and frame, per object or class in it, or one for all frames.",
    "line": "A line of text per row, with fields in braces.",
    "header": "The first line of the file.",
    "fields": "The fields of each row, as they are called or {key: field}; all unless given.",
    "arrays": "What an npz holds: key to annotator, or to an output of it.",
    "scale": "What numbers are multiplied with for png8 and png16.",
    "where": "Which rows are written, and which values of a mask stay.",
}
_TEXTS = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}


def parameters_schema() -> dict[str, Any]:
    """Return the JSON Schema of the parameters, for the shape; ``problems`` tells the rest."""
    names = [*KNOWN, *(f"{name}_fast" for name in KNOWN if name.startswith(("bounding_box", "instance")))]
    options = {"type": "object", "properties": dict(OPTIONS), "description": "What the annotator is made with."}
    annotators = {
        "type": "object",
        "properties": dict.fromkeys(names, options),
        "additionalProperties": options,
        "description": "Which annotators, each with its options: {} for none.",
    }
    properties = {
        "annotators": annotators,
        "files": {"type": "array", "minItems": 1, "items": _entry_schema(), "description": "What is written."},
        "classes": {**_TEXTS, "type": ["array", "null"], "description": "Classes in the order of their class_id."},
        "semantic_type": {"type": "string", "minLength": 1, "description": "The type of the labels that are classes."},
        "semantic_filter_predicate": {
            "type": ["string", "null"],
            "minLength": 1,
            "description": "Which labels count; all of semantic_type unless given.",
        },
    }
    return {"properties": properties}


def _entry_schema() -> dict[str, Any]:
    where = {
        "classes": {**_TEXTS, "description": "These classes only."},
        "min_pixels": {"type": "integer", "minimum": 1, "description": "At least so many pixels are seen."},
        "min_visibility": {"type": "number", "minimum": 0, "maximum": 1, "description": "At least this share is seen."},
    }
    texts = {"type": "object", "additionalProperties": {"type": "string"}}
    properties: dict[str, Any] = {
        "path": {"type": "string"},
        "from": {"type": "string"},
        "encoding": {"enum": list(ENCODINGS)},
        "each": {"enum": list(EACH), "default": "frame"},
        "line": {"type": "string"},
        "header": {"type": "string"},
        "fields": {"anyOf": [_TEXTS, texts]},
        "arrays": texts,
        "scale": {"type": "number", "exclusiveMinimum": 0},
        "where": {"type": "object", "properties": where, "additionalProperties": False},
    }
    properties = {name: {**each, "description": _HELP[name]} for name, each in properties.items()}
    return {
        "type": "object",
        "properties": properties,
        "required": ["path", "encoding"],
        "additionalProperties": False,
    }


def annotator_names(registered: Iterable[str]) -> set[str]:
    """Return the names that "annotators" may have, given those that the host has ``registered``."""
    return {*KNOWN, *(f"{name}_fast" for name in KNOWN), *registered}


def problems(parameters: Mapping[str, Any], known: Collection[str], products: Collection[Any]) -> Found:
    """Yield (place below the parameters, complaint) for all that is wrong beyond the schema.

    ``known`` are the names of annotators; ``products`` the job's render products, which have ``camera`` and ``name``.
    """
    for name in parameters["annotators"]:
        if name not in known:
            yield f".annotators.{name}", f"there is no annotator {shown(name)}; {nearest(name, known)}"
    names = parameters.get("classes") or []
    for index, name in enumerate(names):
        if name in names[:index]:
            yield f".classes[{index}]", f"{shown(name)} is there already, at .classes[{names.index(name)}]"
    seen: dict[str, int] = {}
    for index, entry in enumerate(parameters["files"]):
        where = f".files[{index}]"
        yield from ((f"{where}{place}", text) for place, text in _Entry(entry, parameters).problems(products))
        first = seen.setdefault(entry["path"].casefold(), index)
        if first != index:
            yield f"{where}.path", f"{shown(entry['path'])} is the path of $.files[{first}] too"


class _Entry:
    """One entry of "files" under examination."""

    def __init__(self, entry: Mapping[str, Any], parameters: Mapping[str, Any]) -> None:
        self.entry = entry
        self.parameters = parameters
        self.annotators = parameters["annotators"]
        self.name = entry["encoding"]
        self.encoding = ENCODINGS[self.name]
        self.each = entry.get("each", "frame")

    def problems(self, products: Collection[Any]) -> Found:
        yield from self._keys()
        found = [(".path", text) for text in path_complaints(self.entry["path"])]
        yield from found or self._path(products)
        if self.name == "npz":
            for key, text in self.entry.get("arrays", {}).items():
                yield from self._array(key, text)
        elif "from" in self.entry:
            wrong = [(".from", text) for text in self._source_complaints(self.entry["from"])]
            yield from wrong or self._content(Source.of(self.entry["from"]))

    def _keys(self) -> Found:
        wanted = "arrays" if self.name == "npz" else "from"
        fits = {
            "arrays": self.name == "npz",
            "from": self.name != "npz",
            "line": self.name == "txt",
            "header": self.name == "txt",
            "fields": self.name in ("json", "jsonl"),
            "scale": self.name in ("png8", "png16"),
            "where": self.name not in ("npz", "rgba", "jpg", "exr"),
        }
        for key, does in fits.items():
            if key in self.entry and not does:
                yield f".{key}", f"has no meaning for the encoding {self.name}; leave it out"
        for key in (wanted, *(["line"] if self.name == "txt" else [])):
            if not self.entry.get(key):
                yield f".{key}", f"is missing; the encoding {self.name} cannot do without it"
        if self.each not in self.encoding.each:
            yield (
                ".each",
                f'"{self.each}" cannot be for the encoding {self.name}; known: {", ".join(self.encoding.each)}',
            )

    def _path(self, products: Collection[Any]) -> Found:
        source = self.entry["path"]
        pattern = Pattern.of(source)
        needed = {"frame": ("frame",), "instance": ("frame", "instance"), "class": ("frame", "class"), "end": ()}
        for name in needed[self.each]:
            if name not in pattern.fields:
                example = "{frame:06d}" if name == "frame" else f"{{{name}}}"
                yield ".path", f"{shown(source)} is the same for every {name}; put {example} into it"
        allowed = {"product", "camera", "annotator", *needed[self.each]} | ({"class"} & {self._class_field()})
        if self.name == "npz":
            allowed -= {"annotator"}
        if self.entry.get("from") == CLASSES:
            allowed = set()
        for name in sorted(pattern.fields - allowed):
            yield ".path", f'{{{name}}} has no value in a file for each "{self.each}"; leave it out'
        cameras = {product.camera.rpartition("/")[2] for product in products}
        apart = "product" in pattern.fields or ("camera" in pattern.fields and len(cameras) == len(products))
        if len(products) > 1 and self.each != "end" and not apart:
            yield (
                ".path",
                f"{shown(source)} is the same for all {len(products)} render products; put {{product}} into it",
            )
        yield from self._suffix(source)
        for before, after in zip(pattern.parts, pattern.parts[1:], strict=False):
            both = before.field is not None and after.field is not None
            if both and (not after.text or after.text.isdigit()):
                yield ".path", f"{{{before.field}}} and {{{after.field}}} run into each other; put _ or / between them"

    def _class_field(self) -> str:
        fields = row_fields(Source.of(self.entry.get("from", "")).annotator, self.annotators) or {}
        return "class" if self.each == "instance" and "class" in fields else ""

    def _suffix(self, source: str) -> Found:
        others = {suffix: name for name, each in ENCODINGS.items() for suffix in each.suffixes}
        suffix = re.search(r"\.[A-Za-z0-9]+$", source)
        found = suffix[0].lower() if suffix else ""
        if self.encoding.suffixes and found not in self.encoding.suffixes:
            yield (
                ".path",
                f"{shown(source)} does not end with {' or '.join(self.encoding.suffixes)}, as {self.name} does",
            )
        elif not self.encoding.suffixes and found in others:
            yield ".path", f"{shown(source)} ends as files of the encoding {others[found]} do, not {self.name}"

    def _source_complaints(self, text: str) -> Iterator[str]:
        source = Source.of(text)
        name, output = source.annotator, source.output
        if name == CLASSES:
            if output is not None or self.name not in TABLES or self.each != "end":
                yield 'the list "classes" is written once: encoding txt, json or jsonl, and "each": "end"'
            elif not self.parameters.get("classes"):
                yield 'needs the parameter "classes": [...]'
            return
        if name not in self.annotators:
            yield f"{shown(name)} is not among the annotators; {nearest(name, [*self.annotators, CLASSES])}"
            return
        outputs = self._kind(name).outputs
        if output is not None and outputs is not None and output not in outputs:
            yield f"{name} has no output {shown(output)}; {nearest(output, outputs)}"

    def _kind(self, name: str) -> Kind:
        return kind_of(name, self.annotators.get(name, {}))

    def _array(self, key: str, text: str) -> Found:
        if not key.isidentifier():
            yield f".arrays.{key}", f"{shown(key)} is not a name of letters, digits and _ that starts with no digit"
        yield from ((f".arrays.{key}", complaint) for complaint in self._source_complaints(text))

    def _content(self, source: Source) -> Found:
        kind = self._kind(source.annotator)
        fields = None if source.output else row_fields(source.annotator, self.annotators)
        misfits = [] if source.output else list(self._fit(source.annotator, kind))
        if misfits:
            yield from misfits
            return
        if source.output:
            holding = [name for name in _OUTPUTS if name != "npy" or source.output not in MAPPINGS]
            if self.name not in holding:
                yield ".encoding", f'"{self.name}" cannot hold {self.entry["from"]}; {", ".join(holding)} can'
                return
        by = {"instance": "instance", "class": "class"}.get(self.each)
        if by is not None and by not in (fields or {}):
            yield ".each", f"{self.entry['from']} does not tell {'objects' if by == 'instance' else 'classes'} apart"
        wanted = [key for key in ("line", "fields", "where") if key in self.entry]
        if fields is None:
            yield from ((f".{key}", f"{self.entry['from']} has no rows; leave it out") for key in wanted)
            return
        yield from ((".line", self._explained(text)) for text in complaints(self.entry.get("line", ""), fields))
        yield from self._fields(fields)
        yield from self._where(fields)

    def _fit(self, name: str, kind: Kind) -> Found:
        if kind.name not in self.encoding.takes:
            good = [key for key, each in ENCODINGS.items() if kind.name in each.takes]
            yield ".encoding", f'"{self.name}" cannot hold {name}{_why(self.name, kind)}; {", ".join(good)} can'
        elif self.name in ("png8", "png16") and kind.has_channels:
            yield ".encoding", f'"{self.name}" holds one number per pixel, and {name} has several; use exr or npy'
        elif self.name in ("png8", "png16") and kind.name == "float" and "scale" not in self.entry:
            yield ".scale", f'is missing; {name} is no whole number: "scale": 1000 makes millimetres of metres'
        elif self.name in ("png8", "png16") and kind.name == "ids" and "scale" in self.entry:
            yield ".scale", f"has no meaning for ids, such as {name} has; leave it out"
        elif self.name == "txt" and kind.rows is None:
            yield ".encoding", f'"txt" cannot hold {name}, which has no rows; use json'

    def _fields(self, fields: Mapping[str, str]) -> Found:
        given = self.entry.get("fields", [])
        items = enumerate(given) if isinstance(given, list) else given.items()
        for key, name in items:
            place = f".fields[{key}]" if isinstance(given, list) else f".fields.{key}"
            if name not in fields:
                yield place, self._explained(f"{{{name}}}: there is no such field; {nearest(name, fields)}")
        uses = "class_id" in (given if isinstance(given, list) else given.values())
        uses = uses or ("line" in self.entry and re.search(r"\{class_id\b", self.entry["line"]) is not None)
        if uses and not self.parameters.get("classes"):
            yield ".line" if "line" in self.entry else ".fields", '{class_id} needs the parameter "classes": [...]'

    def _where(self, fields: Mapping[str, str]) -> Found:
        where = self.entry.get("where", {})
        needed = {"classes": "class", "min_pixels": "visible_pixels", "min_visibility": "visibility"}
        for key in where:
            if needed[key] not in fields:
                yield f".where.{key}", self._explained(f"{{{needed[key]}}}: is not told by {self.entry['from']}")
        listed: list[str] = self.parameters.get("classes") or []
        for index, name in enumerate(where.get("classes", []) if listed else []):
            if name not in listed:
                yield (
                    f".where.classes[{index}]",
                    f"{shown(name)} is not in the parameter classes; {nearest(name, listed)}",
                )

    def _explained(self, text: str) -> str:
        """Return a complaint about a field, with what would make it one."""
        name = text[1:].split("}")[0].split(":")[0]
        if name in SEEN and VISIBILITY not in self.annotators and ("no such field" in text or "not told" in text):
            return f'{{{name}}}: needs the annotator {VISIBILITY}; add "{VISIBILITY}": {{}} to $.annotators'
        return text


def _why(encoding: str, kind: Kind) -> str:
    if encoding == "jpg":
        return ", whose values JPEG would change"
    if encoding == "exr" and kind.name == "ids":
        return ", whose ids a float does not hold exactly"
    return ""


__all__ = ["EACH", "PATH_FIELDS", "annotator_names", "parameters_schema", "problems"]
