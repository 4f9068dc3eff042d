"""tools/kit_selfcheck.py as a user runs it; its measures are tested in tests/unit/test_selfcheck.py."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def selfcheck(tmp_path):
    """Run the command as a process; return its exit code, its words and the folder of its work."""

    def selfcheck(*words, **environment):
        command = [sys.executable, str(ROOT / "tools/kit_selfcheck.py"), "--work", str(tmp_path / "work"), *words]
        environment = {**os.environ, "KITLESS_DATA": str(tmp_path / "user"), **environment}
        done = subprocess.run(command, capture_output=True, text=True, timeout=500, env=environment)
        return done.returncode, done.stdout + done.stderr, tmp_path / "work"

    return selfcheck


@pytest.mark.slow
def test_kitless_agrees_with_itself(selfcheck, tmp_path):
    code, text, work = selfcheck("--against-itself")
    assert code == 0, text
    report = json.loads((work / "selfcheck_report.json").read_text())
    jsonschema.validate(report, json.loads((ROOT / "docs/selfcheck.schema.json").read_text()))
    assert report["agrees"]
    assert report["frames"] == 4
    assert {row["name"]: row["iou"] for row in report["classes"]} == dict.fromkeys(
        ("UNLABELLED", "box", "can", "turtle"), 1.0
    )
    assert {row["pixels"] for row in report["boxes"]} == {0}
    assert (report["depth"]["largest"], report["depth"]["one_sided"]) == (0, 0)
    assert report["depth"]["pixels"] > 0


@pytest.mark.slow
def test_isaac_sims_python_records_by_kit_main_and_kitless_beside_it(selfcheck):
    code, text, work = selfcheck(PYTHONPATH=f"{ROOT}/tests/stand_ins/isaac:{ROOT}/tools")
    assert code == 0, text
    # Once: the reference is recorded without what Isaac Sim's launcher has set.
    assert text.count("closed by the stand-in") == 1
    assert {path.name for path in work.iterdir()} == {"recording", "reference", "selfcheck_report.json"}
