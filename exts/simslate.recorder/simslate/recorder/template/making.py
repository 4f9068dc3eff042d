"""The files of a frame, and those at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ConfigError, OutputError
from .encodings import TABLES, as_array, grey, plain_value
from .files import FileSpec, Template
from .frame import MASK_ID, Row, View
from .paths import filled
from .sources import CLASSES, Source, kind_of


@dataclass(frozen=True)
class Made:
    """A file: its path below the output folder, its encoding, and what is to be encoded."""

    path: str
    encoding: str
    content: Any


@dataclass
class Collected:
    """What files at the end have so far: by path, the place of the file and its entries, in order."""

    entries: dict[str, tuple[int, list[Any]]] = field(default_factory=dict)

    def add(self, path: str, place: int, entries: list[Any]) -> None:
        """Add entries to a file. OutputError if another of the "files" has the same path."""
        first, known = self.entries.setdefault(path, (place, []))
        if first != place:
            raise OutputError(f"{path}: two files have this path: $.files[{first}] and $.files[{place}]")
        known.extend(entries)


def made_of_frame(template: Template, views: list[View], frame: int, collected: Collected) -> list[Made]:
    """Return the files of one frame; what belongs into files at the end goes to ``collected``.

    OutputError if two files would have the same path.
    """
    found: list[Made] = []
    for place, spec in enumerate(template.files):
        if spec.source == Source(CLASSES):
            continue
        for view in views:
            if spec.each == "end":
                path = filled(spec.path, _path_values(spec, view, frame))
                collected.add(path, place, _entries(spec, template, view, frame))
            else:
                found += _files(spec, template, view, frame)
    _check_paths(found)
    return found


def made_at_end(template: Template, collected: Collected) -> list[Made]:
    """Return the files that are written once."""
    for place, spec in enumerate(template.files):
        if spec.source == Source(CLASSES):
            rows = View("", "", (1, 1), {}, template.naming).rows(CLASSES)
            collected.entries[filled(spec.path, {})] = (place, [_entry(spec, row) for row in rows])
    made = [
        Made(path, template.files[place].encoding, _table(template.files[place], entries))
        for path, (place, entries) in collected.entries.items()
    ]
    _check_paths(made)
    return made


def _check_paths(files: list[Made]) -> None:
    # Some file systems do not tell upper from lower case.
    seen: dict[str, str] = {}
    for made in files:
        key = made.path.casefold()
        if key in seen:
            raise OutputError(f"{made.path}: two files of one frame have this path; add a field to it that differs")
        seen[key] = made.path


def _path_values(spec: FileSpec, view: View, frame: int) -> Row:
    annotator = "" if spec.source is None else spec.source.annotator
    return {"frame": frame, "product": view.product, "camera": view.fields["camera"], "annotator": annotator}


def _files(spec: FileSpec, template: Template, view: View, frame: int) -> Iterator[Made]:
    values = _path_values(spec, view, frame)
    if spec.each == "frame":
        yield Made(filled(spec.path, values), spec.encoding, _content(spec, template, view, frame))
        return
    groups: dict[Any, list[Row]] = {}
    for row in _rows(spec, view, frame):
        groups.setdefault(row[spec.each], []).append(row)
    for rows in groups.values():
        # A class in the path of an object's file is its own.
        path = filled(spec.path, {**values, **{k: rows[0][k] for k in ("class", "instance") if k in rows[0]}})
        yield Made(path, spec.encoding, _group(spec, view, rows))


def _group(spec: FileSpec, view: View, rows: list[Row]) -> Any:
    """Return what the file of one object or class holds: its mask, 255 where it is, or its rows."""
    if spec.encoding in TABLES:
        return _table(spec, [_entry(spec, row) for row in rows])
    assert spec.source is not None
    ids = view.outputs[spec.source.annotator]["data"]
    return np.isin(ids, [row[MASK_ID] for row in rows]).astype(np.uint8) * np.uint8(255)


def _content(spec: FileSpec, template: Template, view: View, frame: int) -> Any:
    if spec.encoding == "npz":
        return {key: as_array(_value(source, view)) for key, source in spec.arrays.items()}
    if spec.encoding in TABLES:
        entries = _entries(spec, template, view, frame)
        # What has no rows is the whole of its file, not the only entry of a list.
        return entries[0] if spec.encoding == "json" and not _has_rows(spec, template) else _table(spec, entries)
    assert spec.source is not None
    array = np.asarray(_value(spec.source, view))
    if array.dtype.hasobject:
        raise ConfigError(f"{spec.encoding} holds an array, which {_named(spec.source)} is not")
    if not spec.where.takes_all:
        array = _masked(array, spec, view, frame)
    if spec.encoding in ("png8", "png16"):
        return grey(array, spec.encoding, spec.scale)
    return _colour(array, spec) if spec.encoding in ("rgba", "jpg") else array


def _colour(array: NDArray[Any], spec: FileSpec) -> NDArray[Any]:
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] not in (3, 4):
        raise ConfigError(f"{spec.encoding} holds (H, W, 4) of uint8, not {array.shape} of {array.dtype}")
    return array


def _masked(array: NDArray[Any], spec: FileSpec, view: View, frame: int) -> NDArray[Any]:
    """Return a mask with 0 for all that is not selected, or the rows of a structured array that are."""
    rows = _rows(spec, view, frame)
    if array.dtype.names is None:
        kept: NDArray[Any] = np.where(np.isin(array, [row[MASK_ID] for row in rows]), array, 0).astype(array.dtype)
        return kept
    chosen = {row[_PLACE] for row in rows}
    return array[[index in chosen for index in range(len(array))]]


_PLACE = "place"
"""The key, no field, of a row's place among all rows of its annotator."""


def _rows(spec: FileSpec, view: View, frame: int) -> list[Row]:
    assert spec.source is not None
    rows = view.rows(spec.source.annotator)
    numbered = [{"frame": frame, _PLACE: place, **row} for place, row in enumerate(rows)]
    return spec.where.taken(numbered, view.naming)


def _has_rows(spec: FileSpec, template: Template) -> bool:
    """Whether rows are written, not what the annotator gives as it is."""
    assert spec.source is not None
    if spec.source.output is not None:
        return False
    name = spec.source.annotator
    kind = kind_of(name, template.annotators.get(name, {}))
    is_asked = spec.line is not None or spec.fields is not None
    return kind.rows is not None and (is_asked or kind.name != "data")


def _entries(spec: FileSpec, template: Template, view: View, frame: int) -> list[Any]:
    """Return the lines or JSON values of one frame."""
    if _has_rows(spec, template):
        return [_entry(spec, row) for row in _rows(spec, view, frame)]
    assert spec.source is not None
    value = plain_value(_value(spec.source, view))
    # Over the frames of a whole recording, each has to tell which it is.
    return [{"frame": frame, "product": view.product, "data": value}] if spec.each == "end" else [value]


def _entry(spec: FileSpec, row: Row) -> Any:
    if spec.line is not None:
        return spec.line.fill({name: _told(row, name) for name in spec.line.fields})
    if spec.fields is not None:
        return {key: plain_value(_told(row, name)) for key, name in spec.fields.items()}
    return {key: plain_value(value) for key, value in row.items() if key not in (MASK_ID, _PLACE)}


def _told(row: Row, name: str) -> Any:
    """Return a field; ConfigError for a class that has no number."""
    value = row.get(name)
    if name == "class_id" and value is None:
        raise ConfigError(
            f'"{row["class"]}" of {row.get("prim_path", "the mask")} is not in the parameter "classes", so that it has '
            'no class_id; add it there, or choose classes with "where"'
        )
    if value is None:
        raise ConfigError(f"{row.get('prim_path', 'a row')} has no {name}: simslate_visibility does not know it")
    return re_lined(value) if isinstance(value, str) else value


def re_lined(text: str) -> str:
    """Return ``text`` on one line: a label with a line break in it must not become two lines of a file."""
    return " ".join(text.splitlines()) if text else text


def _table(spec: FileSpec, entries: list[Any]) -> Any:
    return [*([] if spec.header is None else [spec.header]), *entries] if spec.encoding == "txt" else entries


def _named(source: Source) -> str:
    return source.annotator if source.output is None else f"{source.annotator}.{source.output}"


def _value(source: Source, view: View) -> Any:
    """Return an annotator's array, all it gives if it has no array, or one of its outputs."""
    found: Mapping[str, Any] = view.outputs[source.annotator]
    if source.output is None:
        return found.get("data", found)
    if source.output not in found:
        raise ConfigError(f"{source.annotator} has no output {source.output}; there are {', '.join(sorted(found))}")
    return found[source.output]
