"""The times of a frame."""

from __future__ import annotations

from fractions import Fraction

_FINEST = 1_000_000


class FrameClock:
    """Tells how long after the first frame another one is, by the reference times of what the writer was handed."""

    def __init__(self, first: Fraction | None = None) -> None:
        """``first`` is the first frame's time in seconds; None takes that of the first that is asked for."""
        self.first = first

    def go_on(self, time: Fraction, since_first: float) -> None:
        """Take it that ``time`` is ``since_first`` seconds after the first frame: it was, in the process before."""
        # Steps of renderers are fractions of small numbers, which the nearest float stands for.
        self.first = time - Fraction(since_first).limit_denominator(_FINEST)

    def since_first(self, time: Fraction) -> float:
        """Return the seconds from the first frame to ``time``, rounded once only: equal recordings have equal times."""
        if self.first is None:
            self.first = time
        return float(time - self.first)
