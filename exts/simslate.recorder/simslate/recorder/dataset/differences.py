"""What tells two jobs apart, key by key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..problems import shown

NOTHING = object()


def differences(before: Any, now: Any, where: str = "$") -> Iterator[str]:
    """Yield a line for each place where two values from JSON differ, such as ``$.seed: was 7, is 8 now``."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*before, *now)):
            yield from differences(before.get(key, NOTHING), now.get(key, NOTHING), f"{where}.{key}")
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for index, (old, new) in enumerate(zip(before, now, strict=True)):
            yield from differences(old, new, f"{where}[{index}]")
    elif before is NOTHING:
        yield f"{where}: was not there, is {shown(now)} now"
    elif now is NOTHING:
        yield f"{where}: was {shown(before)}, is not there now"
    elif before != now or type(before) is not type(now):
        yield f"{where}: was {shown(before)}, is {shown(now)} now"
