"""Record with a writer of your own: how near the nearest surface is, one JSON file per frame."""

import asyncio
from pathlib import Path

import omni.replicator.core as rep
from simslate.recorder import Job, get_recorder


class NearestWriter(rep.Writer):
    def __init__(self, backend):
        self.version = "1.0.0"
        self.backend = backend
        self.annotators = ["distance_to_camera"]
        self.frame = 0

    def write(self, data):
        nearest = {"metres": float(data["distance_to_camera"].min())}
        self.backend.schedule(rep.functional.write_json, path=f"nearest_{self.frame:04}.json", data=nearest)
        self.frame += 1


JOB = {
    "version": 1,
    "render_products": [{"camera": "/World/turtle_Camera", "resolution": [320, 240]}],
    "writer": {"name": "NearestWriter"},
    "output": {"kind": "disk", "directory": "simslate", "folder": "nearest", "on_conflict": "increment"},
    "frames": 3,
    "control_timeline": True,
}


async def main():
    rep.WriterRegistry.register(NearestWriter)
    recorded = await get_recorder().record(Job.from_json(JOB, Path.home() / "job.json"))
    print(recorded.frames, "frames in", recorded.folder)


task = asyncio.ensure_future(main())
