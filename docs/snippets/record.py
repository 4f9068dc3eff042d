"""Record 10 frames of the open stage into simslate/frames in the home folder, or frames_0001 if that is there."""

import asyncio
from pathlib import Path

from simslate.recorder import Job, get_recorder

JOB = {
    "version": 1,
    "render_products": [{"camera": "/World/turtle_Camera", "resolution": [320, 240]}],
    "writer": {"name": "BasicWriter", "parameters": {"rgb": True, "semantic_segmentation": True}},
    "output": {"kind": "disk", "directory": "simslate", "folder": "frames", "on_conflict": "increment"},
    "frames": 10,
    "control_timeline": True,
}


async def main():
    # Relative folders start where the job file would be.
    recorded = await get_recorder().record(Job.from_json(JOB, Path.home() / "job.json"))
    print(recorded.frames, "frames in", recorded.folder)


task = asyncio.ensure_future(main())
