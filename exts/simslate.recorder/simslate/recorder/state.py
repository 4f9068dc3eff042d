"""The states of a recorder and what leads from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from .errors import StateError


class State(Enum):
    """Where a recorder is between two calls of ``record``."""

    IDLE = "idle"
    STARTING = "starting"
    RECORDING = "recording"
    PAUSED = "paused"
    FINISHING = "finishing"


class Command(Enum):
    """What moves a recorder on. BEGIN and RELEASE are given by the recording itself."""

    RECORD = "record"
    BEGIN = "begin"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    RELEASE = "release"


TRANSITIONS = MappingProxyType(
    {
        (State.IDLE, Command.RECORD): State.STARTING,
        (State.STARTING, Command.BEGIN): State.RECORDING,
        (State.STARTING, Command.STOP): State.FINISHING,
        (State.RECORDING, Command.PAUSE): State.PAUSED,
        (State.RECORDING, Command.STOP): State.FINISHING,
        (State.PAUSED, Command.RESUME): State.RECORDING,
        (State.PAUSED, Command.STOP): State.FINISHING,
        (State.FINISHING, Command.RELEASE): State.IDLE,
    }
)


def next_state(state: State, command: Command) -> State:
    """Return the state that ``command`` leads to; StateError names both when there is none."""
    try:
        return TRANSITIONS[state, command]
    except KeyError:
        allowed = ", ".join(known.value for origin, known in TRANSITIONS if origin is state)
        raise StateError(f"cannot {command.value} while {state.value}; possible now: {allowed}") from None


@dataclass(frozen=True)
class Status:
    """All that an observer of a recorder is told, in one piece."""

    state: State = State.IDLE

    frame: int = 0
    """Frames recorded so far; while recording, also the index of the frame under way."""

    frames: int | None = None
    """Frames asked for; None records until stopped."""

    error: BaseException | None = None
    """Why the recording that has just ended failed; None while one runs and after a good one."""

    waiting: str | None = None
    """What the recording waits for before it goes on by itself, such as room on the disk; None while it does not."""

    lead: int = 0
    """Frames still to be rendered, and not recorded, before the first one: see ``Job.lead``."""


Observer = Callable[[Status], None]
"""What is called with each new status."""
Cancel = Callable[[], None]
"""What ends a subscription."""
