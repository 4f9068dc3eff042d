"""Semantics: labels set, read, removed and upgraded with Isaac Sim's helpers; filters in a writer. Standalone."""

import json
import os
import sys

from isaacsim import SimulationApp

simulation_app = SimulationApp({"headless": True})

import omni.replicator.core as rep
import omni.usd
import Semantics
from isaacsim.core.utils.semantics import (
    add_labels,
    check_missing_labels,
    count_labels_in_scene,
    get_labels,
    remove_labels,
    upgrade_prim_semantics_to_labels,
)
from semantics.schema.editor import PrimSemanticData

OUTPUT = sys.argv[1]

omni.usd.get_context().new_stage()
rep.orchestrator.set_capture_on_play(False)
rep.functional.create.dome_light(intensity=500)
shelf = rep.functional.create.xform(name="Shelf")
box = rep.functional.create.cube(position=(0, -2, 0), name="Box", parent=shelf)
jar = rep.functional.create.cylinder(position=(0, 0, 0), name="Jar", parent=shelf)
bare = rep.functional.create.cone(position=(0, 2, 0), name="Bare", parent=shelf)

add_labels(shelf, labels=["shelf"], instance_name="class")
add_labels(box, labels=["box"], instance_name="class")
add_labels(box, labels=["red"], instance_name="color")
add_labels(jar, labels=["jar", "glass"], instance_name="class")
remove_labels(jar, instance_name="class")
add_labels(jar, labels=["jar"], instance_name="class")
PrimSemanticData(shelf).add_entry("material", "wood")
old = Semantics.SemanticsAPI.Apply(bare, "Semantics")
old.CreateSemanticTypeAttr().Set("class")
old.CreateSemanticDataAttr().Set("old")
upgraded = upgrade_prim_semantics_to_labels(bare)

report = {
    "shelf": get_labels(shelf),
    "box": get_labels(box),
    "jar": get_labels(jar),
    "bare": get_labels(bare),
    "upgraded": upgraded,
    "missing": check_missing_labels(),
    "counts": count_labels_in_scene(),
}

camera = rep.functional.create.camera(position=(12, 0, 0), look_at=(0, 0, 0), name="Camera")
render_product = rep.create.render_product(camera, (64, 48))
for folder, types in (("class", ["class"]), ("color", ["color"])):
    writer = rep.WriterRegistry.get("BasicWriter")
    writer.initialize(
        output_dir=os.path.join(OUTPUT, folder),
        semantic_types=types,
        semantic_segmentation=True,
        instance_segmentation=True,
    )
    writer.attach(render_product)
    rep.orchestrator.step(delta_time=0.0)
    rep.orchestrator.wait_until_complete()
    writer.detach()
with open(os.path.join(OUTPUT, "report.json"), "w") as file:
    json.dump(report, file)
render_product.destroy()
simulation_app.close()
