"""Copies of meshes nobody here wrote: nested point instancers, instanceable references, hidden copies."""

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom, Vt

from .views import VIEWS


def instancer(stage, path, prototypes, places, *, turns=None, scales=None):
    """Define a point instancer that takes its prototypes in turn."""
    made = UsdGeom.PointInstancer.Define(stage, path)
    for prototype in prototypes:
        made.GetPrototypesRel().AddTarget(prototype)
    made.CreatePositionsAttr(Vt.Vec3fArray.FromNumpy(np.asarray(places, np.float32)))
    made.CreateProtoIndicesAttr(Vt.IntArray.FromNumpy(np.arange(len(places), dtype=np.int32) % len(prototypes)))
    if turns is not None:
        made.CreateOrientationsAttr([Gf.Quath(Gf.Rotation(Gf.Vec3d(1, 2, 3), float(t)).GetQuat()) for t in turns])
    if scales is not None:
        made.CreateScalesAttr(Vt.Vec3fArray.FromNumpy(np.asarray(scales, np.float32)))
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
    places, scales = random.uniform(-5, 5, (40, 3)) * [1, 0.2, 1], random.uniform(0.3, 0.9, (40, 3)) * [1, 1, -1]
    prototypes = ["/World/fields/field/bunny", "/World/fields/field/ball"]
    field = instancer(stage, "/World/fields/field", prototypes, places, turns=random.uniform(0, 360, 40), scales=scales)
    field.CreateInvisibleIdsAttr([4, 5])
    field.DeactivateIds([7])
    instancer(stage, "/World/fields", ["/World/fields/field"], [(-6, 0, 0), (6, 1, 0)], turns=[15, 80])
    subject = open_subject(stage)
    yield subject
    subject.scene.close()


@pytest.fixture(scope="module", params=VIEWS)
def comparison(request, scattered):
    return scattered.compare(request.param, "/World")


def test_every_copy_is_an_instance(scattered):
    instancers = 0 if "PointInstancer" in scattered.refused else 2 * 37
    assert len(scattered.labels) == len(scattered.scene.instances) == 3 + instancers


def test_copies_agree(comparison):
    assert comparison.is_other.mean() <= 1e-4
    assert not comparison.is_stray.any()
    assert (comparison.is_other | comparison.is_at_step).mean() <= 1e-4
    assert np.where(comparison.is_at_step, 0, comparison.depth_error).max() <= 1e-3


def test_copies_are_told_apart(comparison):
    pairs = np.unique(np.stack([comparison.ours.label, comparison.theirs.label]).reshape(2, -1), axis=1)
    assert np.unique(pairs[0]).size == np.unique(comparison.theirs.label).size
