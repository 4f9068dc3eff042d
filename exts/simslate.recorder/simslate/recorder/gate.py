"""The gate between the orchestrator and a writer: what is written has been looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

Judge = Callable[[Mapping[str, Any]], Sequence[str]]
"""Called with a payload; what it returns is wrong with it."""

TRIGGERS = "trigger_outputs"


class Gate:
    """Stands in for the ``write`` of one Replicator writer, and lets through what is good.

    The stand-in is an attribute of the writer itself, so hosts have to call ``writer.write(data)``, as Replicator and
    kitless do; one that called the class's function would go past it, which shows as ``flaws`` that stay None.

    A payload that is withheld leaves no trace: ``num_written`` does not count it, and the trigger counts in later
    payloads are what they would be without it, for writers that take numbers from either.
    """

    def __init__(self, writer: Any, judge: Judge) -> None:
        """Put the gate in front of ``writer``; ``judge`` tells what is wrong with a payload."""
        self.hold = False
        """Whether a flawed payload is withheld, because there will be another try."""

        self.flaws: tuple[str, ...] | None = None
        """What is wrong with the last payload, written or not; None if none has arrived since ``reset``."""

        self.delivered = 0
        """How many payloads have been written."""

        self._writer = writer
        self._judge = judge
        self._inner = writer.write
        self._own = vars(writer).get("write")
        self._is_shut = self._is_closed = False
        self._first_try: Mapping[str, Any] | None = None
        self._drift: dict[str, Any] = {}
        # Kept, since each look at a method makes another object.
        self._stand_in = self._receive
        writer.write = self._stand_in

    def reset(self) -> None:
        """Forget what has arrived: another try begins."""
        self.flaws = None

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Withhold all payloads meanwhile, unseen: warm-up frames."""
        before, self._is_shut = self._is_shut, True
        try:
            yield
        finally:
            self._is_shut = before

    def close(self) -> None:
        """Give the writer its own ``write`` back. A second call does nothing."""
        self._is_closed = True
        if vars(self._writer).get("write") is not self._stand_in:
            return
        if self._own is None:
            del self._writer.write
        else:
            self._writer.write = self._own

    def _receive(self, data: Any) -> None:
        if self._is_closed:
            # Someone who put a stand-in of their own in front of this one still calls it.
            self._inner(data)
            return
        if not self._is_shut:
            self.flaws = self._judged(data)
        if self._is_shut or (self.flaws and self.hold):
            self._withhold(data)
        else:
            self._inner(self._counted(data))
            self.delivered += 1

    def _judged(self, data: Any) -> tuple[str, ...]:
        try:
            return tuple(self._judge(data))
        except Exception as error:  # noqa: BLE001  the edge to plugins: payloads hold whatever annotators make
            # What cannot be judged is not known to be good, and saying so is better than losing the recording.
            return (f"the frame could not be judged: {type(error).__name__}: {error}",)

    def _withhold(self, data: Any) -> None:
        if self._first_try is None:
            self._first_try = dict(_triggers(data))
        # The host adds one for each payload that it has handed over.
        if isinstance(getattr(self._writer, "num_written", None), int):
            self._writer.num_written -= 1

    def _counted(self, data: Any) -> Any:
        """Return ``data`` with the trigger counts that its first try had, less what tries before it added."""
        now = _triggers(data)
        if self._first_try is not None:
            more = {key: now[key] - count for key, count in self._first_try.items() if key in now}
            self._drift = {**self._drift, **{key: self._drift.get(key, 0) + count for key, count in more.items()}}
            self._first_try = None
        if not any(self._drift.get(key) for key in now):
            return data
        return {**data, TRIGGERS: {key: count - self._drift.get(key, 0) for key, count in now.items()}}


def _triggers(data: Any) -> Mapping[str, int]:
    """Return the counts of a payload that are numbers."""
    found = data.get(TRIGGERS) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) and all(isinstance(count, int) for count in found.values()) else {}
