"""How long an export takes, and how much memory: time, processor time and peak memory of the command, by format.

Eight frames of twenty objects are recorded, and copied until there are as many as asked for: each is a file of its own,
which the system has in its cache. The command is timed from its start to its end, the host's own included.
"""

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from pxr import Gf, Usd, UsdGeom, UsdSemantics

ROOT = Path(__file__).parents[2]
COMMAND = ROOT / "tools/simslate"
FORMATS = ("coco", "coco-panoptic", "yolo", "yolo-seg", "kitti", "bop", "masks")
SWITCHES = (
    "rgb",
    "semantic_segmentation",
    "instance_segmentation",
    "bounding_box_2d_tight",
    "bounding_box_2d_loose",
    "bounding_box_3d",
    "camera_params",
    "distance_to_image_plane",
)
SIZE = (640, 480)
RECORDED, OBJECTS = 8, 20
TAXONOMY = {"version": 1, "classes": {f"kind{number}": {} for number in range(4)}}


def make_stage(path: Path) -> None:
    """Write a stage of spheres and cubes, some before others, that turn round a point."""
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetStartTimeCode(0)
    stage.SetEndTimeCode(RECORDED)
    for number in range(OBJECTS):
        kind = UsdGeom.Sphere if number % 2 else UsdGeom.Cube
        prim = kind.Define(stage, f"/World/object{number:02d}")
        move = prim.AddTranslateOp()
        for frame in range(RECORDED):
            angle = 2 * math.pi * (number / OBJECTS + frame / 100)
            radius = 2 + 3 * (number % 3)
            move.Set(Gf.Vec3d(radius * math.cos(angle), 0.6 * radius * math.sin(angle), -22 - number % 5), frame)
        UsdSemantics.LabelsAPI.Apply(prim.GetPrim(), "class").CreateLabelsAttr([f"kind{number % 4}"])
    UsdGeom.Camera.Define(stage, "/World/Camera").CreateFocalLengthAttr(24.0)
    stage.GetRootLayer().Save()


def record(folder: Path, frames: int) -> Path:
    """Record a few frames and copy them; the recording's folder."""
    make_stage(folder / "stage.usda")
    (folder / "taxonomy.json").write_text(json.dumps(TAXONOMY))
    job = {
        "version": 1,
        "stage": "stage.usda",
        "taxonomy": "taxonomy.json",
        "render_products": [{"camera": "/World/Camera", "resolution": SIZE}],
        "writer": {"name": "BasicWriter", "parameters": dict.fromkeys(SWITCHES, True)},
        "output": {"kind": "disk", "directory": ".", "folder": "set"},
        "frames": RECORDED,
        "control_timeline": True,
    }
    (folder / "job.json").write_text(json.dumps(job))
    subprocess.run([COMMAND, "record", folder / "job.json"], check=True, stderr=subprocess.DEVNULL)
    files = [path for path in (folder / "set").iterdir() if path.is_file() and path.stem[-4:].isdigit()]
    for number in range(RECORDED, frames):
        for path in files:
            if int(path.stem[-4:]) == number % RECORDED:
                shutil.copyfile(path, path.with_name(f"{path.stem[:-4]}{number:04d}{path.suffix}"))
    return folder / "set"


def measured(arguments: list[Any]) -> dict[str, Any]:
    """Run a command to its end and tell what it took. Raises RuntimeError if it fails."""
    began = time.perf_counter()
    process = subprocess.Popen([str(each) for each in arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{arguments} exited with {process.returncode}")
    seconds = time.perf_counter() - began
    return {"s": round(seconds, 1), "cpu_s": round(usage.ru_utime + usage.ru_stime, 1), "mib": usage.ru_maxrss >> 10}


def run(frames: int, formats: list[str]) -> list[dict[str, Any]]:
    """Measure each format, and an export of a tenth of the frames: its peak tells whether memory grows with them."""
    rows = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for count in (frames, max(RECORDED, frames // 10)):
            (folder / str(count)).mkdir()
            recording = record(folder / str(count), count)
            for name in formats if count == frames else formats[:1]:
                out = folder / "out"
                row = measured([COMMAND, "export", recording, "--format", name, "--to", out])
                rows.append({"format": name, "frames": count, **row, "mib_written": size_of(out)})
                shutil.rmtree(out)
    return rows


def size_of(folder: Path) -> int:
    """Return how many MiB are in ``folder``."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) >> 20


def main() -> int:
    """Measure, and print a table or write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=1000)
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = run(options.frames, options.formats)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))
    print(f"{SIZE[0]} x {SIZE[1]}, {OBJECTS} objects, {os.cpu_count()} cores")
    for row in rows:
        print("{format:<14} {frames:>5} frames {s:>6} s {cpu_s:>6} s cpu {mib:>5} MiB peak".format(**row))
    return 0


if __name__ == "__main__":
    sys.exit(main())
