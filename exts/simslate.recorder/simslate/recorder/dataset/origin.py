"""Which render product and which annotator a file is from, as far as its path tells."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

STEMS = {"skeleton": "skeleton_data"}
"""What files are called whose annotator has another name."""


class Origins:
    """The render products and annotators of a recording."""

    def __init__(self, products: Iterable[str], annotators: Iterable[str]) -> None:
        self.products = tuple(products)
        self.annotators = tuple(sorted({public_name(name) for name in annotators}))
        stems = {name: name for name in self.annotators}
        self._stems = stems | {stem: name for stem, name in STEMS.items() if name in stems}

    def find(self, path: str) -> tuple[str | None, str | None]:
        """Return the render product and the annotator of the file at ``path``, None for what cannot be told.

        Read are BasicWriter's three layouts: ``rgb_0000.png`` of a single product, ``<product>/rgb/rgb_0000.png``
        and ``rgb/<product>_rgb_0000.png``.
        """
        *folders, name = PurePosixPath(path).parts
        prefixed = max((p for p in self.products if name.startswith(f"{p}_")), key=len, default=None)
        product = next((folder for folder in folders if folder in self.products), None)
        annotator = self._annotator(name)
        if annotator is None and prefixed is not None:
            annotator = self._annotator(name[len(prefixed) + 1 :])
            product = product or (prefixed if annotator else None)
        if annotator is None:
            annotator = next((self._stems[folder] for folder in folders if folder in self._stems), None)
        if product is None and annotator is not None and len(self.products) == 1:
            product = self.products[0]
        return product, annotator

    def _annotator(self, name: str) -> str | None:
        fitting = (stem for stem in self._stems if name.startswith(stem) and name[len(stem) : len(stem) + 1] in "_-.")
        longest = max(fitting, key=len, default=None)
        return None if longest is None else self._stems[longest]


def public_name(annotator: str) -> str:
    """Return an annotator's name as files have it: without ``_fast``; augmented ones are files of ``rgb``."""
    return "rgb" if annotator.startswith("Aug") else annotator.removesuffix("_fast")
