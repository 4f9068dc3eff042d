"""The form of a writer: a field for each parameter that its class can be initialised with."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from inspect import Parameter as Signed
from typing import Any

from simslate.recorder import ANNOTATORS

ELSEWHERE = ("backend", "output_dir", "s3_bucket", "s3_region", "s3_endpoint")
"""Parameters that say where to write, which is the job's output."""

_TYPES: Mapping[str, type] = {"flag": bool, "whole": int, "number": float, "text": str}
_SAID = {"flag": "true or false", "whole": "a whole number", "number": "a number", "text": "a text"}
_HELP = {
    "colorize_depth": "Also writes distances as grey pictures.",
    "frame_padding": "Digits of the frame's number in file names.",
    "image_output_format": "Format of colour pictures: png, jpg or exr.",
    "pointcloud_include_unlabelled": "Also takes points of what has no label.",
    "semantic_filter_predicate": "Which labels count, such as class:*; not together with semantic_types.",
    "semantic_types": 'Types of labels that count, such as ["class"].',
    "use_common_output_dir": "Puts the files of all render products into the same folders.",
}


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter of a writer, as a field."""

    name: str

    kind: str
    """"flag", "whole", "number", "text", or "json" for everything else."""

    default: Any = None
    is_required: bool = False

    is_known: bool = True
    """False for one that is set, but that the writer does not have."""

    @property
    def is_annotator(self) -> bool:
        """Whether it is the switch of an annotator."""
        return self.kind == "flag" and self.name in ANNOTATORS

    @property
    def help(self) -> str:
        """What it does, as far as that is known."""
        if self.is_annotator:
            return ANNOTATORS[self.name].help
        subject = self.name.removeprefix("colorize_")
        if self.name in _HELP or subject == self.name:
            return _HELP.get(self.name, f"Parameter {self.name} of the writer.")
        return f"Writes {subject} in colours, not as ids."


@dataclass(frozen=True)
class Form:
    """The parameters of one writer class."""

    parameters: tuple[Parameter, ...] = ()

    takes_any: bool = False
    """Whether it takes parameters of any other name too."""


def form_of(signed: Mapping[str, Signed]) -> Form:
    """Return the form for the parameters of a writer's ``__init__``."""
    named = (each for each in signed.values() if each.kind in (Signed.POSITIONAL_OR_KEYWORD, Signed.KEYWORD_ONLY))
    takes_any = any(each.kind is Signed.VAR_KEYWORD for each in signed.values())
    return Form(tuple(_parameter(each) for each in named if each.name not in ELSEWHERE), takes_any)


def _parameter(signed: Signed) -> Parameter:
    is_required = signed.default is Signed.empty
    default = None if is_required else signed.default
    return Parameter(name=signed.name, kind=_kind(signed, default), default=default, is_required=is_required)


def _kind(signed: Signed, default: Any) -> str:
    for kind, cls in _TYPES.items():
        if type(default) is cls:
            return kind
    said = signed.annotation if isinstance(signed.annotation, str) else getattr(signed.annotation, "__name__", "")
    # An optional text is a field that may be empty; other optional values need a word for "none".
    names = {cls.__name__: kind for kind, cls in _TYPES.items()} | {"str | None": "text", "Optional[str]": "text"}
    return names.get(said or str(signed.annotation), names.get(str(signed.annotation), "json"))


def completed(form: Form, texts: Mapping[str, str]) -> tuple[Parameter, ...]:
    """Return the parameters of ``form``, and those that are set although the writer may not know them."""
    known = {parameter.name for parameter in form.parameters}
    others = (name for name in texts if name not in known)
    return (*form.parameters, *(Parameter(name=n, kind="json", is_known=form.takes_any) for n in others))


def switches(parameters: Iterable[Parameter]) -> list[Parameter]:
    """Return what Select All means: the annotators' switches, or all flags of a writer without such."""
    flags = [parameter for parameter in parameters if parameter.kind == "flag"]
    return [flag for flag in flags if flag.is_annotator] or flags


def shown(parameter: Parameter, text: str | None) -> Any:
    """Return what the parameter's field shows for the JSON text that is set, or for its default."""
    if parameter.kind == "json":
        empty = text is None and parameter.default is None
        return "" if empty else text if text is not None else _text(parameter.default)
    empty_value = _TYPES[parameter.kind]()
    value = parameter.default if text is None else _loaded(text)
    return value if isinstance(value, _TYPES[parameter.kind]) else empty_value if value is None else value


def stored(parameter: Parameter, value: Any) -> str | None:
    """Return the JSON text to set for what was put into the field; None to leave it to the default."""
    if parameter.kind == "json":
        return str(value).strip() or None
    return None if value == "" and parameter.default is None else json.dumps(value)


def complaint(parameter: Parameter, text: str | None, *, writer: str, hint: str) -> str | None:
    """Return what is wrong with a parameter's JSON text, or None; ``hint`` names what may have been meant."""
    if not parameter.is_known:
        return f"{parameter.name} is not a parameter of {writer}; {hint}. Empty the field to leave it out"
    if text is None:
        return f"is missing; {writer} cannot do without it" if parameter.is_required else None
    try:
        value = json.loads(text)
    except ValueError as error:
        return f"is not JSON: {error}"
    wanted = _TYPES.get(parameter.kind)
    is_default = value == parameter.default and type(value) is type(parameter.default)
    fits = wanted is None or is_default or type(value) is wanted or (wanted is float and type(value) is int)
    return None if fits else f"{text} is not {_SAID[parameter.kind]}"


def typed_number(text: str, kind: type[int] | type[float]) -> Any:
    """Return the number that ``text`` says; the text itself if it says none, so that this can be told."""
    try:
        number = kind(text.replace("_", "?"))
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _text(value: Any) -> str:
    try:
        return json.dumps(value)
    except TypeError:
        return ""


def complaints(
    parameters: Iterable[Parameter], texts: Mapping[str, str], *, writer: str, nearest: Any
) -> Iterator[tuple[str, str]]:
    """Yield (name, complaint) for all parameters that something is wrong with; ``nearest`` makes the hints."""
    every = list(parameters)
    known = [parameter.name for parameter in every if parameter.is_known]
    for parameter in every:
        hint = "" if parameter.is_known else nearest(parameter.name, known)
        found = complaint(parameter, texts.get(parameter.name), writer=writer, hint=hint)
        if found:
            yield parameter.name, found
