"""Every pair of (state, command): the eight that lead somewhere, and all the others."""

import itertools

import pytest

from simslate.recorder.errors import StateError
from simslate.recorder.state import TRANSITIONS, Command, State, Status, next_state

# Written out from the design, not read from TRANSITIONS.
ALLOWED = {
    ("idle", "record"): "starting",
    ("starting", "begin"): "recording",
    ("starting", "stop"): "finishing",
    ("recording", "pause"): "paused",
    ("recording", "stop"): "finishing",
    ("paused", "resume"): "recording",
    ("paused", "stop"): "finishing",
    ("finishing", "release"): "idle",
}


@pytest.mark.parametrize(("state", "command"), list(itertools.product(State, Command)))
def test_every_pair(state, command):
    expected = ALLOWED.get((state.value, command.value))
    if expected is None:
        with pytest.raises(StateError, match=f"cannot {command.value} while {state.value}"):
            next_state(state, command)
    else:
        assert next_state(state, command) is State(expected)


def test_every_state_is_reached_and_left():
    assert set(TRANSITIONS.values()) == {state for state, _ in TRANSITIONS} == set(State)


def test_the_error_says_what_is_possible():
    with pytest.raises(StateError, match="possible now: pause, stop"):
        next_state(State.RECORDING, Command.RESUME)


def test_transitions_cannot_be_changed():
    with pytest.raises(TypeError):
        TRANSITIONS[State.IDLE, Command.STOP] = State.IDLE  # type: ignore[index]


def test_status_is_whole_and_frozen():
    status = Status(State.RECORDING, frame=3, frames=10)
    assert (status.state, status.frame, status.frames, status.error) == (State.RECORDING, 3, 10, None)
    with pytest.raises(AttributeError):
        status.frame = 4  # type: ignore[misc]
