"""Annotators by hand and of one's own: read without a writer, registered under a name, used in a writer. Standalone."""

import json
import os
import sys

from isaacsim import SimulationApp

simulation_app = SimulationApp({"headless": True})

import numpy as np
import omni.replicator.core as rep
import omni.usd

OUTPUT = sys.argv[1]


def nearness(data_in, far=20.0):
    """Bytes that are brighter where it is nearer."""
    near = np.clip(1.0 - data_in / far, 0.0, 1.0)
    return (near * 255).astype(np.uint8)


omni.usd.get_context().new_stage()
rep.orchestrator.set_capture_on_play(False)
rep.functional.create.dome_light(intensity=400)
rep.functional.create.cube(semantics={"class": "cube"}, name="Cube")
camera = rep.functional.create.camera(position=(10, 0, 0), look_at=(0, 0, 0), name="Camera")
render_product = rep.create.render_product(camera, (64, 48))

depth = rep.AnnotatorRegistry.get_annotator("distance_to_image_plane")
rep.annotators.register("nearness", depth.augment(rep.annotators.Augmentation.from_function(nearness, far=20.0)))
plain = rep.annotators.get("distance_to_image_plane")
plain.attach(render_product)
own = rep.annotators.get("nearness")
own.attach(render_product)
camera_params = rep.AnnotatorRegistry.get_annotator("camera_params")
camera_params.attach([render_product])

rep.orchestrator.step(delta_time=0.0)
os.makedirs(OUTPUT, exist_ok=True)
np.save(os.path.join(OUTPUT, "depth.npy"), plain.get_data())
np.save(os.path.join(OUTPUT, "nearness.npy"), own.get_data())
with open(os.path.join(OUTPUT, "camera.json"), "w") as file:
    json.dump({"resolution": [int(side) for side in camera_params.get_data()["renderProductResolution"]]}, file)

for annotator in (plain, own, camera_params):
    annotator.detach()
render_product.destroy()
rep.orchestrator.wait_until_complete()
simulation_app.close()
