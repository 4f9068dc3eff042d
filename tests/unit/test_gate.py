"""The gate before a writer, and the tries that a frame has: with fakes, no host."""

import asyncio
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simslate.recorder.gate import Gate
from simslate.recorder.good_frame import (
    CAVEAT,
    MOST_SUBFRAMES,
    NEVER_ARRIVED,
    Verdict,
    caveat_of,
    more_subframes,
    take,
)


class Writer:
    """Keeps what is written, and counts as a host does."""

    def __init__(self):
        self.written = []
        self.num_written = 0

    def write(self, data):
        self.written.append(data)

    def deliver(self, data):
        self.write(data)
        self.num_written += 1


def payload(number, *flaws, **triggers):
    return {"number": number, "flaws": flaws, "trigger_outputs": triggers}


@pytest.fixture
def writer():
    return Writer()


@pytest.fixture
def gate(writer):
    return Gate(writer, lambda data: data["flaws"])


def numbers(writer):
    return [data["number"] for data in writer.written]


def test_what_is_good_passes_as_it_is(writer, gate):
    data = payload(0, on_frame=1)
    writer.deliver(data)
    assert writer.written[0] is data
    assert (gate.flaws, gate.delivered, writer.num_written) == ((), 1, 1)


def test_what_is_flawed_is_withheld_without_a_trace_while_there_is_another_try(writer, gate):
    gate.hold = True
    writer.deliver(payload(0, "blank"))
    assert (writer.written, gate.flaws, gate.delivered, writer.num_written) == ([], ("blank",), 0, 0)
    gate.hold = False
    writer.deliver(payload(1, "blank still"))
    assert (numbers(writer), gate.flaws, gate.delivered, writer.num_written) == ([1], ("blank still",), 1, 1)


def test_what_never_arrived_is_not_what_is_good(writer, gate):
    assert gate.flaws is None
    writer.deliver(payload(0))
    gate.reset()
    assert gate.flaws is None


def test_shut_nothing_is_seen_or_written(writer, gate):
    with gate.shut():
        writer.deliver(payload(0, "blank"))
        with gate.shut():
            writer.deliver(payload(1))
        writer.deliver(payload(2))
    assert (writer.written, gate.flaws, gate.delivered, writer.num_written) == ([], None, 0, 0)
    writer.deliver(payload(3))
    assert numbers(writer) == [3]


def test_trigger_counts_go_on_as_if_nothing_had_been_withheld(writer, gate):
    with gate.shut():
        writer.deliver(payload(0, on_frame=1, on_time=1))
        writer.deliver(payload(0, on_frame=2, on_time=1))
    gate.hold = True
    writer.deliver(payload(0, "blank", on_frame=3, on_time=1))
    writer.deliver(payload(0, on_frame=4, on_time=1))
    # A time trigger that fires for a frame belongs to all its tries.
    writer.deliver(payload(1, "blank", on_frame=5, on_time=2))
    writer.deliver(payload(1, "blank", on_frame=6, on_time=2))
    writer.deliver(payload(1, on_frame=7, on_time=2))
    writer.deliver(payload(2, on_frame=8, on_time=2))
    assert [data["trigger_outputs"] for data in writer.written] == [
        {"on_frame": 1, "on_time": 1},
        {"on_frame": 2, "on_time": 2},
        {"on_frame": 3, "on_time": 2},
    ]


@given(st.lists(st.integers(0, 3), max_size=12))
def test_counts_have_no_gap_however_many_tries_frames_need(tries):
    writer = Writer()
    gate = Gate(writer, lambda data: data["flaws"])
    gate.hold, count = True, 0
    for number, bad in enumerate(tries):
        for each in range(bad + 1):
            count += 1
            writer.deliver(payload(number, *(["blank"] if each < bad else []), on_frame=count))
    assert [data["trigger_outputs"]["on_frame"] for data in writer.written] == list(range(1, len(tries) + 1))
    assert (numbers(writer), writer.num_written) == (list(range(len(tries))), len(tries))


def test_a_payload_of_another_shape_passes(writer):
    gate = Gate(writer, lambda data: ())
    writer.deliver("not a dictionary")
    assert (writer.written, gate.flaws) == (["not a dictionary"], ())


def test_a_judge_that_fails_is_a_flaw_and_ends_nothing(writer):
    gate = Gate(writer, lambda data: data["no such key"])
    writer.deliver(payload(0))
    assert gate.flaws == ("the frame could not be judged: KeyError: 'no such key'",)
    assert numbers(writer) == [0]


def test_what_the_writer_raises_goes_through(writer):
    writer.write = lambda data: 1 / 0
    gate = Gate(writer, lambda data: ())
    with pytest.raises(ZeroDivisionError):
        writer.deliver(payload(0))
    assert gate.delivered == 0


def test_closed_the_writer_is_as_before(writer, gate):
    gate.close()
    gate.close()
    assert "write" not in vars(writer)
    writer.deliver(payload(0, "blank"))
    assert (numbers(writer), gate.flaws) == ([0], None)


def test_a_write_of_the_instances_own_comes_back():
    own = SimpleNamespace(written=[])
    own.write = before = own.written.append
    gate = Gate(own, lambda data: ())
    own.write(payload(0))
    gate.close()
    assert (own.write, numbers(own)) == (before, [0])


def test_closed_under_another_stand_in_it_lets_everything_through(writer, gate):
    inner, calls = writer.write, []
    writer.write = lambda data: (calls.append(data), inner(data))
    gate.hold = True
    gate.close()
    writer.deliver(payload(0, "blank"))
    assert (len(calls), numbers(writer)) == (1, [0])


def taken(gate, writer, tries, *, retries=3, subframes=0):
    """Take a frame whose tries have the flaws given, None for one that never arrives; return verdict and steps."""
    steps = []

    async def step(subframes, moves):
        flaws = tries[len(steps)]
        steps.append((subframes, moves))
        if flaws is not None:
            writer.deliver(payload(len(steps), *flaws))

    return asyncio.run(take(step, gate, retries=retries, subframes=subframes)), steps


def test_a_good_frame_takes_one_step(writer, gate):
    assert taken(gate, writer, [[]]) == (Verdict("ok"), [(0, True)])
    assert numbers(writer) == [1]


def test_a_flawed_frame_is_tried_again_with_more_subframes_and_time_stands_still(writer, gate):
    verdict, steps = taken(gate, writer, [["blank"], ["nan"], []])
    assert verdict == Verdict("retried", ("blank",))
    assert steps == [(0, True), (4, False), (8, False)]
    assert (numbers(writer), gate.hold) == ([3], False)


@pytest.mark.parametrize("retries", [0, 1, 5])
def test_the_last_try_is_written_whatever_it_is(writer, gate, retries):
    tries = [[f"blank {number}"] for number in range(retries + 1)]
    verdict, steps = taken(gate, writer, tries, retries=retries)
    assert verdict == Verdict("suspect", (f"blank {retries}",))
    assert (len(steps), numbers(writer)) == (retries + 1, [retries + 1])


def test_a_frame_that_arrives_late_or_never(writer, gate):
    assert taken(gate, writer, [None, []])[0] == Verdict("retried", (NEVER_ARRIVED,))
    assert taken(gate, writer, [None] * 4)[0] == Verdict("suspect", (NEVER_ARRIVED,), is_written=False)


def test_what_a_step_raises_goes_through_and_nothing_stays_held(gate):
    async def step(subframes, moves):
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        asyncio.run(take(step, gate, retries=3, subframes=0))
    assert gate.hold is False


@given(subframes=st.integers(0, 65536), tries=st.integers(1, 100))
def test_subframes_grow_within_bounds(subframes, tries):
    before, now = more_subframes(subframes, tries - 1), more_subframes(subframes, tries)
    assert now >= max(before, min(4, MOST_SUBFRAMES))
    assert now <= max(subframes, MOST_SUBFRAMES)


@pytest.mark.parametrize("names", [["rgb", "motion_vectors"], ["MotionVectors"], ["Motion2d"]])
def test_motion_is_not_measured_again(writer, gate, names):
    assert caveat_of(["rgb", "normals"]) == ""
    tries = iter([["blank"], [], []])

    async def step(subframes, moves):
        writer.deliver(payload(0, *next(tries)))

    caveat = caveat_of(names)
    verdict = asyncio.run(take(step, gate, retries=3, subframes=0, caveat=caveat))
    assert verdict == Verdict("suspect", ("blank", CAVEAT))
    assert asyncio.run(take(step, gate, retries=3, subframes=0, caveat=caveat)) == Verdict("ok")
