"""The files in docs/batches: run as far as they can be here, each command held against the command line's parser."""

import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from simslate.recorder.cli import _parser

ROOT = Path(__file__).parents[2]
BATCHES = ROOT / "docs/batches"
# Stands in for isaac-sim.sh, srun and docker: tells what it is started with, or starts it.
TELL = '#!/bin/bash\npython3 -c "import json, sys; print(json.dumps(sys.argv[1:]))" "$@"\n'
RUN = '#!/bin/bash\nexec "$@"\n'


@pytest.fixture
def bash(tmp_path):
    """Run a command with stand-ins for what is not here; return what the last one of them was started with."""
    home, programs = tmp_path / "isaac sim", tmp_path / "bin"
    for path, text in ((home / "isaac-sim.sh", TELL), (programs / "docker", TELL), (programs / "srun", RUN)):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def run(*command, **environment):
        path = f"{programs}:{os.environ['PATH']}"
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            check=True,
            env={"PATH": path, "ISAAC_SIM_HOME": str(home), **environment},
        )
        return json.loads(done.stdout)

    return run


def recorded(words):
    """Return the options of what Kit is told to run, as the command line reads them."""
    assert words[words.index("--enable") + 1] == "simslate.carla"
    assert Path(words[words.index("--ext-folder") + 1]) == ROOT / "exts"
    assert {"--no-window", "--allow-root"} <= set(words)
    script, *rest = shlex.split(words[words.index("--exec") + 1])
    assert Path(script) == ROOT / "tools/kit_main.py"
    assert words.index("--exec") == len(words) - 2
    return _parser().parse_args(rest)


def in_repository(words):
    """Return a command of the image as one of this repository; the image has the same files elsewhere."""
    return [re.sub(r"/simslate/record\.sh", str(BATCHES / "record.sh"), word) for word in words]


def test_a_machine(bash):
    options = recorded(bash(BATCHES / "record.sh", "my job.json", "--output", "a b", "--frames", "7"))
    assert (str(options.job), options.output, options.frames) == ("my job.json", "a b", 7)
    assert (options.on_conflict, options.shard) == ("resume", None)


def test_a_container(bash):
    words = bash(BATCHES / "docker_run.sh", "/some/folder")
    assert words[:2] == ["run", "--rm"]
    assert words[words.index("--volume") + 1] == "/some/folder:/data"
    options = recorded(bash(BATCHES / "record.sh", *words[words.index("simslate") + 1 :]))
    assert (str(options.job), options.output) == ("/data/job.json", "/data/out")


def test_the_image_has_what_its_script_needs():
    copied = re.findall(r"^COPY (\S+) (\S+)$", (BATCHES / "Dockerfile").read_text(), re.MULTILINE)
    assert all((ROOT / source).exists() for source, _ in copied)
    assert dict(copied) == {
        "exts": "/simslate/exts",
        "tools/kit_main.py": "/simslate/tools/kit_main.py",
        "docs/batches/record.sh": "/simslate/record.sh",
    }


@pytest.mark.parametrize("task", [1, 8])
def test_slurm(bash, task):
    words = ("job.json", "--frames", "100")
    numbers = {"SLURM_ARRAY_TASK_ID": str(task), "SLURM_ARRAY_TASK_COUNT": "8", "SLURM_SUBMIT_DIR": str(ROOT)}
    options = recorded(bash(BATCHES / "slurm_array.sh", *words, **numbers))
    assert (options.shard, options.frames) == ((task, 8), 100)
    # The parts go from 1 on.
    assert "#SBATCH --array=1-8\n" in (BATCHES / "slurm_array.sh").read_text()


@pytest.mark.parametrize("index", [0, 7])
def test_kubernetes(bash, index):
    job = yaml.safe_load((BATCHES / "kubernetes_job.yaml").read_text())
    spec = job["spec"]
    assert (job["kind"], spec["completionMode"]) == ("Job", "Indexed")
    (container,) = spec["template"]["spec"]["containers"]
    command = in_repository([*container["command"], *container["args"]])
    options = recorded(bash(*command, JOB_COMPLETION_INDEX=str(index)))
    assert options.shard == (index + 1, spec["completions"])
    assert options.output == "/data/out"
    (mount,), (volume,) = container["volumeMounts"], spec["template"]["spec"]["volumes"]
    assert (mount["name"], mount["mountPath"]) == (volume["name"], "/data")
    # Kubernetes takes such rules only for pods that it does not restart.
    assert spec["template"]["spec"]["restartPolicy"] == "Never"


def test_osmo(bash):
    workflow = yaml.safe_load((BATCHES / "osmo.yaml").read_text())["workflow"]
    assert set(workflow) == {"name", "resources", "tasks"}
    assert set(workflow["resources"]["default"]) == {"cpu", "gpu", "memory", "storage"}
    options = [recorded(bash(*in_repository([*task["command"], *task["args"]]))) for task in workflow["tasks"]]
    assert [each.shard for each in options] == [(1, 2), (2, 2)]
    assert {each.output for each in options} == {"{{output}}/set"}
    assert len({task["outputs"][0]["dataset"]["name"] for task in workflow["tasks"]}) == 2


@pytest.mark.parametrize("path", sorted(BATCHES.glob("*.sh")), ids=lambda path: path.name)
def test_a_script_is_whole(path):
    subprocess.run(["bash", "-n", path], check=True)
    assert os.access(path, os.X_OK)


def test_the_page_names_every_file_and_every_exit_code():
    text = (BATCHES / "README.md").read_text()
    assert set(re.findall(r"\]\(([\w.]+)\)", text)) == {p.name for p in BATCHES.iterdir()} - {"README.md"}
    assert re.findall(r"^\| (\d+) \|", text, re.MULTILINE) == ["0", "2", "3", "4", "130"]


@pytest.mark.parametrize("path", sorted(BATCHES.iterdir()), ids=lambda path: path.name)
def test_commands_in_comments_are_those_of_the_page_which_is_typed(path):
    said = re.findall(r"^# .*: ((?:docker|sbatch|kubectl|osmo) .*)$", path.read_text(), re.MULTILINE)
    page = (BATCHES / "README.md").read_text()
    assert [command for command in said if command not in page] == []
