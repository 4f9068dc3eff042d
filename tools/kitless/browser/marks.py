"""What is on the page, as plain data: drawn by the app's thread, shown by every tab."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Action: TypeAlias = Callable[[Any], Any]
"""What a user's deed does, called in the app's thread with what the page says about it."""
Mark: TypeAlias = dict[str, Any]
"""A sketch as JSON: tag t, attributes a, text x, content c (keys and marks), events e, address k."""
Changes: TypeAlias = dict[str, Mark | None]
"""Marks by key; None for one that is gone."""

ROOT = "page"
_BELOW = "|"


@dataclass(frozen=True)
class Sketch:
    """An element of the page. ``content`` are sketches, drawn along with it, and keys of others, drawn on their own."""

    tag: str
    attrs: Mapping[str, Any] = field(default_factory=dict)
    content: Sequence[Sketch | str] = ()
    text: str = ""
    on: Mapping[str, Action] = field(default_factory=dict)


class Board:
    """The sketches by key, what has changed since it was last asked, and the actions behind them."""

    def __init__(self) -> None:
        self._marks: dict[str, Mark] = {}
        self._links: dict[str, list[str]] = {}
        self._actions: dict[str, dict[tuple[str, str], Action]] = {}
        self._changes: Changes = {}
        self._relinked = False

    def __contains__(self, key: object) -> bool:
        return key in self._marks

    def put(self, key: str, sketch: Sketch) -> list[str]:
        """Draw ``sketch`` under that key; return the keys in it that nothing is drawn under yet."""
        actions: dict[tuple[str, str], Action] = {}
        links: list[str] = []
        mark = _flat(sketch, key, actions, links)
        self._actions[key] = actions
        if mark != self._marks.get(key):
            self._marks[key] = self._changes[key] = mark
        if links != self._links.get(key):
            self._links[key] = links
            self._relinked = True
        return [each for each in links if each not in self._marks]

    def take(self) -> Changes:
        """Return what has changed since the last call. What nothing leads to any more is forgotten."""
        if self._relinked:
            self._relinked = False
            self._sweep()
        changes, self._changes = self._changes, {}
        return changes

    def act(self, address: str, event: str, value: Any) -> None:
        """Do what a user did; nothing happens when that element has changed or gone meanwhile."""
        action = self._actions.get(address.partition(_BELOW)[0], {}).get((address, event))
        if action is not None:
            action(value)

    def _sweep(self) -> None:
        reached: set[str] = set()
        ahead = [ROOT]
        while ahead:
            key = ahead.pop()
            if key not in reached:
                reached.add(key)
                ahead += self._links.get(key, ())
        for key in [key for key in self._marks if key not in reached]:
            del self._marks[key], self._links[key], self._actions[key]
            self._changes[key] = None


def _flat(sketch: Sketch, address: str, actions: dict[tuple[str, str], Action], links: list[str]) -> Mark:
    mark: Mark = {"t": sketch.tag}
    if sketch.attrs:
        mark["a"] = {name: value for name, value in sketch.attrs.items() if value is not None}
    if sketch.text:
        mark["x"] = sketch.text
    if sketch.on:
        mark["e"], mark["k"] = list(sketch.on), address
        actions.update({(address, event): action for event, action in sketch.on.items()})
    content: list[Any] = []
    for place, each in enumerate(sketch.content):
        if isinstance(each, str):
            links.append(each)
            content.append(each)
        else:
            content.append(_flat(each, f"{address}{_BELOW}{place}", actions, links))
    if content:
        mark["c"] = content
    return mark
