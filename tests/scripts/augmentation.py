"""Augmentation: noise on colours and on depth, within an annotator and within a writer. Standalone."""

import os
import sys

from isaacsim import SimulationApp

simulation_app = SimulationApp({"headless": True})

import numpy as np
import omni.replicator.core as rep
import omni.usd

OUTPUT = sys.argv[1]
rep.set_global_seed(11)


def swap_red_and_blue(data_in):
    return data_in[..., [2, 1, 0, 3]]


def noisy(data_in, sigma, seed=None):
    rng = np.random.default_rng(seed)
    noise = rng.normal(0.0, sigma, data_in.shape[:2] + (3,))
    out = data_in.copy()
    out[..., :3] = np.clip(out[..., :3] + noise, 0, 255)
    return out


def farther(data_in, by):
    return data_in + np.float32(by)


omni.usd.get_context().new_stage()
rep.orchestrator.set_capture_on_play(False)
rep.functional.create.dome_light(intensity=600)
cube = rep.functional.create.cube(semantics={"class": "cube"}, name="Cube")
cube.GetAttribute("primvars:displayColor").Set([(0.9, 0.2, 0.1)])
camera = rep.functional.create.camera(position=(6, 0, 0), look_at=(0, 0, 0), name="Camera")
render_product = rep.create.render_product(camera, (64, 48))

rep.annotators.register_augmentation("swapped", rep.annotators.Augmentation.from_function(swap_red_and_blue))
plain = rep.annotators.get("rgb")
swapped = rep.annotators.get("rgb").augment("swapped")
both = rep.annotators.get("rgb").augment_compose(
    [rep.annotators.get_augmentation("swapped"), rep.annotators.Augmentation.from_function(noisy, sigma=8.0, seed=3)]
)
for annotator in (plain, swapped, both):
    annotator.attach(render_product)

writer = rep.WriterRegistry.get("BasicWriter")
writer.initialize(output_dir=OUTPUT, rgb=True, distance_to_camera=True)
writer.augment_annotator("rgb", rep.annotators.Augmentation.from_function(noisy, sigma=15.0, seed=5))
writer.augment_annotator("distance_to_camera", rep.annotators.Augmentation.from_function(farther, by=100.0))
writer.attach(render_product)

rep.orchestrator.step(delta_time=0.0)
rep.orchestrator.wait_until_complete()
for name, annotator in (("plain", plain), ("swapped", swapped), ("both", both)):
    np.save(os.path.join(OUTPUT, f"{name}.npy"), annotator.get_data())
    annotator.detach()
writer.detach()
render_product.destroy()
simulation_app.close()
