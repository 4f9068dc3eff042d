"""What a person sees of a recording that runs."""

import io

import pytest

from simslate.recorder import progress
from simslate.recorder.progress import Progress, line
from simslate.recorder.state import State, Status


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    """Return a list whose only item is the time in seconds."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def record(stream, clock, frames, seconds_each):
    with Progress(stream) as shown:
        shown.show(Status(State.STARTING, 0, frames))
        for frame in range(frames + 1):
            shown.show(Status(State.RECORDING, frame, frames))
            clock[0] += seconds_each
        shown.show(Status(State.FINISHING, frames, frames))
        shown.show(Status(State.IDLE, frames, frames))


def test_a_line_has_bar_frames_rate_and_remaining_time():
    text = line(Status(State.RECORDING, 30, 120), 10.0)
    assert text == "[#######-----------------------] 30/120 frames, 3.0 frames/s, 0:30 left"


def test_a_line_without_an_end():
    assert line(Status(State.PAUSED, 7, None), 2.0) == "7 frames, 3.5 frames/s, paused"


def test_a_log_gets_a_line_every_two_seconds_and_the_last_one(clock):
    stream = io.StringIO()
    record(stream, clock, frames=10, seconds_each=0.5)
    assert [text.split("] ")[1].split()[0] for text in stream.getvalue().splitlines()] == ["4/10", "8/10", "10/10"]


def test_a_terminal_gets_one_line_drawn_over(clock):
    stream = Terminal()
    record(stream, clock, frames=3, seconds_each=1.0)
    pieces = stream.getvalue().split("\r")
    assert (pieces[0], len(pieces), stream.getvalue().count("\n")) == ("", 4, 1)
    assert "3/3 frames" in pieces[-1]


def test_a_shorter_line_covers_a_longer_one(clock):
    stream = Terminal()
    with Progress(stream) as shown:
        for state in (State.STARTING, State.PAUSED, State.RECORDING):
            clock[0] += 1
            shown.show(Status(state, 1, 2))
    paused, running = stream.getvalue().rstrip("\n").split("\r")[1:]
    assert len(running) == len(paused)


def test_nothing_is_shown_of_a_recording_that_does_not_begin(clock):
    stream = io.StringIO()
    with Progress(stream) as shown:
        for state in (State.STARTING, State.FINISHING, State.IDLE):
            clock[0] += 10
            shown.show(Status(state, 0, 5))
    assert stream.getvalue() == ""


def test_what_is_waited_for_is_shown_at_once():
    stream = io.StringIO()
    with Progress(stream) as shown:
        shown.show(Status(State.STARTING, 0, 9))
        for waiting in ("the disk is full", "the disk is full", None):
            shown.show(Status(State.RECORDING, 4, 9, waiting=waiting))
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert lines[0].endswith(", waiting: the disk is full")
    assert "waiting" not in lines[1]
