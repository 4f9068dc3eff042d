"""All files of one frame and one render product, read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...taxonomy import Taxonomy
from ..content import Picture
from ..id_image import parse_key
from ..json_file import Flaw
from .finding import Finding, printable
from .regions import Mask, read_mask

ALONE = frozenset({"normals", "motion_vectors", "distance_to_camera_picture", "distance_to_image_plane_picture"})
"""Large parts that are compared with nothing, so that they need not be held."""
RESERVED = ("BACKGROUND", "UNLABELLED", "INVALID")


@dataclass(frozen=True)
class Context:
    """What the checks of a data set may know beside its files."""

    taxonomy: Taxonomy | None
    ours: bool
    """Whether a recorder of ours told about it, and so what it means by its numbers."""


@dataclass(frozen=True)
class Item:
    """One sound file, with all that tells what should be in it."""

    annotator: str
    value: Any
    resolution: tuple[int, int] | None
    """Width and height of the render product."""

    colourised: bool | None
    """Whether it is a mask of colours; None where nothing tells."""

    extension: str
    context: Context


class Shot:
    """What the files of one frame and one render product say, as far as each of them is sound by itself."""

    def __init__(self, frame: int | None, product: str, context: Context) -> None:
        self.frame = frame
        self.product = product
        self.context = context
        self.paths: dict[str, str] = {}
        self._values: dict[str, Any] = {}
        self._masks: dict[str, Mask] = {}

    def add(self, part: str, path: str, value: Any) -> None:
        """Put in what the file ``path``, called ``part`` in ``PARTS``, says."""
        self.paths[part], self._values[part] = path, None if part in ALONE else value

    def forget_all_but(self, part: str) -> None:
        """Let go of everything large, once it has been compared."""
        self._masks.clear()
        self._values = {part: self._values.get(part)}

    def get(self, part: str, kind: type[Any]) -> Any:
        """Return what ``part`` says, or None if it is not there, not sound, or no ``kind``."""
        value = self._values.get(part)
        return value if isinstance(value, kind) else None

    def mask(self, annotator: str) -> Mask | None:
        """Return the mask of ``annotator``."""
        picture = self.get(annotator, Picture)
        if annotator not in self._masks and picture is not None:
            self._masks[annotator] = read_mask(picture)
        return self._masks.get(annotator)

    def mapping(self, part: str) -> dict[int, Any] | None:
        """Return a mask's mapping by the numbers in the mask; keys that are none are left out."""
        value = self.get(part, dict)
        if value is None:
            return None
        return {code: entry for key, entry in value.items() if (code := parse_key(key)) is not None}

    def finding(self, kind: str, part: str, message: str) -> Finding:
        """Return a finding at the file of ``part``."""
        return Finding(kind, printable(self.paths[part]), message, self.frame)

    def findings(self, part: str, flaws: Iterator[Flaw]) -> Iterator[Finding]:
        """Turn the flaws of one file into findings."""
        for kind, message in flaws:
            yield self.finding(kind, part, message)


def labels_of(entry: Any, taxonomy: Taxonomy | None) -> frozenset[tuple[str, str]]:
    """Return the semantic types and labels of a mapping's ``entry`` so that equal ones are equal.

    With a taxonomy only its own type counts, and any label of a class stands for the class.
    """
    if not isinstance(entry, Mapping):
        return frozenset()
    texts = {str(name): ",".join(part.strip() for part in str(label).split(",")) for name, label in entry.items()}
    if taxonomy is None:
        return frozenset(texts.items())
    text = texts.get(taxonomy.taxonomy)
    if text is None:
        return frozenset()
    found = taxonomy.nearest_class(text)
    return frozenset({(taxonomy.taxonomy, text if found is None else found.name)})


def is_reserved(entry: Any) -> bool:
    """Return whether ``entry`` stands for the background or for what has no label."""
    values = entry.values() if isinstance(entry, Mapping) else [entry]
    return any(value in RESERVED for value in values)
