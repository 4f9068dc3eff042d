"""The command line as a process of its own: what a shell and a build server see."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pxr import Usd, UsdGeom

from simslate.recorder.dataset.manifest import read_frames, read_manifest

ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "kitless", "--ext-folder", str(ROOT / "exts"), "--enable", "simslate.recorder")


@pytest.fixture
def start(tmp_path):
    """Return a function that starts the command line in tmp_path."""
    environment = {**os.environ, "KITLESS_DATA": str(tmp_path / "user"), "PYTHONPATH": str(ROOT / "tools")}

    def start(*argv):
        command = [*COMMAND, "--exec", str(ROOT / "tools" / "kit_main.py"), *argv]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=tmp_path, env=environment, text=True, stdout=pipe, stderr=pipe)

    return start


@pytest.fixture
def job_file(tmp_path):
    """A job that needs no rendering: camera parameters only."""
    stage = Usd.Stage.CreateNew(str(tmp_path / "scene.usda"))
    UsdGeom.Camera.Define(stage, "/World/Camera")
    stage.Save()
    job = {
        "version": 1,
        "stage": "scene.usda",
        "render_products": [{"camera": "/World/Camera", "resolution": [16, 9]}],
        "writer": {"name": "BasicWriter", "parameters": {"camera_params": True}},
        "frames": 3,
    }
    (tmp_path / "job.json").write_text(json.dumps(job))
    return tmp_path / "job.json"


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_processes_write_the_same_bytes(start, job_file, tmp_path):
    for name in ("a", "b"):
        out, err = (process := start("record", "job.json", "--output", name, "--json")).communicate(timeout=60)
        assert (process.returncode, json.loads(out)["folder"]) == (0, str(tmp_path / name)), err
    files = files_of(tmp_path / "a")
    assert files == files_of(tmp_path / "b")
    written = {f"camera_params_{i:04d}.json" for i in range(3)}
    ours = {f"simslate/{name}" for name in ("job.json", "manifest.jsonl", "frames.jsonl", "report.json")}
    assert set(files) == {*written, "metadata.txt", *ours}


def test_a_wrong_job_is_exit_code_2(start, tmp_path):
    out, err = (process := start("record", "none.json")).communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert err == "error: none.json: cannot be read: No such file or directory\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_drains_and_is_exit_code_130(start, job_file, tmp_path, number):
    process = start("record", "job.json", "--frames", "1000000")
    # The first line of progress comes once frames are being recorded.
    assert "/1000000 frames" in process.stderr.readline()
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    said = int(err.splitlines()[-1].removeprefix("interrupted: ").split()[0])
    files = files_of(tmp_path / "_out" / "job")
    assert len([name for name in files if name.startswith("camera_params_")]) == said
    assert all(json.loads(data) for name, data in files.items() if not name.endswith(".jsonl"))
    assert [json.loads(line)["frame"] for line in files["simslate/frames.jsonl"].splitlines()] == list(range(said))
    assert "simslate/report.json" not in files


@pytest.mark.parametrize("seconds", [0.05, 0.4, 0.9])
def test_killed_every_listed_frame_is_whole(start, job_file, tmp_path, seconds):
    process = start("record", "job.json", "--frames", "1000000")
    assert "/1000000 frames" in process.stderr.readline()
    time.sleep(seconds)
    process.kill()
    process.communicate(timeout=60)
    folder = tmp_path / "_out" / "job"
    frames = read_frames(folder / "simslate" / "frames.jsonl").lines
    listed = [line for line in read_manifest(folder / "simslate" / "manifest.jsonl").lines if line.frame is not None]
    assert frames
    assert {line.frame for line in listed} >= {line.frame for line in frames}
    for line in listed:
        data = (folder / line.path).read_bytes()
        assert (line.bytes, line.sha256) == (len(data), hashlib.sha256(data).hexdigest())
