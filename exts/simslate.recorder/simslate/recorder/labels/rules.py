"""Label rules: which prims get which labels, told by path, name and type in a JSON file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pxr import Sdf, Usd

from ..checks import Complaints, check_object, flag, json_object, must_be
from ..errors import StageError
from ..problems import Problems, load_json, parse_json, shown
from .read import every_prim
from .write import label_complaint, proxy_complaint, set_labels, taxonomy_complaint


def _path_pattern(value: Any) -> Complaints:
    if not isinstance(value, str) or not value.startswith("/") or value.endswith("/"):
        yield "", f"{shown(value)} is not the pattern of a prim path such as /World/Box_* or /World/**"


def _name_pattern(value: Any) -> Complaints:
    if not isinstance(value, str) or not value or "/" in value:
        yield "", f"{shown(value)} is not the pattern of a prim name such as SM_*"


def _texts(value: Any) -> Complaints:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        yield "", f"{shown(value)} is not a list of non-empty texts"


def _labels(value: Any) -> Complaints:
    if any(json_object(value)) or not value:
        yield "", f'{shown(value)} is not an object such as {{"class": "box"}}'
        return
    for taxonomy, label in value.items():
        for complaint in (taxonomy_complaint(taxonomy), label_complaint(label), _template_complaint(label)):
            if complaint:
                yield f".{taxonomy}", complaint


def _template_complaint(label: Any) -> str | None:
    if isinstance(label, str) and re.search(r"[{}]", label.replace("{name}", "")):
        return f"{shown(label)} has a template other than {{name}}"
    return None


@dataclass(frozen=True, kw_only=True)
class Match:
    """Which prims a rule is for. All that is given has to fit; ``*`` and ``?`` stand for anything but ``/``."""

    path: str | None = field(default=None, metadata=must_be(_path_pattern))
    """Pattern of the whole path; ``**`` goes across ``/`` too, so that /World/** is all below /World."""

    name: str | None = field(default=None, metadata=must_be(_name_pattern))
    """Pattern of the last element of the path."""

    type: str | None = field(default=None, metadata=must_be(_name_pattern))
    """Pattern of the type name as authored, such as Mesh."""

    def fits(self, prim: Usd.Prim) -> bool:
        """Return whether ``prim`` is meant."""
        texts = (prim.GetPath().pathString, prim.GetName(), prim.GetTypeName())
        patterns = (self.path, self.name, self.type)
        return all(p is None or glob(p).fullmatch(text) for p, text in zip(patterns, texts, strict=True))


@dataclass(frozen=True, kw_only=True)
class Strip:
    """What to take off a prim's name, again and again, before it is put in place of ``{name}``."""

    prefixes: tuple[str, ...] = field(default=(), metadata=must_be(_texts))
    suffixes: tuple[str, ...] = field(default=(), metadata=must_be(_texts))

    numbers: bool = field(default=False, metadata=must_be(flag))
    """Also a number at the end, with the ``_`` before it."""

    def applied(self, name: str) -> str:
        """Return what is left of ``name``: never nothing, the last thing taken off stays then."""
        shorter: str | None = name
        while shorter is not None:
            name = shorter
            shorter = next((text for text in self._shorter(name) if text and text != name), None)
        return name

    def _shorter(self, name: str) -> Iterator[str]:
        yield from (name.removeprefix(prefix) for prefix in self.prefixes)
        yield from (name.removesuffix(suffix) for suffix in self.suffixes)
        if self.numbers:
            yield re.sub(r"_*[0-9]+$", "", name)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule: prims that ``match`` get ``labels``."""

    match: Match = field(metadata=must_be(json_object))

    labels: Mapping[str, str] = field(metadata=must_be(_labels))
    """Taxonomy to label; ``{name}`` stands for the prim's name after ``strip``."""

    strip: Strip = field(default_factory=Strip, metadata=must_be(json_object))

    def labels_for(self, prim: Usd.Prim) -> dict[str, str]:
        """Return taxonomy to label, as this rule gives them to ``prim``."""
        name = self.strip.applied(prim.GetName())
        return {taxonomy: label.replace("{name}", name) for taxonomy, label in self.labels.items()}


@dataclass(frozen=True)
class Plan:
    """What rules would do to a stage: see ``Rules.plan``."""

    labels: Mapping[Sdf.Path, Mapping[str, str]]
    """Prim path to {taxonomy: label}, in stage order."""

    warnings: tuple[str, ...]
    """Rules that no prim got its labels from."""

    def apply(self, stage: Usd.Stage) -> None:
        """Author all labels in the current edit target of ``stage``; they replace those of the same taxonomy."""
        for path, labels in self.labels.items():
            for taxonomy, label in labels.items():
                set_labels(stage.GetPrimAtPath(path), [label], taxonomy=taxonomy)


@dataclass(frozen=True)
class Rules:
    """The rules of one file, in order."""

    rules: tuple[Rule, ...]
    source: Path

    @classmethod
    def load(cls, path: Path) -> Rules:
        """Read the rules file at ``path``. ConfigError lists all that is wrong with it."""
        problems = Problems(path)
        return _rules(load_json(path, problems), path, problems)

    @classmethod
    def from_json(cls, data: str | Mapping[str, Any], source: str | Path) -> Rules:
        """Read rules from JSON text or from the object it stands for; ``source`` names it in messages."""
        problems = Problems(source)
        return _rules(parse_json(data, problems) if isinstance(data, str) else data, Path(source), problems)

    def plan(self, stage: Usd.Stage) -> Plan:
        """Return what the rules give each prim of ``stage``: the first rule that fits a prim decides alone.

        Raises StageError with all prims that a rule fits and that lie inside an instance.
        """
        labels: dict[Sdf.Path, Mapping[str, str]] = {}
        used = set()
        refused = []
        for prim in every_prim(stage):
            index = next((i for i, rule in enumerate(self.rules) if rule.match.fits(prim)), None)
            if index is None:
                continue
            used.add(index)
            if prim.IsInstanceProxy():
                refused.append(f"{self.source}: $.rules[{index}]: {proxy_complaint(prim)}")
            labels[prim.GetPath()] = self.rules[index].labels_for(prim)
        if refused:
            raise StageError(*refused)
        idle = sorted(set(range(len(self.rules))) - used)
        return Plan(labels, tuple(f"{self.source}: $.rules[{i}]: gave labels to no prim" for i in idle))


@lru_cache(maxsize=256)
def glob(pattern: str) -> re.Pattern[str]:
    """Return the regular expression of a path pattern: ``?`` and ``*`` stop at ``/``, ``**`` does not.

    ``/**/`` also stands for a single ``/``.
    """
    pieces = {"/**/": "/(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(/\*\*/|\*\*|\*|\?)", pattern)
    return re.compile("".join(pieces.get(part, re.escape(part)) for part in parts), re.DOTALL)


def _rules(value: Any, source: Path, problems: Problems) -> Rules:
    """Check all of ``value`` first; only rules without problems are put together."""
    items = value.get("rules") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(items, list):
        problems.add("$", f'{shown(value)} is not an object with a list "rules"')
        problems.raise_any()
    problems.lines.extend(f"{source}: $.{key}: is an unknown key; known: rules" for key in value if key != "rules")
    checked = [_checked(item, f"$.rules[{index}]", problems) for index, item in enumerate(items or ())]
    problems.raise_any()
    return Rules(tuple(_rule(item) for item in checked), source)


def _checked(value: Any, where: str, problems: Problems) -> dict[str, Any]:
    rule = check_object(Rule, value, where, problems)
    for name, cls in (("match", Match), ("strip", Strip)):
        if isinstance(rule.get(name), Mapping):
            check_object(cls, rule[name], f"{where}.{name}", problems)
    if rule.get("match") == {}:
        problems.add(f"{where}.match", "is empty; give a path, a name or a type")
    return rule


def _rule(value: Mapping[str, Any]) -> Rule:
    given = value.get("strip", {})
    strip = Strip(
        prefixes=tuple(given.get("prefixes", ())),
        suffixes=tuple(given.get("suffixes", ())),
        numbers=given.get("numbers", False),
    )
    return Rule(match=Match(**value["match"]), labels=value["labels"], strip=strip)
