"""Rounds: several things timed in turn, again and again, so that a busy moment falls on all of them."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

WARM_UPS = 1


@dataclass(eq=False)
class Subject:
    """Something to time."""

    scene: str
    what: str
    work: Callable[[], None]
    """One run of what is timed."""
    prepare: Callable[[], None] | None = None
    """Called before each run, and not timed."""
    per: int = 1
    """How many frames one run is."""
    limit: int = 1_000_000
    """At most so many rounds; for what takes seconds."""
    wall: list[float] = field(default_factory=list)
    """Milliseconds per frame, a run each."""
    processor: list[float] = field(default_factory=list)
    """Milliseconds of processor time per frame, all threads together, a run each."""

    def run(self, *, keep: bool) -> None:
        """Run once."""
        if self.prepare:
            self.prepare()
        processor, wall = time.process_time(), time.perf_counter()
        self.work()
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        if keep:
            self.wall.append(1000 * wall / self.per)
            self.processor.append(1000 * processor / self.per)

    @property
    def ms(self) -> float:
        """The median run's milliseconds per frame."""
        return statistics.median(self.wall)

    @property
    def cpu_ms(self) -> float:
        """The median run's milliseconds of processor time per frame."""
        return statistics.median(self.processor)

    @property
    def spread(self) -> float:
        """How far apart the middle half of the runs is, as a share of the median; 0 for fewer than four runs."""
        if len(self.wall) < 4:
            return 0.0
        low, _, high = statistics.quantiles(self.wall, n=4)
        return (high - low) / self.ms


def alternate(subjects: list[Subject], rounds: int) -> None:
    """Run all subjects in turn `rounds` times, after one run each that does not count."""
    for _ in range(WARM_UPS):
        for subject in subjects:
            subject.run(keep=False)
    for number in range(rounds):
        for subject in subjects:
            if number < subject.limit:
                subject.run(keep=True)


def rows_of(subjects: list[Subject], roofline: str) -> list[dict[str, Any]]:
    """Return a row per subject, with its ratio to the roofline of its scene.

    Ratios are medians over rounds, each run against the roofline's of the same round.
    """
    bare = {subject.scene: subject for subject in subjects if subject.what == roofline}
    rows = []
    for subject in subjects:
        row: dict[str, Any] = {"scene": subject.scene, "what": subject.what, "ms": round(subject.ms, 3)}
        base = bare.get(subject.scene)
        if base is not None:
            row["ratio_to_roofline"] = round(ratio(subject, base), 2)
        rows.append({**row, "cpu_ms": round(subject.cpu_ms, 3), "spread": round(subject.spread, 2)})
    return rows


def ratio(subject: Subject, base: Subject) -> float:
    """Return how many times as long as `base` a subject takes: the median over the rounds that both ran."""
    return statistics.median(a / b for a, b in zip(subject.wall, base.wall, strict=False))
