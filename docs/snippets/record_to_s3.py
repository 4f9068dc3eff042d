"""Record 10 frames of the open stage straight into a bucket.

SIMSLATE_BUCKET names it, AWS_ENDPOINT_URL is the server's address unless it is Amazon's, and the credentials are those
of the environment, the profile or the role: they never stand in a job.
"""

import asyncio
import os
from pathlib import Path

from simslate.recorder import Job, get_recorder

JOB = {
    "version": 1,
    "render_products": [{"camera": "/World/turtle_Camera", "resolution": [320, 240]}],
    "writer": {"name": "BasicWriter", "parameters": {"rgb": True, "distance_to_camera": True}},
    "output": {
        "kind": "s3",
        "bucket": os.environ["SIMSLATE_BUCKET"],
        "prefix": "sets/tabletop",
        "endpoint": os.environ.get("AWS_ENDPOINT_URL"),
        "on_conflict": "increment",
    },
    "frames": 10,
    "control_timeline": True,
}


async def main():
    recorded = await get_recorder().record(Job.from_json(JOB, Path.home() / "job.json"))
    print(recorded.frames, "frames in", recorded.folder)


task = asyncio.ensure_future(main())
