"""Ids come from paths: the same scene written in another order, by another process, gives the same masks."""

import random

import pytest
from pxr import Gf, Usd, UsdGeom, UsdSemantics

MASKS = ("semantic_segmentation", "instance_segmentation", "instance_id_segmentation")


@pytest.fixture
def write_stage(tmp_path):
    """Write a stage whose twelve labelled and unlabelled cubes are authored in an order of its own."""

    def write(name, seed):
        stage = Usd.Stage.CreateNew(str(tmp_path / name))
        numbers = list(range(12))
        random.Random(seed).shuffle(numbers)
        for number in numbers:
            prim = UsdGeom.Cube.Define(stage, f"/World/c{number:02d}")
            prim.CreateSizeAttr(1)
            prim.AddTranslateOp().Set(Gf.Vec3d(1.5 * (number % 4) - 2.25, 1.5 * (number // 4) - 1.5, -8))
            if number % 3:
                UsdSemantics.LabelsAPI.Apply(prim.GetPrim(), "class").CreateLabelsAttr([f"kind{number % 5}"])
        UsdGeom.Camera.Define(stage, "/World/turtle_Camera")
        stage.GetRootLayer().Save()
        return tmp_path / name

    return write


def test_two_prim_orders_and_processes_give_the_same_bytes(simslate, write_job, write_stage, tmp_path):
    parameters = {**dict.fromkeys(MASKS, True), "bounding_box_2d_tight": True}
    products = [{"camera": "/World/turtle_Camera", "resolution": [320, 240]}]
    job = write_job(render_products=products, writer={"name": "BasicWriter", "parameters": parameters}, frames=1)
    stages = [write_stage("one.usda", 1), write_stage("two.usda", 2)]
    assert stages[0].read_text() != stages[1].read_text()
    folders = []
    for stage in stages:
        folders.append(tmp_path / stage.stem)
        run = simslate("record", job, "--stage", stage, "--output", folders[-1])
        assert run.returncode == 0, run.stderr
    names = sorted(path.name for path in folders[0].iterdir() if path.is_file())
    assert len(names) == 1 + 2 + 3 + 2 + 3
    assert [name for name in names if (folders[0] / name).read_bytes() != (folders[1] / name).read_bytes()] == []
