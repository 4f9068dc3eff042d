"""Getting started: a stage with two labelled objects, a camera, and three frames of ground truth. Standalone."""

import sys

from isaacsim import SimulationApp

simulation_app = SimulationApp({"headless": True})

import omni.replicator.core as rep
import omni.usd

OUTPUT = sys.argv[1]

omni.usd.get_context().new_stage()
rep.orchestrator.set_capture_on_play(False)

rep.functional.create.xform(name="World")
rep.functional.create.dome_light(intensity=500, parent="/World", name="DomeLight")
cube = rep.functional.create.cube(position=(0, 0, 0), semantics={"class": "cube"}, parent="/World", name="Cube")
rep.functional.create.sphere(position=(0, 2, 0), semantics={"class": "sphere"}, parent="/World", name="Sphere")
camera = rep.functional.create.camera(position=(10, 0, 0), look_at=(0, 0, 0), parent="/World", name="Camera")

render_product = rep.create.render_product(camera, (64, 48), name="view")
backend = rep.backends.get("DiskBackend")
backend.initialize(output_dir=OUTPUT)
writer = rep.writers.get("BasicWriter")
writer.initialize(
    backend=backend, rgb=True, bounding_box_2d_tight=True, semantic_segmentation=True, distance_to_camera=True
)
writer.attach(render_product)

for height in (0.0, 1.0, 2.0):
    rep.functional.modify.position(cube, (0, 0, height))
    rep.orchestrator.step(rt_subframes=2, delta_time=0.0)

rep.orchestrator.wait_until_complete()
writer.detach()
render_product.destroy()
simulation_app.close()
