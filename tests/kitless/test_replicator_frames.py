"""Frames of a stage in which nothing has moved are traced once, and nothing stale is ever shown."""

import numpy as np
import pytest
from pxr import Gf, UsdGeom, UsdSemantics

import omni.replicator.core as rep
import omni.usd
from omni.replicator.core import frame as frames

SIZE = (64, 48)


@pytest.fixture
def stage(app):
    omni.usd.get_context().new_stage()
    stage = omni.usd.get_context().get_stage()
    UsdGeom.Camera.Define(stage, "/Camera").AddTranslateOp().Set(Gf.Vec3d(0, 0, 10))
    box = UsdGeom.Cube.Define(stage, "/World/box")
    box.AddTranslateOp().Set(Gf.Vec3d(0, 0, 0))
    return stage


@pytest.fixture
def mask(app, stage):
    """Return what takes a frame: where the box is seen, a bool for each pixel."""
    product = rep.create.render_product("/Camera", SIZE)
    annotator = rep.annotators.get("semantic_segmentation", init_params={"colorize": False})
    annotator.attach(product)

    def take():
        app.run(rep.orchestrator.step_async())
        return np.asarray(annotator.get_data()["data"]) > 1

    return take


@pytest.fixture
def traced(monkeypatch):
    """A list that grows with each frame that is traced."""
    calls, trace = [], frames.trace
    monkeypatch.setattr(frames, "trace", lambda *args: calls.append(args) or trace(*args))
    return calls


def label(stage):
    UsdSemantics.LabelsAPI.Apply(stage.GetPrimAtPath("/World/box"), "class").CreateLabelsAttr(["box"])


def test_what_has_not_moved_is_traced_once(stage, mask, traced):
    label(stage)
    seen = [mask() for _ in range(4)]
    assert len(traced) == 1
    assert all((each == seen[0]).all() for each in seen)


def test_a_label_shows_without_tracing_again(stage, mask, traced):
    label(stage)
    prim = stage.GetPrimAtPath("/World/box")
    seen = mask()
    prim.RemoveAPI(UsdSemantics.LabelsAPI, "class")
    assert not mask().any()
    count = len(traced)
    label(stage)
    assert (mask() == seen).all()
    assert len(traced) == count


@pytest.mark.parametrize("path", ["/World/box", "/Camera"])
def test_what_moves_is_traced_again(stage, mask, path):
    label(stage)
    before = mask()
    place = stage.GetPrimAtPath(path).GetAttribute("xformOp:translate")
    was = place.Get()
    place.Set(was + Gf.Vec3d(1, 0, 0))
    assert (mask() != before).any()
    place.Set(was)
    assert (mask() == before).all()
