"""Progress of a recording, for a terminal or for a log."""

from __future__ import annotations

import time
from dataclasses import dataclass
from types import TracebackType
from typing import TextIO

from .state import State, Status

_WIDTH = 30
_TERMINAL_INTERVAL_S = 0.1
_LOG_INTERVAL_S = 2.0


class Progress:
    """Shows a recorder's status on a stream: a bar that is drawn over on a terminal, else a line now and then.

    Subscribe ``show`` to a recorder; as a context manager it ends the bar's line.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._began = self._shown = 0.0
        self._length = 0
        self._waiting: str | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        if self._length:
            self._stream.write("\n")
            self._stream.flush()

    def show(self, status: Status) -> None:
        """Show ``status``, unless the last one was shown a moment ago and this one is nothing special."""
        now = time.monotonic()
        if status.state is State.STARTING:
            self._began = self._shown = now
        elif status.waiting != self._waiting:
            self._waiting = status.waiting
            self._write(line(status, now - self._began))
        elif status.state in (State.RECORDING, State.PAUSED) and status.frame:
            interval = _TERMINAL_INTERVAL_S if self._is_terminal else _LOG_INTERVAL_S
            if status.frame == status.frames or now - self._shown >= interval:
                self._shown = now
                self._write(line(status, now - self._began))

    def _write(self, text: str) -> None:
        if self._is_terminal:
            self._stream.write(f"\r{text:<{self._length}}")
            self._length = len(text)
        else:
            self._stream.write(f"{text}\n")
        self._stream.flush()


@dataclass(frozen=True)
class Figures:
    """How far a recording is, and how fast it goes."""

    share: float | None
    """Of the frames asked for, 0 to 1; None where there is no number of them."""
    rate: float
    """Frames per second since it was started, pauses included."""
    left: float | None
    """Seconds that the rest takes at this rate; None where that cannot be told."""


def figures(status: Status, seconds: float) -> Figures:
    """Return the figures of ``status``, ``seconds`` after the recording was started."""
    rate = status.frame / seconds if seconds > 0 else 0.0
    if status.frames is None:
        return Figures(None, rate, None)
    return Figures(status.frame / status.frames, rate, (status.frames - status.frame) / rate if rate else None)


def sentence(status: Status, seconds: float) -> str:
    """Return frames, rate and remaining time as a text."""
    found = figures(status, seconds)
    paused = ", paused" if status.state is State.PAUSED else ""
    if status.waiting:
        paused += f", waiting: {status.waiting}"
    if status.frames is None:
        return f"{status.frame} frames, {found.rate:.1f} frames/s{paused}"
    left = int(found.left or 0)
    remaining = f"{left // 60}:{left % 60:02d}"
    return f"{status.frame}/{status.frames} frames, {found.rate:.1f} frames/s, {remaining} left{paused}"


def line(status: Status, seconds: float) -> str:
    """Return the line of a terminal for ``status``, ``seconds`` after the recording was started."""
    if status.frames is None:
        return sentence(status, seconds)
    filled = _WIDTH * status.frame // status.frames
    return f"[{'#' * filled + '-' * (_WIDTH - filled)}] {sentence(status, seconds)}"
