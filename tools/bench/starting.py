"""How long a process takes from its start to its first, small picture, when an earlier one has left its caches.

`python -m bench.starting ray-caster STAGE` is such a process with the ray caster alone, `… replicator STAGE` one
with the whole host: app, stage, render product, annotator, one step of the orchestrator. It prints the processor time
that it has taken since it was started, in all threads, in seconds.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

CAMERA = "/World/Camera"
SIZE = (64, 48)


def measure(folder: Path, rounds: int) -> list[dict[str, Any]]:
    """Return a row per kind of process: medians of wall time and of all its threads' processor time."""
    # What only the one that measures needs is not imported by those that are measured.
    import statistics

    from bench import scenes

    stage = folder / "first.usda"
    scenes.write_stage(scenes.crowd("first", [scenes.torus(10, 10)], 4), stage)
    rows = []
    for kind in KINDS:
        command = [sys.executable, "-P", "-m", "bench.starting", kind, str(stage)]
        _run(command, folder)
        spent = [_run(command, folder) for _ in range(rounds)]
        wall, processor = (round(1000 * statistics.median(column), 1) for column in zip(*spent, strict=True))
        rows.append({"scene": f"second process to the first picture, {kind}", "ms": wall, "cpu_ms": processor})
    return rows


def _run(command: list[str], folder: Path) -> tuple[float, float]:
    import subprocess

    # Bytecode is kept wherever Python may write, as it is for people: here it may in a folder of its own.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "KITLESS_DATA": str(folder / "data")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = process.stdout.readline()
        wall = time.perf_counter() - began
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return wall, float(said)


def _tell() -> None:
    sys.stdout.write(f"{time.process_time()}\n")
    sys.stdout.flush()


def cast(stage_file: str) -> None:
    """Draw with the ray caster alone."""
    from pxr import Usd

    from kitless.raycast import Camera, Scene, shade, trace

    stage = Usd.Stage.Open(stage_file)
    scene = Scene(stage)
    scene.update(Usd.TimeCode.Default())
    camera = Camera.from_prim(stage.GetPrimAtPath(CAMERA), SIZE)
    assert shade(scene, camera, trace(scene, camera)).any()
    _tell()
    scene.close()


def record(stage_file: str) -> None:
    """Draw with Replicator in the host."""
    from kitless import host

    host.install_modules()
    import omni.replicator.core as rep
    import omni.usd
    from omni.kit.app import App

    with App() as app:
        omni.usd.get_context().open_stage(stage_file)
        annotator = rep.AnnotatorRegistry.get_annotator("rgb")
        annotator.attach(rep.create.render_product(CAMERA, SIZE))
        app.run(rep.orchestrator.step_async())
        assert annotator.get_data().any()
        _tell()


KINDS = {"ray-caster": cast, "replicator": record}

if __name__ == "__main__":
    KINDS[sys.argv[1]](sys.argv[2])
