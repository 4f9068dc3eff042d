"""What tests of made prims read off the open stage; a prim is given as itself or by its path."""

import numpy as np
from pxr import Gf, Usd, UsdGeom, UsdSemantics

import omni.usd


def prim_of(given):
    return given if isinstance(given, Usd.Prim) else omni.usd.get_context().get_stage().GetPrimAtPath(given)


def prims(item):
    return item.get_output_prims()["prims"]


def paths(item):
    return [str(prim.GetPath()) for prim in prims(item)]


def world(given):
    return UsdGeom.Imageable(prim_of(given)).ComputeLocalToWorldTransform(0)


def position(given):
    return np.array(world(given).ExtractTranslation())


def box(given):
    cache = UsdGeom.BBoxCache(Usd.TimeCode.Default(), [UsdGeom.Tokens.default_])
    extent = cache.ComputeWorldBound(prim_of(given)).ComputeAlignedRange()
    return np.array([extent.GetMin(), extent.GetMax()])


def labels(given):
    prim = prim_of(given)
    kinds = UsdSemantics.LabelsAPI.GetDirectTaxonomies(prim)
    return {kind: list(UsdSemantics.LabelsAPI(prim, kind).GetLabelsAttr().Get()) for kind in kinds}


def forward(camera):
    """Where a camera looks, and what is up in its picture."""
    matrix = UsdGeom.Xformable(camera).ComputeLocalToWorldTransform(0)
    return np.array(matrix.TransformDir(Gf.Vec3d(0, 0, -1))), np.array(matrix.TransformDir(Gf.Vec3d(0, 1, 0)))


def only_camera(item):
    return item.get_output_prims()["prims"][0].GetChildren()[0]
