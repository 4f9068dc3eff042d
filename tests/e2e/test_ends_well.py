"""However a recording ends, the process ends: soon, with the right code, and with one line that says why."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

WRITER = """
import threading
import time

import omni.replicator.core as rep


def hang():
    threading.Event().wait()


class Bad(rep.Writer):
    version = "1.0.0"

    def __init__(self, backend):
        self.backend = backend
        self.annotators = ["camera_params"]
        self.number = 0

    def write(self, data):
        self.number += 1
        if self.number == 3:
            BAD
        self.backend.schedule(rep.functional.write_json, path=f"{self.number}.json", data=1)

    def on_final_frame(self):
        FINAL


rep.WriterRegistry.register(Bad)
MORE
"""
ANNOTATOR = """
spec = rep.AnnotatorRegistry._spec("camera_params")
compute, count = spec.compute, iter(range(99))
object.__setattr__(spec, "compute", lambda *a: compute(*a) if next(count) < 2 else 1 / 0)
"""
BACKEND = """
put = rep.backends.DiskBackend.write_blob
def fail(self, path, data):
    if path == "3.json": BAD
    put(self, path, data)
rep.backends.DiskBackend.write_blob = fail
"""
THREAD = "threading.Thread(target=hang).start()"


def script(bad="pass", final="pass", more=""):
    return WRITER.replace("BAD", bad).replace("FINAL", final).replace("MORE", more)


ENDS = {
    "script": ("1 / 0", 2, "ZeroDivisionError: division by zero"),
    "write": (script("1 / 0"), 3, "after 2 of 5 frames: ZeroDivisionError: division by zero"),
    "final frame": (script(final="1 / 0"), 3, "after 5 of 5 frames: ZeroDivisionError: division by zero"),
    "annotator": (script(more=ANNOTATOR), 3, "after 2 of 5 frames: ZeroDivisionError: division by zero"),
    "backend": (script(more=BACKEND.replace("BAD", "raise OSError(5, 'broken')")), 4, "3.json: cannot be written"),
    "stage closed": (
        script("import omni.usd; omni.usd.get_context().close_stage()"),
        3,
        "the stage was closed after 2 of 5 frames",
    ),
    "thread": (script(more=THREAD), 0, ""),
}


@pytest.fixture
def start(tmp_path, write_job):
    """Record five frames of camera parameters with a script of one's own; the process and its data set."""

    def start(text, *settings, writer="Bad"):
        (tmp_path / "bad.py").write_text(text)
        job = write_job(script=str(tmp_path / "bad.py"), writer={"name": writer}, frames=5)
        command = [sys.executable, "-m", "kitless", *settings, "--ext-folder", str(ROOT / "exts")]
        command += ["--enable", "simslate.recorder", "--exec", str(ROOT / "tools/kit_main.py"), "record", str(job)]
        environment = {**os.environ, "KITLESS_DATA": str(tmp_path / "kit"), "PYTHONPATH": str(ROOT / "tools")}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=environment, text=True, stdout=pipe, stderr=pipe, cwd=tmp_path)

    return start


@pytest.mark.parametrize("what", ENDS)
def test_it_ends_with_a_code_and_a_line(start, tmp_path, what):
    text, code, said = ENDS[what]
    began = time.monotonic()
    _, err = (process := start(text)).communicate(timeout=60)
    assert process.returncode == code, err
    assert "Traceback" not in err
    errors = [line for line in err.splitlines() if line.startswith("error: ")]
    assert [said in line for line in errors] == ([True] if said else []), err
    assert (tmp_path / "out/set/simslate/report.json").exists() == (code == 0)
    assert time.monotonic() - began < 40


@pytest.mark.slow
def test_a_backend_that_hangs_for_ever(start):
    process = start(script(more=BACKEND.replace("BAD", "hang()")))
    assert "5/5 frames" in process.stderr.readline()
    began = time.monotonic()
    _, err = process.communicate(timeout=60)
    assert (process.returncode, time.monotonic() - began < 35) == (4, True), err
    assert "error: no file has been finished for 20 s, and some are missing (after 5 of 5 frames)" in err


def test_a_writer_that_hangs_for_ever(start):
    process = start(script("hang()"), "--/exts/simslate.recorder/stepSeconds=1")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert [line for line in err.splitlines() if line.startswith("error")] == [
        "error: a frame has been under way for 6 s; giving up"
    ]


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own in memory, of one megabyte."""
    folder = tmp_path / "out"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("a disk of its own cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def depth_job(write_job):
    """Of 40 frames of 64x48 depth."""
    return write_job(writer={"name": "BasicWriter", "parameters": {"distance_to_camera": True}}, frames=40)


def begin(job, tmp_path):
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "KITLESS_DATA": str(tmp_path / "kit")}
    arguments = [str(ROOT / "tools/simslate"), "record", str(job)]
    process = subprocess.Popen(arguments, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    said = ""
    while "disk is full" not in said and process.poll() is None:
        said += process.stderr.read(1)
    return process


def test_a_full_disk_is_waited_for(write_job, small_disk, tmp_path):
    job = depth_job(write_job)
    process = begin_full(job, small_disk, tmp_path)
    (small_disk / "filler").unlink()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert json.loads((small_disk / "set/simslate/report.json").read_text())["frames"] == 40


def test_a_signal_while_the_disk_is_full_then_resumed(simslate, write_job, small_disk, tmp_path):
    job = depth_job(write_job)
    process = begin_full(job, small_disk, tmp_path)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    (small_disk / "filler").unlink()
    resumed = simslate("resume", small_disk / "set", timeout=60)
    assert resumed.returncode == 0, resumed.stderr
    assert simslate("validate", small_disk / "set").returncode == 0


def begin_full(job, folder, tmp_path):
    """Record until the disk, of which something else takes more and more, is full."""
    script = tmp_path / "fill.py"
    script.write_text(
        "import carb.eventdispatcher as d, omni.kit.app\n"
        "from pathlib import Path\n"
        "def fill(_):\n"
        f"    if Path({str(folder)!r}, 'set', 'distance_to_camera_0005.npy').exists():\n"
        "        keep.clear()\n"
        f"        if Path({str(tmp_path / 'was_full')!r}).exists(): return\n"
        f"        Path({str(tmp_path / 'was_full')!r}).touch()\n"
        "        try:\n"
        f"            with open({str(folder / 'filler')!r}, 'wb', buffering=0) as file:\n"
        "                while file.write(bytes(4096)): pass\n"
        "        except OSError: pass\n"
        "keep = [d.get_eventdispatcher().observe_event(observer_name='fill',"
        " event_name=omni.kit.app.GLOBAL_EVENT_UPDATE, on_event=fill)]\n"
        "omni.kit.app.filling = keep\n"
    )
    data = json.loads(job.read_text())
    job.write_text(json.dumps({**data, "script": str(script)}))
    process = begin(job, tmp_path)
    assert process.poll() is None, process.stderr.read()
    return process
