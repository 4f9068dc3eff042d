"""The extensions' types against stubs made from what is recorded of Kit, for Python 3.10, without kitless."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from .kit_data import API_FILE, load_api, load_reviewed
from .kit_stubs import write_stubs

ROOT = Path(__file__).parents[2]
IMPORTS_KIT = re.compile(r"^\s*(import|from) (carb|omni|isaacsim)\b", re.MULTILINE)
EXTENSIONS = [ROOT / "exts" / f"simslate.{name}" for name in ("carla", "recorder", "window")]
# Isaac Sim 4.5 has Python 3.10. Only what imports Kit is looked at: the rest, and what numpy and USD have, is for
# tools/check, and without it this takes seconds.
CONFIG = """
[mypy]
python_version = 3.10
mypy_path = {path}
namespace_packages = true
explicit_package_bases = true
check_untyped_defs = true
ignore_missing_imports = true
disable_error_code = var-annotated, valid-type, index
follow_imports = skip
[mypy-carb.*,omni.*,isaacsim.*]
follow_imports = silent
"""
# An alias of a type that is not looked at.
UNKNOWN = re.compile(r"\w+\? has no attribute")

pytestmark = pytest.mark.skipif(not API_FILE.exists(), reason="the recorded API of Kit lies beside the project only")


@pytest.fixture(scope="module")
def check(tmp_path_factory):
    """Return a function that checks files against the stubs and returns what mypy says."""
    pytest.importorskip("mypy", reason="tools/check installs mypy")
    folder = tmp_path_factory.mktemp("kit")
    write_stubs(folder / "stubs", load_api(), load_reviewed())
    path = ":".join(map(str, (folder / "stubs", *EXTENSIONS)))
    (folder / "mypy.ini").write_text(CONFIG.format(path=path))

    def check(*files):
        command = [sys.executable, "-m", "mypy", "--config-file", folder / "mypy.ini", "--cache-dir", folder / "cache"]
        done = subprocess.run([*map(str, command), *map(str, files)], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stderr + done.stdout
        return [line for line in done.stdout.splitlines() if ": error: " in line and not UNKNOWN.search(line)]

    return check


def test_the_extensions_fit_the_stubs(check, tmp_path):
    # In one run with them, since most of its time goes into them.
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "import carb.settings\nimport omni.usd\nimport omni.timeline\nimport omni.replicator.core as rep\n"
        "from enum import StrEnum\n"
        "carb.settings.get_settings().get_as_boolean('/a')\n"
        "omni.usd.get_context().open_stage()\n"
        "omni.timeline.get_timeline_interface().pause(now=True)\n"
        "rep.orchestrator.step_asinc()\n"
        "rep.functional.write_exr(path='a', data=1)\n"
    )
    files = [path for folder in EXTENSIONS for path in folder.rglob("*.py") if IMPORTS_KIT.search(path.read_text())]
    assert len(files) > 30
    told = check(*files, ROOT / "tools/kit_main.py", wrong)
    assert [line for line in told if "wrong.py" not in line] == []
    assert [int(line.split(":")[1]) for line in told] == [5, 6, 7, 8, 9, 10]
