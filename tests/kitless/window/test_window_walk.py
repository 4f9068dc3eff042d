"""The walk through the window: label, look, record."""

import json

import numpy as np
import pytest

import omni.timeline
import omni.usd
from simslate.recorder import State, own_labels

BOXES = ["/World/_03_cracker_box", "/World/_03_cracker_box_01"]
CANS = ["/World/_05_tomato_soup_can", "/World/_05_tomato_soup_can_01"]
SIZES = ("width", "height")


def colours(user):
    user.wait(3)
    pixels = user.widget("sensors.picture").provider.pixels
    return {tuple(map(int, colour)) for colour in np.unique(pixels.reshape(-1, 4), axis=0)}


def legend(user):
    places = range(20)
    rows = [user.text(f"sensors.legend.{place}") for place in places if user.is_there(f"sensors.legend.{place}")]
    return {row.split(":")[0] for row in rows}


def labels(path):
    return own_labels(omni.usd.get_context().get_stage().GetPrimAtPath(path))


def add(user, paths, label):
    user.select(*paths)
    user.type("labels.data", label)
    user.click("labels.add")


def test_labels_show_in_the_sensor_and_can_be_undone(user):
    assert colours(user) == {(0, 0, 0, 255)}
    add(user, BOXES, "box")
    add(user, CANS, "can")
    assert [labels(path) for path in (*BOXES, *CANS)] == [{"class": ["box"]}] * 2 + [{"class": ["can"]}] * 2
    assert user.text("labels.add.note") == "2 prims changed"
    assert len(colours(user)) == 3
    assert legend(user) == {"box", "can", "UNLABELLED"}
    user.click("labels.undo")
    assert len(colours(user)) == 2
    assert labels(CANS[0]) == {}
    user.click("labels.redo")
    assert labels(CANS[0]) == {"class": ["can"]}
    assert len(colours(user)) == 3


def test_a_recording_from_start_to_end(user, recorder, tmp_path):
    add(user, BOXES, "box")
    for place, sizes in enumerate(((32, 18), (48, 27))):
        user.select("/World/turtle_Camera")
        user.click("products.add")
        assert user.chosen(f"products.{place}.camera") == "/World/turtle_Camera"
        for name, size in zip(SIZES, sizes, strict=True):
            user.type(f"products.{place}.{name}", size)
    user.type("products.1.name", "large")
    user.click("writer.parameter.semantic_segmentation")
    user.type("output.directory", tmp_path / "out")
    user.type("output.folder", "set")
    user.type("control.frames", 5)
    user.click("control.control_timeline")
    user.app.run(user.find("control.start").click(human_delay_speed=0))
    user.wait_for(lambda: recorder.status.state is State.RECORDING and recorder.status.frame >= 1)
    assert user.text("control.start") == "Stop"
    assert not user.widget("control.frames").enabled
    user.app.run(user.find("control.pause").click(human_delay_speed=0))
    assert recorder.status.state is State.PAUSED
    assert user.text("control.pause") == "Resume"
    paused_at = recorder.status.frame
    user.wait(5)
    assert recorder.status.frame <= paused_at + 1
    assert "paused" in user.text("control.status")
    user.app.run(user.find("control.pause").click(human_delay_speed=0))
    user.wait_for(lambda: recorder.status.state is State.IDLE)
    user.wait()
    assert (user.text("control.start"), user.text("control.pause")) == ("Start", "Pause")
    assert user.widget("control.start").enabled
    assert user.text("control.status") == f"5 frames in {tmp_path / 'out' / 'set'}"
    assert user.text("control.problem") == ""
    folder = tmp_path / "out" / "set"
    for name in ("Replicator", "large"):
        assert len(list((folder / name / "rgb").glob("rgb_*.png"))) == 5
        assert len(list((folder / name / "semantic_segmentation").glob("semantic_segmentation_*.png"))) == 5
    assert json.loads((folder / "simslate" / "report.json").read_text())["complete"]
    assert omni.timeline.get_timeline_interface().is_stopped()


def test_starting_again_at_once_works(job, recorder, tmp_path):
    for count in (1, 2):
        job.app.run(job.find("control.start").click(human_delay_speed=0))
        job.wait_for(lambda: recorder.status.state is not State.IDLE)
        job.wait_for(lambda: recorder.status.state is State.IDLE)
        assert len(list((tmp_path / "out").iterdir())) == count


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("control.frames", -3, "-3 is not a whole number from 0 (until Stop)"),
        ("control.subframes", -1, "-1 is not a whole number from 0 to 65536"),
        ("products.0.width", 0, "0 is not a whole number from 1 to 16384"),
        ("products.0.name", "1st", '"1st" is not a name'),
        ("output.folder", "../up", "leads out of the output directory"),
        ("writer.parameter.semantic_types", "[", "is not JSON"),
        ("job.taxonomy", "/nowhere.json", "there is no file /nowhere.json"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_keeps_start_away(job, recorder, path, value, text):
    job.type(path, value)
    assert text in job.text(f"{path}.problem")
    assert not job.widget("control.start").enabled
    assert text in job.widget("control.start").tooltip
    job.app.run(job.find("control.start").click())
    assert recorder.status.state is State.IDLE


def test_a_failed_start_tells_why_and_touches_no_timeline(job, recorder, tmp_path):
    (tmp_path / "out").write_text("in the way")
    timeline = omni.timeline.get_timeline_interface()
    job.click("control.control_timeline")
    timeline.play()
    timeline.commit()
    job.click("control.start")
    job.wait_for(lambda: recorder.status.error is not None)
    job.wait()
    assert str(tmp_path / "out") in job.text("control.problem")
    assert job.text("control.status") == "Failed after 0 frames"
    assert timeline.is_playing()
    assert job.widget("control.start").enabled
