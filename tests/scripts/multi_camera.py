"""Several cameras: one writer on two products of unequal size, one more product in low resolution by hand."""

import asyncio
import os
import sys

import numpy as np
import omni.replicator.core as rep
import omni.usd

OUTPUT = sys.argv[1]


async def main():
    await omni.usd.get_context().new_stage_async()
    rep.orchestrator.set_capture_on_play(False)
    rep.functional.create.dome_light(intensity=500)
    rep.functional.create.cube(semantics={"class": "cube"}, name="Cube")
    rep.functional.create.sphere(position=(0, 2, 0), semantics={"class": "sphere"}, name="Sphere")
    front = rep.functional.create.camera(position=(12, 0, 0), look_at=(0, 0, 0), name="Front")
    top = rep.functional.create.camera(position=(0, 1, 12), look_at=(0, 1, 0), name="Top")

    wide = rep.create.render_product(front, (96, 48), name="wide")
    square = rep.create.render_product(top, (48, 48), name="square")
    small = rep.create.render_product(front, (24, 12), name="small")
    for product in (wide, square, small):
        product.hydra_texture.set_updates_enabled(False)

    writer = rep.writers.get("BasicWriter")
    writer.initialize(output_dir=OUTPUT, rgb=True, bounding_box_2d_tight=True)
    writer.attach([wide, square])
    rgb = rep.annotators.get("rgb")
    rgb.attach(small)

    for product in (wide, square, small):
        product.hydra_texture.set_updates_enabled(True)
    for frame in range(2):
        await rep.orchestrator.step_async(rt_subframes=1, delta_time=0.0)
        np.save(os.path.join(OUTPUT, f"small_{frame}.npy"), rgb.get_data())
    await rep.orchestrator.wait_until_complete_async()

    rgb.detach()
    writer.detach()
    for product in (wide, square, small):
        product.destroy()


asyncio.ensure_future(main())
