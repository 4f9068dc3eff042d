"""Interrupted by a signal, or left with something in the way: resumed all the same."""

import json
import os
import signal

import pytest

DEPTH = ("distance_to_camera",)
FEW = 24


def state(folder):
    """Each file's bytes and time, and each folder's names."""
    files = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}
    return files, {path for path in folder.rglob("*") if path.is_dir()}


@pytest.fixture
def job(project):
    return project.job("whole", frames=FEW, annotators=DEPTH)


@pytest.fixture
def killed(project, job):
    """A data set "killed" of some frames, beside "whole"."""
    assert project.interrupt(job, "killed", frames=FEW // 2).returncode == -9
    assert project.run("record", job).returncode == 0
    return project.out("killed")


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_a_signal_then_the_same_command_again(project, number):
    """With on_conflict "resume" the command that began it goes on with it, however often it is given."""
    job = project.job("whole", frames=60, annotators=DEPTH)
    output = json.loads(job.read_text())["output"]
    again = project.job(
        "again", frames=60, annotators=DEPTH, output={**output, "folder": "again", "on_conflict": "resume"}
    )
    interrupted = project.interrupt(again, "again", frames=10, number=number)
    assert interrupted.returncode == 130
    listed = project.durable("again")
    assert f"interrupted: {listed} frames in" in interrupted.stderr
    assert project.run("record", job).returncode == 0
    assert project.run("record", again).returncode == 0
    project.assert_same("again", "whole")


def test_interrupted_while_frames_are_rendered_again_nothing_is_lost(project):
    slow = "import time, omni.kit.app, carb.eventdispatcher as d\n" + (
        "omni.kit.app.slow = d.get_eventdispatcher().observe_event(observer_name='slow',"
        " event_name=omni.kit.app.GLOBAL_EVENT_UPDATE, on_event=lambda _: time.sleep(0.05))\n"
    )
    (project.folder / "slow.py").write_text(slow)
    job = project.job("killed", frames=60, annotators=DEPTH, script="slow.py")
    assert project.interrupt(job, "killed", frames=40).returncode == -9
    before = project.durable("killed")
    resuming = project.start("resume", project.out("killed"))
    # The first line of progress comes with frames, and those are from before.
    assert "/60 frames" in resuming.stderr.readline()
    resuming.send_signal(signal.SIGINT)
    _, err = resuming.communicate(timeout=60)
    assert (resuming.returncode, project.durable("killed")) == (130, before)
    assert f"interrupted: {before} frames in" in err


def test_what_is_complete_is_not_touched(project, job):
    assert project.run("record", job).returncode == 0
    before = state(project.out("whole"))
    run = project.run("resume", project.out("whole"))
    assert (run.returncode, run.stdout) == (0, f"{FEW} frames in {project.out('whole')}\n")
    assert state(project.out("whole")) == before


def test_what_is_left_in_the_way(project, killed):
    """Torn lines, files in the making, and those of frames that nobody has heard of."""
    own = killed / "simslate"
    for name in ("manifest.jsonl", "frames.jsonl"):
        with (own / name).open("ab") as file:
            file.write(b'{"path":"dista')
    stray = killed / f"distance_to_camera_{FEW + 1:04d}.npy"
    for left in (killed / ".distance_to_camera_0013.npy.12345678.part", stray, killed / "deep" / "stray.npy"):
        left.parent.mkdir(exist_ok=True)
        left.write_bytes(b"half")
    torn = killed / f"distance_to_camera_{project.durable('killed'):04d}.npy"
    torn.write_bytes(b"not what it will be")
    run = project.run("resume", killed)
    assert run.returncode == 0
    for name in ("manifest.jsonl", "frames.jsonl", "report.json"):
        assert (own / name).read_bytes() == (project.out("whole") / "simslate" / name).read_bytes()
    assert not list(killed.rglob("*.part"))
    # It may be somebody's: it is kept, and said, but not of the data set.
    assert sorted(path.relative_to(own / "left").as_posix() for path in (own / "left").rglob("*.npy")) == [
        "deep/stray.npy",
        stray.name,
    ]
    assert f"left: 2 files are not of the data set: deep/stray.npy; {stray.name}" in run.stderr
    assert project.run("validate", killed).returncode == 0


def test_two_at_once(project, killed):
    first = project.start("resume", killed)
    assert "frames" in first.stderr.readline() or first.poll() is None
    os.kill(first.pid, signal.SIGSTOP)
    part = killed / ".what_the_first_is_writing.npy.part"
    part.write_bytes(b"half")
    second = project.run("resume", killed)
    assert (second.returncode, part.exists()) == (4, True)
    assert second.stderr.splitlines()[-1] == f"error: {killed}: is being recorded by another process"
    third = project.run("record", project.folder / "whole.json", "--output", killed, "--on-conflict", "overwrite")
    assert (third.returncode, killed.exists()) == (4, True)
    os.kill(first.pid, signal.SIGCONT)
    first.communicate(timeout=60)
    assert first.returncode == 0
    part.unlink(missing_ok=True)
    project.assert_same("killed", "whole")


def test_what_is_no_data_set(project):
    for folder in (project.folder, project.folder / "none"):
        run = project.run("resume", folder)
        assert (run.returncode, str(folder) in run.stderr, "Traceback" in run.stderr) == (2, True, False)


def test_killed_before_it_had_begun(project, job):
    (project.out("again") / "simslate").mkdir(parents=True)
    (project.out("again") / "simslate" / ".job.json.part").write_text("{")
    assert project.run("resume", project.out("again")).returncode == 2
    run = project.run("record", job, "--output", project.out("again"), "--on-conflict", "resume")
    assert run.returncode == 0, run.stderr
    assert project.durable("again") == FEW
