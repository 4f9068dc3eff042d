"""Names and paths as texts."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["find_root_prim_path_from_regex", "find_unique_string_name"]

_PLAIN = re.compile(r"[A-Za-z0-9_]*")


def find_unique_string_name(initial_name: str, is_unique_fn: Callable[[str], bool]) -> str:
    """Return ``initial_name``, or the first of ``_1``, ``_2``, ... appended to it that the function calls unique."""
    name, count = initial_name, 0
    while not is_unique_fn(name):
        count += 1
        name = f"{initial_name}_{count}"
    return name


def find_root_prim_path_from_regex(prim_path_regex: str) -> tuple[str | None, int | None]:
    """Return the path down to the last part before the first that is an expression, and that part's place.

    (None, None) where no part is an expression.
    """
    parts = prim_path_regex.split("/")
    for place, part in enumerate(parts):
        if not _PLAIN.fullmatch(part):
            return "/".join(parts[:place]), place
    return None, None
