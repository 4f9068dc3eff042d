"""The orchestrator: which updates become frames, at which time."""

import asyncio

import pytest
from pxr import UsdGeom

import omni.replicator.core as rep
import omni.timeline
import omni.usd

RATE = 25.0


class Clock(rep.Writer):
    """Notes the timeline's time at each frame."""

    def __init__(self):
        self.version = "1.0.0"
        self.annotators = ["camera_params"]
        self.times = []
        self.ended = 0

    def write(self, data):
        self.times.append(round(omni.timeline.get_timeline_interface().get_current_time() * RATE, 6))

    def on_final_frame(self):
        self.ended += 1


@pytest.fixture
def timeline(app):
    omni.usd.get_context().new_stage()
    timeline = omni.timeline.get_timeline_interface()
    timeline.set_time_codes_per_second(RATE)
    timeline.set_end_time(100)
    timeline.commit()
    return timeline


@pytest.fixture
def clock(app, timeline):
    rep.orchestrator.set_capture_on_play(False)
    UsdGeom.Camera.Define(omni.usd.get_context().get_stage(), "/World/Camera")
    writer = Clock()
    writer.attach(rep.create.render_product("/World/Camera", (16, 16)))
    return writer


def steps(app, count, **options):
    for _ in range(count):
        app.run(rep.orchestrator.step_async(**options))


def test_the_first_frame_is_at_the_current_time_and_each_next_one_code_later(app, timeline, clock):
    timeline.play()
    steps(app, 4, pause_timeline=False)
    assert clock.times == [0, 1, 2, 3]


def test_pausing_between_steps_changes_no_time(app, timeline, clock):
    timeline.play()
    steps(app, 4)
    assert clock.times == [0, 1, 2, 3]
    assert not timeline.is_playing()


def test_a_stopped_timeline_stays_where_it_is(app, timeline, clock):
    steps(app, 3)
    assert clock.times == [0, 0, 0]
    assert timeline.is_stopped()


@pytest.mark.parametrize(("delta", "times"), [(0.0, [0, 0, 0]), (0.2, [0, 5, 10])])
def test_delta_time_decides_how_far_time_moves(app, timeline, clock, delta, times):
    timeline.play()
    steps(app, 3, delta_time=delta, pause_timeline=False)
    assert clock.times == times


def test_a_step_with_a_delta_time_starts_no_timeline_although_capture_on_play_is_on(app, timeline, clock):
    rep.orchestrator.set_capture_on_play(True)
    steps(app, 3, delta_time=0.0, pause_timeline=False)
    assert timeline.is_stopped()
    assert clock.times == [0, 0, 0]


def test_waiting_until_complete_ends_the_recording(app, timeline, clock):
    steps(app, 2)
    app.run(rep.orchestrator.wait_until_complete_async())
    assert rep.orchestrator.get_is_stopped()
    assert clock.ended == 1


def test_running_takes_the_frames_asked_for(app, timeline, clock):
    app.run(rep.orchestrator.run_until_complete_async(num_frames=3, start_timeline=True))
    assert clock.times == [0, 1, 2]


def test_running_for_ever_is_refused(app, clock):
    with pytest.raises(rep.orchestrator.OrchestratorError, match="num_frames"):
        app.run(rep.orchestrator.run_until_complete_async())


def test_run_can_be_paused_and_stopped(app, timeline, clock):
    rep.orchestrator.run()
    taken = []
    for action in (rep.orchestrator.pause, rep.orchestrator.resume, rep.orchestrator.stop):
        app.update()
        app.update()
        action()
        taken.append(len(clock.times))
    app.update()
    assert taken[0] == taken[1] < taken[2] == len(clock.times)


@pytest.mark.parametrize("updates", [0, 1, 2])
def test_a_run_can_be_stopped_before_it_has_begun(app, timeline, clock, updates):
    with app.as_running_loop():
        rep.orchestrator.run(num_frames=5)
    for _ in range(updates):
        app.update()
    rep.orchestrator.stop()
    taken = len(clock.times)
    for _ in range(5):
        app.update()
    assert rep.orchestrator.get_is_stopped()
    assert len(clock.times) == taken
    app.run(rep.orchestrator.run_until_complete_async(num_frames=2))
    assert len(clock.times) == taken + 2


def test_capture_on_play_takes_frames_while_playing(app, timeline, clock):
    rep.orchestrator.set_capture_on_play(True)
    timeline.play()
    for _ in range(4):
        app.update()
    timeline.stop()
    for _ in range(3):
        app.update()
    assert len(clock.times) in (3, 4)
    assert rep.orchestrator.get_is_stopped()


def test_without_capture_on_play_playing_takes_nothing(app, timeline, clock):
    timeline.play()
    app.update()
    app.update()
    assert clock.times == []


def test_sync_calls_inside_the_loop_name_the_async_one(app, timeline, clock):
    async def misuse():
        rep.orchestrator.step()

    with pytest.raises(rep.orchestrator.OrchestratorError, match="step_async"):
        app.run(misuse())


def test_sync_calls_work_in_standalone_programs(app, timeline, clock):
    rep.orchestrator.step()
    rep.orchestrator.wait_until_complete()
    assert len(clock.times) == 1


def test_status_changes_are_told_until_unregistered(app, timeline, clock):
    seen = []
    callback = rep.orchestrator.register_status_callback(seen.append)
    steps(app, 1)
    callback.unregister()
    steps(app, 1)
    names = [status.name for status in seen]
    assert names == ["INITIALIZING", "STARTING", "STEPPING", "STEPPED"]


def test_a_failed_write_fails_the_next_step(app, timeline, clock):
    def broken():
        raise OSError("disk full")

    backend = rep.backends.get("DiskBackend")
    backend.schedule(broken)
    backend.wait_until_done()
    with pytest.raises(OSError, match="disk full"):
        steps(app, 1)


def test_a_failing_run_stops_and_tells(app, timeline):
    class Failing(Clock):
        def write(self, data):
            raise ValueError("bad frame")

    rep.orchestrator.set_capture_on_play(False)
    UsdGeom.Camera.Define(omni.usd.get_context().get_stage(), "/World/Camera")
    writer = Failing()
    writer.attach(rep.create.render_product("/World/Camera", (16, 16)))
    with pytest.raises(ValueError, match="bad frame"):
        app.run(rep.orchestrator.run_until_complete_async(num_frames=3))


@pytest.mark.parametrize("end", ["wait_until_complete_async", "stop_async"])
def test_a_writer_that_fails_at_its_end_is_told_of_and_the_others_end_too(app, timeline, end):
    class Failing(Clock):
        def on_final_frame(self):
            raise ValueError("bad end")

    rep.orchestrator.set_capture_on_play(False)
    UsdGeom.Camera.Define(omni.usd.get_context().get_stage(), "/World/Camera")
    bad, good = Failing(), Clock()
    for writer in (bad, good):
        writer.attach(rep.create.render_product("/World/Camera", (16, 16)))
    steps(app, 1)
    with pytest.raises(ValueError, match="bad end"):
        app.run(getattr(rep.orchestrator, end)())
    assert good.ended == 1
    assert rep.orchestrator.get_is_stopped()


def test_a_step_leaves_the_event_loop_free_of_tasks(app, timeline, clock):
    async def count():
        await rep.orchestrator.step_async()
        return len(asyncio.all_tasks())

    assert app.run(count()) == 1
