"""Builds the sample's props: `python data/make_props.py` rewrites `data/props/*.usda`.

Every prop is an Xform that stands on its origin, in metres, Z up, front towards -Y (the turtle: towards +X), with its
materials under `Looks`. Printed parts carry faceVarying `st`, growing to the right and upwards as seen from outside.
"""

import math
from collections.abc import Callable
from pathlib import Path

from make_textures import CAN_ISLANDS, CAN_SIZE, CRACKER_ISLANDS, CRACKER_SIZE, Box
from pxr import Sdf, Usd, UsdGeom, UsdShade
from surface import Pair, Point, Surface, along, lathe, rounded_rectangle

PROPS = Path(__file__).parent / "props"

CRACKER_BOX = (0.16, 0.06, 0.21)
"""Width, depth and height in metres."""
CAN_RADIUS, CAN_HEIGHT = 0.034, 0.1
TABLE_HEIGHT = 0.46


def island(box: Box, size: tuple[int, int]) -> Callable[[float, float], Pair]:
    """Returns the map from (right, up) in 0..1 on an island of an atlas to `st`."""
    left, top, right, bottom = box

    def st(right_part: float, up_part: float) -> Pair:
        return (left + (right - left) * right_part) / size[0], 1 - (bottom - (bottom - top) * up_part) / size[1]

    return st


def plain(_place: Pair, _point: Point) -> Pair:
    """The `st` of parts without a picture."""
    return 0.0, 0.0


def prop(name: str) -> Usd.Stage:
    """Returns a new stage in memory whose default prim is the prop's Xform."""
    stage = Usd.Stage.CreateInMemory(f"{name}.usda")
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetTimeCodesPerSecond(24)
    stage.GetRootLayer().comment = "Made by make_props.py: change that, not this."
    root = UsdGeom.Xform.Define(stage, f"/{name}").GetPrim()
    Usd.ModelAPI(root).SetKind("component")
    stage.SetDefaultPrim(root)
    UsdGeom.Scope.Define(stage, f"/{name}/Looks")
    return stage


def bind(prim: Usd.Prim, look: UsdShade.Material) -> None:
    """Binds a material."""
    UsdShade.MaterialBindingAPI.Apply(prim).Bind(look)


def look(stage: Usd.Stage, name: str, colour: Point | str, roughness: float) -> UsdShade.Material:
    """Adds a UsdPreviewSurface whose diffuse colour is linear RGB, or the texture of that file name."""
    path = stage.GetDefaultPrim().GetPath().AppendPath(f"Looks/{name}")
    material = UsdShade.Material.Define(stage, path)
    surface = UsdShade.Shader.Define(stage, path.AppendChild("surface"))
    surface.CreateIdAttr("UsdPreviewSurface")
    surface.CreateInput("roughness", Sdf.ValueTypeNames.Float).Set(roughness)
    diffuse = surface.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f)
    if isinstance(colour, str):
        diffuse.ConnectToSource(_texture(stage, path, colour))
    else:
        diffuse.Set(colour)
    output = surface.CreateOutput("surface", Sdf.ValueTypeNames.Token)
    material.CreateSurfaceOutput().ConnectToSource(output)
    return material


def _texture(stage: Usd.Stage, path: Sdf.Path, name: str) -> UsdShade.Output:
    reader = UsdShade.Shader.Define(stage, path.AppendChild("st"))
    reader.CreateIdAttr("UsdPrimvarReader_float2")
    reader.CreateInput("varname", Sdf.ValueTypeNames.String).Set("st")
    texture = UsdShade.Shader.Define(stage, path.AppendChild("picture"))
    texture.CreateIdAttr("UsdUVTexture")
    texture.CreateInput("file", Sdf.ValueTypeNames.Asset).Set(f"../textures/{name}")
    texture.CreateInput("sourceColorSpace", Sdf.ValueTypeNames.Token).Set("sRGB")
    for wrap in ("wrapS", "wrapT"):
        texture.CreateInput(wrap, Sdf.ValueTypeNames.Token).Set("clamp")
    st = reader.CreateOutput("result", Sdf.ValueTypeNames.Float2)
    texture.CreateInput("st", Sdf.ValueTypeNames.Float2).ConnectToSource(st)
    return texture.CreateOutput("rgb", Sdf.ValueTypeNames.Float3)


def cracker_box() -> Usd.Stage:
    """A printed carton: six flat faces on one atlas."""
    stage, carton = prop("cracker_box"), Surface()
    x, y, z = CRACKER_BOX[0] / 2, CRACKER_BOX[1] / 2, CRACKER_BOX[2]
    faces: dict[str, tuple[str, list[Point]]] = {
        "front": ("front", [(-x, -y, 0), (x, -y, 0), (x, -y, z), (-x, -y, z)]),
        "back": ("back", [(x, y, 0), (-x, y, 0), (-x, y, z), (x, y, z)]),
        "right": ("side", [(x, -y, 0), (x, y, 0), (x, y, z), (x, -y, z)]),
        "left": ("side", [(-x, y, 0), (-x, -y, 0), (-x, -y, z), (-x, y, z)]),
        "top": ("top", [(-x, -y, z), (x, -y, z), (x, y, z), (-x, y, z)]),
        "bottom": ("bottom", [(-x, y, 0), (x, y, 0), (x, -y, 0), (-x, -y, 0)]),
    }
    for printed, corners in faces.values():
        st = island(CRACKER_ISLANDS[printed], CRACKER_SIZE)
        carton.polygon(corners, [st(0, 0), st(1, 0), st(1, 1), st(0, 1)])
    bind(carton.define(stage, "/cracker_box/mesh"), look(stage, "carton", "cracker_box.png", 0.55))
    return stage


def soup_can() -> Usd.Stage:
    """A tin can: the label wraps round, its middle to the front; rims stand out at both ends."""
    stage, can = prop("soup_can"), Surface()
    label, metal = (island(CAN_ISLANDS[name], CAN_SIZE) for name in ("label", "metal"))
    r, rim, h = CAN_RADIUS - 0.001, CAN_RADIUS, CAN_HEIGHT

    def end(name: str, mirror: int) -> Callable[[Pair, Point], Pair]:
        st = island(CAN_ISLANDS[name], CAN_SIZE)
        return lambda _, point: st(0.5 + mirror * point[0] / rim / 2, 0.5 + point[1] / rim / 2)

    # The fronts are printed a quarter and three quarters along the label: u = 0.75 is at -Y.
    can.patch(lathe([(0, 0.002), (r - 0.003, 0.002)]), (48, 1), end("base", -1))
    can.patch(
        lathe([(r - 0.003, 0.002), (r - 0.002, 0), (rim - 0.0005, 0), (rim, 0.001), (rim, 0.003), (r, 0.005)]),
        (48, 5),
        lambda place, _: metal(*place),
    )
    can.patch(lathe([(r, 0.005), (r, h - 0.005)]), (48, 1), lambda place, _: label(*place))
    can.patch(
        lathe(
            [
                (r, h - 0.005),
                (rim, h - 0.003),
                (rim, h - 0.001),
                (rim - 0.0005, h),
                (r - 0.002, h),
                (r - 0.003, h - 0.003),
            ]
        ),
        (48, 5),
        lambda place, _: metal(*place),
    )
    can.patch(lathe([(r - 0.003, h - 0.003), (0, h - 0.003)]), (48, 1), end("lid", 1))
    bind(can.define(stage, "/soup_can/mesh"), look(stage, "tin", "soup_can.png", 0.35))
    return stage


def mug() -> Usd.Stage:
    """A glazed mug of coffee."""
    stage, body, coffee = prop("mug"), Surface(), Surface()
    outside = [(0, 0), (0.026, 0), (0.03, 0.002), (0.034, 0.008), (0.038, 0.03), (0.041, 0.088)]
    lip = [(0.041, 0.088), (0.0405, 0.0905), (0.039, 0.091), (0.0375, 0.0905), (0.037, 0.088)]
    inside = [(0.037, 0.088), (0.034, 0.03), (0.03, 0.01), (0, 0.008)]
    for profile in (outside, lip, inside):
        body.patch(lathe(profile), (48, len(profile) - 1), plain)

    def handle(u: float, v: float) -> Point:
        swing, turn = math.pi * (v - 0.5), -2 * math.pi * u
        reach = 0.026 + 0.0055 * math.cos(turn)
        return 0.0365 + reach * math.cos(swing) * 1.05, 0.0055 * math.sin(turn), 0.05 + reach * math.sin(swing)

    body.patch(handle, (12, 16), plain)
    coffee.patch(lathe([(0.0362, 0.078), (0, 0.078)]), (48, 1), plain)
    bind(body.define(stage, "/mug/body"), look(stage, "glaze", (0.86, 0.5, 0.06), 0.25))
    bind(coffee.define(stage, "/mug/coffee"), look(stage, "coffee", (0.05, 0.022, 0.01), 0.15))
    return stage


def plate() -> Usd.Stage:
    """A small glazed plate."""
    stage, dish = prop("plate"), Surface()
    below = [(0, 0.002), (0.036, 0.002), (0.037, 0), (0.041, 0), (0.043, 0.003), (0.064, 0.009), (0.07, 0.012)]
    above = [
        (0.07, 0.012),
        (0.0705, 0.013),
        (0.0695, 0.0138),
        (0.064, 0.012),
        (0.042, 0.006),
        (0.036, 0.005),
        (0, 0.005),
    ]
    for profile in (below, above):
        dish.patch(lathe(profile), (56, len(profile) - 1), plain)
    bind(dish.define(stage, "/plate/dish"), look(stage, "glaze", (0.78, 0.75, 0.68), 0.25))
    return stage


def cracker() -> Usd.Stage:
    """A square cracker with a scalloped edge, 46 mm wide and 5 mm thick."""
    stage, baked = prop("cracker"), Surface()
    half, waves = 0.021, 28

    def at(u: float, v: float) -> Point:
        inward, height = along([(0, 0), (1, 0.0008), (1, 0.0042), (0, 0.005)], v)
        x, y = along([(1, 1), (-1, 1), (-1, -1), (1, -1), (1, 1)], u % 1)
        out = (half + 0.0018 * abs(math.sin(math.pi * waves * u))) * inward
        return x * out, y * out, height

    baked.patch(at, (4 * waves, 3), lambda _, point: (0.5 + point[0] / 0.048, 0.5 + point[1] / 0.048))
    bind(baked.define(stage, "/cracker/mesh"), look(stage, "baked", "cracker.png", 0.8))
    return stage


def table() -> Usd.Stage:
    """A low oak table: a top with rounded corners on four tapered, splayed legs."""
    stage, top, legs = prop("table"), Surface(), Surface()
    half, radius, thick = (0.5, 0.32), 0.07, 0.03
    edge = [(0.004, -thick), (0.0, -thick + 0.004), (0.0, -0.004), (0.0012, -0.0012), (0.004, 0.0)]

    def rim(u: float, v: float) -> Point:
        inset, height = along(edge, v)
        x, y = along(rounded_rectangle((half[0] - inset, half[1] - inset), radius - inset), u % 1)
        return x, y, TABLE_HEIGHT + height

    def st(_: Pair, point: Point) -> Pair:
        return 0.5 + point[0] / half[0] / 2, 0.5 + point[1] / half[1] / 2

    top.patch(rim, (28, len(edge) - 1), st)
    face = [(x, y, TABLE_HEIGHT) for x, y in rounded_rectangle((half[0] - 0.004, half[1] - 0.004), radius - 0.004)[:-1]]
    below = [(x, y, TABLE_HEIGHT - thick) for x, y, _ in reversed(face)]
    for flat in (face, below):
        top.polygon(flat, [st((0, 0), point) for point in flat])
    for sx in (-1, 1):
        for sy in (-1, 1):
            leg = lathe(
                [(0, 0), (0.013, 0), (0.024, TABLE_HEIGHT - thick)],
                foot=(sx * 0.45, sy * 0.27),
                lean=(-sx * 0.16, -sy * 0.16),
            )
            legs.patch(leg, (20, 2), plain)
    bind(top.define(stage, "/table/top"), look(stage, "oak", "table_wood.png", 0.5))
    bind(legs.define(stage, "/table/legs"), look(stage, "walnut", (0.17, 0.075, 0.035), 0.5))
    return stage


def toy_turtle() -> Usd.Stage:
    """A wind-up turtle that looks along +X; the key on its back turns twice in 48 frames."""
    stage, shell = prop("toy_turtle"), Surface()
    root = "/toy_turtle"
    dome = [(math.cos(a), math.sin(a)) for a in (math.radians(10 * k) for k in range(10))]
    profile = [
        (0.0, 0.012),
        (0.92, 0.012),
        (1.04, 0.016),
        (1.05, 0.02),
        *((r, 0.02 + 0.042 * h) for r, h in dome[:-1]),
        (0.0, 0.062),
    ]
    size = (0.066, 0.052)
    shell.patch(
        lathe(profile, stretch=size),
        (40, len(profile) - 1),
        lambda _, point: (0.5 + point[0] / size[0] / 2.12, 0.5 + point[1] / size[1] / 2.12),
    )
    bind(shell.define(stage, f"{root}/shell"), look(stage, "scutes", "turtle_shell.png", 0.4))
    skin, ink, brass = (
        look(stage, "skin", (0.44, 0.6, 0.16), 0.5),
        look(stage, "ink", (0.012, 0.012, 0.015), 0.2),
        look(stage, "brass", (0.85, 0.5, 0.1), 0.3),
    )
    ball(stage, f"{root}/head", (0.085, 0, 0.038), (0.022, 0.019, 0.019), skin)
    ball(stage, f"{root}/tail", (-0.072, 0, 0.018), (0.014, 0.006, 0.006), skin)
    for side, name in ((1, "left"), (-1, "right")):
        ball(stage, f"{root}/{name}_eye", (0.097, side * 0.011, 0.046), (0.0048, 0.0048, 0.0048), ink)
        ball(stage, f"{root}/{name}_flipper", (0.042, side * 0.046, 0.012), (0.019, 0.02, 0.012), skin)
        ball(stage, f"{root}/{name}_foot", (-0.046, side * 0.044, 0.011), (0.016, 0.017, 0.011), skin)
    _key(stage, f"{root}/key", brass)
    return stage


def ball(stage: Usd.Stage, path: str, centre: Point, radii: Point, material: UsdShade.Material) -> None:
    """Adds an ellipsoid: a unit sphere, scaled."""
    sphere = UsdGeom.Sphere.Define(stage, path)
    sphere.CreateRadiusAttr(1.0)
    sphere.CreateExtentAttr([(-1, -1, -1), (1, 1, 1)])
    sphere.AddTranslateOp().Set(centre)
    sphere.AddScaleOp().Set(radii)
    bind(sphere.GetPrim(), material)


def _key(stage: Usd.Stage, path: str, brass: UsdShade.Material) -> None:
    key = UsdGeom.Xform.Define(stage, path)
    key.AddTranslateOp().Set((-0.012, 0, 0.06))
    turn = key.AddRotateZOp()
    turn.Set(0, 0)
    turn.Set(720, 48)
    bind(key.GetPrim(), brass)
    for name, axis, size, centre in (
        ("stem", "Z", (0.0026, 0.02), (0, 0, 0.009)),
        ("left_wing", "Y", (0.0095, 0.004), (-0.009, 0, 0.024)),
        ("right_wing", "Y", (0.0095, 0.004), (0.009, 0, 0.024)),
    ):
        part = UsdGeom.Cylinder.Define(stage, f"{path}/{name}")
        part.CreateAxisAttr(axis)
        part.CreateRadiusAttr(size[0])
        part.CreateHeightAttr(size[1])
        part.CreateExtentAttr(UsdGeom.Boundable.ComputeExtentFromPlugins(part, Usd.TimeCode.Default()))
        part.AddTranslateOp().Set(centre)


MAKERS: dict[str, Callable[[], Usd.Stage]] = {
    "cracker.usda": cracker,
    "cracker_box.usda": cracker_box,
    "soup_can.usda": soup_can,
    "mug.usda": mug,
    "plate.usda": plate,
    "table.usda": table,
    "toy_turtle.usda": toy_turtle,
}
"""File name in `props/` -> the function that builds it."""


def main() -> None:
    """Writes every prop."""
    PROPS.mkdir(exist_ok=True)
    for name, make in MAKERS.items():
        stage = make()
        stage.GetRootLayer().Export(str(PROPS / name))


if __name__ == "__main__":
    main()
