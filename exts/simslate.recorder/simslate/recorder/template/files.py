"""A template as it was told: its annotators, its files, and what is selected for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .frame import Naming, Row
from .pattern import Pattern
from .sources import Source

SEMANTIC_TYPE = "class"


@dataclass(frozen=True, kw_only=True)
class Where:
    """Which rows are taken, and which values of a mask stay."""

    classes: tuple[str, ...] | None = None
    min_pixels: int = 0
    min_visibility: float = 0.0

    @property
    def takes_all(self) -> bool:
        """Whether nothing is left out."""
        return self == Where()

    def taken(self, rows: Iterable[Row], naming: Naming) -> list[Row]:
        """Return those of ``rows`` that are selected."""
        return [row for row in rows if self._takes(row, naming)]

    def _takes(self, row: Row, naming: Naming) -> bool:
        if self.classes is not None and naming.listed(row["class"], self.classes) is None:
            return False
        # A prim that simslate_visibility does not know is in no part of the frame.
        is_large = not self.min_pixels or row.get("visible_pixels", 0) >= self.min_pixels
        return is_large and (not self.min_visibility or row.get("visibility", 0.0) >= self.min_visibility)


@dataclass(frozen=True, kw_only=True)
class FileSpec:
    """What one entry of "files" says."""

    path: Pattern
    encoding: str
    each: str = "frame"
    """"frame", "instance", "class" (one file per render product and frame, object, class), or "end"."""

    source: Source | None = None
    """What it is made from; None for npz."""

    arrays: Mapping[str, Source] = field(default_factory=dict)
    """What an npz holds."""

    line: Pattern | None = None
    header: str | None = None
    fields: Mapping[str, str] | None = None
    """Key in JSON to field; None for all fields."""

    where: Where = Where()
    scale: float | None = None

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> FileSpec:
        """Read an entry that has no problems."""
        told: dict[str, Any] = {key: value[key] for key in ("encoding", "each", "header", "scale") if key in value}
        fields = value.get("fields")
        where = dict(value.get("where", {}))
        if "classes" in where:
            where["classes"] = tuple(where["classes"])
        return cls(
            **told,
            path=Pattern.of(value["path"]),
            source=Source.of(value["from"]) if "from" in value else None,
            arrays={key: Source.of(text) for key, text in value.get("arrays", {}).items()},
            line=Pattern.of(value["line"]) if "line" in value else None,
            fields={name: name for name in fields} if isinstance(fields, list) else fields,
            where=Where(**where),
        )


@dataclass(frozen=True, kw_only=True)
class Template:
    """All that a TemplateWriter was told."""

    annotators: Mapping[str, Mapping[str, Any]]
    files: tuple[FileSpec, ...]
    naming: Naming

    @classmethod
    def from_json(cls, parameters: Mapping[str, Any]) -> Template:
        """Read parameters that have no problems."""
        classes = tuple(parameters.get("classes") or ())
        return cls(
            annotators=parameters["annotators"],
            files=tuple(FileSpec.from_json(each) for each in parameters["files"]),
            naming=Naming(parameters.get("semantic_type", SEMANTIC_TYPE), classes),
        )
