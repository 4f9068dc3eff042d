"""tools/kit_main.py outside of kitless' own launcher: a Kit without the extension, and a program of its own."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
STAND_INS = ROOT / "tests/stand_ins/isaac"


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
    broken = tmp_path / "broken/simslate/recorder/__init__.py"
    broken.parent.mkdir(parents=True)
    broken.write_text("import no_such_module")

    def start(*argv, kit=(), modules=STAND_INS):
        paths = f"{modules}:{ROOT / 'tools'}"
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
    assert (code, out) == (0, f"3 frames in {tmp_path / 'out/set'}\nclosed by the stand-in\n"), err
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
    code, out, err = ended(start("record", "job.json", kit=kit, modules=tmp_path / "broken"))
    assert (code, out) == (1, "")
    assert "no_such_module" in err
