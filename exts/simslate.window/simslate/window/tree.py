"""Values in nested objects and lists, by path: read, and replaced in a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Keys = Sequence["str | int"]


def keys_of(path: str) -> tuple[str | int, ...]:
    """Return the keys of a dotted path; numbers are places in lists: ``products.0.camera``."""
    return tuple(int(key) if key.isdigit() else key for key in path.split("."))


def value_at(tree: Any, keys: Keys, default: Any = None) -> Any:
    """Return the value at ``keys``, ``default`` where there is none."""
    for key in keys:
        is_there = key in tree if isinstance(tree, Mapping) else isinstance(key, int) and key < len(tree)
        if not is_there:
            return default
        tree = tree[key]
    return tree


def replaced(tree: Any, keys: Keys, value: Any) -> Any:
    """Return ``tree`` with ``value`` at ``keys``; what lies beside that way is shared, nothing is changed."""
    if not keys:
        return value
    first, rest = keys[0], keys[1:]
    if isinstance(first, int):
        return [replaced(item, rest, value) if place == first else item for place, item in enumerate(tree)]
    return {**tree, first: replaced(tree.get(first, {}), rest, value)}


def without(tree: Any, keys: Keys) -> Any:
    """Return ``tree`` without what is at ``keys``."""
    *above, last = keys
    holder = value_at(tree, above)
    if isinstance(last, int):
        return replaced(tree, above, [item for place, item in enumerate(holder) if place != last])
    return replaced(tree, above, {key: item for key, item in (holder or {}).items() if key != last})


def filled(default: Any, kept: Any) -> Any:
    """Return ``kept`` in the shape of ``default``: keys that are missing or of another type have the default's value.

    Keys that an empty object of ``default`` holds, and items of its lists, are taken as they are.
    """
    if isinstance(default, Mapping) and isinstance(kept, Mapping):
        return (
            {key: filled(value, kept[key]) if key in kept else value for key, value in default.items()}
            if (default)
            else dict(kept)
        )
    return kept if type(kept) is type(default) else default
