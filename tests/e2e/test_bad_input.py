"""Bad input: the right exit code, one clear message, and nothing left behind."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def products(**changes):
    return {"render_products": [{"camera": "/World/turtle_Camera", "resolution": [64, 48], **changes}]}


def writer(name="BasicWriter", **parameters):
    return {"writer": {"name": name, "parameters": parameters}}


BAD_JOBS = {
    "missing stage": ({"stage": "nowhere.usda"}, ["$.stage", "nowhere.usda"]),
    "not a stage": ({"stage": "job.json"}, ["$.stage", "job.json"]),
    "camera that is none": (products(camera="/World/toy_turtle"), ["$.render_products[0].camera", "turtle_Camera"]),
    "camera that is not there": (products(camera="/World/turtle_Camra"), ["/World/turtle_Camera"]),
    "zero resolution": (products(resolution=[0, 480]), ["$.render_products[0].resolution"]),
    "negative resolution": (products(resolution=[640, -1]), ["$.render_products[0].resolution", "-1"]),
    "unknown key": ({"render_product": []}, ["$.render_product", "render_products"]),
    "unknown inner key": (products(resolutoin=[1, 1]), ["resolutoin", "resolution"]),
    "unknown writer": (writer("BasikWriter"), ["$.writer.name", "BasikWriter", "BasicWriter"]),
    "unknown parameter": (writer(semantic_segmentatoin=True), ["semantic_segmentatoin", "semantic_segmentation"]),
    "writer that is not there yet": (writer("YCBVideoWriter"), ["YCBVideoWriter"]),
    "unknown conflict policy": ({"output": {"kind": "disk", "on_conflict": "incrament"}}, ["on_conflict", "increment"]),
    "escaping folder": ({"output": {"kind": "disk", "directory": "out", "folder": "../up"}}, ["$.output.folder"]),
    "no frames": ({"frames": 0}, ["$.frames"]),
}


TRY_ALL = """
import asyncio
import json
import sys
from contextlib import redirect_stderr
from io import StringIO

import omni.kit.app
from simslate.recorder.cli import main


async def run():
    try:
        for path in sys.argv[1:]:
            with redirect_stderr(StringIO()) as said:
                code = await main(["record", path])
            print(json.dumps({"code": code, "said": said.getvalue()}), flush=True)
    finally:
        omni.kit.app.get_app().post_quit(0)


task = asyncio.ensure_future(run())
"""


@pytest.fixture(scope="module")
def tried(tmp_path_factory, write_job_into):
    """All bad jobs, each in a folder of its own, in one process: the job file, and what came of it."""
    base = tmp_path_factory.mktemp("bad")
    (base / "try_all.py").write_text(TRY_ALL)
    jobs = {}
    for number, (case, (changes, _)) in enumerate(BAD_JOBS.items()):
        (base / str(number)).mkdir()
        jobs[case] = write_job_into(base / str(number), **changes)
    arguments = [ROOT / "tools/simslate", "exec", base / "try_all.py", *jobs.values()]
    done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    results = map(json.loads, done.stdout.splitlines())
    return {case: (job, result) for (case, job), result in zip(jobs.items(), results, strict=True)}


@pytest.mark.parametrize("case", BAD_JOBS)
def test_a_bad_job_ends_with_2_and_says_where(tried, case):
    job, result = tried[case]
    assert result["code"] == 2, result["said"]
    assert str(job) in result["said"]
    assert [word for word in BAD_JOBS[case][1] if word not in result["said"]] == []
    assert "Traceback" not in result["said"]
    assert list(job.parent.iterdir()) == [job]


def test_a_bad_job_is_the_end_of_the_process(simslate, write_job, tmp_path):
    job = write_job(stage="nowhere.usda")
    run = simslate("record", job)
    assert (run.returncode, run.stdout) == (2, "")
    assert f"{job}:" in run.stderr
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "kit") == ["job.json"]


def test_all_problems_come_at_once(simslate, write_job):
    run = simslate("record", write_job(frames=-1, seed="x", **products(resolution=[1])))
    assert all(place in run.stderr for place in ("$.frames", "$.seed", "$.render_products[0].resolution"))


def test_a_job_that_is_no_json_names_line_and_column(simslate, tmp_path):
    (tmp_path / "job.json").write_text('{"version": 1,\n  "frames" 2}')
    run = simslate("record", tmp_path / "job.json")
    assert run.returncode == 2
    assert "job.json:2: column 12: not JSON: Expecting ':' delimiter" in run.stderr


def test_a_missing_job_file_is_named(simslate, tmp_path):
    run = simslate("record", tmp_path / "none.json")
    assert (run.returncode, "none.json" in run.stderr) == (2, True)


def test_an_output_that_cannot_be_made_ends_with_4(simslate, write_job, tmp_path):
    (tmp_path / "out").write_text("a file where the folder should be")
    run = simslate("record", write_job())
    assert run.returncode == 4
    assert str(tmp_path / "out") in run.stderr
    assert (tmp_path / "out").is_file()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder_ends_with_4(simslate, write_job, tmp_path):
    (tmp_path / "out").mkdir(mode=0o500)
    run = simslate("record", write_job())
    assert (run.returncode, str(tmp_path / "out") in run.stderr) == (4, True)


def test_the_folder_is_told_as_json_kept_if_it_is_taken_and_numbered_if_asked(simslate, write_job, tmp_path):
    folder = tmp_path / "out/set"
    run = simslate("record", write_job(), "--json")
    assert json.loads(run.stdout) == {"folder": str(folder), "frames": 2, "complete": True, "suspect": []}
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    refused = simslate("record", write_job())
    assert (refused.returncode, str(folder) in refused.stderr) == (4, True)
    numbered = simslate("record", write_job(), "--on-conflict", "increment")
    assert numbered.stdout.splitlines()[-1].endswith(f"{folder}_0001")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_recording_is_drained_and_ends_with_130(write_job, tmp_path, number):
    job = write_job(frames=None)
    arguments = [str(ROOT / "tools/simslate"), "record", str(job)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("out/set/rgb_0002.png")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    frames = sorted((tmp_path / "out/set").glob("rgb_*.png"))
    assert f"{len(frames)} frames" in errors
    assert not list((tmp_path / "out/set").rglob("*.part"))
    assert not (tmp_path / "out/set/simslate/report.json").exists()


def test_a_script_runs_as_in_kit_and_its_errors_end_it(simslate, tmp_path):
    script = tmp_path / "look.py"
    script.write_text(
        "import omni.kit\nprint(omni.kit.app.get_app().get_update_number() >= 0, __name__)\nraise ValueError('no')"
    )
    run = simslate("exec", script)
    assert run.stdout == "True __main__\n"
    assert (run.returncode, "ValueError: no" in run.stderr) == (1, True)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["missing.json"], "error: missing.json: cannot be read"),
        (["--stage", "missing.usda"], "error: --stage: there is no file missing.usda"),
        (["--port", "many"], "--port needs a number"),
        (["--prot"], "unrecognized arguments: --prot"),
    ],
)
def test_a_window_that_cannot_be_opened_as_asked_is_not(simslate, args, said):
    run = simslate("window", *args)
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr


def test_a_windows_job_that_is_wrong_is_told_as_record_does(simslate, write_job):
    job = write_job(frames=-1)
    window, record = simslate("window", job), simslate("record", job)
    assert (window.returncode, window.stdout, window.stderr) == (2, "", record.stderr)


def test_a_bad_parameter_file_ends_with_2_and_names_its_lines(simslate, write_job, tmp_path):
    (tmp_path / "p.json").write_text('{"writer": "BasicWriter", "parameters": {\n"rgb": "yes",\n"nromals": true\n}}')
    run = simslate("record", write_job(writer="p.json"))
    assert (run.returncode, run.stdout) == (2, "")
    assert f'{tmp_path / "p.json"}:2: $.parameters.rgb: "yes" is not true or false' in run.stderr
    assert f"{tmp_path / 'p.json'}:3: $.parameters.nromals: is not a parameter of BasicWriter; did you" in run.stderr
    assert not (tmp_path / "out").exists()


def test_writers_are_listed_and_explained(simslate):
    listed = simslate("writers")
    assert (listed.returncode, "\nTemplateWriter " in listed.stdout) == (0, True)
    told = simslate("writers", "TemplateWriter")
    assert (told.returncode, json.loads(told.stdout)["required"]) == (0, ["annotators", "files"])
