"""Stands in for docker, sbatch, srun, kubectl and osmo: an image is a folder, and what it is started with runs here.

Of the many parts of a job the first and the last are run: each is a process of its own, and the rest would be alike.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

IMAGE, VOLUME = Path("image"), Path("FOLDER")


def place(words):
    """Words that name files of a container, as files here."""
    folders = {
        "/simslate/": f"{IMAGE.resolve()}/",
        "/data/": f"{VOLUME.resolve()}/",
        "{{output}}": str(IMAGE.resolve()),
    }
    return [re.sub("|".join(map(re.escape, folders)), lambda found: folders[found[0]], word) for word in words]


def run(words, **environment):
    subprocess.run(words, check=True, env={**os.environ, **environment})


def run_contained(words, **environment):
    """Run a container's command; its Isaac Sim, which the image says where to find, is that of the home folder."""
    run(place(words), ISAAC_SIM_HOME=str(Path.home() / "isaacsim"), **environment)


def docker(verb, *words):
    parser = argparse.ArgumentParser(prog=f"docker {verb}", allow_abbrev=False)
    if verb == "build":
        for option in ("--build-arg", "-t", "-f"):
            parser.add_argument(option, required=True)
        parser.add_argument("context", type=Path)
        asked = parser.parse_args(words)
        lines = Path(asked.f).read_text().splitlines()
        assert "ENV ISAAC_SIM_HOME=/isaac-sim" in lines
        assert f"ARG {asked.build_arg.partition('=')[0]}" in lines
        for _, source, target in (line.split() for line in lines if line.startswith("COPY ")):
            (here,) = place([target])
            copy = shutil.copytree if (asked.context / source).is_dir() else shutil.copy
            Path(here).parent.mkdir(parents=True, exist_ok=True)
            copy(asked.context / source, here)
        (entry,) = (line.removeprefix("ENTRYPOINT ") for line in lines if line.startswith("ENTRYPOINT "))
        Path(f"{asked.t}.entry.json").write_text(entry)
    else:
        assert verb == "run"
        for option in ("--stop-timeout", "--gpus", "--env", "--volume"):
            parser.add_argument(option, action="append")
        for option in ("--rm", "--init"):
            parser.add_argument(option, action="store_true")
        parser.add_argument("image")
        parser.add_argument("words", nargs=argparse.REMAINDER)
        asked = parser.parse_args(words)
        assert asked.volume == [f"{VOLUME}:/data"]
        run_contained([*json.loads(Path(f"{asked.image}.entry.json").read_text()), *asked.words])


def sbatch(script, *words):
    first, last = re.search(r"^#SBATCH --array=(\d+)-(\d+)$", Path(script).read_text(), re.MULTILINE).groups()
    for task in (first, last):
        numbers = {"SLURM_ARRAY_TASK_ID": task, "SLURM_ARRAY_TASK_COUNT": last, "SLURM_SUBMIT_DIR": str(Path.cwd())}
        run([script, *words], **numbers)


def kubectl(verb, option, path):
    assert (verb, option) == ("apply", "-f")
    spec = yaml.safe_load(Path(path).read_text())["spec"]
    (container,) = spec["template"]["spec"]["containers"]
    for index in (0, spec["completions"] - 1):
        run_contained([*container["command"], *container["args"]], JOB_COMPLETION_INDEX=str(index))


def osmo(noun, verb, path):
    assert (noun, verb) == ("workflow", "submit")
    for task in yaml.safe_load(Path(path).read_text())["workflow"]["tasks"]:
        run_contained([*task["command"], *task["args"]])


if __name__ == "__main__":
    name, *rest = sys.argv[1:]
    if name == "srun":
        os.execvp(rest[0], rest)
    {"docker": docker, "sbatch": sbatch, "kubectl": kubectl, "osmo": osmo}[name](*rest)
