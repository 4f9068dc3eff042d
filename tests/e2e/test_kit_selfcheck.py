"""tools/kit_selfcheck.py as a user runs it; its measures are tested in tests/unit/test_selfcheck.py."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_kitless_agrees_with_itself(tmp_path):
    words = [sys.executable, str(ROOT / "tools/kit_selfcheck.py"), "--against-itself", "--work", str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "selfcheck_report.json").read_text())
    jsonschema.validate(report, json.loads((ROOT / "docs/selfcheck.schema.json").read_text()))
    assert report["agrees"]
    assert report["frames"] == 4
    assert {row["name"]: row["iou"] for row in report["classes"]} == dict.fromkeys(
        ("UNLABELLED", "box", "can", "turtle"), 1.0
    )
    assert {row["pixels"] for row in report["boxes"]} == {0}
    assert (report["depth"]["largest"], report["depth"]["one_sided"]) == (0, 0)
    assert report["depth"]["pixels"] > 0
