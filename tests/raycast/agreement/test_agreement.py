"""Ids and depth of a second renderer, which shares nothing with ours, on stages nobody here wrote."""

import numpy as np
import pytest
from pxr import Usd

from .views import VIEWS

NEWTON, KAMINO = "newton/tests/assets", "newton/tests/assets/kamino/testing/geoms"
EXAMPLES, WARP = "newton/examples/assets", "warp/examples/assets"
STAGES = {
    "humanoid": f"{NEWTON}/humanoid.usda",
    "humanoid_mjc": f"{NEWTON}/humanoid_mjc.usda",
    "ant_multi": f"{NEWTON}/ant_multi.usda",
    "crazyflie": f"{EXAMPLES}/crazyflie.usd",
    "palletizer": f"{EXAMPLES}/palletizer_scene.usda",
    "negative_mesh": f"{NEWTON}/negative_scale_mesh_pair.usda",
    "negative_cube": f"{NEWTON}/negative_scale_cube.usda",
    "negative_sphere": f"{NEWTON}/negative_scale_sphere.usda",
    "articulated_mesh": f"{NEWTON}/simple_articulation_with_mesh.usda",
    "cube_cylinder": f"{NEWTON}/cube_cylinder.usda",
    "points": f"{NEWTON}/mpm_two_prims.usda",
    "cone": f"{KAMINO}/test_geom_cone.usda",
    "cylinder": f"{KAMINO}/test_geom_cylinder.usda",
    "capsule": f"{KAMINO}/test_geom_capsule.usda",
    "ellipsoid": f"{KAMINO}/test_geom_ellipsoid.usda",
    "instanceable": f"{EXAMPLES}/cartpole_single_pendulum.usda",
    "plug": f"{EXAMPLES}/rj45_plug.usd",
    "bear": f"{WARP}/bear.usd",
    "bunny": f"{WARP}/bunny.usd",
    "rocks": f"{WARP}/rocks.usd",
    "torus": "warp/tests/assets/torus.usda",
    "cracker_box": "shared/assets/ycb/003_cracker_box.usdz",
    "soup_can": "shared/assets/ycb/005_tomato_soup_can.usdz",
}
FOCUS = {
    "humanoid_mjc": {"close": "/humanoid/Geometry/torso/torso"},
    "ant_multi": {"steep": "/World/envs/env_27", "close": "/World/envs/env_27/Robot/torso"},
    "palletizer": {"close": "/pick_scene/PickBoxes"},
    "points": {"whole": "/World/Snow", "steep": "/World/TranslatedAndScaled/Sand", "close": "/World/RenderOnly"},
    "instanceable": {"whole": "/cartpole/pole", "steep": "/cartpole/pole"},
}
"""What views look at, where everything, or for the close one the gprim in the middle of the paths, shows little."""
UNDRAWN = {"plug": {"/World/CableCurve"}}
"""What the second renderer cannot draw, so that it is hidden from ours."""


SLOW = {"ant_multi"}


@pytest.fixture(scope="module", params=[pytest.param(s, marks=[pytest.mark.slow] * (s in SLOW)) for s in STAGES])
def subject(request, find_asset, open_subject):
    opened = open_subject(Usd.Stage.Open(str(find_asset(STAGES[request.param]))))
    yield request.param, opened
    opened.scene.close()


@pytest.fixture(scope="module", params=VIEWS)
def comparison(request, subject):
    name, opened = subject
    if not opened.names:
        pytest.skip(f"nothing here can be drawn yet: {', '.join(opened.refused)}")
    return opened.compare(request.param, FOCUS.get(name, {}).get(request.param))


def test_both_draw_the_same_gprims(subject):
    name, opened = subject
    assert opened.undrawn == UNDRAWN.get(name, set())
    assert set(opened.drawn) == set(opened.names)


def test_the_view_shows_something(comparison):
    assert (comparison.theirs.label >= 0).sum() > 500


def test_ids_agree(comparison):
    assert comparison.is_other.mean() <= 1e-4
    assert not comparison.is_stray.any()


def test_only_few_surfaces_coincide(comparison):
    assert comparison.is_coincident.mean() < 0.005


def test_depths_agree(comparison):
    assert (comparison.is_other | comparison.is_at_step).mean() <= 1e-4
    assert np.where(comparison.is_at_step, 0, comparison.depth_error).max() <= 1e-3
