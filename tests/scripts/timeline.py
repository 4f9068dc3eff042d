"""Data while the timeline runs: an animated cube, captured at every other update of a playing timeline. Standalone."""

import json
import os
import sys

from isaacsim import SimulationApp

simulation_app = SimulationApp({"headless": True})

import carb.settings
import omni.replicator.core as rep
import omni.timeline
import omni.usd
from pxr import Gf, UsdGeom

OUTPUT = sys.argv[1]

carb.settings.get_settings().set("/omni/replicator/captureOnPlay", False)
omni.usd.get_context().new_stage()
stage = omni.usd.get_context().get_stage()
stage.SetTimeCodesPerSecond(20)
stage.SetEndTimeCode(100)

timeline = omni.timeline.get_timeline_interface()
timeline.set_time_codes_per_second(20)
timeline.set_end_time(5.0)
timeline.set_looping(False)
timeline.commit()

cube = rep.functional.create.cube(semantics={"class": "cube"}, name="Cube")
move = cube.GetAttribute("xformOp:translate")
for code in range(101):
    move.Set(Gf.Vec3d(0, 0.05 * code, 0), code)
camera = rep.functional.create.camera(position=(15, 2.5, 0), look_at=(0, 2.5, 0), name="Camera")
render_product = rep.create.render_product(camera, (64, 48))
boxes = rep.annotators.get("bounding_box_3d")
boxes.attach(render_product)

timeline.play()
timeline.commit()
rows = []
for _ in range(5):
    for _ in range(2):
        simulation_app.update()
    before = timeline.get_current_time()
    rep.orchestrator.step(delta_time=0.0, pause_timeline=False)
    place = UsdGeom.Xformable(cube).ComputeLocalToWorldTransform(timeline.get_current_time() * 20).ExtractTranslation()
    seen = boxes.get_data()["data"][0]["transform"]
    rows.append([before, timeline.get_current_time(), place[1], float(seen[3][1]), timeline.is_playing()])
rep.orchestrator.wait_until_complete()
timeline.stop()

os.makedirs(OUTPUT, exist_ok=True)
with open(os.path.join(OUTPUT, "rows.json"), "w") as file:
    json.dump(rows, file)
boxes.detach()
render_product.destroy()
simulation_app.close()
