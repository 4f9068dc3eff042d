"""Custom events: the script says when which randomiser runs. Standalone."""

import sys

from isaacsim import SimulationApp

simulation_app = SimulationApp({"headless": True})

import omni.replicator.core as rep
import omni.usd

OUTPUT = sys.argv[1]

omni.usd.get_context().new_stage()
rep.set_global_seed(3)
rep.orchestrator.set_capture_on_play(False)
rep.functional.create.dome_light(intensity=500)
left = rep.functional.create.cube(position=(0, -3, 0), semantics={"class": "left"}, name="Left")
right = rep.functional.create.cube(position=(0, 3, 0), semantics={"class": "right"}, name="Right")
camera = rep.functional.create.camera(position=(20, 0, 0), look_at=(0, 0, 0), name="Camera")

with rep.trigger.on_custom_event(event_name="turn_left"):
    with rep.get.prim_at_path("/Left"):
        rep.modify.pose(rotation=rep.distribution.uniform((0, 0, 10), (0, 0, 80)))
with rep.trigger.on_custom_event(event_name="lift_right"):
    item = rep.get.prim_at_path("/Right")
    with item:
        rep.modify.pose(position=rep.distribution.uniform((0, 3, 1), (0, 3, 3)))

render_product = rep.create.render_product(camera, (64, 48))
writer = rep.writers.get("BasicWriter")
writer.initialize(output_dir=OUTPUT, bounding_box_3d=True)
writer.attach(render_product)

for events in ((), ("turn_left",), ("lift_right",), (), ("turn_left", "lift_right")):
    for name in events:
        rep.utils.send_og_event(event_name=name)
    rep.orchestrator.step(delta_time=0.0)
rep.orchestrator.wait_until_complete()
writer.detach()
render_product.destroy()
simulation_app.close()
