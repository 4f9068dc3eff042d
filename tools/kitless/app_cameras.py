"""The app's own camera, which Kit has on every stage: /OmniverseKit_Persp, in the session layer."""

from __future__ import annotations

from pxr import Gf, Usd, UsdGeom

PERSPECTIVE = "/OmniverseKit_Persp"

_EYE_M = (5.0, 5.0, 5.0)


def ensure(stage: Usd.Stage, path: str = PERSPECTIVE) -> Usd.Prim:
    """Return the prim at ``path``; the perspective camera is made where it is missing, looking at the origin.

    Any other path without a prim gives an invalid one.
    """
    prim = stage.GetPrimAtPath(path)
    if prim or path != PERSPECTIVE:
        return prim
    with Usd.EditContext(stage, stage.GetSessionLayer()):
        camera = UsdGeom.Camera.Define(stage, PERSPECTIVE)
        camera.CreateFocalLengthAttr(18.147562)
        camera.CreateClippingRangeAttr(Gf.Vec2f(0.01, 1e7))
        camera.GetPrim().SetCustomDataByKey("hide_in_stage_window", True)
        camera.GetPrim().SetCustomDataByKey("no_delete", True)
        unit = 1.0 / UsdGeom.GetStageMetersPerUnit(stage)
        camera.AddTransformOp().Set(look_at(stage, Gf.Vec3d(*_EYE_M) * unit, Gf.Vec3d(0.0)))
    return camera.GetPrim()


def editing(prim: Usd.Prim) -> Usd.EditContext:
    """Return the context for edits of a camera: the session layer for the app's own, which is not saved."""
    stage = prim.GetStage()
    is_app_camera = str(prim.GetPath()) == PERSPECTIVE
    return Usd.EditContext(stage, stage.GetSessionLayer() if is_app_camera else stage.GetEditTarget())


def look_at(stage: Usd.Stage, eye: Gf.Vec3d, target: Gf.Vec3d) -> Gf.Matrix4d:
    """Return the transform to the world of a camera at ``eye`` that sees ``target``, the stage's up axis upwards.

    Looking along the up axis, the top of the picture is +Y, or -Z where Y is up. Raises ValueError when both points
    are one.
    """
    along = target - eye
    if along.GetLength() == 0.0:
        raise ValueError(f"a camera at {tuple(eye)} cannot look at the point where it is")
    up = Gf.Vec3d(0, 1, 0) if UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.y else Gf.Vec3d(0, 0, 1)
    if Gf.Cross(along.GetNormalized(), up).GetLength() < 1e-9:
        up = Gf.Vec3d(0, 0, -1) if up[1] else Gf.Vec3d(0, 1, 0)
    return Gf.Matrix4d().SetLookAt(eye, target, up).GetInverse()
