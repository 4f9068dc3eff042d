"""Whole data sets: sound ones pass, and each fault is told once, by its kind and its file."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from simslate.recorder.dataset.validate import validate
from simslate.recorder.errors import ConfigError
from simslate.recorder.taxonomy import Taxonomy

FILES_PER_FRAME = 27


def found(folder, **options):
    return [(finding.kind, finding.path) for finding in validate(folder, **options).findings]


def edit_array(path, change):
    array = np.load(path)
    changed = change(array)
    np.save(path, array if changed is None else changed)


def edit_json(path, change):
    value = json.loads(path.read_text())
    changed = change(value)
    path.write_text(json.dumps(value if changed is None else changed))


def edit_picture(path, change):
    with Image.open(path) as image:
        pixels = np.array(image)
    changed = change(pixels)
    Image.fromarray(pixels if changed is None else changed).save(path)


@pytest.mark.parametrize("colourised", [True, False])
@pytest.mark.parametrize(
    "layout", [{}, {"products": ("left", "b_1")}, {"products": ("left", "b_1"), "common": True}], ids=str
)
def test_a_sound_set_has_no_findings_with_and_without_sidecar(tiny_set, ledger, colourised, layout):
    made = tiny_set(colourised=colourised, **layout)
    bare = validate(made.folder)
    assert bare.findings == ()
    assert (bare.frames, len(bare.notes)) == (2, 1)
    made.write_sidecar(ledger)
    told = validate(made.folder)
    assert told.findings == ()
    assert told.notes == ()
    assert told.files == 1 + 2 * FILES_PER_FRAME * len(made.products)
    assert told.verdict == "clean"


def test_an_older_recording_gets_a_note_and_no_finding(tiny_set, ledger):
    made = tiny_set()
    kept = made.write_sidecar(ledger)
    for name in ("manifest.jsonl", "frames.jsonl"):
        (kept.own / name).unlink()
    report = json.loads((kept.own / "report.json").read_text())
    del report["manifest"], report["suspect"]
    (kept.own / "report.json").write_text(json.dumps(report))
    outcome = validate(made.folder)
    assert outcome.findings == ()
    assert len(outcome.notes) == 1
    assert "no manifest" in outcome.notes[0]


@pytest.mark.parametrize("content", [[], ["notes.md"]])
def test_what_is_no_data_set_is_refused(tmp_path, content):
    for name in content:
        (tmp_path / name).write_text("x")
    with pytest.raises(ConfigError, match="no data set"):
        validate(tmp_path)
    with pytest.raises(ConfigError, match="cannot be read"):
        validate(tmp_path / "nowhere")


ARRAYS = {
    "nan depth": ("distance_to_camera", "not-finite", lambda a: a.__setitem__((0, 0), np.nan)),
    "negative depth": ("distance_to_camera", "range", lambda a: a.__setitem__((0, 0), -1)),
    "minus infinite depth": ("distance_to_camera", "range", lambda a: a.__setitem__((0, 0), -np.inf)),
    "depth of doubles": ("distance_to_camera", "format", lambda a: a.astype(np.float64)),
    "depth of another size": ("distance_to_camera", "resolution", lambda a: a[1:]),
    "empty depth": ("distance_to_camera", "blank", lambda a: a.fill(np.inf)),
    "motion with two channels": ("motion_vectors", "format", lambda a: a[..., :2]),
    "nan motion": ("motion_vectors", "not-finite", lambda a: a.__setitem__((1, 1, 0), np.nan)),
    "occlusion above one": ("occlusion", "range", lambda a: a["occlusionRatio"].__setitem__(0, 1.5)),
    "nan occlusion": ("occlusion", "not-finite", lambda a: a["occlusionRatio"].__setitem__(0, np.nan)),
    "occlusion without columns": ("occlusion", "format", lambda a: a["occlusionRatio"].copy()),
    "inverted solid box": ("bounding_box_3d", "box", lambda a: a["x_max"].__setitem__(0, -5)),
    "nan solid box": ("bounding_box_3d", "not-finite", lambda a: a["x_max"].__setitem__(0, np.nan)),
    "nan transform": ("bounding_box_3d", "not-finite", lambda a: a["transform"].__setitem__((0, 1, 1), np.nan)),
    "inverted loose box": ("bounding_box_2d_loose", "box", lambda a: a["y_min"].__setitem__(1, 22)),
    "infinite point": ("pointcloud", "not-finite", lambda a: a.__setitem__((0, 0), np.inf)),
    "flat points": ("pointcloud", "format", lambda a: a[:, :2]),
}


@pytest.mark.parametrize("fault", ARRAYS)
def test_a_fault_of_an_array_is_told_once(tiny_set, fault):
    name, kind, change = ARRAYS[fault]
    made = tiny_set()
    edit_array(made.path(name, "npy", 1), change)
    assert found(made.folder) == [(kind, f"{name}_0001.npy")]


def test_point_clouds_have_a_row_for_each_point_in_every_file(tiny_set):
    made = tiny_set()
    edit_array(made.path("pointcloud_semantic", "npy"), lambda a: a[1:])
    assert found(made.folder) == [("format", "pointcloud_semantic_0000.npy")]


def test_loose_boxes_may_reach_out_of_the_frame_where_nobody_says_they_may_not(tiny_set, ledger):
    made = tiny_set()
    edit_array(made.path("bounding_box_2d_loose", "npy"), lambda a: a["x_min"].__setitem__(0, -9))
    assert found(made.folder) == []
    made.write_sidecar(ledger)
    assert found(made.folder) == [("box", "bounding_box_2d_loose_0000.npy")]


def test_a_box_that_is_off_by_one_pixel_is_right_and_by_two_is_not(tiny_set):
    made = tiny_set()
    path = made.path("bounding_box_2d_tight", "npy")

    def shift(boxes):
        boxes["x_max"] += 1

    edit_array(path, shift)
    assert found(made.folder) == []
    edit_array(path, shift)
    assert found(made.folder) == [("box-mask", path.name)] * 2


def test_a_box_may_hold_the_labelled_prims_below(tiny_set):
    made = tiny_set()
    nested = ["/World/a", "/World/a/b"]
    for frame in range(2):
        edit_json(made.path("bounding_box_2d_tight_prim_paths", "json", frame), lambda _: nested)
        edit_json(
            made.path("instance_segmentation_mapping", "json", frame),
            lambda m: {key: path.replace("/World/b", "/World/a/b") for key, path in m.items()},
        )
        edit_array(made.path("bounding_box_2d_tight", "npy", frame), lambda a: a.__setitem__(0, (0, 3, 2, 20, 19, 0)))
    # The second frame is moved by one, which is within the tolerance.
    assert found(made.folder) == []


def test_instances_without_a_box_and_boxes_without_pixels_are_told(tiny_set):
    made = tiny_set()
    edit_json(made.path("bounding_box_2d_tight_prim_paths", "json"), lambda paths: [paths[0], "/World/c"])
    outcome = validate(made.folder)
    assert [finding.kind for finding in outcome.findings] == ["box-mask"] * 2
    assert "/World/b" in outcome.findings[0].message + outcome.findings[1].message


def test_boxes_and_instances_agree_about_classes(tiny_set):
    made = tiny_set()
    edit_json(made.path("bounding_box_2d_tight_labels", "json"), lambda m: {**m, "1": {"class": "box"}})
    assert found(made.folder) == [("class-mask", "bounding_box_2d_tight_labels_0000.json")]


@pytest.mark.parametrize(
    ("part", "change", "kind"),
    [
        ("camera_params", lambda v: {**v, "cameraFocalLength": float("nan")}, "not-finite"),
        ("camera_params", lambda v: {**v, "renderProductResolution": [1, 1]}, "resolution"),
        ("bounding_box_3d_labels", lambda v: {"0": v["0"]}, "ids"),
        ("bounding_box_3d_prim_paths", lambda v: v[1:], "box"),
        ("bounding_box_3d_prim_paths", lambda v: {}, "format"),
        ("semantic_segmentation_labels", lambda v: {**v, "(1, 2)": {"class": "x"}}, "format"),
        ("instance_id_segmentation_mapping", lambda v: dict([*v.items()][:-1]), "ids"),
    ],
)
def test_faults_of_json_files(tiny_set, part, change, kind):
    made = tiny_set()
    edit_json(made.path(part, "json", 1), change)
    assert {(k, p) for k, p in found(made.folder)} == {(kind, f"{part}_0001.json")}


def test_a_class_keeps_its_id_from_frame_to_frame(tiny_set):
    made = tiny_set(colourised=False)
    swapped = {"0": {"class": "BACKGROUND"}, "2": {"class": "can"}, "3": {"class": "box"}}
    edit_json(made.path("semantic_segmentation_labels", "json", 1), lambda _: swapped)
    kinds = set(found(made.folder))
    assert kinds == {
        ("class-ids", "semantic_segmentation_labels_0001.json"),
        ("class-mask", "instance_segmentation_semantics_mapping_0001.json"),
    }


@pytest.mark.parametrize("colourised", [True, False])
def test_classes_have_the_ids_and_colours_of_the_taxonomy(tiny_set, ledger, colourised):
    made = tiny_set(colourised=colourised)
    kept = made.write_sidecar(ledger)
    classes = {"box": {"id": 2, "colour": [93, 220, 11]}, "can": {"id": 3, "colour": [243, 69, 141]}}
    listed = Taxonomy.from_json({"version": 1, "classes": classes}, "t")
    listed.save(kept.own / "taxonomy.json")
    assert found(made.folder) == []
    classes["can"] = {"id": 7, "colour": [1, 2, 3]}
    Taxonomy.from_json({"version": 1, "classes": classes}, "t").save(kept.own / "taxonomy.json")
    assert found(made.folder) == [("taxonomy", f"semantic_segmentation_labels_{frame:04d}.json") for frame in range(2)]


@pytest.mark.parametrize("name", ["semantic_segmentation", "instance_segmentation", "instance_id_segmentation", "rgb"])
def test_a_blanked_picture_is_told_and_nothing_else(tiny_set, name):
    made = tiny_set()
    edit_picture(made.path(name, "png", 1), lambda pixels: pixels.fill(0))
    assert found(made.folder) == [("blank", f"{name}_0001.png")]


def test_empty_frames_are_not_blank(tiny_set):
    made = tiny_set(frames=1)
    for name in ("semantic_segmentation", "instance_segmentation", "instance_id_segmentation", "rgb"):
        edit_picture(made.path(name, "png"), lambda pixels: pixels.fill(0))
    for name in ("2d_tight", "2d_loose", "3d"):
        edit_array(made.path(f"bounding_box_{name}", "npy"), lambda a: a[:0])
        edit_json(made.path(f"bounding_box_{name}_prim_paths", "json"), lambda _: [])
    edit_array(made.path("distance_to_camera", "npy"), lambda a: a.fill(np.inf))
    assert found(made.folder) == []


def test_a_picture_alone_is_blank_if_it_is_all_of_one_colour(tmp_path):
    Image.new("RGBA", (8, 8), (5, 5, 5, 255)).save(tmp_path / "rgb_0000.png")
    assert found(tmp_path) == [("blank", "rgb_0000.png")]


@pytest.mark.parametrize(
    ("name", "mode", "kind"),
    [("rgb", "RGB", "format"), ("normals", "L", "format"), ("semantic_segmentation", "L", "format")],
)
def test_pictures_have_their_mode(tiny_set, name, mode, kind):
    made = tiny_set()
    path = made.path(name, "png")
    Image.open(path).convert(mode).save(path)
    assert found(made.folder) == [(kind, path.name)]


def test_a_mask_of_ids_where_the_job_asks_for_colours(tiny_set, ledger):
    made = tiny_set(colourised=False)
    kept = made.write_sidecar(ledger)
    edit_json(
        kept.own / "job.json", lambda job: job["writer"]["parameters"].update(colorize_semantic_segmentation=True)
    )
    assert set(found(made.folder)) == {("format", f"semantic_segmentation_000{frame}.png") for frame in (0, 1)}


def test_ids_beyond_sixteen_bits_are_not_held_against_a_mask(tiny_set):
    made = tiny_set(colourised=False, frames=1)
    for name in ("instance_segmentation", "instance_id_segmentation"):
        edit_picture(made.path(name, "png"), lambda p: p.__setitem__(p == 3, 65535))
    for name in ("instance_segmentation_mapping", "instance_segmentation_semantics_mapping"):
        edit_json(made.path(name, "json"), lambda m: {key.replace("3", "70000"): value for key, value in m.items()})
    edit_json(made.path("instance_id_segmentation_mapping", "json"), lambda m: {**m, "65535": "/World/b"})
    assert found(made.folder) == []


def test_gaps_and_lost_companions_of_a_bare_set(tiny_set):
    made = tiny_set(frames=4, products=("left", "right"))
    for path in [*made.folder.rglob("*_0001.*")]:
        path.unlink()
    made.path("semantic_segmentation_labels", "json", 2, "left", "semantic_segmentation").unlink()
    shutil.rmtree(made.folder / "right/rgb")
    expected = [("frames", ".")]
    expected += [("missing", f"right/rgb/rgb_000{frame}.png") for frame in (0, 2, 3)]
    expected += [("missing", "left/semantic_segmentation/semantic_segmentation_labels_0002.json")]
    assert sorted(found(made.folder)) == sorted(expected)


def test_sequences_are_counted_each_for_itself(tmp_path):
    for number in ("1_0000", "1_0001", "2_0000", "2_0002"):
        np.save(tmp_path / f"distance_to_camera_{number}.npy", np.ones((4, 4), np.float32))
    outcome = validate(tmp_path)
    assert [finding.message for finding in outcome.findings] == ["frame 2_0001 has no file at all"]
    assert outcome.frames == 5


def test_a_frame_number_from_nowhere_does_not_take_all_memory(tmp_path):
    for number in ("0000", "99999999999"):
        np.save(tmp_path / f"distance_to_camera_{number}.npy", np.ones((4, 4), np.float32))
    assert found(tmp_path) == [("frames", ".")]


def test_quick_reads_no_picture(tiny_set, ledger):
    made = tiny_set()
    made.write_sidecar(ledger)
    path = made.path("rgb", "png")
    path.write_bytes(bytes(path.stat().st_size))
    assert found(made.folder, quick=True) == []
    made.path("normals", "png").unlink()
    assert found(made.folder, quick=True) == [("missing", "normals_0000.png")]


def test_progress_counts_every_file(tiny_set):
    seen = []
    made = tiny_set()
    validate(made.folder, progress=lambda *counts: seen.append(counts))
    total = 1 + 2 * FILES_PER_FRAME
    assert seen[-1] == (total, total)
    assert seen == sorted(seen)


def test_what_progress_raises_ends_it(tiny_set):
    made = tiny_set()

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        validate(made.folder, progress=stop)


STRANGE = {
    ".json": [
        [],
        {},
        None,
        1,
        "x",
        {"0": 1},
        {"0": None},
        {"a": {}},
        [1],
        {"0": {"class": None}},
        {"0": {"class": ["a"]}},
    ],
    ".npy": [
        np.zeros(()),
        np.zeros(0, np.float32),
        np.zeros((0, 0), np.float32),
        np.zeros((2, 2, 2, 2)),
        np.array(["text"]),
        np.zeros(3, "<u4,<f4"),
        np.zeros((24, 32), np.complex64),
        np.zeros((24, 32), bool),
        np.zeros(1, "datetime64[s]"),
    ],
    ".png": [
        Image.new(mode, size) for mode, size in (("1", (32, 24)), ("P", (32, 24)), ("LA", (1, 1)), ("I;16", (32, 24)))
    ],
}


@pytest.mark.parametrize("extension", STRANGE)
def test_no_content_however_strange_ends_a_validation(tiny_set, ledger, extension):
    made = tiny_set(frames=1)
    made.write_sidecar(ledger)
    write = {".json": lambda path, value: path.write_text(json.dumps(value)), ".npy": np.save}
    write[".png"] = lambda path, image: image.save(path)
    for path in sorted(made.folder.glob(f"*{extension}")):
        sound = path.read_bytes()
        for value in STRANGE[extension]:
            write[extension](path, value)
            assert path.name in {finding.path for finding in validate(made.folder).findings}
        path.write_bytes(sound)


@pytest.mark.parametrize("name", ["job", "report", "taxonomy", "manifest", "frames"])
def test_no_sidecar_however_strange_ends_a_validation(tiny_set, ledger, name):
    made = tiny_set(frames=1)
    kept = made.write_sidecar(ledger)
    path = next(kept.own.glob(f"{name}.*"), kept.own / f"{name}.json")
    job = json.loads((kept.own / "job.json").read_text())
    strange = [
        [],
        {},
        None,
        1,
        "x",
        {"frames": -1},
        {"writer": []},
        {"render_products": [{}]},
        {"render_products": [1]},
    ]
    strange += [{**job, "render_products": [{"name": 5, "resolution": "x"}, {"name": []}]}]
    strange += [{**job, "writer": {"name": "BasicWriter", "parameters": {"rgb": 1, "frame_padding": "x"}}}]
    strange += [{"frames": True, "manifest": [], "suspect": 1}, {"frame": 1, "path": [], "bytes": "1"}]
    for value in strange:
        path.write_text(json.dumps(value))
        assert validate(made.folder).findings
