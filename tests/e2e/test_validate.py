"""Validation of what is really recorded: clean sets pass, and each of many seeded faults is found, alone."""

import json
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from pxr import Gf, Usd, UsdGeom

from simslate.recorder.dataset.validate import KINDS, validate

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT.parent / "shared/golden/replicator"
ASSETS = ROOT.parent / "shared/assets/ycb"
FRAMES = 3
TABLETOP = {
    "stage": str(ROOT / "data/tabletop.usda"),
    "labels": str(ROOT / "config/labels/tabletop.json"),
    "control_timeline": True,
}
PRODUCTS = [
    {"camera": "/World/turtle_Camera", "resolution": [96, 64]},
    {"camera": "/World/turtle_Camera", "resolution": [64, 48], "name": "small"},
    {"camera": "/World/turtle_Camera", "resolution": [80, 60]},
]
SEMANTIC = "Replicator/semantic_segmentation/semantic_segmentation"
INSTANCE = "Replicator/instance_segmentation/instance_segmentation"
TIGHT = "Replicator/bounding_box_2d_tight/bounding_box_2d_tight"
DEPTH = "Replicator/distance_to_camera/distance_to_camera"
RGB = "Replicator/rgb/rgb"
MANIFEST, FRAME_LINES, REPORT = (f"simslate/{name}" for name in ("manifest.jsonl", "frames.jsonl", "report.json"))


def switches(**changes):
    parameters = json.loads((ROOT / "config/everything.json").read_text())["writer"]["parameters"]
    return {"name": "BasicWriter", "parameters": {**parameters, **changes}}


RAW = switches(
    use_common_output_dir=True,
    colorize_semantic_segmentation=False,
    colorize_instance_segmentation=False,
    colorize_instance_id_segmentation=False,
)
JOBS = {
    "colours and taxonomy": {
        "render_products": PRODUCTS,
        "taxonomy": str(ROOT / "config/taxonomies/tabletop.json"),
        "writer": switches(),
    },
    "ids without taxonomy": {"render_products": PRODUCTS[:2], "writer": RAW},
    "one product": {"render_products": PRODUCTS[:1], "writer": switches(image_output_format="jpg")},
}


@pytest.fixture(scope="session")
def recorded(tmp_path_factory, ledger):
    """Record a job once and keep its ledger; the folder."""
    folder = tmp_path_factory.mktemp("recorded")
    made = {}

    def record(name, job, frames=FRAMES):
        if name not in made:
            path = folder / f"{len(made)}.json"
            output = {"kind": "disk", "directory": str(folder), "folder": f"set{len(made)}"}
            path.write_text(json.dumps({"version": 1, "frames": frames, "output": output, **job}))
            run = subprocess.run(
                [str(ROOT / "tools/simslate"), "record", str(path)], capture_output=True, text=True, timeout=300
            )
            assert run.returncode == 0, run.stderr
            made[name] = folder / output["folder"]
            if not (made[name] / MANIFEST).exists():
                ledger(made[name]).write(frames)
        return made[name]

    return record


@pytest.fixture
def copied(recorded, tmp_path, ledger):
    """A copy of the richest recording, to be spoilt."""
    folder = tmp_path / "copy"
    shutil.copytree(recorded("colours and taxonomy", TABLETOP | JOBS["colours and taxonomy"]), folder)
    return ledger(folder)


@pytest.mark.parametrize("name", JOBS)
def test_a_clean_set_passes_whole_and_bare(recorded, tmp_path, name):
    folder = recorded(name, TABLETOP | JOBS[name])
    outcome = validate(folder)
    assert (outcome.findings, outcome.notes, outcome.frames) == ((), (), FRAMES)
    bare = shutil.copytree(folder, tmp_path / "bare", ignore=shutil.ignore_patterns("simslate"))
    assert validate(bare).findings == ()


@pytest.mark.skipif(not ASSETS.exists(), reason="the YCB assets are not beside this clone")
def test_a_clean_set_of_referenced_assets_passes(recorded, tmp_path):
    stage = Usd.Stage.CreateNew(str(tmp_path / "ycb.usda"))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    for asset, x in (("003_cracker_box", -0.1), ("005_tomato_soup_can", 0.1)):
        prim = UsdGeom.Xform.Define(stage, f"/World/_{asset}")
        prim.GetPrim().GetReferences().AddReference(str(ASSETS / f"{asset}.usdz"))
        prim.AddTranslateOp(opSuffix="place").Set(Gf.Vec3d(x, 0.75, -0.1))
    camera = UsdGeom.Camera.Define(stage, "/World/camera")
    camera.CreateClippingRangeAttr(Gf.Vec2f(0.01, 100))
    camera.AddRotateXYZOp().Set(Gf.Vec3f(90, 0, 0))
    stage.GetRootLayer().Save()
    product = {"camera": "/World/camera", "resolution": [128, 96]}
    folder = recorded(
        "ycb", {"stage": stage.GetRootLayer().realPath, "render_products": [product], "writer": switches()}, frames=1
    )
    labels = json.loads((folder / "semantic_segmentation_labels_0000.json").read_text())
    assert len(labels) > 2
    assert validate(folder).findings == ()


@pytest.mark.skipif(not GOLDEN.exists(), reason="the recorded data is not beside this clone")
def test_files_of_a_real_isaac_sim_pass_as_far_as_they_are_there():
    assert validate(GOLDEN / "_out_behaviors_sdg").findings == ()
    # Of this recording only the labels were kept.
    outcome = validate(GOLDEN / "_out_deformable_drop")
    assert [(each.kind, each.path) for each in outcome.findings] == [
        ("missing", f"semantic_segmentation_{frame:04d}.png") for frame in range(4)
    ]


def flip(kept, path):
    data = bytearray((kept.folder / path).read_bytes())
    data[len(data) // 2] ^= 1
    (kept.folder / path).write_bytes(data)


def edit_array(kept, path, change):
    array = np.load(kept.folder / path)
    changed = change(array)
    np.save(kept.folder / path, array if changed is None else changed)
    kept.relist(path)


def edit_picture(kept, path, change):
    with Image.open(kept.folder / path) as image:
        changed = change(image)
    changed.save(kept.folder / path)
    kept.relist(path)


def edit_json(kept, path, change):
    value = json.loads((kept.folder / path).read_text())
    (kept.folder / path).write_text(json.dumps(change(value)))
    kept.relist(path)


def edit_text(kept, path, change):
    (kept.folder / path).write_text(change((kept.folder / path).read_text()))
    kept.relist(path)


def edit_manifest(kept, change, *, sealed=True):
    kept.write_lines("manifest.jsonl", change(kept.read_lines("manifest.jsonl")))
    if sealed:
        kept.seal()


def blank(image):
    return Image.new(image.mode, image.size)


def truncate(kept, path):
    (kept.folder / path).write_bytes((kept.folder / path).read_bytes()[:-100])


def renumber(kept, old, new):
    """Call all files of one frame after another, as if that had been the frame."""
    for path in [*kept.folder.rglob(f"*_{old:04d}.*")]:
        path.rename(path.with_name(path.name.replace(f"_{old:04d}.", f"_{new:04d}.")))
    kept.write(FRAMES)


def swap_labels(mapping):
    keys = [key for key, entry in mapping.items() if entry["class"].islower()][:2]
    return {**mapping, keys[0]: mapping[keys[1]], keys[1]: mapping[keys[0]]}


def shift(boxes, **changes):
    for name, pixels in changes.items():
        boxes[name][0] += pixels


def without_last(mapping):
    return dict([*mapping.items()][:-1])


def rename_class(mapping):
    return {key: {"class": entry["class"].replace("turtle", "tortoise")} for key, entry in mapping.items()}


def wrong_sha(entries):
    return [{**e, "sha256": "0" * 64} if e["path"] == f"{RGB}_0001.png" else e for e in entries]


def escaping(entries):
    return [{**e, "path": f"../{e['path']}"} if e["path"] == "metadata.txt" else e for e in entries]


def paths(folder, pattern):
    return [path.relative_to(folder).as_posix() for path in folder.rglob(pattern) if path.is_file()]


FAULTS = {
    "bit flip in a picture": (
        lambda k: flip(k, f"{RGB}_0001.png"),
        {("hash", f"{RGB}_0001.png"), ("unreadable", f"{RGB}_0001.png")},
    ),
    "bit flip in an array": (
        lambda k: flip(k, "Replicator/pointcloud/pointcloud_semantic_0001.npy"),
        {("hash", "Replicator/pointcloud/pointcloud_semantic_0001.npy")},
    ),
    "truncated array": (
        lambda k: truncate(k, f"{DEPTH}_0002.npy"),
        {("size", f"{DEPTH}_0002.npy"), ("unreadable", f"{DEPTH}_0002.npy")},
    ),
    "deleted file": (lambda k: (k.folder / f"{RGB}_0001.png").unlink(), {("missing", f"{RGB}_0001.png")}),
    "extra file": (
        lambda k: (k.folder / "rgb_copy.png").write_bytes(b"\0"),
        {("extra", "rgb_copy.png"), ("unreadable", "rgb_copy.png")},
    ),
    "temporary file": (lambda k: (k.folder / "x.png.part").touch(), {("leftover", "x.png.part")}),
    "renumbered frame": (
        lambda k: renumber(k, 1, FRAMES),
        lambda folder, _: {("frames", "."), *(("extra", path) for path in paths(folder, f"*_{FRAMES:04d}.*"))},
    ),
    "picture of another size": (
        lambda k: edit_picture(k, f"{RGB}_0000.png", lambda image: image.resize((95, 64))),
        {("resolution", f"{RGB}_0000.png")},
    ),
    "picture of another mode": (
        lambda k: edit_picture(k, f"{RGB}_0000.png", lambda image: image.convert("RGB")),
        {("format", f"{RGB}_0000.png")},
    ),
    "array of another type": (
        lambda k: edit_array(k, f"{DEPTH}_0000.npy", lambda a: a.astype(np.float64)),
        {("format", f"{DEPTH}_0000.npy")},
    ),
    "blanked semantic mask": (
        lambda k: edit_picture(k, f"{SEMANTIC}_0001.png", blank),
        # The table fills the picture, so that its mapping has no background.
        {("blank", f"{SEMANTIC}_0001.png"), ("ids", f"{SEMANTIC}_labels_0001.json")},
    ),
    "blanked instance mask": (
        lambda k: edit_picture(k, f"{INSTANCE}_0001.png", blank),
        {("blank", f"{INSTANCE}_0001.png")},
    ),
    "blanked rgb": (lambda k: edit_picture(k, f"{RGB}_0001.png", blank), {("blank", f"{RGB}_0001.png")}),
    "nan in depth": (
        lambda k: edit_array(k, f"{DEPTH}_0001.npy", lambda a: a.__setitem__((3, 4), np.nan)),
        {("not-finite", f"{DEPTH}_0001.npy")},
    ),
    "negative depth": (
        lambda k: edit_array(k, f"{DEPTH}_0001.npy", lambda a: a.__setitem__((3, 4), -0.5)),
        {("range", f"{DEPTH}_0001.npy")},
    ),
    "box outside the frame": (
        lambda k: edit_array(k, f"{TIGHT}_0000.npy", lambda a: shift(a, x_max=500)),
        {("box", f"{TIGHT}_0000.npy"), ("box-mask", f"{TIGHT}_0000.npy")},
    ),
    "inverted box": (
        lambda k: edit_array(k, f"{TIGHT}_0000.npy", lambda a: shift(a, x_min=90)),
        {("box", f"{TIGHT}_0000.npy"), ("box-mask", f"{TIGHT}_0000.npy")},
    ),
    "box that is not its mask's": (
        lambda k: edit_array(k, f"{TIGHT}_0000.npy", lambda a: shift(a, x_min=3)),
        {("box-mask", f"{TIGHT}_0000.npy")},
    ),
    "occlusion above one": (
        lambda k: edit_array(k, f"{TIGHT}_0000.npy", lambda a: a["occlusionRatio"].__setitem__(0, 2)),
        {("range", f"{TIGHT}_0000.npy")},
    ),
    "id without mapping": (
        lambda k: edit_json(k, f"{INSTANCE}_mapping_0000.json", without_last),
        {("ids", f"{INSTANCE}_mapping_0000.json"), ("box-mask", f"{TIGHT}_0000.npy")},
    ),
    "class outside the taxonomy": (
        lambda k: edit_json(k, f"{TIGHT}_labels_0000.json", rename_class),
        {("taxonomy", f"{TIGHT}_labels_0000.json"), ("class-mask", f"{TIGHT}_labels_0000.json")},
    ),
    "mapping swapped in one frame": (
        lambda k: edit_json(k, f"{SEMANTIC}_labels_0001.json", swap_labels),
        {
            ("class-ids", f"{SEMANTIC}_labels_0001.json"),
            ("taxonomy", f"{SEMANTIC}_labels_0001.json"),
            ("class-mask", f"{INSTANCE}_semantics_mapping_0001.json"),
        },
    ),
    "key twice in JSON": (
        lambda k: edit_text(k, f"{SEMANTIC}_labels_0001.json", lambda text: f"{text[:-1]}, {text[1:]}"),
        {("json", f"{SEMANTIC}_labels_0001.json")},
    ),
    "JSON cut off": (
        lambda k: edit_text(k, f"{SEMANTIC}_labels_0001.json", lambda text: text[:-4]),
        {("unreadable", f"{SEMANTIC}_labels_0001.json")},
    ),
    "camera of another size": (
        lambda k: edit_json(
            k, "small/camera_params/camera_params_0000.json", lambda v: {**v, "renderProductResolution": [96, 64]}
        ),
        {("resolution", "small/camera_params/camera_params_0000.json")},
    ),
    "line gone from the manifest": (
        lambda k: edit_manifest(k, lambda entries: entries[:-1], sealed=False),
        {("sidecar", MANIFEST), ("extra", "small/semantic_segmentation/semantic_segmentation_labels_0002.json")},
    ),
    "wrong sha in the manifest": (lambda k: edit_manifest(k, wrong_sha), {("hash", f"{RGB}_0001.png")}),
    "path out of the folder": (
        lambda k: edit_manifest(k, escaping),
        {("unsafe", MANIFEST), ("extra", "metadata.txt")},
    ),
    "no report": (lambda k: (k.folder / REPORT).unlink(), {("unfinished", REPORT)}),
    "frames cut off": (
        lambda k: k.write_lines("frames.jsonl", k.read_lines("frames.jsonl")[:-1]),
        {("frames", FRAME_LINES)},
    ),
    "suspect frame": (
        lambda k: k.write_lines(
            "frames.jsonl",
            [{**line, "verdict": "suspect"} for line in k.read_lines("frames.jsonl")[:1]]
            + k.read_lines("frames.jsonl")[1:],
        ),
        {("suspect", FRAME_LINES), ("sidecar", REPORT)},
    ),
    "time running backwards": (
        lambda k: k.write_lines(
            "frames.jsonl", [{**line, "simulation_time": -line["frame"]} for line in k.read_lines("frames.jsonl")]
        ),
        {("times", FRAME_LINES)},
    ),
    "render product gone": (
        lambda k: (shutil.rmtree(k.folder / "small"), k.write(FRAMES)),
        lambda _, intact: {("missing", path) for path in paths(intact, "*") if path.startswith("small/")},
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_is_found_and_nothing_else(copied, recorded, fault):
    spoil, expected = FAULTS[fault]
    spoil(copied)
    if callable(expected):
        expected = expected(copied.folder, recorded("colours and taxonomy", {}))
    assert {(finding.kind, finding.path) for finding in validate(copied.folder).findings} == expected


def test_the_command_tells_and_returns_what_was_found(simslate, copied, tmp_path):
    clean = simslate("validate", copied.folder)
    assert (clean.returncode, clean.stderr) == (0, "")
    assert "whole and consistent (3 frames" in clean.stdout.splitlines()[0]
    (copied.folder / f"{RGB}_0001.png").unlink()
    run = simslate("validate", copied.folder, "--json", "--junit", tmp_path / "junit.xml", "--quick")
    assert run.returncode == 3
    value = json.loads(run.stdout)
    assert (value["verdict"], value["dataset"]) == ("findings", str(copied.folder))
    assert [(each["kind"], each["path"], each["frame"]) for each in value["findings"]] == [
        ("missing", f"{RGB}_0001.png", 1)
    ]
    suite = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert [failure.get("type") for failure in suite.iter("failure")] == ["missing"]
    assert len(suite) == len(KINDS)


def test_what_is_no_data_set_is_exit_code_2(simslate, tmp_path):
    run = simslate("validate", tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert "is no data set" in run.stderr
