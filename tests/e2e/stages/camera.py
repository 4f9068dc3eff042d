"""A job's script: a camera that has all that is drawn in its picture, for stages that have none."""

import math

from pxr import Gf, Usd, UsdGeom

import omni.usd
from simslate.recorder.labels import surfaces

stage = omni.usd.get_context().get_stage()
bounds = UsdGeom.BBoxCache(Usd.TimeCode.EarliestTime(), ["default", "render"])
box = Gf.Range3d()
for surface in surfaces(stage):
    box.UnionWith(bounds.ComputeWorldBound(surface.anchor).ComputeAlignedRange())
centre, radius = box.GetMidpoint(), box.GetSize().GetLength() / 2
up = Gf.Vec3d(0, 0, 1) if UsdGeom.GetStageUpAxis(stage) == "Z" else Gf.Vec3d(0, 1, 0)
side = Gf.Vec3d(1, 0, 0) + Gf.Cross(up, Gf.Vec3d(1, 0, 0)) * -1 + up * 0.7
eye = centre + side.GetNormalized() * radius / math.sin(math.radians(20))
camera = UsdGeom.Camera.Define(stage, "/OverviewCamera")
camera.CreateHorizontalApertureAttr(20)
camera.CreateFocalLengthAttr(20)
camera.CreateClippingRangeAttr(Gf.Vec2f(radius / 100, radius * 100))
camera.AddTransformOp().Set(Gf.Matrix4d().SetLookAt(eye, centre, up).GetInverse())
