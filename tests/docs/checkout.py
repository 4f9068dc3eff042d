"""A working copy of the project in which a page is typed, with what the page takes for granted."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

from pxr import Usd

from .pages import ROOT

STAND_INS = ROOT / "tests/stand_ins"
PROGRAMS = {
    "isaac-sim.sh": "kit.py",
    "kit": "kit.py",
    **{name: f"cluster.py {name}" for name in ("docker", "sbatch", "srun", "kubectl", "osmo")},
}
# Isaac Sim's makes 1 of every exit code that is not 0.
PYTHON_SH = f'PYTHONPATH="{STAND_INS}/isaac" python "$@" || exit 1'
# A Python that makes an environment at once, without the network: one that is this one.
PYTHON_3_12 = f"""
case "$1 $2" in
    "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && exit ;;
    "-m pip") exit ;;
esac
exec "{sys.executable}" "$@"
"""
SERVER = re.compile(r"tools/simslate window|--browser|isaac-sim\.sh (?!.*--exec)")
MADE = re.compile(r' --(?:output|to|save-as|junit|plot|schemas|json) (?!-)(?!s3:)([^\s"]+)')
"""What a command says it will write."""
PATIENCE_S = 500


class Checkout:
    """A folder with what a clone has, in which programs that are not here are stand-ins, and a home of its own."""

    def __init__(self, folder):
        self.folder = folder / "simslate"
        home = folder / "home"
        for name in ("config", "data", "docs", "exts", "tools"):
            shutil.copytree(ROOT / name, self.folder / name)
        for name in ("pyproject.toml", "README.md"):
            shutil.copy(ROOT / name, self.folder)
        self._link_environment()
        for name, words in PROGRAMS.items():
            self.program(f"bin/{name}", f'exec python -P "{STAND_INS}"/{words} "$@"')
        self.program("bin/python.sh", PYTHON_SH)
        self.program("path/to/isaac-sim/python.sh", PYTHON_SH)
        self.program("path/to/python3.12", PYTHON_3_12)
        self.program("kit/test_ext.sh", f'exec python -P "{STAND_INS}/extension_tests.py" "$@"')
        shutil.copytree(self.folder / "bin", home / "isaacsim")
        (home / "isaac-assets/Isaac").mkdir(parents=True)
        self.environment = {
            "PATH": f"{self.folder}/bin:{self.folder}/.venv/bin:/usr/bin:/bin",
            "HOME": str(home),
            "KITLESS_DATA": str(home / "kit"),
            # For --open: a browser that takes any page.
            "BROWSER": "true %s",
        }

    def program(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def _link_environment(self):
        """Make an environment that is set up already, and that no launcher can change: it is this one."""
        self.program(".venv/bin/python", f'exec "{sys.executable}" "$@"')
        self.program(".venv/bin/pip", f'exec python -P "{STAND_INS}/pip.py" "$@"')
        shutil.copy(ROOT / "pyproject.toml", self.folder / ".venv/installed-base,browser,test")

    def write_json(self, name, value):
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(json.dumps(value))

    def shrink(self):
        """Let the jobs that come with the project make small pictures: what is typed is what counts here."""
        for path in (self.folder / "config").glob("*.json"):
            job = json.loads(path.read_text())
            for product in job["render_products"]:
                product["resolution"] = [64, 48]
            path.write_text(json.dumps(job))

    def write_named_files(self):
        """Write the files that usage lines name."""
        stage = Usd.Stage.Open(str(self.folder / "data/tabletop.usda")).Flatten()
        for name in ("STAGE.usd", "OTHER.usd", "FOLDER/STAGE.usd"):
            (self.folder / name).parent.mkdir(exist_ok=True)
            stage.Export(str(self.folder / name))
        for name, source in {
            "R.json": "config/labels/tabletop.json",
            "T.json": "config/taxonomies/tabletop.json",
            "FOLDER/labels.json": "config/labels/tabletop.json",
        }.items():
            shutil.copy(self.folder / source, self.folder / name)
        # Edited since it was locked.
        (self.folder / "FILE").write_text((self.folder / "T.json").read_text().replace("166", "167"))
        (self.folder / "SCRIPT.py").write_text("import omni.usd\n\nassert omni.usd.get_context() is not None\n")
        job = {
            "version": 1,
            "stage": "STAGE.usd",
            "labels": "R.json",
            "render_products": [{"camera": "/World/turtle_Camera", "resolution": [64, 48]}],
            "writer": {
                "name": "BasicWriter",
                "parameters": {"rgb": True, "semantic_segmentation": True, "instance_segmentation": True},
            },
            "output": {"kind": "disk", "directory": "_out", "folder": "JOB", "on_conflict": "increment"},
            "frames": 8,
        }
        self.write_json("JOB.json", job)
        self.write_json("FOLDER/job.json", {**job, "labels": "labels.json"})

    # --- typing

    def type(self, line, ends=0):
        """Type a command, which has to end with that exit code and to have written what it names."""
        line = line.replace("/path/to/", f"{self.folder}/path/to/")
        made = [self.folder / name for name in MADE.findall(line)]
        for path in made:
            # What is there afterwards is then its work.
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        code, out, err = self._serve(line) if SERVER.search(line) else self.run(line)
        assert code == ends, (line, code, out, err)
        assert "Traceback" not in err, (line, err)
        assert [path for path in made if not path.exists()] == [], line
        recorded = re.search(r"^\d+ frames? in (/\S+)$", out, re.MULTILINE)
        if recorded:
            assert json.loads(Path(recorded[1], "simslate/report.json").read_text())["complete"], line
        return out

    def run(self, line):
        done = subprocess.run(
            line,
            shell=True,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            stdin=subprocess.DEVNULL,
        )
        return done.returncode, done.stdout, done.stderr

    def _serve(self, line):
        """Start what goes on until Ctrl-C, look at the page it names, and press that."""
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            # The exit code is to be the program's, not that of a shell that Ctrl-C ends, too.
            f"exec {line}",
            shell=True,
            cwd=self.folder,
            env=self.environment,
            stdout=pipe,
            stderr=pipe,
            text=True,
            # As a terminal's: Ctrl-C is for all that was started.
            start_new_session=True,
        )
        watch = threading.Timer(PATIENCE_S, os.killpg, (process.pid, signal.SIGKILL))
        watch.start()
        try:
            said = process.stdout.readline()
            page = re.fullmatch(r"The app is at (http://127\.0\.0\.1:\d+/\S+)\n", said)
            if page:
                # The address has a token, for which a cookie is given.
                cookies, direct = urllib.request.HTTPCookieProcessor(), urllib.request.ProxyHandler({})
                browser = urllib.request.build_opener(cookies, direct)
                with browser.open(page[1]) as answer:
                    assert b"<html" in answer.read().lower(), line
                os.killpg(process.pid, signal.SIGINT)
            out, err = process.communicate()
        finally:
            watch.cancel()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
        return process.returncode if page else 1, said + out, err
