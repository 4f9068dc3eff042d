"""path_trace() against mitsuba, a reference renderer, in a box like Cornell's."""

import numpy as np
import pytest
from pxr import Gf, Sdf, UsdGeom, UsdLux, UsdShade

from kitless.raycast.paths import path_trace

WHITE, RED, GREEN = (0.725, 0.71, 0.68), (0.63, 0.065, 0.05), (0.14, 0.45, 0.091)
WALLS = {
    "Floor": ([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)], WHITE),
    "Ceiling": ([(-1, -1, 2), (-1, 1, 2), (1, 1, 2), (1, -1, 2)], WHITE),
    "Back": ([(-1, 1, 0), (1, 1, 0), (1, 1, 2), (-1, 1, 2)], WHITE),
    "Left": ([(-1, -1, 0), (-1, 1, 0), (-1, 1, 2), (-1, -1, 2)], RED),
    "Right": ([(1, -1, 0), (1, -1, 2), (1, 1, 2), (1, 1, 0)], GREEN),
}
BOXES = {"Tall": ((-0.35, 0.35, 0.6), (0.3, 0.3, 0.6), 18.0), "Short": ((0.35, -0.3, 0.3), (0.3, 0.3, 0.3), -17.0)}
LAMP_SIDE, LAMP_HEIGHT, LAMP_RADIANCE = 0.5, 1.999, 15.0
SIDE, BOUNCES = 48, 12
REGIONS = {
    "floor": (slice(41, 44), slice(8, 22)),
    "ceiling": (slice(3, 5), slice(5, 42)),
    "back wall": (slice(12, 18), slice(26, 34)),
    "left wall": (slice(14, 28), slice(3, 8)),
    "right wall": (slice(14, 28), slice(38, 43)),
    "tall box": (slice(24, 34), slice(16, 23)),
    "short box": (slice(33, 41), slice(26, 33)),
}
"""Rows and columns of pixels that see nothing else."""
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def corners(middle, half, degrees):
    turn = np.radians(degrees)
    matrix = np.array([[np.cos(turn), np.sin(turn), 0], [-np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    signs = np.array([[x, y, z] for z in (-1, 1) for y in (-1, 1) for x in (-1, 1)])
    return signs * half @ matrix + middle


FACES = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]


def bind(stage, prim, color):
    path = f"/Looks/M{abs(hash(color))}"
    material = UsdShade.Material.Define(stage, path)
    surface = UsdShade.Shader.Define(stage, f"{path}/Surface")
    surface.CreateIdAttr("UsdPreviewSurface")
    surface.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f).Set(color)
    # The specular workflow with nothing that reflects: a perfectly diffuse surface.
    surface.CreateInput("useSpecularWorkflow", Sdf.ValueTypeNames.Int).Set(1)
    material.CreateSurfaceOutput().ConnectToSource(surface.ConnectableAPI(), "surface")
    UsdShade.MaterialBindingAPI.Apply(prim).Bind(material)


@pytest.fixture
def box(stage, add_camera):
    add_camera((0, -3.8, 1), (90, 0, 0), focalLength=10.0, horizontalAperture=7.8)
    for name, (points, color) in WALLS.items():
        mesh(stage, name, points, [(0, 1, 2, 3)], color)
    for name, placed in BOXES.items():
        mesh(stage, name, corners(*placed), FACES, WHITE)
    lamp = UsdLux.RectLight.Define(stage, "/Lamp")
    lamp.CreateWidthAttr(LAMP_SIDE)
    lamp.CreateHeightAttr(LAMP_SIDE)
    lamp.CreateIntensityAttr(LAMP_RADIANCE)
    lamp.AddTranslateOp().Set(Gf.Vec3d(0, 0, LAMP_HEIGHT))


def mesh(stage, name, points, faces, color):
    made = UsdGeom.Mesh.Define(stage, f"/{name}")
    made.CreatePointsAttr([Gf.Vec3f(*map(float, point)) for point in points])
    made.CreateFaceVertexCountsAttr([4] * len(faces))
    made.CreateFaceVertexIndicesAttr([index for face in faces for index in face])
    bind(stage, made.GetPrim(), color)


def reference(mi, samples):
    """The same box in mitsuba: (H, W, 3)."""

    def shape(points, faces, color):
        made = mi.Mesh("shape", len(points), 2 * len(faces), props=twosided(mi, color))
        params = mi.traverse(made)
        params["vertex_positions"] = np.asarray(points, np.float32).ravel()
        triangles = [t for a, b, c, d in faces for t in (a, b, c, a, c, d)]
        params["faces"] = np.asarray(triangles, np.uint32)
        params.update()
        return made

    place = mi.ScalarTransform4f
    half = LAMP_SIDE / 2
    scene = {
        "type": "scene",
        "integrator": {"type": "path", "max_depth": BOUNCES + 1, "rr_depth": 100},
        "lamp": {
            "type": "rectangle",
            "to_world": place().translate([0, 0, LAMP_HEIGHT]).rotate([1, 0, 0], 180).scale([half, half, 1]),
            # A lamp in USD is no object: light passes to the ceiling right above it, which this stands for.
            "bsdf": {"type": "diffuse", "reflectance": {"type": "rgb", "value": list(WHITE)}},
            "emitter": {"type": "area", "radiance": {"type": "rgb", "value": LAMP_RADIANCE}},
        },
        "sensor": {
            "type": "perspective",
            "fov": float(np.degrees(2 * np.arctan(7.8 / 2 / 10))),
            "near_clip": 0.01,
            "to_world": place().look_at(origin=[0, -3.8, 1], target=[0, 0, 1], up=[0, 0, 1]),
            "film": {
                "type": "hdrfilm",
                "width": SIDE,
                "height": SIDE,
                "rfilter": {"type": "box"},
                "pixel_format": "rgb",
            },
        },
    }
    for name, (points, color) in WALLS.items():
        scene[name] = shape(points, [(0, 1, 2, 3)], color)
    for name, placed in BOXES.items():
        scene[name] = shape(corners(*placed), FACES, WHITE)
    return np.array(mi.render(mi.load_dict(scene), spp=samples, seed=1))


def twosided(mi, color):
    props = mi.Properties()
    diffuse = {"type": "diffuse", "reflectance": {"type": "rgb", "value": list(color)}}
    props["bsdf"] = mi.load_dict({"type": "twosided", "bsdf": diffuse})
    return props


@pytest.mark.slow
def test_a_box_is_lit_as_mitsuba_lights_it(box, look):
    mi = pytest.importorskip("mitsuba", reason="the reference renderer is an extra: pip install 'simslate[reference]'")
    mi.set_variant("scalar_rgb")
    expected = reference(mi, 1024)
    seen = look((SIDE, SIDE))
    found = path_trace(seen.scene, seen.camera, samples=768, bounces=BOUNCES)
    for name, region in REGIONS.items():
        ratio = (found[region] @ LUMINANCE).mean() / (expected[region] @ LUMINANCE).mean()
        assert ratio == pytest.approx(1, abs=0.02), f"{name}: {ratio:.4f}"
