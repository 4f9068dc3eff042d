"""One step of the orchestrator: a test for each rule of what happens in it, in order."""

import pytest
from pxr import Tf, Usd, UsdGeom

import carb.settings
import omni.kit.app
import omni.replicator.core as rep
import omni.timeline
import omni.usd
from omni.replicator.core.orchestrator import Status

RATE = 25.0


class Frames(rep.Writer):
    """Notes what each frame is of, and how many samples its picture has."""

    def __init__(self):
        self.version = "1.0.0"
        self.annotators = ["camera_params"]
        self.codes, self.updates = [], []

    def write(self, data):
        self.codes.append(round(omni.timeline.get_timeline_interface().get_current_time() * RATE, 6))
        self.updates.append(data["reference_time"][0])


@pytest.fixture
def timeline(app):
    omni.usd.get_context().new_stage()
    timeline = omni.timeline.get_timeline_interface()
    timeline.set_time_codes_per_second(RATE)
    timeline.set_end_time(100)
    timeline.commit()
    return timeline


@pytest.fixture
def writer(timeline):
    rep.orchestrator.set_capture_on_play(False)
    UsdGeom.Camera.Define(omni.usd.get_context().get_stage(), "/World/Camera")
    writer = Frames()
    writer.attach(rep.create.render_product("/World/Camera", (64, 48)))
    return writer


@pytest.fixture
def fired(timeline):
    """A list that grows by the orchestrator's status each time a trigger has changed something."""
    fired = []
    with rep.trigger.on_frame(), rep.create.xform():
        rep.modify.pose(position=rep.distribution.uniform((0, 0, 0), (1, 1, 1)))

    def on_changed(notice, _stage):
        if any("xformOp:translate" in str(path) for path in notice.GetChangedInfoOnlyPaths()):
            fired.append(rep.orchestrator.get_status())

    rep.orchestrator.preview()
    listener = Tf.Notice.Register(Usd.Notice.ObjectsChanged, on_changed, omni.usd.get_context().get_stage())
    yield fired
    listener.Revoke()


def step(app, **options):
    app.run(rep.orchestrator.step_async(**options))


def test_1_while_stopping_a_step_is_one_update_and_no_frame(app, writer):
    step(app)

    async def stop_and_step():
        rep.orchestrator.stop()
        before = omni.kit.app.get_app().get_update_number()
        await rep.orchestrator.step_async()
        return omni.kit.app.get_app().get_update_number() - before

    assert app.run(stop_and_step()) == 1
    assert len(writer.codes) == 1
    assert rep.orchestrator.get_is_stopped()


def test_2_the_first_step_previews_and_writes_nothing_of_it(app, writer, fired):
    step(app)
    assert fired == [Status.INITIALIZING, Status.STEPPING]
    assert len(writer.codes) == 1


def test_2_settings_are_forced_while_frames_are_taken(app, timeline, writer):
    settings = carb.settings.get_settings()
    settings.set("/rtx/ecoMode/enabled", True)
    settings.set("/app/asyncRendering", True)
    step(app)
    assert settings.get("/rtx/ecoMode/enabled") is False
    assert settings.get("/app/asyncRendering") is False
    assert settings.get("/rtx/materialDb/syncLoads") is True
    assert timeline.get_play_every_frame()
    app.run(rep.orchestrator.wait_until_complete_async())
    assert settings.get("/rtx/ecoMode/enabled") is True
    assert settings.get("/app/asyncRendering") is True
    assert settings.get("/rtx/materialDb/syncLoads") is None
    assert not timeline.get_play_every_frame()


def test_3_the_first_frame_is_at_the_current_time(app, timeline, writer):
    timeline.set_current_time(8 / RATE)
    timeline.play()
    step(app, pause_timeline=False)
    step(app, pause_timeline=False)
    assert writer.codes == [8, 9]


@pytest.mark.parametrize(("delta", "codes"), [(0.0, [0, 0, 0]), (0.2, [0, 5, 10])])
def test_3_delta_time_moves_all_frames_but_the_first(app, timeline, writer, delta, codes):
    timeline.play()
    for _ in codes:
        step(app, delta_time=delta, pause_timeline=False)
    assert writer.codes == codes


def test_4_capture_on_play_plays_from_the_second_frame_on(app, timeline, writer):
    rep.orchestrator.set_capture_on_play(True)
    step(app, pause_timeline=False)
    assert timeline.is_stopped()
    step(app, pause_timeline=False)
    assert timeline.is_playing()
    step(app, pause_timeline=False)
    # The update in which a stopped timeline begins to play shows its start.
    assert writer.codes == [0, 0, 1]


def test_4_a_given_delta_time_does_not_play(app, timeline, writer):
    rep.orchestrator.set_capture_on_play(True)
    step(app, delta_time=0.0)
    step(app, delta_time=0.0)
    assert timeline.is_stopped()


def test_5_a_timeline_that_a_step_paused_goes_on_with_the_next(app, timeline, writer):
    timeline.play()
    for _ in range(3):
        step(app)
        assert not timeline.is_playing()
    assert writer.codes == [0, 1, 2]


def test_5_a_timeline_that_somebody_else_paused_does_not(app, timeline, writer):
    timeline.play()
    step(app, pause_timeline=False)
    timeline.pause()
    step(app)
    assert writer.codes == [0, 0]


@pytest.mark.parametrize(("asked", "setting", "samples"), [(-1, 1, 1), (0, 2, 2), (4, 2, 4), (2, 4, 4)])
def test_6_subframes_are_at_least_the_setting(app, writer, monkeypatch, asked, setting, samples):
    taken = spy_on_samples(monkeypatch)
    carb.settings.get_settings().set("/omni/replicator/RTSubframes", setting)
    step(app, rt_subframes=asked)
    assert taken == [samples]


def test_6_subframes_can_be_set_for_the_next_frame_alone(app, writer, monkeypatch):
    taken = spy_on_samples(monkeypatch)
    rep.orchestrator.set_next_rt_subframes(4)
    rep.orchestrator.set_minimum_next_rt_subframes(3)
    step(app)
    step(app)
    rep.orchestrator.set_minimum_next_rt_subframes(3)
    step(app)
    assert taken == [4, 1, 3]
    with pytest.raises(ValueError, match="at least 1"):
        rep.orchestrator.set_next_rt_subframes(0)


def spy_on_samples(monkeypatch):
    """A list that grows by the samples per pixel of each frame taken."""
    from omni.replicator.core.render_product import HydraTexture

    taken, take = [], HydraTexture.take
    monkeypatch.setattr(HydraTexture, "take", lambda self, moment: taken.append(moment.samples) or take(self, moment))
    return taken


def test_7_a_step_takes_one_frame_in_the_update_that_is_stepping(app, writer):
    seen = []
    callback = rep.orchestrator.register_status_callback(seen.append)
    step(app)
    step(app)
    assert seen == [Status.INITIALIZING, Status.STARTING, *[Status.STEPPING, Status.STEPPED] * 2]
    assert len(set(writer.updates)) == 2
    callback.unregister()


@pytest.mark.parametrize("wait", [True, False])
def test_8_on_return_writers_and_annotators_hold_the_frame(app, writer, wait):
    async def take():
        await rep.orchestrator.step_async(wait_for_render=wait)
        return writer.get_data()["reference_time"][0], omni.kit.app.get_app().get_update_number()

    held, now = app.run(take())
    assert held == now
    assert rep.orchestrator.get_sim_times_to_write() == []


def test_8_the_frame_that_is_handed_over_is_still_to_be_written(app, timeline):
    class Asking(Frames):
        def write(self, data):
            assert rep.orchestrator.get_sim_times_to_write() == [data["reference_time"]]
            super().write(data)

    rep.orchestrator.set_capture_on_play(False)
    UsdGeom.Camera.Define(omni.usd.get_context().get_stage(), "/World/Camera")
    writer = Asking()
    writer.attach(rep.create.render_product("/World/Camera", (64, 48)))
    step(app)
    assert len(writer.codes) == 1


def test_9_auto_update_is_what_it_was_and_a_playing_timeline_pauses(app, timeline, writer):
    timeline.play()
    step(app, delta_time=0.1)
    assert timeline.is_auto_updating()
    assert not timeline.is_playing()
    assert not timeline.is_stopped()


def test_a_step_that_fails_leaves_the_timeline_as_it_was(app, timeline, fired):
    timeline.play()
    with rep.trigger.on_frame(), rep.create.xform():
        rep.modify.attribute("no_such_attribute", 1)
    with pytest.raises(ValueError, match="no_such_attribute"):
        step(app)
    assert timeline.is_auto_updating()
    assert rep.orchestrator.get_is_stopped()


def test_waiting_until_complete_begins_anew_with_the_next_step(app, timeline, writer, fired):
    timeline.play()
    step(app, pause_timeline=False)
    step(app, pause_timeline=False)
    app.run(rep.orchestrator.wait_until_complete_async())
    before = timeline.get_current_time()
    fired.clear()
    step(app, pause_timeline=False)
    assert fired == [Status.INITIALIZING, Status.STEPPING]
    # No time but that of the updates between: the first frame is again at the current time, whatever that is.
    assert writer.codes[-1] == round(before * RATE, 6)


def test_events_tell_what_happens(app, timeline, writer):
    from carb.eventdispatcher import get_eventdispatcher

    told = []
    observer = get_eventdispatcher().observe_event(
        event_name="omni.replicator.core.orchestrator:orchestratorEvent",
        on_event=lambda event: told.extend((key, event.payload[key]) for key in ("command", "trigger") if key in event),
    )
    timeline.set_current_time(2 / RATE)
    step(app)
    app.run(rep.orchestrator.wait_until_complete_async())
    commands = [("command", name) for name in ("initialize", "preview", "start")]
    assert told == [*commands, ("trigger", pytest.approx(2 / RATE)), ("command", "stop")]
    observer.reset()
