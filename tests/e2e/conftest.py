"""The command line as a user runs it: a process of its own, judged by its files, its exit code and its words."""

import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def command(*arguments):
    return [str(part) for part in (ROOT / "tools/simslate", *arguments)]


@pytest.fixture
def simslate(tmp_path):
    """Run tools/simslate to its end."""

    def run(*arguments, timeout=300):
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "KITLESS_DATA": str(tmp_path / "kit")}
        return subprocess.run(command(*arguments), capture_output=True, text=True, timeout=timeout, env=environment)

    return run


@pytest.fixture
def write_job(tmp_path):
    """A small job file on the sample stage, with changes; its path."""

    def write(name="job.json", **changes):
        job = {
            "version": 1,
            "stage": str(ROOT / "data/tabletop.usda"),
            "render_products": [{"camera": "/World/turtle_Camera", "resolution": [64, 48]}],
            "writer": {"name": "BasicWriter", "parameters": {"rgb": True}},
            "output": {"kind": "disk", "directory": "out", "folder": "set"},
            "frames": 2,
        }
        path = tmp_path / name
        path.write_text(json.dumps({**job, **changes}))
        return path

    return write


@pytest.fixture(scope="session")
def record():
    """Record a job, a dictionary, into a folder; the folder."""

    def run(job, folder):
        output = {"kind": "disk", "directory": str(folder.parent), "folder": folder.name}
        path = folder.with_suffix(".json")
        path.write_text(json.dumps({**job, "output": output}))
        done = subprocess.run(command("record", path), capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return folder

    return run
