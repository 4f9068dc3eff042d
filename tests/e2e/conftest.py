"""The command line as a user runs it: a process of its own, judged by its files, its exit code and its words."""

import json
import subprocess
from functools import partial
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


@pytest.fixture(scope="session")
def write_job_into():
    """A small job file on the sample stage, with changes, in a folder; its path."""

    def write(folder, name="job.json", **changes):
        job = {
            "version": 1,
            "stage": str(ROOT / "data/tabletop.usda"),
            "render_products": [{"camera": "/World/turtle_Camera", "resolution": [64, 48]}],
            "writer": {"name": "BasicWriter", "parameters": {"rgb": True}},
            "output": {"kind": "disk", "directory": "out", "folder": "set"},
            "frames": 2,
        }
        path = folder / name
        path.write_text(json.dumps({**job, **changes}))
        return path

    return write


@pytest.fixture
def write_job(tmp_path, write_job_into):
    """The same in the test's own folder."""
    return partial(write_job_into, tmp_path)


RECORD_ALL = """
import asyncio
import sys

import omni.kit.app
from simslate.recorder.cli import main


async def run():
    code = 1
    try:
        for path in sys.argv[1:]:
            code = await main(["record", path])
            if code:
                break
    finally:
        omni.kit.app.get_app().post_quit(code)


task = asyncio.ensure_future(run())
"""


@pytest.fixture(scope="session")
def record_all(tmp_path_factory):
    """Record jobs, dictionaries by folder, one after the other in one process: most of a short one is its start."""
    script = tmp_path_factory.mktemp("script") / "record_all.py"
    script.write_text(RECORD_ALL)

    def run(jobs):
        paths = [folder.with_suffix(".json") for folder in jobs]
        for path, (folder, job) in zip(paths, jobs.items(), strict=True):
            output = {"kind": "disk", "directory": str(folder.parent), "folder": folder.name}
            path.write_text(json.dumps({**job, "output": output}))
        done = subprocess.run(command("exec", script, *paths), capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr

    return run


@pytest.fixture(scope="session")
def carla_recorded(tmp_path_factory, record_all):
    """Two frames of the town with its traffic, by CARLA's writer; the folder."""
    town = json.loads((ROOT / "config/carla.json").read_text())
    folder = tmp_path_factory.mktemp("town") / "carla"
    job = {
        "version": 1,
        "frames": 2,
        "stage": str(ROOT / "exts/simslate.carla/data/town.usda"),
        "script": str(ROOT / "config/carla_traffic.py"),
        "render_products": [{"camera": "/CarlaActors/spectator", "resolution": [96, 64]}],
        "writer": town["writer"],
        "control_timeline": True,
    }
    record_all({folder: job})
    return folder
