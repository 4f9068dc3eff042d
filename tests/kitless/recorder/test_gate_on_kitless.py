"""The gate before real writers: flawed frames are taken again at the same time, and no number is lost."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom, UsdSemantics

import carb.settings
import omni.replicator.core as rep
import omni.timeline
import omni.usd
from simslate.recorder.foresight import Foresight
from simslate.recorder.frame_checks import flaws
from simslate.recorder.gate import Gate
from simslate.recorder.good_frame import Verdict, take
from simslate.recorder.payload import times
from simslate.recorder.predicate import Predicate
from simslate.recorder.preflight import Preflight
from simslate.recorder.view import View

ROOT = Path(__file__).parents[3]
PRODUCT = "front"
NOW = Usd.TimeCode(1)
BLANK = (
    f"semantic_segmentation of {PRODUCT}: background all over although 1 labelled object is in view "
    "(bounding_box_2d_tight)"
)
EVERYTHING = json.loads((ROOT / "config/everything.json").read_text())["writer"]["parameters"]


class Counting(rep.Writer):
    """Names its files as many writers do: by the count of a trigger."""

    def __init__(self, structure, annotators=("rgb", "semantic_segmentation", "bounding_box_2d_tight")):
        self.version = "1.0.0"
        self.annotators = list(annotators)
        self.data_structure = structure
        self.names = []
        self.times = []

    def write(self, data):
        self.names.append((self.num_written, data["trigger_outputs"]["on_frame"]))
        self.times.append(times(data))


@pytest.fixture
def scene(stage):
    """The stage with a mug that moves by 0.1 per time code before the camera."""
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    stage.RemovePrim("/World/Box")
    mug = UsdGeom.Cube.Define(stage, "/World/Mug")
    mug.CreateSizeAttr(1)
    move = mug.AddTranslateOp()
    for code in (1, 12):
        move.Set(Gf.Vec3d(0.1 * code, 0, -6), code)
    UsdSemantics.LabelsAPI.Apply(mug.GetPrim(), "class").CreateLabelsAttr(["mug"])
    carb.settings.get_settings().set("/omni/replicator/captureOnPlay", False)
    return stage


@pytest.fixture
def spoil(monkeypatch):
    """Return a function that blanks the semantic mask of the captures whose numbers, from 0, are given."""

    def at(is_bad):
        spec = rep.AnnotatorRegistry._spec("semantic_segmentation")
        compute, count = spec.compute, iter(range(10**6))

        def spoiled(frame, node):
            output = compute(frame, node)
            blank = {"data": np.zeros_like(output["data"]), "idToLabels": {"0": {"class": "BACKGROUND"}}}
            return blank if is_bad(next(count)) else output

        # A specification is frozen, and nodes hold it.
        object.__setattr__(spec, "compute", spoiled)
        monkeypatch.callbacks.append(partial(object.__setattr__, spec, "compute", compute))

    monkeypatch.callbacks = []
    yield at
    for undo in monkeypatch.callbacks:
        undo()


async def step(subframes, moves):
    await rep.orchestrator.step_async(
        rt_subframes=subframes or -1, delta_time=None if moves else 0.0, pause_timeline=False
    )


async def frames(gate, count, retries=3):
    """Take frames of a playing timeline; return the verdicts and the time codes they are at."""
    timeline = omni.timeline.get_timeline_interface()
    timeline.play()
    verdicts, codes = [], []
    for _ in range(count):
        verdicts.append(await take(step, gate, retries=retries, subframes=0))
        codes.append(round(timeline.get_current_time() * 24, 6))
    await rep.orchestrator.wait_until_complete_async()
    return verdicts, codes


def attached(writer, camera="/World/Camera", size=(64, 48), judge=flaws):
    writer.attach(rep.create.render_product(camera, size, name=PRODUCT, force_new=True))
    return Gate(writer, judge)


def basic_writer(folder, **parameters):
    writer = rep.WriterRegistry.get("BasicWriter")
    writer.initialize(output_dir=str(folder), **parameters)
    return writer


def masks(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.glob("semantic_segmentation_0*.png"))}


def record(app, folder, count=4):
    writer = basic_writer(folder, semantic_segmentation=True, bounding_box_2d_tight=True)
    gate = attached(writer)
    result = app.run(frames(gate, count))
    gate.close()
    for product in writer.products:
        product.destroy()
    return *result, masks(folder)


def test_a_blanked_mask_is_held_and_written_at_the_next_try_under_the_same_name(app, scene, spoil, tmp_path):
    _, usual_codes, usual = record(app, tmp_path / "usual")
    omni.timeline.get_timeline_interface().stop()
    omni.timeline.get_timeline_interface().commit()
    spoil(lambda number: number in (0, 2, 3))
    verdicts, codes, files = record(app, tmp_path / "spoilt")
    retried = Verdict("retried", (BLANK,))
    assert verdicts == [retried, retried, Verdict("ok"), Verdict("ok")]
    assert (codes, files) == (usual_codes, usual)
    assert codes == [codes[0] + number for number in range(4)]


def test_a_mask_that_stays_blank_is_suspect_and_written(app, scene, spoil, tmp_path):
    spoil(lambda number: 1 <= number <= 4)
    verdicts, codes, files = record(app, tmp_path)
    assert verdicts == [Verdict("ok"), Verdict("suspect", (BLANK,)), Verdict("ok"), Verdict("ok")]
    assert codes == [codes[0] + number for number in range(4)]
    assert list(files) == [f"semantic_segmentation_{number:04d}.png" for number in range(4)]


@pytest.mark.parametrize("blanked", [False, True])
def test_the_stage_tells_that_a_mask_is_blank_where_no_other_annotator_does(app, scene, spoil, tmp_path, blanked):
    views = {PRODUCT: View(scene.GetPrimAtPath("/World/Camera"), (64, 48))}
    foresight = Foresight(Preflight(scene, Predicate("class:*"), mode="path"), views)
    writer = basic_writer(tmp_path, rgb=True, semantic_segmentation=True)
    gate = attached(writer, judge=lambda payload: flaws(payload, lambda name: foresight.expected(name, NOW)))
    spoil(lambda number: blanked and number == 1)
    verdicts, _ = app.run(frames(gate, 3))
    assert [verdict.verdict for verdict in verdicts] == ["ok", "retried" if blanked else "ok", "ok"]
    assert "labelled things are in the field of view, and something is in view" in str(verdicts) or not blanked


@pytest.mark.parametrize("seed", range(40))
def test_what_must_be_seen_is_seen(app, scene, seed):
    random = np.random.default_rng(seed)
    kinds = [UsdGeom.Cube, UsdGeom.Sphere, UsdGeom.Cylinder, UsdGeom.Capsule, UsdGeom.Mesh]
    scene.RemovePrim("/World/Mug")
    prim = kinds[seed % len(kinds)].Define(scene, "/World/Thing")
    if prim.GetPrim().IsA(UsdGeom.Mesh):
        prim.CreatePointsAttr(random.normal(size=(4, 3)))
        prim.CreateFaceVertexCountsAttr([3, 3])
        prim.CreateFaceVertexIndicesAttr([0, 1, 2, 2, 1, 3])
    prim.AddTranslateOp().Set(Gf.Vec3d(*(random.normal(size=3) * (6, 6, 12) - (0, 0, 25)).tolist()))
    prim.AddRotateXYZOp().Set(Gf.Vec3f(*random.uniform(0, 360, 3).tolist()))
    prim.AddScaleOp().Set(Gf.Vec3f(*random.uniform(-3, 3, 3).tolist()))
    must = View(scene.GetPrimAtPath("/World/Camera"), (64, 48)).must_see([prim.GetPrim()], NOW)
    depth = rep.AnnotatorRegistry.get_annotator("distance_to_camera")
    depth.attach(rep.create.render_product("/World/Camera", (64, 48), force_new=True))
    app.run(step(0, moves=False))
    assert not must or np.isfinite(depth.get_data()).any()


@pytest.mark.parametrize("structure", ["legacy", "renderProduct", "annotator"])
def test_no_count_has_a_gap_in_any_structure(app, scene, spoil, structure):
    spoil(lambda number: number in (0, 1, 4, 6))
    writer = Counting(structure)
    gate = attached(writer)
    verdicts, _ = app.run(frames(gate, 4))
    assert [verdict.verdict for verdict in verdicts] == ["retried", "ok", "retried", "retried"]
    assert writer.names == [(number, number + 1) for number in range(4)]
    assert (writer.num_written, gate.delivered) == (4, 4)


def test_frames_that_are_taken_with_the_gate_shut_are_rendered_and_never_counted(app, scene):
    writer = Counting("annotator")
    gate = attached(writer)
    timeline = omni.timeline.get_timeline_interface()

    async def warmed():
        with gate.shut():
            for _ in range(3):
                await step(0, moves=False)
        assert timeline.get_current_time() == pytest.approx(1 / 24)
        return await frames(gate, 2)

    app.run(warmed())
    assert writer.names == [(0, 1), (1, 2)]


@pytest.mark.parametrize("playing", [False, True])
def test_a_step_of_no_time_keeps_the_time(app, scene, playing):
    timeline = omni.timeline.get_timeline_interface()
    attached(Counting("annotator"))

    async def times_of_steps():
        if playing:
            timeline.play()
        found = []
        for moves in (True, False, False, True, False):
            await step(0, moves)
            found.append(round(timeline.get_current_time() * 24, 6))
        return found

    first, *rest = app.run(times_of_steps())
    assert rest == [first, first, first + playing, first + playing]


def test_annotators_of_one_frame_have_one_time(app, scene):
    writer = Counting("annotator", ["rgb", "ReferenceTime"])
    gate = attached(writer)
    verdicts, _ = app.run(frames(gate, 3))
    assert [verdict.verdict for verdict in verdicts] == ["ok"] * 3
    assert [len(set(found.values())) for found in writer.times] == [1] * 3
    assert [set(found) for found in writer.times] == [{"frame", f"ReferenceTime of {PRODUCT}"}] * 3


def test_the_sample_stage_has_no_flaw_with_all_annotators(app, tmp_path):
    omni.usd.get_context().open_stage(str(ROOT / "data/tabletop.usda"))
    writer = basic_writer(tmp_path, **EVERYTHING)
    gate = attached(writer, "/World/turtle_Camera", (320, 180))
    verdicts, _ = app.run(frames(gate, 10))
    assert verdicts == [Verdict("ok")] * 10
    assert writer._frame_id == 10
