"""Tokens: ``${name}`` in paths and settings."""

from __future__ import annotations

import re

from kitless.absent import Partial, absent
from kitless.services import service

__all__ = [
    "ITokens",
    "RESOLVE_FLAG_LEAVE_TOKEN_IF_NOT_FOUND",
    "RESOLVE_FLAG_NONE",
    "acquire_tokens_interface",
    "get_tokens_interface",
]

RESOLVE_FLAG_NONE = 0
RESOLVE_FLAG_LEAVE_TOKEN_IF_NOT_FOUND = 1

_TOKEN = re.compile(r"\$\{([^{}$]*)\}")
_MAX_DEPTH = 16


class ITokens(Partial):
    """Names and the texts they stand for; a text may hold further tokens."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def exists(self, name: str) -> bool:
        """Return whether the token is set."""
        return name in self._values

    def set_value(self, name: str, value: str) -> None:
        """Set or replace a token."""
        self._values[name] = value

    def set_initial_value(self, name: str, value: str) -> None:
        """Set a token that has no value yet; otherwise do nothing."""
        self._values.setdefault(name, value)

    def remove_token(self, name: str) -> bool:
        """Forget a token; return whether it was there."""
        return self._values.pop(name, None) is not None

    def resolve(self, str: str, flags: int = RESOLVE_FLAG_NONE) -> str:
        """Return ``str`` with its tokens replaced; unknown ones become empty, or stay with LEAVE_TOKEN_IF_NOT_FOUND.

        Raises ValueError for a token that stands for itself.
        """
        keep = bool(flags & RESOLVE_FLAG_LEAVE_TOKEN_IF_NOT_FOUND)
        text = str
        for _ in range(_MAX_DEPTH):
            resolved = _TOKEN.sub(lambda found: self._values.get(found[1], found[0] if keep else ""), text)
            if resolved == text:
                return resolved
            text = resolved
        raise ValueError(f"{str!r}: a token in it stands for itself")


def get_tokens_interface() -> ITokens:
    """Return the process's tokens."""
    return service(ITokens)


def acquire_tokens_interface(plugin_name: str | None = None, library_path: str | None = None) -> ITokens:
    """Return the process's tokens."""
    return service(ITokens)


__getattr__ = absent(__name__)
