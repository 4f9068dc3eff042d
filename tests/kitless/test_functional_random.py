"""rep.functional.randomizer and rep.rng: random, reproducible, and where it should be."""

import numpy as np
import pytest
from pxr import Gf, UsdGeom

import omni.replicator.core as rep
from omni.replicator.core.scene.boxes import Box
from omni.replicator.core.scene.surface import inside

create, randomizer = rep.functional.create, rep.functional.randomizer
create_batch = rep.functional.create_batch


def positions(prims):
    cache = UsdGeom.XformCache()
    return np.array([cache.GetLocalToWorldTransform(prim).ExtractTranslation() for prim in prims])


def extents(prims):
    cache = UsdGeom.BBoxCache(0, ["default"])
    ranges = [cache.ComputeWorldBound(prim).ComputeAlignedRange() for prim in prims]
    return np.array([[r.GetMin(), r.GetMax()] for r in ranges])


def overlapping(boxes):
    """Pairs of (2, 3) boxes along the axes that overlap."""
    pairs = [(i, j) for i in range(len(boxes)) for j in range(i)]
    return [
        (i, j)
        for i, j in pairs
        if np.all(boxes[i][0] < boxes[j][1] - 1e-6) and np.all(boxes[j][0] < boxes[i][1] - 1e-6)
    ]


def test_a_seed_gives_numpys_numbers_and_the_global_seed_repeats(app):
    assert rep.rng.ReplicatorRNG(seed=42).generator.uniform() == np.random.default_rng(42).uniform()

    def draw():
        rep.set_global_seed(7)
        return [rep.rng.ReplicatorRNG().generator.uniform() for _ in range(3)]

    first = draw()
    assert draw() == first
    assert len(set(first)) == 3
    rep.set_global_seed(8)
    assert rep.rng.ReplicatorRNG().generator.uniform() not in first


def test_display_colours_differ_and_repeat(stage):
    def colours(seed):
        randomizer.display_color(prims, rng=rep.rng.ReplicatorRNG(seed=seed))
        return [tuple(UsdGeom.Gprim(prim).GetDisplayColorAttr().Get()[0]) for prim in prims]

    prims = create_batch.cube(20)
    found = colours(1)
    assert len(set(found)) == 20
    assert np.min(found) >= 0
    assert np.max(found) <= 1
    assert np.ptp(found) > 0.8
    assert colours(1) == found
    assert colours(2) != found
    assert UsdGeom.PrimvarsAPI(prims[0]).GetPrimvar("displayColor").GetInterpolation() == "constant"


@pytest.mark.parametrize("rng", [rep.rng.ReplicatorRNG, lambda seed: np.random.default_rng(seed)])
def test_scattering_fills_a_surface_evenly(stage, rng):
    plane = create.plane(scale=(4, 2, 1), position=(10, 0, 3))
    prims = create_batch.xform(200)
    randomizer.scatter_2d(prims, plane, rng=rng(seed=3))
    found = positions(prims)
    assert np.allclose(found[:, 2], 3)
    assert np.all(np.abs(found[:, :2] - (10, 0)) <= (2, 1))
    # Of 200 points, half are expected in each half: 4 standard deviations are 28.
    assert np.all(np.abs((found[:, :2] > (10, 0)).sum(axis=0) - 100) < 28)


def test_scattering_goes_by_area_over_all_surfaces_below(stage):
    group = create.xform()
    create.plane(parent=group, scale=(3, 1, 1))
    create.plane(parent=group, position=(0, 0, 5))
    prims = create_batch.xform(200)
    randomizer.scatter_2d(prims, group, rng=np.random.default_rng(1))
    assert abs((positions(prims)[:, 2] > 1).sum() - 50) < 25


def test_an_offset_is_along_the_normal_and_parents_are_minded(stage):
    wall = create.plane(rotation=(90, 0, 0))
    parent = create.xform(position=(1, 2, 3), rotation=(0, 0, 45), scale=2)
    prims = create_batch.xform(10, parent=parent)
    randomizer.scatter_2d(prims, wall, offset=0.5, rng=np.random.default_rng(1))
    assert np.allclose(positions(prims)[:, 1], -0.5)
    assert np.all(np.abs(positions(prims)[:, [0, 2]]) <= 0.5 + 1e-9)


def test_scattering_on_usds_own_shapes(stage):
    ball = create.sphere(as_mesh=False, scale=2)
    prims = create_batch.xform(20)
    randomizer.scatter_2d(prims, ball, rng=np.random.default_rng(1))
    assert np.allclose(np.linalg.norm(positions(prims), axis=1), 1, atol=0.02)


def test_extents_limit_the_points(stage):
    plane, prims = create.plane(scale=10), create_batch.xform(20)
    randomizer.scatter_2d(prims, plane, extents=((0, 0, -1), (1, 1, 1)), rng=np.random.default_rng(1))
    found = positions(prims)
    assert found[:, :2].min() >= 0
    assert found[:, :2].max() <= 1


def test_scattered_boxes_do_not_meet(stage):
    plane, prims = create.plane(scale=6), create_batch.cube(15)
    tower = create.cube(name="Tower", scale=(2, 2, 2))
    randomizer.scatter_2d(
        prims, plane, no_collision_prims=tower, check_for_collisions=True, rng=np.random.default_rng(1)
    )
    assert overlapping(extents([*prims, tower])) == []
    randomizer.scatter_2d(prims, plane, rng=np.random.default_rng(1))
    assert overlapping(extents(prims)) != []


def test_turned_boxes_may_stand_where_boxes_along_the_axes_would_overlap():
    flat = np.diag([2.0, 0.1, 0.1])
    turned = flat @ np.array([[1, 1, 0], [-1, 1, 0], [0, 0, 1]]) / np.sqrt(2)
    first, second = Box(np.zeros(3), turned), Box(np.array([0.5, -0.5, 0]), turned)
    assert not first.meets(second)
    assert first.meets(Box(np.array([0.05, -0.05, 0]), turned))
    assert first.meets(Box(np.array([0.5, 0.5, 0]), turned))
    assert not Box(np.zeros(3), np.eye(3)).meets(Box(np.array([2.0, 0, 0]), np.eye(3)))


def test_too_many_boxes_are_refused_by_name(stage):
    plane, prims = create.plane(), create_batch.cube(2)
    with pytest.raises(ValueError, match="No free place for /Cube_01"):
        randomizer.scatter_2d(prims, plane, check_for_collisions=True, rng=np.random.default_rng(1))


def test_scattering_in_a_volume(stage):
    ball = create.sphere(scale=4, position=(5, 0, 0))
    hole = create.sphere(scale=2, position=(5, 0, 0))
    prims = create_batch.xform(60)
    randomizer.scatter_3d(prims, ball, volume_excl_prims=hole, rng=np.random.default_rng(1))
    distances = np.linalg.norm(positions(prims) - (5, 0, 0), axis=1)
    assert distances.max() < 2
    # The excluded mesh is inscribed in a ball of radius 1 and reaches to 0.97 of it.
    assert distances.min() > 0.97


def test_inside_is_what_a_closed_mesh_winds_around():
    corners = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    tetrahedron = corners[[[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]]
    assert inside(np.array([[0.2, 0.2, 0.2], [0.5, 0.5, 0.5]]), tetrahedron).tolist() == [True, False]


def test_nothing_to_scatter_on_says_so(stage):
    with pytest.raises(ValueError, match="No mesh or shape at or below /Xform"):
        randomizer.scatter_2d(create.cube(), create.xform())
    with pytest.raises(ValueError, match="no area"):
        randomizer.scatter_2d(create.cube(), create.plane(scale=(0, 1, 1)))
    with pytest.raises(TypeError, match="rng must be"):
        randomizer.display_color(create.cube(), rng=42)


def test_world_positions(stage):
    parent = create.xform(position=(1, 2, 3), rotation=(0, 0, 90))
    child = create.cube(parent=parent, position=(1, 0, 0))
    from omni.replicator.core.scripts.functional import utils

    assert Gf.IsClose(utils.get_world_position(child), Gf.Vec3d(1, 3, 3), 1e-9)
