"""Recording into a bucket by the command line: killed, at the same moment, without boto3, and without a secret told."""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pxr import Usd, UsdGeom

from .conftest import BUCKET, WRITER
from .recordings import JOB, assert_whole, files, keys, objects, wait_until

ROOT = Path(__file__).parents[2]
SECRET = WRITER[1]


class Shell:
    """Runs the command line as a process of its own, in a home of its own."""

    def __init__(self, folder, endpoint):
        self.folder = folder
        self.endpoint = endpoint
        stage = Usd.Stage.CreateNew(str(folder / "stage.usda"))
        UsdGeom.Camera.Define(stage, "/World/Camera")
        UsdGeom.XformCommonAPI(UsdGeom.Cube.Define(stage, "/World/Box")).SetTranslate((0, 0, -9))
        stage.Save()
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ},
            "HOME": str(folder),
            "KITLESS_DATA": str(folder / "user"),
            "AWS_ACCESS_KEY_ID": WRITER[0],
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def start(self, *arguments, settings=("journal=0.2",), **environment):
        command = [sys.executable, "-m", "kitless", "--ext-folder", ROOT / "exts", "--enable", "simslate.recorder"]
        told = (each.split("=") for each in settings)
        command += [f"--/exts/simslate.recorder/s3/{name}Seconds={value}" for name, value in told]
        command += ["--exec", ROOT / "tools/kit_main.py", *arguments]
        return subprocess.Popen(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**self.environment, **environment},
            cwd=self.folder,
        )

    def run(self, *arguments, **options):
        """The exit code, and all that was said; the latter is kept in a file to be searched for secrets."""
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=300)
        with (self.folder / "log.txt").open("a") as log:
            log.write(out + err)
        return process.returncode, out + err

    def job(self, output, name="job.json", **changes):
        path = self.folder / name
        path.write_text(json.dumps({**JOB, "stage": "stage.usda", "output": output, **changes}))
        return path

    def bucket(self, prefix, **changes):
        return {"kind": "s3", "bucket": BUCKET, "prefix": prefix, "endpoint": self.endpoint, **changes}


@pytest.fixture
def shell(tmp_path, proxy):
    return Shell(tmp_path, proxy.endpoint)


def reference(shell, **changes):
    job = shell.job({"kind": "disk", "directory": "out", "folder": "reference"}, "reference.json", **changes)
    assert shell.run("record", job)[0] == 0
    return files(shell.folder / "out/reference")


@pytest.mark.parametrize("kills", [3, pytest.param(10, marks=pytest.mark.slow)])
def test_killed_while_uploading_it_ends_like_an_undisturbed_run(s3, proxy, shell, kills):
    prefix, rng = f"command/killed{kills}", random.Random(7)
    frames = 12 * kills
    proxy.fault = lambda method, path, number: 0.02
    url = f"s3://{BUCKET}/{prefix}"
    job = shell.job(shell.bucket(prefix), frames=frames)
    for kill in range(kills):
        wanted = proxy.puts + rng.randint(4, 18)
        process = shell.start("resume", url) if kill else shell.start("record", job)
        wait_until(lambda wanted=wanted: proxy.puts >= wanted)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert "simslate/report.json" not in keys(s3, prefix)
    code, said = shell.run("resume", url)
    assert (code, f"{frames} frames in {url}" in said) == (0, True), said
    found = objects(s3, prefix)
    assert_whole(found, frames)
    assert found == reference(shell, frames=frames)
    assert shell.run("validate", url, "--endpoint", shell.endpoint)[0] == 0


def test_two_at_the_same_moment_never_share_a_prefix(s3, shell):
    """Whoever is second takes the next name, or fails."""
    job = shell.job(shell.bucket("command/two", on_conflict="increment"))
    twins = [shell.start("record", job, KITLESS_DATA=str(shell.folder / name)) for name in ("one", "two")]
    said = [twin.communicate(timeout=120)[0] for twin in twins]
    assert [twin.returncode for twin in twins] == [0, 0]
    assert sorted(text.split()[-1] for text in said) == [f"s3://{BUCKET}/command/two{end}" for end in ("", "_0001")]
    sets = [objects(s3, f"command/two{end}") for end in ("", "_0001")]
    assert_whole(sets[0], 6)
    assert sets[0] == sets[1]


@pytest.mark.slow
def test_two_at_the_same_moment_with_the_default_policy(s3, shell):
    job = shell.job(shell.bucket("command/three"))
    twins = [shell.start("record", job, KITLESS_DATA=str(shell.folder / name)) for name in ("one", "two")]
    said = [twin.communicate(timeout=120)[1] for twin in twins]
    assert any("s3://sets/command/three: " in text for text in said)
    assert sorted(twin.returncode for twin in twins) == [0, 4]
    assert_whole(objects(s3, "command/three"), 6)


def test_what_an_upload_has_left_is_finished_by_the_command_that_it_names(s3, proxy, shell):
    prefix = "command/spooled"
    proxy.fault = lambda method, path, number: "reset" if number > 4 else None
    code, said = shell.run("record", shell.job(shell.bucket(prefix)), settings=("retry=1", "journal=0.2"))
    assert code == 4
    command = said.partition("tools/simslate ")[2].split(" (after")[0].split()
    assert command[0] == "resume"
    assert Path(command[1]).is_dir()
    assert_no_secret(shell, objects(s3, prefix))
    proxy.fault = lambda *_: None
    assert shell.run(*command)[0] == 0
    found = objects(s3, prefix)
    assert found == reference(shell)
    assert not any("/spool/" in path for path in files(shell.folder / "user"))
    kept = json.loads(shell.run("validate", f"s3://{BUCKET}/{prefix}", "--endpoint", shell.endpoint, "--json")[1])
    assert (kept["verdict"], kept["dataset"]) == ("clean", f"s3://{BUCKET}/{prefix}")
    s3.put_object(Bucket=BUCKET, Key=f"{prefix}/rgb_0003.png", Body=b"x" * len(found["rgb_0003.png"]))
    s3.put_object(Bucket=BUCKET, Key=f"{prefix}/a:b", Body=b"x")
    code, said = shell.run("validate", f"s3://{BUCKET}/{prefix}", AWS_ENDPOINT_URL=shell.endpoint)
    assert code == 3
    assert "rgb_0003.png" in said
    assert "unsafe" in said
    assert_no_secret(shell, objects(s3, prefix))


def assert_no_secret(shell, data):
    for name, body in {**files(shell.folder), **data}.items():
        assert SECRET.encode() not in body, name


def test_without_boto3_there_is_one_message_with_the_install_line(shell):
    (shell.folder / "hidden").mkdir()
    (shell.folder / "hidden/boto3.py").write_text("raise ImportError('not installed')\n")
    job = shell.job(shell.bucket("command/none"))
    code, said = shell.run("record", job, PYTHONPATH=str(shell.folder / "hidden"))
    assert code == 4
    errors = [line for line in said.splitlines() if line.startswith("error")]
    assert errors == ["error: S3 needs boto3: pip install 'simslate[s3]'"]
    assert "Traceback" not in said
