"""A writer of one's own: what is in view, as one JSON file a frame, and a summary at the end. Standalone."""

import sys

from isaacsim import SimulationApp

simulation_app = SimulationApp(launch_config={"headless": True})

import omni.replicator.core as rep
import omni.usd
from omni.replicator.core import AnnotatorRegistry, Writer, WriterRegistry
from omni.replicator.core import functional as F

OUTPUT = sys.argv[1]


class CountWriter(Writer):
    def __init__(self, output_dir, smallest=1):
        self.version = "1.0.0"
        self.backend = rep.backends.get("DiskBackend")
        self.backend.initialize(output_dir=output_dir)
        self.smallest = smallest
        self.annotators = [
            AnnotatorRegistry.get_annotator("rgb"),
            AnnotatorRegistry.get_annotator("bounding_box_2d_tight", init_params={"semanticTypes": ["class"]}),
        ]
        self.frame = 0
        self.total = {}

    def write(self, data):
        boxes = data["bounding_box_2d_tight"]
        labels = boxes["info"]["idToLabels"]
        seen = {}
        for row in boxes["data"]:
            area = int(row["x_max"] - row["x_min"] + 1) * int(row["y_max"] - row["y_min"] + 1)
            if area >= self.smallest:
                name = labels[row["semanticId"]] if row["semanticId"] in labels else labels[str(row["semanticId"])]
                seen[name["class"]] = area
        for name in seen:
            self.total[name] = self.total.get(name, 0) + 1
        self.backend.schedule(F.write_json, data=seen, path=f"seen_{self.frame:04d}.json")
        self.backend.schedule(F.write_image, data=data["rgb"], path=f"rgb_{self.frame:04d}.png")
        self.frame += 1

    def on_final_frame(self):
        self.backend.schedule(F.write_json, data=self.total, path="total.json")


WriterRegistry.register(CountWriter)

omni.usd.get_context().new_stage()
rep.orchestrator.set_capture_on_play(False)
rep.functional.create.distant_light(intensity=1000, rotation=(45, 0, 0))
box = rep.functional.create.cube(semantics={"class": "box"}, name="Box")
ball = rep.functional.create.sphere(position=(0, 3, 0), semantics={"class": "ball"}, name="Ball")
camera = rep.functional.create.camera(position=(15, 0, 0), look_at=(0, 0, 0), name="Camera")
render_product = rep.create.render_product(camera, resolution=(64, 48))

writer = WriterRegistry.get("CountWriter")
writer.initialize(output_dir=OUTPUT, smallest=2)
writer.attach([render_product])
for step in range(4):
    # The ball leaves the picture after two frames.
    rep.functional.modify.position(ball, (0, 3 if step < 2 else 300, 0))
    rep.orchestrator.step(delta_time=0.0)
rep.orchestrator.wait_until_complete()
writer.detach()
render_product.destroy()
rep.orchestrator.wait_until_complete()
simulation_app.close()
