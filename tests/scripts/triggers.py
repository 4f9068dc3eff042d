"""Triggers: one object changes in every frame, another in every third. For the Script Editor."""

import asyncio
import sys

import omni.replicator.core as rep
import omni.timeline

OUTPUT = sys.argv[1]


async def main():
    timeline = omni.timeline.get_timeline_interface()
    timeline.set_time_codes_per_second(10)
    rep.orchestrator.set_capture_on_play(False)

    camera = rep.create.camera(position=(0, 0, 20), rotation=(0, -90, 0))
    always = rep.create.cube(semantics={"class": "always"}, position=(-4, 0, 0))
    third = rep.create.cube(semantics={"class": "third"}, position=(0, 0, 0))
    with rep.trigger.on_frame():
        with always:
            rep.modify.pose(position=rep.distribution.sequence([(-4, y, 0) for y in range(-3, 4)]))
    with rep.trigger.on_frame(interval=3):
        with third:
            rep.modify.pose(position=rep.distribution.sequence([(0, y, 0) for y in range(-3, 4)]))

    render_product = rep.create.render_product(camera, (64, 64))
    writer = rep.writers.get("BasicWriter")
    writer.initialize(output_dir=OUTPUT, bounding_box_3d=True)
    writer.attach(render_product)
    for _ in range(6):
        await rep.orchestrator.step_async(delta_time=0.1)
    await rep.orchestrator.wait_until_complete_async()
    writer.detach()
    render_product.destroy()


asyncio.ensure_future(main())
