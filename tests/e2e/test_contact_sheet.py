"""Every annotator in one data set, and the picture of it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[2]
SHEET = ROOT / "tools/contact_sheet.py"
JOB = json.loads((ROOT / "config/everything.json").read_text())


def test_a_sheet_shows_every_annotator_of_the_ready_job(simslate, write_job, tmp_path):
    product = {"camera": "/World/turtle_Camera", "resolution": [192, 108]}
    changes = {key: JOB[key] for key in ("writer", "control_timeline")}
    job = write_job(render_products=[product], labels=str(ROOT / "config/labels/tabletop.json"), **changes)
    run = simslate("record", job, "--output", tmp_path / "set")
    assert run.returncode == 0, run.stderr
    subprocess.run([sys.executable, SHEET, tmp_path / "set", tmp_path / "sheet.png", "1"], check=True, timeout=60)
    sheet = np.asarray(Image.open(tmp_path / "sheet.png"))
    # Twelve pictures in rows of three, none of them blank.
    assert sheet.shape == (4 * (270 + 24), 3 * 480, 3)
    for row in range(4):
        for column in range(3):
            tile = sheet[row * 294 + 24 : (row + 1) * 294, column * 480 : (column + 1) * 480]
            assert tile.reshape(-1, 3).std(axis=0).max() > 5, (row, column)
