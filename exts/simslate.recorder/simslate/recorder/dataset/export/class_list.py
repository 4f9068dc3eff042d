"""Which classes an export has: those of a taxonomy, those of a list, or those that it meets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import ConfigError
from ...problems import Problems, load_json, nearest, shown
from ...taxonomy import RESERVED, Taxonomy, default_colour

Colour = tuple[int, int, int]
NOTHING = frozenset({*RESERVED, "INVALID"})


@dataclass(frozen=True)
class ExportClass:
    """One class."""

    id: int
    name: str
    colour: Colour
    supercategory: str | None = None


class ClassList:
    """Says what class a mapping's entry stands for, and in the end which classes there are."""

    def __init__(
        self,
        known: Iterable[ExportClass] | None = None,
        *,
        semantic_type: str = "class",
        find: Callable[[str], str | None] | None = None,
        unlisted: str = "error",
        source: Path | str = "",
    ) -> None:
        self.semantic_type = semantic_type
        self._known = None if known is None else tuple(sorted(known, key=lambda each: each.id))
        self._find = find or (lambda text: text.split(",")[-1].strip())
        self._unlisted = unlisted
        self._source = source
        self.met: set[str] = set()

    @classmethod
    def of_taxonomy(cls, taxonomy: Taxonomy) -> ClassList:
        """Return the classes of ``taxonomy``; its policy for unlisted labels holds."""

        def find(text: str) -> str | None:
            found = taxonomy.nearest_class(text)
            return None if found is None else found.name

        known = [ExportClass(each.id, each.name, each.colour, each.supercategory) for each in taxonomy.categories]
        options: dict[str, Any] = {"unlisted": taxonomy.unlisted, "source": taxonomy.source}
        return cls(known, semantic_type=taxonomy.taxonomy, find=find, **options)

    @classmethod
    def load(cls, path: Path) -> ClassList:
        """Read a taxonomy file, or COCO's categories. ConfigError lists all that is wrong with it."""
        return cls.from_json(load_json(path, Problems(path)), path)

    @classmethod
    def from_json(cls, data: Any, source: Path | str) -> ClassList:
        """Read a taxonomy's JSON object, or COCO's ``[{"id": 0, "name": "box"}, ...]``, whose ids may be any."""
        listed = data.get("categories") if isinstance(data, Mapping) and "categories" in data else data
        if not isinstance(listed, list):
            return cls.of_taxonomy(Taxonomy.from_json(data, source))
        problems = Problems(source)
        known = [_category(each, f"$[{place}]", problems) for place, each in enumerate(listed)]
        _check_twice("id", [each.id for each in known], problems)
        _check_twice("name", [each.name for each in known], problems)
        problems.raise_any()
        names = {each.name for each in known}

        def find(text: str) -> str | None:
            return next((label for label in reversed(text.split(",")) if label.strip() in names), None)

        return cls(known, find=find, source=source)

    def name_of(self, entry: Any) -> str | None:
        """Return the class of a mapping's ``entry``, ``{type: label}``; None for what has none.

        Raises ConfigError for a label that is not listed, unless the taxonomy ignores those.
        """
        text = entry.get(self.semantic_type) if isinstance(entry, Mapping) else None
        if not isinstance(text, str) or text in NOTHING:
            return None
        name = self._find(text)
        if name is None and self._unlisted != "ignore":
            hint = nearest(text, (each.name for each in self._known or ()))
            raise ConfigError(f'{self._source}: does not list the label "{text}"; {hint}')
        if name is not None:
            self.met.add(name)
        return name

    @property
    def is_open(self) -> bool:
        """Whether the classes are known in the end only."""
        return self._known is None

    def classes(self) -> tuple[ExportClass, ...]:
        """Return all listed classes in the order of their ids; without a list those met, by name from 1 on."""
        if self._known is not None:
            return self._known
        return tuple(
            ExportClass(number, name, default_colour(number + 1)) for number, name in enumerate(sorted(self.met), 1)
        )


def _check_twice(what: str, values: Sequence[object], problems: Problems) -> None:
    for place, value in enumerate(values):
        if value in values[:place]:
            problems.add(f"$[{place}].{what}", f"{shown(value)} is there twice")


def _category(value: Any, where: str, problems: Problems) -> ExportClass:
    values = value if isinstance(value, Mapping) else {}
    number, name = values.get("id"), values.get("name")
    colour = values.get("color", values.get("colour"))
    if type(number) is not int or not 0 <= number < 1 << 16 or not isinstance(name, str) or not name:
        problems.add(where, f'{shown(value)} is not {{"id": number from 0 to 65535, "name": text}}')
        return ExportClass(-1, "", (0, 0, 0))
    if colour is not None and not _is_colour(colour):
        problems.add(f"{where}.color", f"{shown(colour)} is not [red, green, blue]")
        colour = None
    kind = values.get("supercategory")
    chosen: Colour = default_colour(min(number + 2, 65535)) if colour is None else (colour[0], colour[1], colour[2])
    return ExportClass(number, name, chosen, kind if isinstance(kind, str) and kind else None)


def _is_colour(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 3
        and all(type(channel) is int and 0 <= channel < 256 for channel in value)
    )
