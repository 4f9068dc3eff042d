"""The timeline while a recording runs: at the right time code for each frame, or not touched at all.

The stage has 24 time codes per second, from 1 to 12, so that frame i of a controlled recording is at time code 1 + i.
"""

import asyncio

import pytest

import omni.kit.app
import omni.replicator.core as rep
import omni.usd
from simslate.recorder import ConfigError, IncompleteError, Recorder, State, follow_timeline

DEEDS = ["nothing", "pause", "stop", "write fails", "stage closes", "cancel"]


def state_of(timeline):
    playing = "playing" if timeline.is_playing() else "stopped" if timeline.is_stopped() else "paused"
    return playing, round(timeline.get_current_time() * 24, 6), timeline.is_auto_updating()


def put(timeline, state, code):
    """Bring the timeline into ``state`` at a time code, with auto-update off so that it stays there."""
    timeline.set_auto_update(False)
    if state != "stopped":
        timeline.play()
    if state == "paused":
        timeline.pause()
    timeline.set_current_time(code / 24)
    timeline.commit()


@pytest.fixture
def timeline_calls(timeline, monkeypatch):
    """The names of all commands given to the timeline."""
    calls: list[str] = []
    for name in ("play", "pause", "stop", "set_current_time"):
        monkeypatch.setattr(timeline, name, noting(calls, getattr(timeline, name)))
    return calls


def noting(calls, method):
    def call(*arguments):
        calls.append(method.__name__)
        method(*arguments)

    return call


async def run_with(deed, recorder, job, notes):
    """Record ``job`` and do ``deed`` during its second frame."""
    task = asyncio.ensure_future(recorder.record(job))
    while recorder.status.frame < 1:
        await omni.kit.app.get_app().next_update_async()
    if deed == "write fails":
        notes.on_write.append(lambda: 1 / 0)
    elif deed == "stage closes":
        omni.usd.get_context().close_stage()
    elif deed == "cancel":
        task.cancel()
    elif deed != "nothing":
        getattr(recorder, deed)()
    for _ in range(10):
        await omni.kit.app.get_app().next_update_async()
    if deed == "pause":
        recorder.resume()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("state", ["playing", "paused", "stopped"])
def test_frames_are_at_start_plus_i(app, recorder, make_job, notes, timeline, state):
    put(timeline, state, 5)
    timeline.set_auto_update(True)
    app.run(recorder.record(make_job(control_timeline=True, frames=6)))
    assert notes.times == [1, 2, 3, 4, 5, 6]
    assert state_of(timeline) == ("stopped", 1, True)


def test_a_second_recording_starts_from_the_start_again(app, recorder, make_job, notes):
    for folder in ("a", "b"):
        output = {"kind": "disk", "directory": "out", "folder": folder}
        app.run(recorder.record(make_job(control_timeline=True, frames=3, output=output)))
    assert notes.times == [1, 2, 3, 1, 2, 3]


def test_a_thousand_frames_do_not_drift(app, recorder, make_job, notes, timeline):
    timeline.set_end_time(2000 / 24)
    app.run(recorder.record(make_job(control_timeline=True, frames=1000)))
    assert notes.times == [1 + i for i in range(1000)]


@pytest.mark.parametrize("warmup", [0, 3])
@pytest.mark.parametrize("frame", [0, 1, 3, 11, 12, 15])
def test_pausing_at_any_frame_does_not_shift_those_after_it(app, recorder, make_job, notes, timeline, frame, warmup):
    found = []

    async def scenario():
        task = asyncio.ensure_future(recorder.record(make_job(control_timeline=True, frames=20, warmup_frames=warmup)))
        while not task.done():
            if recorder.status.state is State.PAUSED:
                for _ in range(10):
                    await omni.kit.app.get_app().next_update_async()
                found.append(state_of(timeline)[0])
                recorder.resume()
            await omni.kit.app.get_app().next_update_async()

    def pause(status):
        if status.state is State.RECORDING and status.frame == frame and not found:
            recorder.pause()

    recorder.subscribe(pause)
    app.run(scenario())
    # The stage loops: after time code 12 comes 1.
    assert notes.times == [1 + i % 12 for i in range(20)]
    assert found == ["paused"]


def test_pausing_in_the_middle_of_each_frame(app, recorder, make_job, notes, timeline):
    async def scenario():
        task = asyncio.ensure_future(recorder.record(make_job(control_timeline=True, frames=10)))
        while not task.done():
            if recorder.status.state is State.RECORDING:
                recorder.pause()
            elif recorder.status.state is State.PAUSED and not timeline.is_playing():
                recorder.resume()
            await omni.kit.app.get_app().next_update_async()

    app.run(scenario())
    assert notes.times == [1 + i for i in range(10)]


def test_pause_and_resume_within_a_frame(app, recorder, make_job, notes):
    async def scenario():
        task = asyncio.ensure_future(recorder.record(make_job(control_timeline=True, frames=10)))
        while not task.done():
            if recorder.status.state is State.RECORDING:
                recorder.pause()
                recorder.resume()
            await asyncio.sleep(0)

    app.run(scenario())
    assert notes.times == [1 + i for i in range(10)]


@pytest.mark.parametrize("deed", DEEDS)
def test_however_it_ends_the_controlled_timeline_is_back_at_the_start(app, recorder, make_job, notes, timeline, deed):
    app.run(run_with(deed, recorder, make_job(control_timeline=True), notes))
    assert (recorder.status.state, state_of(timeline)) == (State.IDLE, ("stopped", 1, True))


@pytest.mark.parametrize("state", ["playing", "paused", "stopped"])
@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed != "stage closes"])
def test_a_timeline_that_is_not_controlled_is_not_touched(app, recorder, make_job, notes, timeline, deed, state):
    put(timeline, state, 5)
    before = state_of(timeline)
    app.run(run_with(deed, recorder, make_job(), notes))
    assert (set(notes.times), state_of(timeline)) == ({5.0}, before)


@pytest.mark.parametrize("state", ["playing", "paused", "stopped"])
@pytest.mark.parametrize("control", [True, False])
def test_a_failed_start_does_not_touch_the_timeline(app, recorder, make_job, timeline, timeline_calls, state, control):
    """The first fault of NVIDIA's recorder: a failed start ran the stop path and stopped the user's timeline."""
    put(timeline, state, 5)
    timeline_calls.clear()
    before = state_of(timeline)
    with pytest.raises(ConfigError):
        app.run(recorder.record(make_job(control_timeline=control, writer={"name": "None"})))
    assert (state_of(timeline), timeline_calls) == (before, [])


def test_warm_up_is_at_the_start_time_and_does_not_move_it(app, recorder, make_job, timeline, notes):
    put(timeline, "stopped", 5)
    app.run(recorder.record(make_job(control_timeline=True, warmup_frames=7)))
    assert notes.times == [1, 2, 3, 4]


def test_warm_up_does_not_move_a_timeline_that_plays_by_itself(app, recorder, make_job, timeline, notes):
    put(timeline, "playing", 5)
    timeline.set_auto_update(True)
    app.run(recorder.record(make_job(control_timeline=False, warmup_frames=7)))
    assert [time - notes.times[0] for time in notes.times] == [0, 1, 2, 3]


def test_stopped_during_warm_up_it_ends_as_after_a_recording(app, recorder, make_job, timeline, timeline_calls):
    async def scenario():
        task = asyncio.ensure_future(recorder.record(make_job(control_timeline=True, warmup_frames=20)))
        for _ in range(5):
            await omni.kit.app.get_app().next_update_async()
        recorder.stop()
        await task

    app.run(scenario())
    assert timeline_calls == ["stop", "play", "stop"]


def test_a_recorder_without_followers_knows_no_timeline(app, make_job, timeline_calls):
    app.run(Recorder().record(make_job(control_timeline=True)))
    assert timeline_calls == []


def test_a_failing_frame_stops_the_timeline_once(app, recorder, make_job, notes, timeline_calls):
    notes.on_write.append(lambda: 1 / 0)
    with pytest.raises(IncompleteError):
        app.run(recorder.record(make_job(control_timeline=True)))
    assert timeline_calls == ["stop", "play", "stop"]


def test_the_follower_ends_with_the_recording(app, recorder, make_job, timeline_calls):
    app.run(recorder.record(make_job(control_timeline=True)))
    timeline_calls.clear()
    output = {"kind": "disk", "directory": "out", "folder": "second"}
    app.run(recorder.record(make_job(output=output)))
    assert timeline_calls == []
    assert follow_timeline(make_job(), recorder.subscribe)() is None


def test_orchestrator_left_in_the_middle_by_somebody_else(app, recorder, make_job, notes):
    """A step without wait_until_complete leaves it STEPPED: the next one is no first frame to it."""
    app.run(rep.orchestrator.step_async())
    app.run(recorder.record(make_job(control_timeline=True, frames=3)))
    assert notes.times == [1, 2, 3]
