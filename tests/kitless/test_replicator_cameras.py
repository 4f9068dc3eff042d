"""Annotators through cameras that are no plain pinhole, by the same API that scripts use."""

import numpy as np
import pytest
from pxr import Sdf, UsdGeom

import omni.replicator.core as rep

NUMBERS = {"fthetaWidth": 640, "fthetaHeight": 480, "fthetaCx": 330, "fthetaCy": 235}
FISHEYE = NUMBERS | {"fthetaMaxFov": 200, "fthetaPolyB": 0.004, "fthetaPolyC": 1e-6}
OPENCV = NUMBERS | {"openCVFx": 400, "openCVFy": 410, "fthetaPolyA": -0.1, "p0": 0.01, "p1": 0.02, "s3": 0.03}
MODELS = {"pinhole": {}, "orthographic": {}, "fisheyePolynomial": FISHEYE, "pinholeOpenCV": OPENCV}


@pytest.fixture
def see(app, camera):
    """The data of annotators after one step, through a camera of a model at the origin that looks along +Y."""

    def after_a_step(model, names, size=(320, 240)):
        prim = camera()
        if model == "orthographic":
            UsdGeom.Camera(prim).CreateProjectionAttr(UsdGeom.Tokens.orthographic)
            UsdGeom.Camera(prim).CreateHorizontalApertureAttr(100.0)
        elif model != "pinhole":
            prim.CreateAttribute("cameraProjectionType", Sdf.ValueTypeNames.Token).Set(model)
        for name, value in MODELS[model].items():
            prim.CreateAttribute(name, Sdf.ValueTypeNames.Float).Set(float(value))
        product = rep.create.render_product(str(prim.GetPath()), size)
        attached = {name: rep.annotators.get(name).attach(product) for name in names}
        app.run(rep.orchestrator.step_async())
        return {name: annotator.get_data() for name, annotator in attached.items()}

    return after_a_step


@pytest.mark.parametrize("model", MODELS)
def test_camera_params_tell_the_model(see, model):
    params = see(model, ["camera_params"])["camera_params"]
    assert params["cameraModel"] == model
    assert list(params) == sorted(params, key=str.lower)


def test_camera_params_of_a_fisheye(see):
    params = see("fisheyePolynomial", ["camera_params"])["camera_params"]
    assert (params["cameraFisheyeNominalWidth"], params["cameraFisheyeNominalHeight"]) == (640, 480)
    assert params["cameraFisheyeOpticalCentre"].tolist() == [330, 235]
    assert params["cameraFisheyePolynomial"] == pytest.approx([0, 0.004, 1e-6, 0, 0, 0])
    assert params["cameraFisheyeMaxFOV"] == 200
    # Recordings show the projection of the pinhole that focal length and aperture make.
    assert params["cameraProjection"][0] == pytest.approx(1.0)


def test_camera_params_of_opencvs_pinhole(see):
    params = see("pinholeOpenCV", ["camera_params"])["camera_params"]
    assert (params["cameraOpenCVFx"], params["cameraOpenCVFy"]) == (400, 410)
    assert params["cameraFisheyeOpticalCentre"].tolist() == [330, 235]
    assert params["cameraFisheyePolynomial"] == pytest.approx([-0.1, 0, 0, 0, 0, 0])
    assert params["cameraFisheyeLensP"] == pytest.approx([0.01, 0.02])
    assert params["cameraFisheyeLensS"] == pytest.approx([0, 0, 0, 0.03])


def test_an_orthographic_projection_places_a_known_point(see, cube):
    cube("/World/Box", (2, 8, 1), label="box")
    data = see("orthographic", ["camera_params", "bounding_box_2d_tight"])
    view, projection = (data["camera_params"][k].reshape(4, 4) for k in ("cameraViewTransform", "cameraProjection"))
    clip = np.array([2, 8, 1, 1.0]) @ view @ projection
    # An aperture of 100 tenths over 320 pixels: 32 pixels per unit.
    assert (clip[:2] / clip[3] * [1, -1] + 1) * [160, 120] == pytest.approx([160 + 64, 120 - 32])
    box = data["bounding_box_2d_tight"]["data"][0]
    assert [box[name] for name in ("x_min", "y_min", "x_max", "y_max")] == [208, 72, 239, 103]


def unprojected(params, x, y, distance):
    """Camera space points of pixels at distances, by the polynomial and the centre that camera_params tells."""
    nominal = np.array([params["cameraFisheyeNominalWidth"], params["cameraFisheyeNominalHeight"]])
    offset = np.stack([x + 0.5, y + 0.5], axis=1) * nominal / params["renderProductResolution"]
    offset = offset - params["cameraFisheyeOpticalCentre"]
    radius = np.hypot(*offset.T)
    angle = sum(c * radius**k for k, c in enumerate(params["cameraFisheyePolynomial"].astype(float)))
    aside = np.sin(angle) / radius
    return distance[:, None] * np.stack([aside * offset[:, 0], -aside * offset[:, 1], -np.cos(angle)], axis=1)


def test_a_fisheyes_point_cloud_is_its_distances_unprojected(see, cube):
    cube("/World/Room", (0, 0, 0), size=8, label="room")
    data = see("fisheyePolynomial", ["camera_params", "pointcloud", "distance_to_camera", "distance_to_image_plane"])
    params = data["camera_params"]
    y, x = np.nonzero(np.isfinite(data["distance_to_camera"]))
    local = unprojected(params, x, y, data["distance_to_camera"][y, x].astype(float))
    world = np.c_[local, np.ones(len(local))] @ np.linalg.inv(params["cameraViewTransform"].reshape(4, 4))
    assert data["pointcloud"]["data"] == pytest.approx(world[:, :3], abs=1e-4)
    assert data["distance_to_image_plane"][y, x] == pytest.approx(-local[:, 2], abs=1e-4)
    assert (local[:, 2] > 0).any()


@pytest.mark.parametrize("model", MODELS)
def test_box_occlusion_and_visibility_work_through_every_lens(see, cube, model):
    cube("/World/Front", (0, 5, 0), label="front")
    cube("/World/Back", (0.5, 8, 0), label="back")
    data = see(model, ["bounding_box_3d", "occlusion", "instance_segmentation"])
    ratios = dict(zip(data["bounding_box_3d"]["info"]["primPaths"], data["bounding_box_3d"]["data"], strict=True))
    assert ratios["/World/Front"]["occlusionRatio"] == 0
    assert 0.2 < ratios["/World/Back"]["occlusionRatio"] < 1
