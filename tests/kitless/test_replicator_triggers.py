"""Triggers: when what is in their blocks is done, and when runs end by them."""

import pytest
from pxr import UsdGeom

import carb.settings
import omni.replicator.core as rep
import omni.timeline
import omni.usd
from carb.events import type_from_string
from omni.replicator.core.events import send_og_event

RATE = 10.0


class Notes(rep.Writer):
    """Notes what each frame shows: the place of a prim, the time, and how often triggers have fired."""

    def __init__(self, prim):
        self.version = "1.0.0"
        self.annotators = ["camera_params"]
        self.prim, self.places, self.codes, self.counts = prim, [], [], []

    def write(self, data):
        self.places.append(round(place(self.prim)))
        self.codes.append(round(omni.timeline.get_timeline_interface().get_current_time() * RATE))
        self.counts.append(data["trigger_outputs"])


def place(prim):
    matrix = UsdGeom.Imageable(prim).ComputeLocalToWorldTransform(0)
    return matrix.ExtractTranslation()[0]


@pytest.fixture
def timeline(app):
    omni.usd.get_context().new_stage()
    timeline = omni.timeline.get_timeline_interface()
    timeline.set_time_codes_per_second(RATE)
    timeline.set_end_time(100)
    timeline.commit()
    rep.orchestrator.set_capture_on_play(False)
    return timeline


@pytest.fixture
def thing(timeline):
    return rep.create.xform(position=(-1, 0, 0))


@pytest.fixture
def prim(thing):
    return thing.get_output_prims()["prims"][0]


@pytest.fixture
def count_up(thing):
    """What goes into a trigger's block: each time it fires, the thing moves to 0, 1, 2 …"""

    def add():
        with thing:
            rep.modify.pose(position=rep.distribution.sequence([(number, 0, 0) for number in range(100)]))

    return add


@pytest.fixture
def notes(prim):
    writer = Notes(prim)
    writer.attach(rep.create.render_product(rep.create.camera(), (64, 48)))
    return writer


def steps(app, count, **options):
    for _ in range(count):
        app.run(rep.orchestrator.step_async(**options))


def test_on_frame_fires_for_each_frame_before_it_is_taken(app, notes, count_up):
    with rep.trigger.on_frame():
        count_up()
    steps(app, 3)
    assert notes.places == [0, 1, 2]
    assert [counts["on_frame"] for counts in notes.counts] == [1, 2, 3]


def test_an_interval_counts_frames_from_the_first(app, notes, count_up):
    with rep.trigger.on_frame(interval=3):
        count_up()
    steps(app, 7)
    assert notes.places == [0, 0, 0, 1, 1, 1, 2]


@pytest.mark.parametrize("name", ["max_execs", "num_frames"])
def test_a_run_ends_when_the_trigger_has_fired_often_enough(app, notes, count_up, name):
    with rep.trigger.on_frame(interval=2, **{name: 3}):
        count_up()
    app.run(rep.orchestrator.run_until_complete_async())
    assert notes.places == [0, 0, 1, 1, 2]
    assert rep.orchestrator.get_is_stopped()


def test_a_run_ends_with_the_last_of_its_triggers(app, notes, count_up):
    with rep.trigger.on_frame(max_execs=2):
        count_up()
    with rep.trigger.on_frame(max_execs=4):
        rep.create.xform()
    app.run(rep.orchestrator.run_until_complete_async())
    assert notes.places == [0, 1, 1, 1]
    assert notes.counts[-1] == {"on_frame": 2, "on_frame_01": 4}


def test_each_run_counts_from_the_start(app, notes, count_up):
    with rep.trigger.on_frame(max_execs=2):
        count_up()
    for _ in range(2):
        app.run(rep.orchestrator.run_until_complete_async())
    assert notes.places == [0, 1, 0, 1]


def test_a_run_that_nothing_ends_is_refused(app, notes, count_up):
    with rep.trigger.on_frame():
        count_up()
    with pytest.raises(rep.orchestrator.OrchestratorError, match="max_execs"):
        app.run(rep.orchestrator.run_until_complete_async())


def test_a_script_that_ends_with_run_goes_on_until_the_run_has_ended(app, notes, count_up):
    with rep.trigger.on_frame(max_execs=3):
        count_up()
    with app.as_running_loop():
        rep.orchestrator.run()
    assert not rep.orchestrator.get_is_stopped()
    for _ in range(10):
        app.update()
    assert notes.places == [0, 1, 2]
    assert rep.orchestrator.get_is_stopped()


@pytest.mark.parametrize("frames", [1, 3])
def test_scripts_can_wait_in_loops_for_the_start_and_the_end(app, notes, count_up, frames):
    with rep.trigger.on_frame(max_execs=frames):
        count_up()
    with app.as_running_loop():
        rep.orchestrator.run()
    for wanted in (True, False):
        updates = 0
        while rep.orchestrator.get_is_started() is not wanted:
            app.update()
            updates += 1
            assert updates < 20
    assert notes.places == list(range(frames))


def test_every_preview_fires_and_writes_nothing(app, notes, prim, count_up):
    with rep.trigger.on_frame(max_execs=1):
        count_up()
    seen = []
    for _ in range(3):
        rep.orchestrator.preview()
        seen.append(round(place(prim)))
    app.run(rep.orchestrator.preview_async())
    assert seen == [0, 1, 2]
    assert place(prim) == 3
    assert notes.places == []
    assert rep.orchestrator.get_is_stopped()


def test_on_time_follows_the_timeline(app, timeline, notes, count_up):
    with rep.trigger.on_time(interval=0.3, max_execs=3, enable_capture_on_play=False):
        count_up()
    app.run(rep.orchestrator.run_until_complete_async(start_timeline=True))
    assert notes.codes == [0, 1, 2, 3, 4, 5, 6]
    assert notes.places == [0, 0, 0, 1, 1, 1, 2]


def test_on_time_end_waits_for_the_end_of_the_interval(app, timeline, notes, count_up):
    with rep.trigger.on_time_end(interval=0.3, max_execs=2, enable_capture_on_play=False):
        count_up()
    app.run(rep.orchestrator.run_until_complete_async(start_timeline=True))
    # The preview has shown the first item already; a run begins with it again.
    assert notes.places == [0, 0, 0, 0, 0, 0, 1]


def test_on_time_stands_still_with_the_timeline(app, timeline, notes, count_up):
    with rep.trigger.on_time(interval=0.3, enable_capture_on_play=False):
        count_up()
    steps(app, 4, delta_time=0.0)
    assert notes.places == [0, 0, 0, 0]


def test_on_time_turns_capture_on_play_on_unless_told_not_to(app, timeline):
    settings = carb.settings.get_settings()
    rep.trigger.on_time(enable_capture_on_play=False)
    assert settings.get("/omni/replicator/captureOnPlay") is False
    rep.trigger.on_time()
    assert settings.get("/omni/replicator/captureOnPlay") is True


def test_time_intervals_become_sequences_of_files(app, timeline, tmp_path):
    camera = rep.create.camera()
    writer = rep.WriterRegistry.get("BasicWriter")
    writer.initialize(output_dir=str(tmp_path), camera_params=True)
    writer.attach(rep.create.render_product(camera, (64, 48)))
    with rep.trigger.on_time(interval=0.2, max_execs=2, enable_capture_on_play=False):
        rep.create.xform()
    app.run(rep.orchestrator.run_until_complete_async(start_timeline=True))
    names = sorted(path.name for path in tmp_path.glob("camera_params*"))
    assert names == ["camera_params_1_0000.json", "camera_params_1_0001.json", "camera_params_2_0000.json"]


def test_a_custom_event_fires_in_the_next_update_without_any_frame(app, prim, count_up):
    with rep.trigger.on_custom_event(event_name="shuffle"):
        count_up()
    app.update()
    assert place(prim) == -1
    send_og_event("shuffle")
    assert place(prim) == -1
    app.update()
    assert place(prim) == 0
    send_og_event("something_else")
    app.update()
    assert place(prim) == 0
    app.get_message_bus_event_stream().push(type_from_string("omni.graph.action.shuffle"))
    app.update()
    assert place(prim) == 1


def test_the_step_after_a_custom_event_shows_it(app, notes, count_up):
    with rep.trigger.on_custom_event("shuffle"):
        count_up()
    steps(app, 1)
    for _ in range(2):
        send_og_event("shuffle")
        steps(app, 1)
    steps(app, 1)
    assert notes.places == [-1, 0, 1, 1]
    assert [counts["on_custom_event"] for counts in notes.counts] == [0, 1, 2, 2]


def test_previews_do_not_fire_custom_events(app, prim, count_up):
    with rep.trigger.on_custom_event("shuffle"):
        count_up()
    rep.orchestrator.preview()
    assert place(prim) == -1


def test_on_condition_fires_while_it_is_true(app, notes, count_up):
    answers = iter([False, True, False, True])
    with rep.trigger.on_condition(lambda: next(answers)):
        count_up()
    steps(app, 4)
    assert [counts["on_condition"] for counts in notes.counts] == [0, 1, 1, 2]
    assert notes.places[1:] == [0, 0, 1]


def test_subframes_of_a_trigger_are_of_its_frames_alone(app, notes, monkeypatch):
    from omni.replicator.core.render_product import HydraTexture

    taken, take = [], HydraTexture.take
    monkeypatch.setattr(HydraTexture, "take", lambda self, moment: taken.append(moment.samples) or take(self, moment))
    with rep.trigger.on_frame(interval=2, rt_subframes=5):
        rep.create.xform()
    steps(app, 3)
    assert taken == [5, 1, 5]


def test_writers_can_follow_a_trigger(app, prim, count_up):
    trigger = rep.trigger.on_frame(interval=2)
    with trigger:
        count_up()
    writer = Notes(prim)
    writer.attach(rep.create.render_product(rep.create.camera(), (64, 48)), trigger=trigger)
    steps(app, 5)
    assert writer.places == [0, 1, 2]


def test_writers_can_follow_a_custom_event_that_comes_before_the_first_step(app, prim):
    writer = Notes(prim)
    product = rep.create.render_product(rep.create.camera(), (64, 48))
    writer.attach(product, trigger=rep.trigger.on_custom_event("take"))
    send_og_event("take")
    steps(app, 3)
    assert len(writer.places) == 1


def test_registered_triggers_are_called_by_name(app, notes, count_up):
    def twice(**options):
        return rep.trigger.on_frame(max_execs=2, **options)

    rep.trigger.register(twice)
    with rep.trigger.twice(interval=2):
        count_up()
    steps(app, 5)
    assert notes.places == [0, 0, 1, 1, 1]
    with pytest.raises(ValueError, match="Replicator's own"):
        rep.trigger.register(twice, fn_name="on_frame")
    with pytest.raises(ValueError, match="registered already"):
        rep.trigger.register(twice, override=False)


def test_another_stage_has_no_triggers(app, prim, count_up, notes):
    with rep.trigger.on_custom_event("shuffle"):
        count_up()
    with rep.trigger.on_frame(max_execs=1):
        rep.create.xform()
    omni.usd.get_context().new_stage()
    send_og_event("shuffle")
    app.update()
    with pytest.raises(rep.orchestrator.OrchestratorError, match="no triggers"):
        app.run(rep.orchestrator.run_until_complete_async())


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: rep.trigger.on_frame(interval=0), "at least 1 frame: 0"),
        (lambda: rep.trigger.on_frame(max_execs=-1), "negative: -1"),
        (lambda: rep.trigger.on_time(interval=0), "above 0 seconds: 0"),
        (lambda: rep.trigger.on_condition(True), "Not a condition: True"),
        (lambda: rep.trigger.on_custom_event(""), "needs a name"),
    ],
)
def test_impossible_triggers_are_refused(app, timeline, make, says):
    with pytest.raises(ValueError, match=says):
        make()


def test_keys_are_not_read(app, timeline):
    with pytest.raises(NotImplementedError, match=r"omni\.replicator\.core\.trigger\.on_key_press"):
        rep.trigger.on_key_press("A")


# --- capture on play


def test_capture_on_play_previews_and_takes_every_update(app, timeline, notes, count_up):
    rep.orchestrator.set_capture_on_play(True)
    with rep.trigger.on_frame():
        count_up()
    timeline.play()
    for _ in range(4):
        app.update()
    assert notes.codes == [0, 1, 2, 3]
    assert notes.places == [0, 1, 2, 3]
    timeline.stop()
    app.update()
    app.update()
    assert rep.orchestrator.get_is_stopped()
    assert len(notes.codes) == 4


def test_a_timeline_that_ends_ends_the_run_and_one_that_pauses_pauses_it(app, timeline, notes):
    rep.orchestrator.set_capture_on_play(True)
    timeline.set_looping(False)
    timeline.set_end_time(3 / RATE)
    timeline.play()
    app.update()
    app.update()
    timeline.pause()
    app.update()
    assert rep.orchestrator.get_is_paused()
    taken = len(notes.codes)
    app.update()
    assert len(notes.codes) == taken
    timeline.play()
    for _ in range(6):
        app.update()
    assert rep.orchestrator.get_is_stopped()
    assert notes.codes[-1] == 3
    assert notes.codes == sorted(notes.codes)


def test_the_timeline_follows_the_orchestrator(app, timeline, notes):
    rep.orchestrator.set_capture_on_play(True)
    app.run(rep.orchestrator.run_async())
    assert timeline.is_playing()
    rep.orchestrator.pause()
    assert not timeline.is_playing()
    assert not timeline.is_stopped()
    app.update()
    rep.orchestrator.resume()
    app.update()
    assert timeline.is_playing()
    rep.orchestrator.stop()
    app.update()
    assert timeline.is_stopped()
    assert rep.orchestrator.get_is_stopped()


def test_a_run_to_the_end_of_the_timeline(app, timeline, notes):
    rep.orchestrator.set_capture_on_play(True)
    timeline.set_looping(False)
    timeline.set_end_time(4 / RATE)
    app.run(rep.orchestrator.run_until_complete_async())
    assert notes.codes == [0, 1, 2, 3, 4]
