"""Randomisers: pose, colour, light and choice, drawn anew for each of five frames. For the Script Editor."""

import sys

import omni.replicator.core as rep

OUTPUT, SEED = sys.argv[1], int(sys.argv[2])

rep.set_global_seed(SEED)
with rep.new_layer():
    camera = rep.create.camera(position=(0, -12, 6), look_at=(0, 0, 0))
    plane = rep.create.plane(scale=10, semantics={"class": "floor"})
    shapes = rep.create.group(
        [
            rep.create.cube(semantics={"class": "cube"}),
            rep.create.sphere(semantics={"class": "sphere"}),
            rep.create.cone(semantics={"class": "cone"}),
        ]
    )

    def sun(count):
        light = rep.create.light(
            light_type="Distant",
            intensity=rep.distribution.uniform(1000, 3000),
            rotation=rep.distribution.uniform((-40, -40, 0), (40, 40, 0)),
            count=count,
        )
        return light.node

    rep.randomizer.register(sun)

    with rep.trigger.on_frame(max_execs=5):
        rep.randomizer.sun(1)
        with shapes:
            rep.modify.pose(
                position=rep.distribution.uniform((-3, -3, 0.5), (3, 3, 0.5)),
                rotation=rep.distribution.uniform((0, 0, -180), (0, 0, 180)),
                scale=rep.distribution.choice([0.8, 1.0, 1.2]),
            )
            rep.randomizer.color(colors=rep.distribution.uniform((0, 0, 0), (1, 1, 1)))

    render_product = rep.create.render_product(camera, (64, 48))
    writer = rep.WriterRegistry.get("BasicWriter")
    writer.initialize(output_dir=OUTPUT, rgb=True, bounding_box_2d_tight=True, bounding_box_3d=True)
    writer.attach([render_product])

rep.orchestrator.run()
