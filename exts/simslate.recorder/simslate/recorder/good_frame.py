"""One frame, rendered again while it is not good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

NEVER_ARRIVED = "no data arrived at the writer"
MOST_SUBFRAMES = 64
CAVEAT = "motion vectors are measured from the flawed try before, at the same time"


class Step(Protocol):
    """Renders one frame and hands it to the writers."""

    async def __call__(self, subframes: int, moves: bool) -> None:
        """Render with ``subframes``, 0 for the renderer's own number; time goes on first if it ``moves``."""


class Held(Protocol):
    """What ``take`` needs of a ``Gate``."""

    hold: bool
    flaws: tuple[str, ...] | None

    def reset(self) -> None:
        """Forget what has arrived."""


@dataclass(frozen=True)
class Verdict:
    """What came of a frame."""

    verdict: str
    """"ok", "retried" (good, but not at first) or "suspect"."""

    reasons: tuple[str, ...] = ()
    """What was wrong with it, in the end or, if it is good now, at first."""

    is_written: bool = True
    """False only for a frame of which no data arrived at all."""


def more_subframes(subframes: int, tries: int) -> int:
    """Return the subframes of try number ``tries``: 0 is the first, with ``subframes`` as they are.

    Each try after it has twice those of the one before, from 4 on, up to 64 or what the job asks for if that is more.
    """
    if tries == 0:
        return subframes
    return max(subframes, min(MOST_SUBFRAMES, max(2, subframes) << min(tries, 16)))


def caveat_of(annotators: Iterable[str]) -> str:
    """Return why a frame of ``annotators`` that is taken again is not what it would have been at first; "" if it is."""
    return CAVEAT if any(name.lower().startswith("motion") for name in annotators) else ""


async def take(step: Step, gate: Held, *, retries: int, subframes: int, caveat: str = "") -> Verdict:
    """Take one frame with ``step``, and again up to ``retries`` times while something is wrong with it.

    Time goes on for the first try only. Flawed tries are withheld from the writer, but for the last, which is written
    and suspect: a data set has the frames that were asked for. With a ``caveat`` a frame that is good only when it is
    taken again is suspect, too. What ``step`` raises goes through.
    """
    at_first: tuple[str, ...] = ()
    found: tuple[str, ...] | None = None
    try:
        for tries in range(retries + 1):
            gate.reset()
            gate.hold = tries < retries
            await step(more_subframes(subframes, tries), tries == 0)
            found = gate.flaws
            if found == ():
                return _verdict(tries, at_first, caveat)
            at_first = at_first or found or (NEVER_ARRIVED,)
    finally:
        gate.hold = False
    return Verdict("suspect", (NEVER_ARRIVED,) if found is None else found, found is not None)


def _verdict(tries: int, at_first: tuple[str, ...], caveat: str) -> Verdict:
    if tries and caveat:
        return Verdict("suspect", (*at_first, caveat))
    return Verdict("retried" if tries else "ok", at_first)
