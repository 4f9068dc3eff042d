"""Randomising again with the same seed, by graphs and at once."""

import numpy as np
import pytest
from pxr import UsdGeom, UsdShade

import omni.replicator.core as rep
import omni.usd

BOX = {"min_samp": (0, 0, 0), "max_samp": (1, 1, 1)}
COLOURS = [(red, green, 0.5) for red in (0.1, 0.4, 0.7) for green in (0.2, 0.5, 0.8)]


def values(prim):
    """All that a randomiser may have changed of a prim."""
    found = [value for each in UsdGeom.Xformable(prim).GetLocalTransformation() for value in each]
    material = UsdShade.MaterialBindingAPI(prim).GetDirectBinding().GetMaterial()
    if not material:
        return found
    shader = UsdShade.Shader(material.GetPrim().GetChild("Shader"))
    inputs = [shader.GetInput(name).Get() for name in ("diffuse_color_constant", "texture_rotate")]
    return found + [part for value in inputs if value is not None for part in np.ravel(value).tolist()]


def fresh_stage(global_seed):
    omni.usd.get_context().new_stage()
    rep.set_global_seed(global_seed)


GRAPH = {
    "rotation": lambda seed: rep.randomizer.rotation(seed=seed),
    "scatter_2d": lambda seed: rep.randomizer.scatter_2d("/Replicator/Plane_Xform", seed=seed),
    "scatter_3d": lambda seed: rep.randomizer.scatter_3d(**BOX, seed=seed),
    "color": lambda seed: rep.randomizer.color(COLOURS, seed=seed),
    "texture": lambda seed: rep.randomizer.texture(
        ["a.png", "b.png"], texture_rotate=rep.distribution.uniform(0, 90, seed=seed), seed=seed
    ),
}


def graph_twice(name, seed, global_seed=0):
    """(2, 5, n): what two evaluations give to five prims."""
    fresh_stage(global_seed)
    rep.create.plane(scale=5)
    cubes = rep.create.cube(count=5)
    with rep.trigger.on_frame(), cubes:
        GRAPH[name](seed)
    seen = []
    for _ in range(2):
        rep.orchestrator.preview()
        seen.append([values(prim) for prim in cubes.get_output_prims()["prims"]])
    return seen


@pytest.mark.parametrize("name", GRAPH)
def test_a_graph_repeats_with_its_seed_whatever_the_global_one(app, name):
    first = graph_twice(name, 7)
    assert first[0] != first[1]
    assert graph_twice(name, 7, global_seed=9) == first
    assert graph_twice(name, 8) != first


@pytest.mark.parametrize("seed", [None, -1])
@pytest.mark.parametrize("name", GRAPH)
def test_a_graph_without_a_seed_repeats_with_the_global_one(app, name, seed):
    first = graph_twice(name, seed, global_seed=3)
    assert graph_twice(name, seed, global_seed=3) == first
    assert graph_twice(name, seed, global_seed=4) != first


AT_ONCE = {
    "display_color": lambda prims, rng: rep.functional.randomizer.display_color(prims, rng=rng),
    "scatter_2d": lambda prims, rng: rep.functional.randomizer.scatter_2d(prims, "/Plane", rng=rng),
    "scatter_3d": lambda prims, rng: rep.functional.randomizer.scatter_3d(prims, "/Room", rng=rng),
}


def at_once_twice(name, make_rng, global_seed=0):
    """What two calls with one source of random numbers give to five prims."""
    fresh_stage(global_seed)
    rep.functional.create.plane(scale=5)
    rep.functional.create.cube(scale=5, name="Room")
    cubes = rep.functional.create_batch.cube(5)
    rng, seen = make_rng(), []
    for _ in range(2):
        AT_ONCE[name](cubes, rng)
        colours = [UsdGeom.Gprim(prim).GetDisplayColorAttr().Get() for prim in cubes]
        seen.append([values(prim) for prim in cubes] + [tuple(map(tuple, colour or ())) for colour in colours])
    return seen


@pytest.mark.parametrize("name", AT_ONCE)
def test_calls_repeat_with_the_seed_of_their_generator(app, name):
    first = at_once_twice(name, lambda: rep.rng.ReplicatorRNG(7))
    assert first[0] != first[1]
    assert at_once_twice(name, lambda: rep.rng.ReplicatorRNG(7), global_seed=9) == first
    # A numpy generator of the same seed is the same stream.
    assert at_once_twice(name, lambda: np.random.default_rng(7)) == first
    assert at_once_twice(name, lambda: rep.rng.ReplicatorRNG(8)) != first


@pytest.mark.parametrize("name", AT_ONCE)
def test_calls_without_a_generator_repeat_with_the_global_seed(app, name):
    first = at_once_twice(name, lambda: None, global_seed=3)
    assert first[0] != first[1]
    assert at_once_twice(name, lambda: None, global_seed=3) == first
    assert at_once_twice(name, lambda: None, global_seed=4) != first
