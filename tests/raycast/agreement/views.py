"""Cameras for stages that bring none, placed by the stage's bounds."""

import numpy as np
from pxr import Gf, Usd, UsdGeom

SIZE = (640, 480)
CAMERA = "/AgreementCamera"
APERTURE = 20.955
# From the middle to the eye, Z up; and how much of the frame the bounds' corners may take.
VIEWS = {"whole": ((1.0, -0.7, 0.5), 0.95), "steep": ((-0.45, 0.35, 1.3), 0.95), "close": ((0.9, 0.8, 0.35), 1.25)}


def look(stage, view, bounds):
    """Put the camera of a view of the box `bounds` (2, 3), smallest and largest, on the session layer; return its prim.

    "close" has it off the optical axis and cropped by the frame.
    """
    is_y_up = UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.y
    (x, y, z), fill = VIEWS[view]
    box = Gf.Range3d(*(Gf.Vec3d(*corner) for corner in bounds))
    middle, size = box.GetMidpoint(), box.GetSize().GetLength()
    eye = middle + Gf.Vec3d(*((y, z, x) if is_y_up else (x, y, z))).GetNormalized() * 1.3 * size
    to_camera = Gf.Matrix4d().SetLookAt(eye, middle, Gf.Vec3d(0, is_y_up, not is_y_up))
    with Usd.EditContext(stage, stage.GetSessionLayer()):
        camera = UsdGeom.Camera.Define(stage, CAMERA)
        camera.MakeMatrixXform().Set(to_camera.GetInverse())
        camera.CreateClippingRangeAttr((size * 1e-3, size * 1e4))
        camera.CreateFocalLengthAttr(fill * fitting_focal_length(box, to_camera))
        camera.CreateHorizontalApertureAttr(APERTURE)
        camera.CreateHorizontalApertureOffsetAttr(1.7 if view == "close" else 0.0)
        camera.CreateVerticalApertureOffsetAttr(-1.1 if view == "close" else 0.0)
    return camera.GetPrim()


def fitting_focal_length(box, to_camera):
    """The longest lens that still sees all corners of a box."""
    corners = np.array([to_camera.Transform(box.GetCorner(k)) for k in range(8)])
    across, up = np.abs(corners[:, :2] / corners[:, 2:]).max(axis=0)
    return APERTURE / 2 / max(across, up * SIZE[0] / SIZE[1])


def hide(stage, paths):
    """Make prims invisible, on the session layer."""
    with Usd.EditContext(stage, stage.GetSessionLayer()):
        for path in paths:
            UsdGeom.Imageable(stage.GetPrimAtPath(path)).MakeInvisible()
