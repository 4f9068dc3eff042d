"""Every command of the pages, typed in each page's order into a working copy of the project.

What is not here has stand-ins, which take the words that the pages give them and run our side of it on kitless.
"""

import hashlib
import json
import re
import shutil
import subprocess

import pytest
from pxr import Usd, UsdGeom

from .pages import NAMES, PAGES, ROOT, blocks, commands, spoken_out, text_of

TYPED = {name: commands(page) for name, page in zip(NAMES, PAGES, strict=True) if commands(page)}

NOT_TYPED = {
    "tools/test": "is what runs this; .ci/run has it",
    "tools/test --all": "is what runs this",
    "tools/check": "needs no run of the program, but installs its tools; .ci/run has it",
}
"""Reviewed: commands that no test types, and why."""

SHORTENED = {
    "tools/bench/run --peers --json speed.json --plot speed.svg": (
        "tools/bench/run --json speed.json --plot speed.svg --rounds 1 --scenes A",
        "--peers installs half a gigabyte; fewer rounds and scenes say the same of the command",
    ),
    "tools/bench/writing": ("tools/bench/writing --rounds 1", "fewer rounds say the same of the command"),
    "tools/bench/growth": (
        "tools/bench/growth --rounds 1 --frames 10",
        "fewer rounds and frames say the same of the command",
    ),
    "tools/simslate exec docs/snippets/NAME.py": (
        "tools/simslate exec docs/snippets/record.py",
        "tests/kitless/test_snippets.py and tests/s3/test_s3_snippet.py run each of them",
    ),
}
"""Reviewed: what is typed in place of a command, and why."""

QUICK = ("docs/files/README.md", "docs/snippets/README.md", "exts/simslate.carla/docs/Overview.md")
"""The pages that are typed in each run of the tests; all others are slow."""

WITH_BUCKET = ("README.md", "exts/simslate.recorder/docs/Overview.md")
ENDS = {"tools/simslate audit STAGE.usd [--taxonomy T.json] [--strict] [--json]": 3}
"""The exit codes that are not 0: the sample has prims without a label, which --strict is about."""

CHANGES = {
    "tools/simslate label STAGE.usd --rules R.json": "STAGE.usd",
    "tools/simslate taxonomy FILE --lock": "FILE",
    "tools/simslate label STAGE.usd --rules R.json --dry-run": None,
    "tools/simslate label data/tabletop.usda --rules config/labels/tabletop.json --dry-run": None,
    "tools/simslate writers --schemas config/schema": None,
    # The page shows a job, which is a small one here.
    ".venv/bin/python tools/job_reference.py docs/jobs.md": "docs/jobs.md",
}
"""Which file that is there a command changes, None for none: what is generated stands in the repository as it is."""

LISTED = re.compile(r"^([\w/]+\.\w+)", re.MULTILINE)
LEAVES = {
    "CONTRIBUTING.md": ["simslate/tools/test", "config/schema/job.schema.json"],
    "README.md": ["_out/tabletop/small/rgb/rgb_0009.png", "FILE.html", "OUT/annotations/instances.json", "sheet.jpg"],
    "docs/batches/README.md": [
        *("_out/set/simslate/report.json", "FOLDER/out/simslate/report.json"),
        *(f"_out/JOB-{part}-of-8/simslate/report.json" for part in (1, 8)),
        *(f"FOLDER/out-{part}-of-8/simslate/report.json" for part in (1, 8)),
        *(f"image/set-{part}-of-2/simslate/report.json" for part in (1, 2)),
    ],
    "docs/getting_started.md": [
        "_out/tabletop_preview.html",
        "_out/my_job/rgb_0009.png",
        *(f"_out/tabletop/{name}" for name in LISTED.findall(blocks(ROOT / "docs/getting_started.md", "text")[0])),
    ],
    "docs/isaac_sim.md": ["_out/selfcheck/selfcheck_report.json"],
    "docs/troubleshooting.md": [".venv/installed-base"],
    "docs/writers.md": ["_out/coco/annotations/instances.json"],
}
"""What a page promises to be there in the end, beside what its commands name themselves."""


# --- what pages take for granted


def clonable(checkout):
    shutil.copytree(checkout.folder / "tools", checkout.folder / "simslate.git/tools")
    words = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(checkout.folder / "simslate.git")]
    for verb in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "Files"]):
        subprocess.run([*words, *verb], check=True)
    shutil.copytree(ROOT / "tests/raycast", checkout.folder / "tests/raycast")


def job_in_image(checkout):
    shutil.copytree(checkout.folder / "FOLDER", checkout.folder / "image")


def own_stage(checkout):
    """Write the job and the rules of the page, and a stage that they fit."""
    job, labels = blocks(ROOT / "docs/getting_started.md", "json")
    (checkout.folder / "my_job.json").write_text(job)
    (checkout.folder / "my_labels.json").write_text(labels)
    stage = Usd.Stage.CreateNew(str(checkout.folder / "my_stage.usd"))
    UsdGeom.Camera.Define(stage, "/World/Camera")
    UsdGeom.XformCommonAPI(UsdGeom.Cube.Define(stage, "/World/Box_1")).SetTranslate((0, 0, -9))
    stage.Save()


def open_stage(checkout):
    """Put the line before the snippet that the page asks for."""
    snippet = checkout.folder / "docs/snippets/record.py"
    line = 'import omni.usd\n\nomni.usd.get_context().open_stage("data/labelled.usda")\n'
    snippet.write_text(line + snippet.read_text())


def recorded_sample(checkout):
    shutil.copytree(checkout.folder / "DIR", checkout.folder / "_out/tabletop")


PREPARED = {
    "CONTRIBUTING.md": clonable,
    "docs/batches/README.md": job_in_image,
    "docs/getting_started.md": own_stage,
    "docs/snippets/README.md": open_stage,
    "docs/writers.md": recorded_sample,
}


def before(checkout, line):
    """Make what the words of a command speak of: a recording that was interrupted, a machine without an environment."""
    resumed = re.search(r"tools/simslate resume (?!s3:)(\S+)", line)
    if resumed:
        folder = checkout.folder / resumed[1]
        if not (folder / "simslate").exists():
            shutil.copytree(checkout.folder / "DIR", folder, dirs_exist_ok=True)
        interrupt(folder)
    if line.startswith("PYTHON="):
        shutil.rmtree(checkout.folder / ".venv")


def interrupt(folder):
    """Leave of a recording what a process that was killed before its last frame leaves."""
    own = folder / "simslate"
    (own / "report.json").unlink()
    last = json.loads((own / "frames.jsonl").read_text().splitlines()[-1])["frame"]
    for name in ("frames.jsonl", "manifest.jsonl"):
        kept = []
        for line in (own / name).read_text().splitlines(keepends=True):
            entry = json.loads(line)
            if entry["frame"] != last:
                kept.append(line)
            elif "path" in entry:
                (folder / entry["path"]).unlink()
        (own / name).write_text("".join(kept))


# --- typing


def contents(folder):
    """The sums of the files that a page's commands read, by name."""
    paths = [path for path in folder.iterdir() if path.is_file()]
    paths += [path for name in ("config", "data", "docs") for path in (folder / name).rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).digest() for path in paths}


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in TYPED]
)
def test_what_a_page_tells_to_type_works(name, checkout, request):
    if name in WITH_BUCKET:
        request.getfixturevalue("with_bucket")
    PREPARED.get(name, lambda checkout: None)(checkout)
    for usage in TYPED[name]:
        shorter, _ = SHORTENED.get(usage, (usage, ""))
        for line in [] if usage in NOT_TYPED else spoken_out(shorter):
            before(checkout, line)
            files = contents(checkout.folder)
            checkout.type(line, ENDS.get(usage, 0))
            if usage in CHANGES:
                now = contents(checkout.folder)
                assert {name for name in files if now.get(name) != files[name]} == {CHANGES[usage]} - {None}, line
    assert [left for left in LEAVES.get(name, ()) if not (checkout.folder / left).exists()] == []


def test_the_mistake_of_the_page_is_told_as_the_page_says(checkout):
    own_stage(checkout)
    job = checkout.folder / "my_job.json"
    job.write_text(job.read_text().replace("/World/Camera", "/World/Camra"))
    code, _, err = checkout.run("tools/simslate record my_job.json")
    (wanted,) = re.findall(r"^error: .*$", text_of(ROOT / "docs/getting_started.md"), re.MULTILINE)
    assert (code, err.replace(f"{checkout.folder}/", "").splitlines()) == (2, [wanted])


def test_only_what_pages_have_is_left_out_or_shortened():
    there = {usage for usages in TYPED.values() for usage in usages}
    assert [usage for usage, (line, _) in SHORTENED.items() if line.split()[0] != usage.split()[0]] == []
    assert len(LEAVES["docs/getting_started.md"]) > 5
    assert set(NOT_TYPED) | set(SHORTENED) | set(ENDS) | set(CHANGES) <= there
    assert set(LEAVES) | set(PREPARED) | set(QUICK) | set(WITH_BUCKET) <= set(TYPED)


def test_what_ci_is_said_to_run_it_runs():
    lines = (ROOT / ".ci/run").read_text().splitlines()
    assert all(
        any(line == usage or line.startswith(f"{usage} ") for line in lines)
        for usage, why in NOT_TYPED.items()
        if ".ci/run" in why
    )


# --- those who judge, judged


@pytest.mark.parametrize("line", ["false", "echo text > other; true --to FILE.html", "no_such_program_at_all x"])
def test_what_does_not_work_is_found(checkout, line):
    with pytest.raises(AssertionError):
        checkout.type(line)


@pytest.mark.parametrize(
    "line",
    [
        ".venv/bin/pip install 'simslate[s4]'",
        "isaac-sim.sh --ext-folders exts --exec tools/kit_main.py",
        "docker build --tag simslate -f docs/batches/Dockerfile .",
        "kubectl create -f docs/batches/kubernetes_job.yaml",
        "kit/test_ext.sh simslate.nothing --ext-folder exts",
    ],
)
def test_stand_ins_do_not_take_anything(checkout, line):
    assert checkout.run(line)[0] != 0


def test_usage_lines_are_spoken_out():
    assert spoken_out("tools/simslate window [JOB.json | --stage S.usd] [--port P]") == [
        "tools/simslate window JOB.json --port 0",
        "tools/simslate window --stage S.usd --port 0",
    ]
    assert spoken_out("x … --browser [PORT] [SCRIPT.py [ARGS…]]") == ["x --browser 0 SCRIPT.py WORD"]
    assert spoken_out("pip install 'simslate[s3]'") == ["pip install 'simslate[s3]'"]
