"""What the extension says can be drawn is what kitless draws. Neither uses the other's code."""

import random

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdSemantics

from kitless.raycast import Scene
from kitless.raycast.scan import Scan
from simslate.recorder.labels import surfaces

PURPOSES = ("default", "render", "proxy", "guide")


def random_stage(seed):
    """Trees of groups and gprims with random purposes, instances, nested instancers and classes; all is visible."""
    chance = random.Random(seed)
    stage = Usd.Stage.CreateInMemory()
    stage.SetMetadata("metersPerUnit", 1.0)
    for specifier, root in ((Sdf.SpecifierDef, "/World"), (Sdf.SpecifierClass, "/Class"), (Sdf.SpecifierOver, "/Over")):
        _grow(stage, chance, root)
        stage.GetPrimAtPath(root).SetSpecifier(specifier)
    for number in range(3):
        instance = stage.DefinePrim(f"/World/Instance{number}")
        instance.GetReferences().AddInternalReference(chance.choice(["/Class", "/Over"]))
        instance.SetInstanceable(True)
    known = [str(prim.GetPath()) for prim in stage.TraverseAll() if prim.IsActive() and prim.GetParent().GetParent()]
    for number in range(4):
        path = f"{chance.choice(['/World', '/Class', '/Over'])}/Many{number}"
        instancer = UsdGeom.PointInstancer.Define(stage, path)
        instancer.CreatePrototypesRel().SetTargets([p for p in chance.sample(known, 3) if p != path])
        instancer.CreateProtoIndicesAttr([0, 1, 2, 0])
        instancer.CreatePositionsAttr([Gf.Vec3f(*(chance.random() for _ in range(3))) for _ in range(4)])
        known.append(path)
    return stage


def _grow(stage, chance, root):
    stage.DefinePrim(root, "Xform")
    paths = [root]
    for number in range(25):
        prim = stage.DefinePrim(f"{chance.choice(paths)}/P{number}", chance.choice(["Xform", "", "Cube", "Sphere"]))
        paths.append(str(prim.GetPath()))
        if prim.IsA(UsdGeom.Imageable) and chance.random() < 0.2:
            UsdGeom.Imageable(prim).CreatePurposeAttr(chance.choice(PURPOSES))
    for path in chance.sample(paths[1:], 2):
        if stage.GetPrimAtPath(path):
            stage.GetPrimAtPath(path).SetActive(False)


def ours(stage):
    return sorted((str(s.prim.GetPath()), tuple(str(i.GetPath()) for i in s.instancers)) for s in surfaces(stage))


@pytest.mark.parametrize("seed", range(12))
def test_the_same_is_found_as_by_the_scan(seed):
    stage = random_stage(seed)
    found = Scan().walk(stage.GetPseudoRoot()).gprims.values()
    scanned = [(str(g.prim.GetPath()), tuple(str(link.instancer.GetPath()) for link in g.chain)) for g in found]
    assert len(scanned) > 10
    assert ours(stage) == sorted(scanned)


def test_the_same_is_drawn_over_time(app):
    """Visibility, indices and face subsets, against all that the renderer had on the scene at any of the times."""
    stage = random_stage(99)
    chance = random.Random(5)
    for prim in list(stage.Traverse()):
        if prim.IsA(UsdGeom.Imageable) and chance.random() < 0.2:
            visibility = UsdGeom.Imageable(prim).CreateVisibilityAttr("invisible")
            for time in chance.choice([(), (1, 2), (1,)]):
                visibility.Set("inherited", time)
    mesh = UsdGeom.Mesh.Define(stage, "/World/Mesh")
    mesh.CreatePointsAttr([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)])
    mesh.CreateFaceVertexIndicesAttr([0, 1, 2, 0, 1, 3, 0, 2, 3])
    mesh.CreateFaceVertexCountsAttr([3, 3, 3])
    subset = UsdGeom.Subset.Define(stage, "/World/Mesh/One")
    subset.CreateElementTypeAttr("face")
    subset.CreateIndicesAttr([1])
    UsdSemantics.LabelsAPI.Apply(subset.GetPrim(), "class").CreateLabelsAttr(["one"])
    seen = set()
    with_scene = Scene(stage)
    for time in (1, 2):
        with_scene.update(Usd.TimeCode(time))
        seen.update(str((*i.subsets, i.path)[0]) for i in with_scene.instances)
    with_scene.close()
    assert {"/World/Mesh", "/World/Mesh/One"} < seen
    assert {str(s.prim.GetPath()) for s in surfaces(stage)} == seen
