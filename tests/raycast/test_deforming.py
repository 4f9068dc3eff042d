"""What changes with time and with edits: points, topology, primvars; and what composition leaves to be drawn."""

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from kitless.raycast import occurrence, trace
from kitless.raycast.motion import Past, motion

SQUARE = [(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)]


@pytest.fixture
def sheet(add, add_camera):
    add_camera((0, 0, 10))
    return add("Mesh", "/Sheet", points=SQUARE, faceVertexCounts=[4], faceVertexIndices=[0, 1, 2, 3])


def mesh_at(look, time):
    return look((8, 8), Usd.TimeCode(time)).scene.instances[0].mesh


def test_points_between_samples_are_interpolated_and_outside_held(sheet, look):
    for time, z in ((10, 0.0), (20, 4.0)):
        sheet.GetAttribute("points").Set([(x, y, z) for x, y, _ in SQUARE], time)
    depths = [look(time=Usd.TimeCode(t)).middle for t in (0, 10, 12.5, 20, 99)]
    assert depths == [10, 10, 9, 6, 6]


def test_topology_may_change_with_time(sheet, look):
    for name, first, second in (
        ("points", SQUARE, [*SQUARE, (0, 3, 0)]),
        ("faceVertexCounts", [4], [4, 3]),
        ("faceVertexIndices", [0, 1, 2, 3], [0, 1, 2, 3, 3, 2, 4]),
    ):
        sheet.GetAttribute(name).Set(first, 1)
        sheet.GetAttribute(name).Set(second, 2)
    assert [len(mesh_at(look, t).triangles) for t in (1, 2, 1)] == [2, 3, 2]
    assert mesh_at(look, 2).extent[1, 1] == 3


def test_colours_may_change_with_time(sheet, look):
    primvar = UsdGeom.PrimvarsAPI(sheet).CreatePrimvar("displayColor", Sdf.ValueTypeNames.Color3fArray, "constant")
    primvar.Set([(1, 0, 0)], 1)
    primvar.Set([(0, 0, 1)], 3)
    colours = [mesh_at(look, t).primvars["displayColor"].values[0].tolist() for t in (1, 2, 3)]
    assert colours == [[1, 0, 0], [0.5, 0, 0.5], [0, 0, 1]]


def test_normals_may_change_with_time(sheet, look):
    sheet.GetAttribute("normals").Set([(0, 0, 1)] * 4, 1)
    sheet.GetAttribute("normals").Set([(0.6, 0, 0.8)] * 4, 2)
    normals = [look(time=Usd.TimeCode(t)).hits.normal[50, 50] for t in (1, 2)]
    assert np.allclose(normals, [[0, 0, 1], [0.6, 0, 0.8]], atol=1e-6)


def test_a_changed_topology_costs_only_its_mesh(sheet, add, look, monkeypatch):
    add("Cube", "/Box", at=(4, 0, 0))
    assert len(look((8, 8)).scene.instances) == 2
    read, read_mesh = [], occurrence.read_mesh
    monkeypatch.setattr(occurrence, "read_mesh", lambda prim, *rest: read.append(prim) or read_mesh(prim, *rest))
    with Sdf.ChangeBlock():
        sheet.GetAttribute("faceVertexCounts").Set([3])
        sheet.GetAttribute("faceVertexIndices").Set([0, 1, 2])
    after = {str(i.path): i for i in look((8, 8)).scene.instances}
    assert len(after["/Sheet"].mesh.triangles) == 1
    assert [str(prim.GetPath()) for prim in read] == ["/Sheet"]


def test_payloads_are_drawn_while_they_are_loaded(stage, add_camera, look, tmp_path):
    add_camera()
    other = Usd.Stage.CreateNew(str(tmp_path / "box.usda"))
    UsdGeom.Cube.Define(other, "/Root/Box")
    other.GetRootLayer().Save()
    prim = stage.DefinePrim("/Guest")
    prim.GetPayloads().AddPayload(str(tmp_path / "box.usda"), "/Root")
    assert look((8, 8)).paths() == ["/Guest/Box"]
    prim.Unload()
    assert look((8, 8)).paths() == []
    prim.Load()
    assert look((8, 8)).paths() == ["/Guest/Box"]


def test_the_selected_variant_is_drawn(stage, add_camera, look):
    add_camera()
    variants = stage.DefinePrim("/World", "Xform").GetVariantSets().AddVariantSet("shape")
    for name, kind in (("round", "Sphere"), ("square", "Cube")):
        variants.AddVariant(name)
        variants.SetVariantSelection(name)
        with variants.GetVariantEditContext():
            stage.DefinePrim(f"/World/{kind}", kind)
    assert look((8, 8)).paths() == ["/World/Cube"]
    variants.SetVariantSelection("round")
    assert look((8, 8)).paths() == ["/World/Sphere"]


@pytest.mark.parametrize(("purpose", "drawn"), [("default", 1), ("render", 1), ("proxy", 0), ("guide", 0)])
def test_an_edited_purpose_above_hides_what_is_below(stage, add, add_camera, look, purpose, drawn):
    add_camera()
    world = UsdGeom.Xform.Define(stage, "/World")
    add("Points", "/World/Dust", points=[(0, 0, 0)], widths=[1.0])
    look((8, 8))
    world.CreatePurposeAttr(purpose)
    assert len(look((8, 8)).paths()) == drawn


def test_visibility_above_hides_curves_and_points(stage, add, add_camera, look):
    add_camera()
    world = UsdGeom.Xform.Define(stage, "/World")
    add("Points", "/World/Dust", points=[(0, 0, 0)], widths=[1.0])
    add("BasisCurves", "/World/Hair", points=SQUARE, curveVertexCounts=[4], type="linear")
    assert len(look((8, 8)).paths()) == 2
    world.MakeInvisible()
    assert look((8, 8)).paths() == []


@pytest.mark.parametrize(
    ("kind", "attributes"), [("Points", {}), ("BasisCurves", {"curveVertexCounts": [2], "type": "linear"})]
)
def test_surfaces_of_round_pieces_move_with_their_middle(stage, add, add_camera, scene, look, kind, attributes):
    add_camera((0, 0, 10))
    prim = add(kind, "/Thing", points=[(-3, 0, 0), (3, 0, 0)], widths=[2.0, 2.0], **attributes)
    before = look((200, 200))
    past = Past(before.camera, before.scene.instances)
    step = Gf.Vec3f(0.5, 0.25, 1)
    prim.GetAttribute("points").Set([Gf.Vec3f(-3, 0, 0) + step, Gf.Vec3f(3, 0, 0) + step])
    now = look((200, 200))
    found = motion(past, now.scene.instances, trace(now.scene, now.camera))
    rows, columns = np.nonzero(now.hits.instance == 0)
    _, c, a, b = now.camera.rays[:4]
    here = np.stack([columns, rows], axis=1) + 0.5
    way = c + here[:, :1] * a + here[:, 1:] * b
    place = now.camera.position + now.hits.depth[rows, columns, None] * way
    pixels, _ = before.camera.project(place - np.array(step, float))
    assert np.abs(found[rows, columns] - (pixels - here)).max() < 0.01
