"""Reading JSON so that nothing in it goes unnoticed."""

from __future__ import annotations

import json
from typing import Any

Flaw = tuple[str, str]
"""The kind of a finding, and its message."""


def read_json(data: bytes) -> tuple[Any, list[Flaw]]:
    """Return what ``data`` says, None if it cannot be read, and what is wrong with it."""
    flaws: list[Flaw] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            names = [name for name, _ in items]
            repeated = sorted(name for name in found if names.count(name) > 1)
            flaws.append(("json", f'has the key "{repeated[0]}" more than once in one object'))
        return found

    def constant(name: str) -> float:
        flaws.append(("not-finite", f"says {name}, which is no JSON"))
        return float(name)

    try:
        value = json.loads(data.decode("utf-8-sig"), object_pairs_hook=pairs, parse_constant=constant)
    except UnicodeDecodeError as error:
        return None, [("unreadable", f"is not UTF-8 text (byte {error.start})")]
    except json.JSONDecodeError as error:
        return None, [("unreadable", f"is not JSON: line {error.lineno} column {error.colno}: {error.msg}")]
    except (ValueError, RecursionError) as error:
        return None, [("unreadable", f"is not JSON that can be read: {error}")]
    return value, [*flaws, *([("unreadable", "says null only")] if value is None else [])]
