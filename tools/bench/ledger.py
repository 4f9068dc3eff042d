"""What the ledger costs: the same job recorded with it and without it, in turn, in one process.

Without it there is no hash, no journal and no look at what was written; the files themselves are as durable. Both are
timed over the whole of a recording, from its start to the last file. The bound is 5 % more of the clock's time;
processor time is told because it hardly depends on what else the machine does.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from unittest.mock import patch

import omni.kit.app
import omni.usd
from simslate.recorder import Job, Recorder, attach
from simslate.recorder.accounts import Accounts

ROOT = Path(__file__).parents[2]
BOUND = 1.05


def job(folder: Path, name: str, frames: int) -> Job:
    """Return the job: one camera of the tabletop, 320x240, colour, masks and boxes."""
    parameters = dict.fromkeys(
        ("rgb", "semantic_segmentation", "instance_segmentation", "bounding_box_2d_tight", "bounding_box_2d_loose"),
        True,
    )
    data = {
        "version": 1,
        "labels": str(ROOT / "config/labels/tabletop.json"),
        "render_products": [{"camera": "/World/turtle_Camera", "resolution": [320, 240]}],
        "writer": {"name": "BasicWriter", "parameters": parameters},
        "output": {"kind": "disk", "directory": str(folder), "folder": name},
        "frames": frames,
        "control_timeline": True,
    }
    return Job.from_json(data, folder / "job.json")


@contextmanager
def no_ledger() -> Iterator[None]:
    """Record as before there was a ledger."""
    with (
        patch.object(attach, "keep_ledger", lambda *_: []),
        patch.object(Accounts, "open", lambda _: None),
        patch.object(Accounts, "settle", lambda *_: {}),
        patch.object(Accounts, "seal", lambda *_: None),
    ):
        yield


@contextmanager
def as_it_is() -> Iterator[None]:
    """Record with the ledger."""
    yield


async def seconds(recorder: Recorder, recorded: Job) -> tuple[float, float]:
    """Record a job and return how long that took, by the clock and in processor time."""
    began, processor = time.perf_counter(), time.process_time()
    await recorder.record(recorded)
    return time.perf_counter() - began, time.process_time() - processor


async def run(frames: int, repeats: int) -> list[dict[str, float]]:
    """Return a row of times for each repeat; a first pair warms up and is not counted."""
    omni.usd.get_context().open_stage(str(ROOT / "data/tabletop.usda"))
    recorder, rows = Recorder(), []
    for repeat in range(-1, repeats):
        row: dict[str, float] = {}
        # Who goes first changes, so that what drifts in the machine meets both.
        ways = (("with", as_it_is), ("without", no_ledger))
        for name, way in ways if repeat % 2 else ways[::-1]:
            with tempfile.TemporaryDirectory() as folder, way():
                found = await seconds(recorder, job(Path(folder), name, frames if repeat >= 0 else 20))
                row[name], row[f"cpu_{name}"] = found
        if repeat >= 0:
            rows.append(row)
    return rows


def ratio(rows: list[dict[str, float]], prefix: str = "") -> float:
    """Return how much more the median recording with the ledger takes than the one without."""
    return median(row[f"{prefix}with"] for row in rows) / median(row[f"{prefix}without"] for row in rows)


async def main(argv: list[str]) -> None:
    """Print a table, and write it as JSON if asked; the exit code is 1 where the bound is missed."""
    parser = argparse.ArgumentParser(prog="tools/bench/ledger", description=__doc__)
    parser.add_argument("--frames", type=int, default=200, metavar="N", help="frames of a recording (200)")
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="how often each is recorded (5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to this file too")
    options = parser.parse_args(argv)
    rows = await run(options.frames, options.repeats)
    print(f"{options.frames} frames   with s  without s  ratio   with cpu s  without cpu s  ratio")
    for row in rows:
        shares = row["with"] / row["without"], row["cpu_with"] / row["cpu_without"]
        print(f"{row['with']:19.2f} {row['without']:10.2f} {shares[0]:6.3f}", end=" ")
        print(f"{row['cpu_with']:12.2f} {row['cpu_without']:14.2f} {shares[1]:6.3f}")
    wall, processor = ratio(rows), ratio(rows, "cpu_")
    print(f"ratio of the medians {wall:.3f}, bound {BOUND}; of processor time {processor:.3f}")
    if options.json:
        data = {"frames": options.frames, "ratio": wall, "cpu_ratio": processor, "rows": rows}
        options.json.write_text(json.dumps(data, indent=2) + "\n")
    omni.kit.app.get_app().post_quit(int(wall > BOUND))


if __name__ == "__main__":
    # The loop itself holds tasks weakly only.
    tasks = [asyncio.ensure_future(main(sys.argv[1:]))]
