"""The pages about files: every snippet runs in a recording, and gives the type and shape that its page tells."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom, UsdSkel

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs/files"
PAGES = sorted(path for path in DOCS.glob("*.md") if path.name != "README.md")
ROW = re.compile(r"^\| `(?P<file>[^`]+)` \| `(?P<name>\w+)` \| (?P<dtype>[^|]+) \| (?P<shape>[^|]*) \|", re.MULTILINE)
FIELD = re.compile(r"^\| (?P<names>`\w+`(?:, `\w+`)*) \| `(?P<dtype><\w\d)`(?P<shape> \(4, 4\))? \|", re.MULTILINE)
BLOCK = re.compile(r"^```python ?(?P<recording>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
SIZE = (96, 64)
JSON = {"JSON object": dict, "JSON list": list, "JSON lines": list}


def everything():
    return json.loads((ROOT / "config/everything.json").read_text())["writer"]["parameters"]


def tabletop(**switches):
    return {
        "stage": str(ROOT / "data/tabletop.usda"),
        "labels": str(ROOT / "config/labels/tabletop.json"),
        "control_timeline": True,
        "render_products": [{"camera": "/World/turtle_Camera", "resolution": SIZE}],
        "writer": {"name": "BasicWriter", "parameters": {**everything(), **switches}},
    }


def arm_stage(path):
    """Save an arm of two joints before a camera."""
    stage = Usd.Stage.CreateNew(str(path))
    camera = UsdGeom.Camera.Define(stage, "/Camera")
    camera.AddTranslateOp().Set((1, 0, 10))
    UsdSkel.Root.Define(stage, "/Arm")
    skeleton = UsdSkel.Skeleton.Define(stage, "/Arm/Bones")
    skeleton.CreateJointsAttr(["Shoulder", "Shoulder/Elbow"])
    for create in (skeleton.CreateBindTransformsAttr, skeleton.CreateRestTransformsAttr):
        create([Gf.Matrix4d().SetTranslate((x, 0, 0)) for x in (0, 2)])
    mesh = UsdGeom.Mesh.Define(stage, "/Arm/Skin")
    mesh.CreatePointsAttr([(-0.5, -0.5, 0), (2.5, -0.5, 0), (1, 0.5, 0)])
    mesh.CreateFaceVertexCountsAttr([3])
    mesh.CreateFaceVertexIndicesAttr([0, 1, 2])
    binding = UsdSkel.BindingAPI.Apply(mesh.GetPrim())
    binding.CreateSkeletonRel().SetTargets([skeleton.GetPath()])
    binding.CreateJointIndicesPrimvar(False, 1).Set([0, 1, 0])
    binding.CreateJointWeightsPrimvar(False, 1).Set([1.0] * 3)
    stage.GetRootLayer().Save()
    return {
        "stage": str(path),
        "render_products": [{"camera": "/Camera", "resolution": SIZE}],
        "writer": {"name": "BasicWriter", "parameters": {"rgb": True, "skeleton_data": True}},
    }


def jobs(folder):
    raw = {f"colorize_{name}_segmentation": False for name in ("semantic", "instance", "instance_id")}
    return {
        "": {**tabletop(), "taxonomy": str(ROOT / "config/taxonomies/tabletop.json")},
        "raw": tabletop(**raw),
        "skeleton": arm_stage(folder / "arm.usda"),
    }


@pytest.fixture(scope="session")
def recordings(tmp_path_factory, record_all, carla_recorded, ledger):
    """The recordings that pages speak of, by the word after ``python`` at a snippet's fence."""
    folder = tmp_path_factory.mktemp("files")
    wanted = jobs(folder)
    found = {name: folder / (name or "colours") for name in wanted}
    record_all({found[name]: {"version": 1, "frames": 2, **job} for name, job in wanted.items()})
    found["carla"] = carla_recorded
    for path in found.values():
        if not (path / "simslate/manifest.jsonl").exists():
            ledger(path).write(2)
    return found


@pytest.fixture
def run_page(recordings, monkeypatch):
    def run(page):
        found = {}
        for block in BLOCK.finditer(page.read_text()):
            monkeypatch.chdir(recordings[block["recording"]])
            names = {}
            exec(compile(block["code"], str(page), "exec"), names)
            found.update(names)
        return found

    return run


def is_shape(actual, told, known):
    """Whether the array's shape is the one told, where each letter means the same wherever it stands."""
    wanted = [part for part in re.split(r"[(), ]+", told) if part]
    same = [
        known.setdefault(part, side) == side if part.isalpha() else int(part) == side
        for part, side in zip(wanted, actual, strict=False)
    ]
    return len(wanted) == len(actual) and all(same)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_tells_what_its_snippets_load(page, run_page):
    text = page.read_text()
    rows = list(ROW.finditer(text))
    names = run_page(page)
    known = {"W": SIZE[0], "H": SIZE[1]}
    assert rows
    for row in rows:
        value = names[row["name"]]
        if row["dtype"] in JSON:
            assert isinstance(value, JSON[row["dtype"]]), row["name"]
            assert value, row["name"]
            continue
        assert is_shape(value.shape, row["shape"], known), (row["name"], value.shape)
        fields = [
            (name.strip("` "), field["dtype"], (4, 4) if field["shape"] else ())
            for field in FIELD.finditer(text)
            for name in field["names"].split(",")
        ]
        wanted = np.dtype(
            [(n, d, s) if s else (n, d) for n, d, s in fields] if row["dtype"] == "structured" else row["dtype"]
        )
        assert value.dtype == wanted, row["name"]
    assert known.get("N", 1) > 0


def test_every_file_of_the_recordings_has_a_page(recordings):
    told = {row["file"] for page in PAGES for row in ROW.finditer(page.read_text())}
    for folder in recordings.values():
        paths = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        assert {path for path in paths if "_0001." not in path} <= told


def test_the_index_names_every_page():
    index = (DOCS / "README.md").read_text()
    assert [page.name for page in PAGES if f"]({page.name})" not in index] == []


def test_what_the_pages_say_about_boxes_and_cameras_is_so(run_page):
    boxes = run_page(DOCS / "bounding_box_2d_tight.md")
    masks = run_page(DOCS / "instance_segmentation.md")["masks"]
    for path, _, *box in boxes["found"]:
        rows, columns = np.nonzero(masks[path])
        assert box == [columns.min(), rows.min(), columns.max(), rows.max()]
    camera, solid = run_page(DOCS / "camera_params.md"), run_page(DOCS / "bounding_box_3d.md")
    assert camera["ahead"] == pytest.approx((SIZE[0] / 2, SIZE[1] / 2), abs=1e-6)
    place = boxes["paths"].index(solid["paths"][0])
    centre = camera["pixel"](solid["world"][:, :3].mean(axis=0))
    flat = boxes["boxes"][place]
    assert flat["x_min"] < centre[0] < flat["x_max"] + 1
    assert flat["y_min"] < centre[1] < flat["y_max"] + 1


def test_what_the_pages_say_about_values_is_so(run_page):
    distance = run_page(DOCS / "distance_to_camera.md")["distance"]
    depth = run_page(DOCS / "distance_to_image_plane.md")["distance"]
    hit = np.isfinite(distance)
    assert (depth[hit] <= distance[hit] + 1e-5).all()
    assert (run_page(DOCS / "motion_vectors.md")["motion"] == 0)[hit].all()
    normals = run_page(DOCS / "normals.md")
    assert np.allclose(np.linalg.norm(normals["normals"][normals["hit"]], axis=-1), 1)
    assert run_page(DOCS / "manifest.md")["changed"] == []
    carla = run_page(DOCS / "carla_instance_segmentation.md")
    assert carla["sizes"] == {entry["path"]: entry["pixel_count"] for entry in carla["objects"].values()}
