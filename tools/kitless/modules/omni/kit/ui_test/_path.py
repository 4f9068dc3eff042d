"""Paths that find widgets.

``Window title//Frame/VStack[0]/Button[*].text=='Go'``: after the title and ``//`` one step per level. A step is the
name of a class, of a widget's own class or of a base, or a widget's identifier or name, or ``*`` for all; ``**`` is any
number of levels. ``[2]`` takes the third of those that fit in one parent, ``[*]`` or nothing all of them;
``.property==value`` keeps those whose property has that value. A step may be a condition alone.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import omni.ui as ui
from omni.ui._element import Element

_STEP = re.compile(r"(?P<name>.*?)(?:\[(?P<index>\*|\d+)\])?(?:\.(?P<attribute>\w+)==(?P<value>.+))?", re.DOTALL)
# Up to a slash that is in no quotes.
_PIECE = re.compile(r"(?:'[^']*'|\"[^\"]*\"|[^/'\"]|['\"])+")
# Kit's collapsable frame has these between itself and its content; paths recorded there name them.
_COLLAPSABLE = ["Frame[0]", "ZStack[0]", "VStack[0]", "Frame[0]"]


@dataclass(frozen=True)
class _Step:
    name: str
    index: int | None
    attribute: str | None
    value: Any

    def among(self, elements: Iterable[Element]) -> list[Element]:
        """Return those children of one parent that the step names."""
        found = [each for each in elements if _is_named(each, self.name)]
        if self.index is not None:
            found = found[self.index : self.index + 1]
        return [each for each in found if self.attribute is None or _has(each, self.attribute, self.value)]


def split(path: str) -> list[str]:
    """Return a path's steps as texts."""
    return _PIECE.findall(path)


def descend(roots: list[Element], steps: list[str]) -> list[Element]:
    """Return the elements below the roots that the steps lead to, in the order of the tree.

    Raises ValueError when a step cannot be read.
    """
    if not steps:
        return roots
    if steps[0] == "**":
        return descend(_unique(each for root in roots for each in _with_all_below(root)), steps[1:])
    found: list[Element] = []
    for root in roots:
        ahead = _beyond_collapsable(root, steps)
        if ahead is None:
            found.extend(descend(_parse(steps[0]).among(root._ui_node.children), steps[1:]))
        else:
            found.extend(descend([root], ahead))
    return _unique(found)


def real_path(element: Element) -> str:
    """Return the path that leads to this element alone, from the topmost parent if it is in no window."""
    chain = list(reversed(element._ui_node.chain))
    parts = [_position(parent, child) for parent, child in itertools.pairwise(chain)]
    top = chain[0]
    if isinstance(top, ui.WindowHandle):
        return f"{top.title}//{'/'.join(['Frame', *parts[1:]])}" if parts else top.title
    return "/".join([type(top).__name__, *parts])


def _position(parent: Element, child: Element) -> str:
    name = type(child).__name__
    return f"{name}[{_Step(name, None, None, None).among(parent._ui_node.children).index(child)}]"


def _parse(text: str) -> _Step:
    match = _STEP.fullmatch(text)
    if match is None:
        raise ValueError(f"cannot read {text!r} in a widget's path")
    name, index, attribute, value = match["name"], match["index"], match["attribute"], match["value"]
    return _Step(
        name, None if index in (None, "*") else int(index), attribute, None if value is None else _literal(value)
    )


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def _is_named(element: Element, name: str) -> bool:
    if name in ("", "*"):
        return True
    if any(cls.__name__ == name for cls in type(element).__mro__):
        return True
    return name in (getattr(element, "identifier", ""), getattr(element, "name", ""))


def _has(element: Element, attribute: str, value: Any) -> bool:
    found = getattr(element, attribute, None)
    return bool(found == value)


def _with_all_below(element: Element) -> Iterator[Element]:
    yield element
    for child in element._ui_node.children:
        yield from _with_all_below(child)


def _unique(elements: Iterable[Element]) -> list[Element]:
    return list({id(each): each for each in elements}.values())


def _beyond_collapsable(element: Element, steps: list[str]) -> list[str] | None:
    """Return the steps after those that name the inside of Kit's collapsable frame, None if they do not."""
    if not isinstance(element, ui.CollapsableFrame):
        return None
    if steps[: len(_COLLAPSABLE)] == _COLLAPSABLE:
        return steps[len(_COLLAPSABLE) :]
    named = steps.index("**") if "**" in steps else 0
    return steps[named:] if named and steps[:named] == _COLLAPSABLE[:named] else None
