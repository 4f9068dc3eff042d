"""Label rules: which prims get which labels, told by a JSON file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pxr import Sdf, Usd

from ..checks import Complaints, check_object, json_object, must_be, one_of
from ..errors import ConfigError, SimslateError, StageError
from ..parameter_files import without_schema
from ..problems import Problems, load_json, parse_json, shown
from .bulk import without_collection
from .change import Change, replaced
from .facts import PrimFacts
from .match import Match, Strip
from .plan import Plan
from .read import Labels, every_prim
from .target import INSTANCE_POLICIES, authored_at
from .words import label_complaint, taxonomy_complaint

_TEMPLATES = ("{name}", "{parent}")


def _labels(value: Any) -> Complaints:
    if any(json_object(value)) or not value:
        yield "", f'{shown(value)} is not an object such as {{"class": "box"}}'
        return
    for taxonomy, given in value.items():
        labels = given if isinstance(given, list) and given else [given]
        checks = (label_complaint, _template_complaint)
        for complaint in (taxonomy_complaint(taxonomy), *(check(label) for label in labels for check in checks)):
            if complaint:
                yield f".{taxonomy}", complaint


def _template_complaint(label: Any) -> str | None:
    if isinstance(label, str) and re.search(r"[{}]", re.sub("|".join(map(re.escape, _TEMPLATES)), "", label)):
        return f"{shown(label)} has a template other than {' and '.join(_TEMPLATES)}"
    return None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule: prims that ``match`` get ``labels``."""

    match: Match = field(metadata=must_be(json_object))

    labels: Mapping[str, str | list[str]] = field(metadata=must_be(_labels))
    """Taxonomy to label or labels; ``{name}`` and ``{parent}`` stand for the prim's and its parent's name after
    ``strip``."""

    strip: Strip = field(default_factory=Strip, metadata=must_be(json_object))

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Rule:
        """Make one of a JSON object that has been checked."""
        return cls(match=Match(**value["match"]), labels=value["labels"], strip=Strip.from_json(value.get("strip", {})))

    def labels_for(self, prim: Usd.Prim) -> Labels:
        """Return taxonomy to labels, as this rule gives them to ``prim``."""
        used = self._templates
        name = self.strip.applied(prim.GetName()) if "{name}" in used else ""
        parent = self.strip.applied(prim.GetParent().GetName()) if "{parent}" in used else ""
        return self._filled(name, parent)

    @cached_property
    def _templates(self) -> frozenset[str]:
        texts = [text for given in self.labels.values() for text in _listed(given)]
        return frozenset(each for each in _TEMPLATES if any(each in text for text in texts))

    @cached_property
    def _filled(self) -> Callable[[str, str], Labels]:
        # Many prims have the same name once numbers are off, or no name comes into it at all.
        @lru_cache(maxsize=4096)
        def filled(*names: str) -> Labels:
            return {tax: [_filled(text, names) for text in _listed(given)] for tax, given in self.labels.items()}

        return filled


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The rules of one file, in order."""

    rules: tuple[Rule, ...]
    source: Path

    wins: str = field(default="first", metadata=must_be(one_of("first", "last")))
    """Which of several rules that fit a prim decides, alone."""

    instances: str = field(default="error", metadata=must_be(one_of(*INSTANCE_POLICIES)))
    """What to do with a prim inside an instance: see INSTANCE_POLICIES."""

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

    @without_collection()
    def plan(self, stage: Usd.Stage) -> Plan:
        """Return what the rules do to ``stage``, which is not changed.

        The labels of the rule that decides replace the prim's own ones of the same taxonomies. Doing it twice is doing
        it once: rules that would find something to change in their own result raise ConfigError. StageError tells of
        all prims inside instances that cannot be labelled so, and of instances that would get several labels at once.
        """
        decisions = self._decide(stage, PrimFacts(stage))
        plan = self._plan(decisions)
        if any(rule.match.label for rule in self.rules):
            self._check_settled(stage, decisions)
        return plan

    def _decide(self, stage: Usd.Stage, facts: PrimFacts) -> dict[Sdf.Path, _Decision]:
        """Return, for each prim to be labelled, the rule that decides and what it gives."""
        rules = list(enumerate(self.rules))
        ordered = rules if self.wins == "first" else rules[::-1]
        found: dict[Sdf.Path, _Decision] = {}
        refused: list[str] = []
        for prim in every_prim(stage):
            index = next((i for i, rule in ordered if rule.match.fits(prim, rule.strip, facts)), None)
            if index is None:
                continue
            try:
                self._take(prim, index, found)
            except SimslateError as error:
                refused += (f"{self.source}: $.rules[{index}]: {problem}" for problem in error.problems)
        if refused:
            raise StageError(*refused)
        return found

    def _take(self, prim: Usd.Prim, index: int, found: dict[Sdf.Path, _Decision]) -> None:
        holder, deinstanced = authored_at(prim, self.instances)
        decision = _Decision(index, holder, self.rules[index].labels_for(prim), deinstanced, is_own=holder == prim)
        # An instance comes before what is inside it: a rule for the instance itself beats those for its parts.
        earlier = found.setdefault(holder.GetPath(), decision)
        if not earlier.is_own and earlier.labels != decision.labels:
            raise StageError(
                f"{prim.GetPath()} would give {_shown(decision.labels)} to its instance {holder.GetPath()}, which "
                f"$.rules[{earlier.index}] gives {_shown(earlier.labels)}; write a rule for the instance itself"
            )

    def _plan(self, decisions: Mapping[Sdf.Path, _Decision]) -> Plan:
        changes = [change for decision in decisions.values() for change in decision.changes()]
        changed = {change.path for change in changes}
        broken = [p for path, decision in decisions.items() if path in changed for p in decision.deinstanced]
        idle = sorted(set(range(len(self.rules))) - {decision.index for decision in decisions.values()})
        warnings = tuple(f"{self.source}: $.rules[{i}]: gave labels to no prim" for i in idle)
        return Plan(tuple(changes), tuple(dict.fromkeys(broken)), len(decisions), warnings)

    def _check_settled(self, stage: Usd.Stage, decisions: Mapping[Sdf.Path, _Decision]) -> None:
        """Raise ConfigError if a rule that asks for labels would decide otherwise once the labels are there."""
        facts = PrimFacts(stage, {path: decision.labels for path, decision in decisions.items()})
        problems = [
            f"{self.source}: $.rules[{again.index}]: would change {path} again, after $.rules[{decisions[path].index}] "
            f"gave it {_shown(decisions[path].labels)}: rules have to leave alone what they have labelled"
            for path, again in self._decide(stage, facts).items()
            if {**facts.labels(again.prim), **again.labels} != facts.labels(again.prim)
        ]
        if problems:
            raise ConfigError(*problems)


@dataclass(frozen=True, slots=True)
class _Decision:
    """What a rule gives a prim."""

    index: int
    prim: Usd.Prim
    labels: Labels
    deinstanced: tuple[Sdf.Path, ...]

    is_own: bool
    """Whether the rule fits the prim itself, not one inside it."""

    def changes(self) -> Iterator[Change]:
        every = (replaced(self.prim, taxonomy, labels) for taxonomy, labels in self.labels.items())
        return (change for change in every if change.before != change.after)


def _filled(text: str, names: Sequence[str]) -> str:
    return re.sub("{name}|{parent}", lambda found: names[_TEMPLATES.index(found[0])], text)


def _listed(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else given


def _shown(labels: Labels) -> str:
    return " ".join(f"{taxonomy}:{','.join(values)}" for taxonomy, values in labels.items())


def _rules(value: Any, source: Path, problems: Problems) -> Rules:
    """Check all of ``value`` first; only rules without problems are put together."""
    items = value.get("rules") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(items, list):
        problems.add("$", f'{shown(value)} is not an object with a list "rules"')
        problems.raise_any()
    options = {name: given for name, given in without_schema(value, problems).items() if name != "rules"}
    check_object(Rules, options, "$", problems, elsewhere=("rules",))
    checked = [_checked(item, f"$.rules[{index}]", problems) for index, item in enumerate(items or ())]
    problems.raise_any()
    return Rules(rules=tuple(map(Rule.from_json, checked)), source=source, **options)


def _checked(value: Any, where: str, problems: Problems) -> dict[str, Any]:
    rule = check_object(Rule, value, where, problems)
    for name, cls in (("match", Match), ("strip", Strip)):
        if isinstance(rule.get(name), Mapping):
            check_object(cls, rule[name], f"{where}.{name}", problems)
    if rule.get("match") == {}:
        known = ", ".join(each.name for each in fields(Match))
        problems.add(f"{where}.match", f"is empty; give at least one of {known}")
    return rule
