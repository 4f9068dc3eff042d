"""Audit: all that is wrong with the labels of a stage, before anything is recorded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from pxr import Usd

from ..taxonomy import Taxonomy
from .bulk import without_collection
from .drawn import Drawn
from .findings import CODES, Finding, copies_text, listed
from .flaws import disagree, label_flaws, new_alone
from .lost import lost_opinions, spec_labels
from .opacity import translucent
from .reach import why_nothing
from .resolve import DEFAULT_MODE, resolve_labels
from .spellings import near_duplicates
from .statements import Statement, Statements, Wording
from .surfaces import is_face_subset, surfaces


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What an audit went through. Prims inside instances are counted in each of them."""

    taxonomy_name: str
    prims: int
    """All, those that are inactive, undefined or abstract too."""
    drawn: int
    """Surfaces that can be drawn: gprims, labelled face subsets, and prototypes once per point instancer."""
    labelled_drawn: int
    """Those of them that have a label of the taxonomy."""
    classes: dict[str, int]
    """Label of the taxonomy to how many prims have it as their own, in order of the labels."""
    schemas: dict[str, int]
    """How many labelled prims have their labels in the "old" schema, the "new" one, "both", or "disagreeing" ones."""


@dataclass(frozen=True)
class Audit:
    """What ``audit`` found."""

    findings: tuple[Finding, ...]
    """In path order."""

    summary: Summary

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each code that has any, the worst code first."""
        found = Counter(finding.code for finding in self.findings)
        return {code: found[code] for code in CODES if code in found}

    @property
    def problems(self) -> tuple[Finding, ...]:
        """The errors and the warnings."""
        return tuple(finding for finding in self.findings if finding.severity != "info")

    def to_json(self) -> dict[str, Any]:
        """Return this as an object of JSON."""
        findings = [finding.to_json() for finding in self.findings]
        return {"summary": asdict(self.summary), "counts": self.counts, "findings": findings}


@without_collection()
def audit(
    stage: Usd.Stage,
    *,
    taxonomy: Taxonomy | None = None,
    mode: str = DEFAULT_MODE,
    taxonomy_name: str = "class",
    per_subset: bool = True,
) -> Audit:
    """Return what is wrong with the labels of ``stage``, which is not changed.

    ``taxonomy`` has the labels allowed in ``taxonomy_name``, the one that everything drawn is to have a label of, by
    ``mode`` (see ``resolve_labels``). ``per_subset`` says whether face subsets can have labels of their own. Labels
    are judged as of their earliest time. One that is inside instances is one finding, at its first copy.

    Raises KeyError for an unknown mode.
    """
    resolve_labels([], mode)
    statements = Statements(stage)
    drawn = Drawn(statements, mode, taxonomy_name)
    for surface in surfaces(
        stage, per_subset=per_subset, own=statements.own, tells_how_shown=statements.tells_how_shown
    ):
        drawn.add(surface)
    # A class is judged where it is used: in what inherits from it, or is placed.
    judged = [each for each in statements if each in drawn.reached or not each.prim.IsAbstract()]
    wordings = _by_wording(judged)
    findings = [
        *drawn.unlabelled,
        *drawn.nested(),
        *_flaws(wordings, taxonomy, taxonomy_name),
        *_unreached(statements, drawn.reached, per_subset),
        *near_duplicates(wordings, taxonomy, taxonomy_name),
        *_lost(stage),
        *_see_through(stage, drawn.labelled),
    ]
    summary = Summary(
        taxonomy_name=taxonomy_name,
        prims=statements.walked,
        drawn=drawn.count,
        labelled_drawn=len(drawn.labelled),
        classes=_class_counts(wordings, taxonomy_name),
        schemas=_schema_counts(wordings),
    )
    return Audit(tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.sort_key)), summary)


_Wordings = Mapping[Wording, Sequence[Statement]]


def _by_wording(statements: Iterable[Statement]) -> _Wordings:
    found: dict[Wording, list[Statement]] = defaultdict(list)
    for statement in statements:
        found[statement.wording].append(statement)
    return found


def _flaws(wordings: _Wordings, taxonomy: Taxonomy | None, taxonomy_name: str) -> Iterator[Finding]:
    is_mixed = any(wording.old for wording in wordings)
    for wording, statements in wordings.items():
        flaws = [*label_flaws(wording, taxonomy, taxonomy_name), *(new_alone(wording) if is_mixed else ())]
        for code, text in flaws:
            yield from (Finding(code, each.path, text + copies_text(each.others)) for each in statements)


def _unreached(statements: Statements, reached: set[Statement], per_subset: bool) -> Iterator[Finding]:
    for statement in statements:
        if not statement.wording.is_label or statement in reached:
            continue
        if not per_subset and is_face_subset(statement.prim):
            text = "its labels are lost, as labels of face subsets are off: switch them on, or label the mesh"
            yield Finding("hidden-subset", statement.path, text + copies_text(statement.others))
        elif not statement.prim.IsAbstract():
            text = why_nothing(statement.prim)
            yield Finding("cannot-render", statement.path, text + copies_text(statement.others))


def _lost(stage: Usd.Stage) -> Iterator[Finding]:
    for path, root, spec in lost_opinions(stage):
        what = listed(spec_labels(spec) or ()) or "its schema"
        text = f"what {spec.layer.GetDisplayName()} sets here ({what}) is ignored by USD, as {root} is an instance: "
        yield Finding("lost-in-instance", str(path), f"{text}label that, or make it no instance")


def _see_through(stage: Usd.Stage, labelled: Iterable[Usd.Prim]) -> Iterator[Finding]:
    found: dict[tuple[Usd.Prim, str], list[str]] = defaultdict(list)
    for prim, text in translucent(stage, dict.fromkeys(labelled)):
        source = prim.GetPrimInPrototype() if prim.IsInstanceProxy() else prim
        found[source, text].append(str(prim.GetPath()))
    for (_, text), (path, *others) in found.items():
        advice = "a renderer may leave it out of masks"
        yield Finding("translucent", path, f"{text}: {advice}{copies_text(len(others))}")


def _class_counts(wordings: _Wordings, name: str) -> dict[str, int]:
    found: Counter[str] = Counter()
    for wording, statements in wordings.items():
        found.update(dict.fromkeys(wording.own.get(name, ()), _copies(statements)))
    return dict(sorted(found.items()))


def _schema_counts(wordings: _Wordings) -> dict[str, int]:
    found = dict.fromkeys(("old", "new", "both", "disagreeing"), 0)
    for wording, statements in wordings.items():
        if wording.is_label:
            found[_schema_use(wording)] += _copies(statements)
    return found


def _copies(statements: Iterable[Statement]) -> int:
    return sum(each.copies for each in statements)


def _schema_use(wording: Wording) -> str:
    has_old, has_new = any(wording.old.values()), any(wording.new.values())
    if any(disagree(wording, name) for name in wording.own):
        return "disagreeing"
    return "both" if has_old and has_new else "old" if has_old else "new"
