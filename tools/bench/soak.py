"""Whether memory grows: one recording of thousands of small frames, with the resident memory every hundred of them.

The slope is that of the straight line nearest to the samples after a fifth of the frames: until then caches fill. The
bound is 1 MB for each 1,000 frames.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

import numpy as np

import omni.kit.app
import omni.usd
from simslate.recorder import Job, Recorder, Status, follow_timeline

ROOT = Path(__file__).parents[2]
BOUND = 1.0
EVERY = 100


def job(folder: Path, frames: int) -> Job:
    """Return the job: one camera of the tabletop, 64x64, colour, masks, boxes and depth."""
    parameters = dict.fromkeys(("rgb", "semantic_segmentation", "bounding_box_2d_tight", "distance_to_camera"), True)
    data = {
        "version": 1,
        "labels": str(ROOT / "config/labels/tabletop.json"),
        "render_products": [{"camera": "/World/turtle_Camera", "resolution": [64, 64]}],
        "writer": {"name": "BasicWriter", "parameters": parameters},
        "output": {"kind": "disk", "directory": str(folder), "folder": "set"},
        "frames": frames,
        "control_timeline": True,
    }
    return Job.from_json(data, folder / "job.json")


def resident_mb() -> float:
    """Return the memory of this process that is in use, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def slope(samples: list[tuple[int, float]], frames: int) -> float:
    """Return by how many MB memory grows in 1,000 frames, after the first fifth."""
    late = np.array([sample for sample in samples if sample[0] >= frames / 5])
    return float(np.polyfit(late[:, 0], late[:, 1], 1)[0]) * 1000


async def run(frames: int) -> list[tuple[int, float]]:
    """Record, and return the memory (MB) at frames."""
    omni.usd.get_context().open_stage(str(ROOT / "data/tabletop.usda"))
    samples: list[tuple[int, float]] = []

    def sample(status: Status) -> None:
        if status.frame % EVERY == 0 and status.frame and (not samples or samples[-1][0] != status.frame):
            samples.append((status.frame, resident_mb()))

    recorder = Recorder(followers=[follow_timeline])
    recorder.subscribe(sample)
    with tempfile.TemporaryDirectory() as folder:
        await recorder.record(job(Path(folder), frames))
    return samples


async def main(argv: list[str]) -> None:
    """Print the figures, and write them as JSON if asked; the exit code is 1 where the bound is missed."""
    parser = argparse.ArgumentParser(prog="tools/bench/soak", description=__doc__)
    parser.add_argument("--frames", type=int, default=5000, metavar="N", help="frames of the recording (5000)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the samples to this file too")
    options = parser.parse_args(argv)
    samples = await run(options.frames)
    found = slope(samples, options.frames)
    print(f"{options.frames} frames: {samples[0][1]:.1f} MB at first, {samples[-1][1]:.1f} MB at last")
    print(f"slope {found:.2f} MB per 1,000 frames, bound {BOUND}")
    if options.json:
        options.json.write_text(json.dumps({"slope": found, "samples": samples}, indent=2) + "\n")
    omni.kit.app.get_app().post_quit(int(found > BOUND))


if __name__ == "__main__":
    # The loop itself holds tasks weakly only.
    tasks = [asyncio.ensure_future(main(sys.argv[1:]))]
