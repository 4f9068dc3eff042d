"""What an annotator is, and its node on a render product."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..frame import Frame
from ..labels import Numbers
from ..semantic_filter import SemanticFilter, parse, types_predicate
from ..tiles import Tiles

Output: TypeAlias = dict[str, Any]
"""``data`` (an array, absent for annotators without one) and further named values."""


class AnnotatorRegistryError(Exception):
    """An annotator that does not exist, or parameters it does not take."""


@dataclass(frozen=True, kw_only=True)
class Spec:
    """A kind of annotator."""

    compute: "Callable[[Frame, Node], Output]"
    empty: Any = None
    """The array before the first frame."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Parameters of its own, with defaults."""
    check: "Callable[[str, Mapping[str, Any]], None]" = lambda _name, _given: None
    """Raises ``AnnotatorRegistryError`` for values of its parameters that it does not take."""
    has_filter: bool = False
    """Whether ``semanticTypes`` and ``semanticFilter`` are a private filter."""
    cpu_only: bool = False
    hidden: bool = False


class Node:
    """An annotator on a render product: its parameters, and the ids it has given out so far."""

    def __init__(self, name: str, spec: Spec, given: Mapping[str, Any]) -> None:
        self.name = name
        self.spec = spec
        self.numbers = Numbers()
        self.users = 0
        self.filter = private_filter(given)
        self.parameters = {**spec.parameters, **{key: given[key] for key in given if key in spec.parameters}}
        self._frame: Frame | Tiles | None = None
        self._output: Output = {} if spec.empty is None else {"data": spec.empty}

    def evaluate(self, frame: Frame | Tiles | None) -> Output:
        """The output for a frame, computed once; without a frame, the last one."""
        if frame is not None and frame is not self._frame:
            if isinstance(frame, Tiles):
                self._output = frame.compute(lambda one: self.spec.compute(one, self), self.name)
            else:
                self._output = self.spec.compute(frame, self)
            self._frame = frame
        return self._output


def private_filter(given: Mapping[str, Any]) -> SemanticFilter | None:
    """The filter that an annotator's parameters ask for."""
    if given.get("semanticTypes"):
        return parse(types_predicate(given["semanticTypes"]))
    return parse(given["semanticFilter"]) if given.get("semanticFilter") else None


def check_parameters(name: str, spec: Spec, given: Mapping[str, Any]) -> None:
    """Raise ``AnnotatorRegistryError`` for a parameter, or the value of one, that the annotator does not take."""
    known = [*spec.parameters, *(("semanticTypes", "semanticFilter") if spec.has_filter else ())]
    for key in given:
        if key not in known:
            raise AnnotatorRegistryError(f"Annotator '{name}' has no parameter '{key}'; it has {known or 'none'}")
    spec.check(name, given)
