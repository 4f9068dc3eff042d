"""Copies of meshes nobody here wrote: nested point instancers, instanceable references, hidden copies."""

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom, Vt

from .views import VIEWS


def instancer(stage, path, prototypes, places):
    """Define a point instancer that takes its prototypes in turn."""
    made = UsdGeom.PointInstancer.Define(stage, path)
    for prototype in prototypes:
        made.GetPrototypesRel().AddTarget(prototype)
    made.CreatePositionsAttr(Vt.Vec3fArray.FromNumpy(np.asarray(places, np.float32)))
    made.CreateProtoIndicesAttr(Vt.IntArray.FromNumpy(np.arange(len(places), dtype=np.int32) % len(prototypes)))
    return made


@pytest.fixture(scope="module")
def scattered(find_asset, open_subject):
    """A field of bunnies and balls, twice, beside three instanceable bunnies."""
    random, stage = np.random.default_rng(11), Usd.Stage.CreateInMemory()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    bunny = str(find_asset("warp/examples/assets/bunny.usd"))
    for k in range(3):
        reference = UsdGeom.Xform.Define(stage, f"/World/reference_{k}")
        reference.GetPrim().GetReferences().AddReference(bunny)
        reference.GetPrim().SetInstanceable(True)
        # The file may bring ops of its own.
        reference.AddTranslateOp(opSuffix="place").Set((3.0 * k, 0.0, 9.0))
    UsdGeom.Xform.Define(stage, "/World/fields/field/bunny").GetPrim().GetReferences().AddReference(bunny)
    UsdGeom.Sphere.Define(stage, "/World/fields/field/ball").AddScaleOp().Set((1.0, 0.4, 0.6))
    prototypes = ["/World/fields/field/bunny", "/World/fields/field/ball"]
    field = instancer(stage, "/World/fields/field", prototypes, random.uniform(-5, 5, (40, 3)) * [1, 0.2, 1])
    scales = random.uniform(0.7, 1.6, (40, 3)) * [1, 1, -1]
    field.CreateScalesAttr(Vt.Vec3fArray.FromNumpy(scales.astype(np.float32)))
    turns = [Gf.Rotation(Gf.Vec3d(1, 2, 3), angle).GetQuat() for angle in random.uniform(0, 360, 40)]
    field.CreateOrientationsfAttr([Gf.Quatf(turn) for turn in turns])
    field.CreateInvisibleIdsAttr([4, 5])
    field.DeactivateIds([7])
    fields = instancer(stage, "/World/fields", ["/World/fields/field"], [(-6, 0, 0), (6, 1, 0)])
    # These are unit in half precision; of others USD and graphics libraries make slightly different rotations.
    fields.CreateOrientationsAttr([Gf.Quath(0.5, 0.5, 0.5, 0.5), Gf.Quath(0, 0, 1, 0)])
    subject = open_subject(stage)
    yield subject
    subject.scene.close()


@pytest.fixture(scope="module", params=VIEWS)
def comparison(request, scattered):
    return scattered.compare(request.param, "/World")


def test_both_draw_the_same_copies(scattered):
    copies = 0 if "PointInstancer" in scattered.refused else 2 * 37
    assert len(scattered.names) == 3 + copies
    assert sorted(scattered.drawn) == sorted(scattered.names)


def test_copies_agree(comparison):
    assert comparison.is_other.mean() <= 1e-4
    assert not comparison.is_stray.any()
    assert (comparison.is_other | comparison.is_at_step).mean() <= 1e-4
    assert np.where(comparison.is_at_step, 0, comparison.depth_error).max() <= 1e-3
