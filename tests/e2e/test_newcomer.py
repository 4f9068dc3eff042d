"""What the pages for newcomers tell them to type, typed in its order into a copy of the project."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pxr import Usd, UsdGeom

ROOT = Path(__file__).parents[2]
PAGES = ("docs/getting_started.md", "docs/labels.md", "docs/writers.md")
FENCE = re.compile(r"^```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OURS = re.compile(r"^    (tools/simslate (?!window).*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project, with this environment and the stage that the page's own job speaks of."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("config", "data", "docs", "exts", "tools"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    sample = json.loads((folder / "config/tabletop.json").read_text())
    for product in sample["render_products"]:
        # What is typed is what counts here, not the picture.
        product["resolution"] = [64, 48]
    (folder / "config/tabletop.json").write_text(json.dumps(sample))
    # An environment that is set up already, and that no launcher can change: it is this one.
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (folder / ".venv/bin/python").chmod(0o755)
    shutil.copy(ROOT / "pyproject.toml", folder / ".venv/installed-base")
    job, labels = FENCE.findall((ROOT / "docs/getting_started.md").read_text())
    (folder / "my_job.json").write_text(job)
    (folder / "my_labels.json").write_text(labels)
    stage = Usd.Stage.CreateNew(str(folder / "my_stage.usd"))
    UsdGeom.Camera.Define(stage, "/World/Camera")
    UsdGeom.XformCommonAPI(UsdGeom.Cube.Define(stage, "/World/Box_1")).SetTranslate((0, 0, -9))
    stage.Save()
    return folder


def typed(project, line):
    environment = {**os.environ, "KITLESS_DATA": str(project / "user")}
    return subprocess.run(line, shell=True, cwd=project, env=environment, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
def test_what_newcomers_are_told_to_type_works(project):
    lines = [line for page in PAGES for line in OURS.findall((ROOT / page).read_text())]
    assert len(lines) > 10
    for line in lines:
        done = typed(project, line)
        assert done.returncode == 0, (line, done.stderr)
    for name in ("tabletop/small/rgb/rgb_0000.png", "tabletop_preview.html", "coco/annotations/instances.json"):
        assert (project / "_out" / name).is_file()
    assert len(list((project / "_out/my_job").glob("rgb_*.png"))) == 10


def test_the_mistake_of_the_page_is_told_as_the_page_says(project):
    text = (project / "my_job.json").read_text()
    (project / "my_job.json").write_text(text.replace("/World/Camera", "/World/Camra"))
    done = typed(project, "tools/simslate record my_job.json")
    (project / "my_job.json").write_text(text)
    (wanted,) = re.findall(r"^    (error: .*)$", (ROOT / "docs/getting_started.md").read_text(), re.MULTILINE)
    assert (done.returncode, done.stderr.replace(f"{project}/", "").splitlines()) == (2, [wanted])
