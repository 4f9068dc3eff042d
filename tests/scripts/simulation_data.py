"""Data of a simulation: a world of objects, stepped, with the classes of earlier releases of Isaac Sim. Standalone."""

import json
import os
import sys

from omni.isaac.kit import SimulationApp

simulation_app = SimulationApp({"headless": True, "width": 64, "height": 48})

import numpy as np
import omni.replicator.core as rep
from omni.isaac.core import World
from omni.isaac.core.objects import DynamicCuboid, VisualSphere
from omni.isaac.core.utils.semantics import add_update_semantics
from omni.isaac.core.utils.stage import get_current_stage

OUTPUT = sys.argv[1]

world = World(stage_units_in_meters=1.0)
world.scene.add_default_ground_plane()
cuboid = world.scene.add(
    DynamicCuboid(
        prim_path="/World/Cuboid",
        name="cuboid",
        position=np.array([0.0, 0.0, 0.5]),
        scale=np.array([1.0, 1.0, 1.0]),
        color=np.array([1.0, 0.0, 0.0]),
    )
)
ball = world.scene.add(
    VisualSphere(prim_path="/World/Ball", name="ball", position=np.array([0.0, 2.0, 0.5]), radius=0.5)
)
stage = get_current_stage()
add_update_semantics(stage.GetPrimAtPath("/World/Cuboid"), "cuboid")
add_update_semantics(stage.GetPrimAtPath("/World/Ball"), "ball")

rep.orchestrator.set_capture_on_play(False)
camera = rep.create.camera(position=(10, 1, 2), look_at=(0, 1, 0.5))
render_product = rep.create.render_product(camera, (64, 48))
writer = rep.WriterRegistry.get("PoseWriter")
writer.initialize(output_dir=OUTPUT, use_subfolders=False)
writer.attach(render_product)

world.reset()
poses = []
for step in range(3):
    ball.set_world_pose(position=np.array([0.0, 2.0, 0.5 + 0.5 * step]))
    world.step(render=True)
    rep.orchestrator.step(delta_time=0.0, pause_timeline=False)
    position, orientation = ball.get_world_pose()
    poses.append([list(map(float, position)), list(map(float, orientation)), float(world.current_time)])
rep.orchestrator.wait_until_complete()
with open(os.path.join(OUTPUT, "poses.jsonl"), "w") as file:
    file.writelines(json.dumps(pose) + "\n" for pose in poses)
writer.detach()
render_product.destroy()
simulation_app.close()
