"""tools/kit_main.py outside of kitless' own launcher: a Kit without the extension, and a program of its own."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# Stands in for Isaac Sim's: an app that is started late, reads Kit's words from sys.argv, and is driven by update().
ISAACSIM = """
import sys
from pathlib import Path
from kitless import host
host.install_modules()
# Whatever else kitless has of Isaac Sim is found beside its own SimulationApp, which this one stands in for.
__path__ = [str(Path(host.__file__).with_name("modules") / "isaacsim")]

class SimulationApp:
    def __init__(self, launch_config=None, experience=""):
        from omni.kit.app import App
        assert launch_config == {"headless": True}
        settings = dict(word[2:].split("=") for word in sys.argv[1:])
        self._app = App(settings=settings)
        self._app.__enter__()

    def update(self):
        self._app.update()

    def close(self, wait_for_replicator=True, skip_cleanup=False, exit_code=0):
        self._app.__exit__(None, None, None)
        print("closed", flush=True)
"""


@pytest.fixture
def job_file(tmp_path):
    """A job that needs no rendering."""
    (tmp_path / "scene.usda").write_text('#usda 1.0\ndef Camera "Camera" {}\n')
    job = {
        "version": 1,
        "stage": "scene.usda",
        "render_products": [{"camera": "/Camera", "resolution": [16, 9]}],
        "writer": {"name": "BasicWriter", "parameters": {"camera_params": True}},
        "output": {"kind": "disk", "directory": "out", "folder": "set"},
        "frames": 3,
    }
    (tmp_path / "job.json").write_text(json.dumps(job))
    return tmp_path / "job.json"


@pytest.fixture
def start(tmp_path):
    """Return a function that starts kit_main.py in tmp_path, as a program of its own or in a Kit."""
    for name, text in (("isaacsim.py", ISAACSIM), ("broken/simslate/recorder/__init__.py", "import no_such_module")):
        path = tmp_path / "modules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def start(*argv, kit=(), modules="modules"):
        paths = f"{tmp_path / modules}:{ROOT / 'tools'}"
        environment = {**os.environ, "KITLESS_DATA": str(tmp_path / "user"), "PYTHONPATH": paths}
        command = [sys.executable, *kit, str(ROOT / "tools/kit_main.py"), *argv]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=tmp_path, env=environment, text=True, stdout=pipe, stderr=pipe)

    return start


def ended(process):
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_a_program_of_its_own(start, job_file, tmp_path):
    code, out, err = ended(start("record", "job.json", "--/exts/simslate.recorder/stepSeconds=30"))
    assert (code, out) == (0, f"3 frames in {tmp_path / 'out/set'}\nclosed\n"), err
    assert json.loads((tmp_path / "out/set/simslate/report.json").read_text())["complete"]


def test_a_program_that_is_told_to_end_writes_out_what_it_has(start, job_file, tmp_path):
    process = start("record", "job.json", "--frames", "1000000")
    assert "/1000000 frames" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    code, _, err = ended(process)
    said = int(err.splitlines()[-1].removeprefix("interrupted: ").split()[0])
    assert (code, len(list((tmp_path / "out/set").glob("camera_params_*.json")))) == (130, said)


def test_a_kit_without_the_extension_gets_it(start, job_file, tmp_path):
    code, out, err = ended(start("record", "job.json", kit=("-m", "kitless", "--exec")))
    assert (code, out) == (0, f"3 frames in {tmp_path / 'out/set'}\n"), err


def test_a_broken_installation_is_exit_code_1_and_not_a_kit_that_runs_for_ever(start, tmp_path):
    folder = tmp_path / "exts/simslate.recorder"
    (folder / "config").mkdir(parents=True)
    (folder / "config/extension.toml").write_text('[package]\nversion = "0.1.0"\n')
    kit = ("-m", "kitless", "--ext-folder", str(tmp_path / "exts"), "--enable", "simslate.recorder", "--exec")
    code, out, err = ended(start("record", "job.json", kit=kit, modules="modules/broken"))
    assert (code, out) == (1, "")
    assert "no_such_module" in err
