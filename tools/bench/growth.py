"""How time and memory grow: with triangles, with instances, with frames; and how long it takes to begin.

Of each stage: until it is ready (opened and its search trees built), a frame's ids, depth and normals, and an update
in which everything has moved. Of frames: the medians of as many as each line says, as one recording goes on.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pxr import Usd

from bench import report, scenes, starting
from kitless.raycast import Camera, Scene, trace

if TYPE_CHECKING:
    from bench.scenes import Crowd

SIZE = (1280, 720)
THREADS = 2
TRIANGLES = (100, 1_000, 10_000, 100_000, 1_000_000)
INSTANCES = (1, 10, 100, 1_000, 3_000, 10_000, 100_000)
FRAMES = (1, 10, 100, 1_000, 5_000)
MOVES = 2


def of_triangles(count: int) -> Crowd:
    """Return one object of so many triangles, or two fewer at most."""
    around = max(3, math.isqrt(count // 2))
    return scenes.crowd(f"{count:,} triangles", [scenes.torus(around, count // 2 // around, 5)], 1)


def of_instances(count: int) -> Crowd:
    """Return so many instances of 5,000 triangles."""
    return scenes.crowd(f"{count:,} instances", [scenes.torus(50, 50, 5)], count)


def measure_stage(crowd: Crowd, folder: Path, size: tuple[int, int], rounds: int) -> dict[str, Any]:
    """Return the row of one stage."""
    path = folder / "stage.usdc"
    scenes.write_stage(crowd, path, points=len(crowd.which) > 1, frames=MOVES)
    began = time.perf_counter()
    stage = Usd.Stage.Open(str(path))
    scene = Scene(stage)
    scene.update(Usd.TimeCode(0))
    ready = time.perf_counter() - began
    camera = Camera.from_prim(stage.GetPrimAtPath(scenes.CAMERA), size)
    frames, updates = [], []
    for number in range(rounds + 1):
        began = time.perf_counter()
        assert trace(scene, camera).normal is not None
        frames.append(time.perf_counter() - began)
        began = time.perf_counter()
        scene.update(Usd.TimeCode((number + 1) % MOVES))
        updates.append(time.perf_counter() - began)
    scene.close()
    return {
        "scene": crowd.name,
        "ready_s": round(ready, 3),
        "ms": round(1000 * statistics.median(frames[1:]), 3),
        "move_ms": round(1000 * statistics.median(updates[1:]), 3),
        "mib": resident(),
    }


def measure_frames(crowd: Crowd, folder: Path, size: tuple[int, int], counts: tuple[int, ...]) -> list[dict[str, Any]]:
    """Return a row per count of frames: the median of those since the count before, and memory then."""
    path = folder / "frames.usdc"
    scenes.write_stage(crowd, path, frames=MOVES)
    stage = Usd.Stage.Open(str(path))
    scene = Scene(stage)
    camera = Camera.from_prim(stage.GetPrimAtPath(scenes.CAMERA), size)
    rows, taken = [], 0
    for count in counts:
        spent, used = [], time.process_time()
        for number in range(taken, count):
            began = time.perf_counter()
            scene.update(Usd.TimeCode(number % MOVES))
            assert trace(scene, camera).normal is not None
            spent.append(time.perf_counter() - began)
        used, taken = (time.process_time() - used) / len(spent), count
        row = {"scene": f"frames to {count:,}", "ms": round(1000 * statistics.median(spent), 3)}
        rows.append({**row, "cpu_ms": round(1000 * used, 3), "mib": resident()})
    scene.close()
    return rows


def resident() -> int:
    """Return the process's resident memory in MiB; where the system does not tell, the most it has had."""
    path = Path("/proc/self/statm")
    if path.exists():
        return int(path.read_text().split()[1]) * resource.getpagesize() >> 20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 20


def main(argv: list[str]) -> int:
    """Measure, print a table, and write JSON if asked."""
    parser = argparse.ArgumentParser(prog="tools/bench/growth", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to this file too")
    parser.add_argument("--rounds", type=int, default=9, metavar="N", help="frames per stage (9)")
    parser.add_argument("--frames", type=int, default=FRAMES[-1], metavar="N", help="frames of the long run (5000)")
    options = parser.parse_args(argv)
    report.keep_to(THREADS)
    crowds = [*map(of_triangles, TRIANGLES), *map(of_instances, INSTANCES)]
    with tempfile.TemporaryDirectory() as place:
        rows = starting.measure(Path(place), options.rounds)
        rows += [measure_stage(crowd, Path(place), SIZE, options.rounds) for crowd in crowds]
        counts = tuple(count for count in FRAMES if count <= options.frames)
        rows += measure_frames(of_instances(50), Path(place), (320, 180), counts)
    about = report.machine()
    print(report.table(rows))
    print(*(f"{key}: {value}" for key, value in about.items()), sep="\n")
    if options.json:
        options.json.write_text(json.dumps({"machine": about, "rows": rows}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
