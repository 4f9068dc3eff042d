"""The measurements measure what they say, on tiny scenes and for one round."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest

from bench import report, run, scenes
from bench.roofline import trace_bare
from bench.rounds import Subject, alternate, ratio
from bench.subjects import ROOFLINE, SWITCHES, Caster
from kitless.raycast import trace
from kitless.raycast.embree import LANES

SIZE = (64, 48)


@pytest.fixture(scope="module")
def crowd():
    return scenes.crowd("tiny", [scenes.torus(8, 6)], 4)


def test_scenes_have_the_triangles_they_claim():
    assert scenes.scene_a().triangles == 100_000 + 2
    assert scenes.scene_b().triangles == 5_000_000 + 2
    shape = scenes.torus(7, 5, 2)
    edges = np.sort(shape.triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    # Closed: each edge has two triangles. Its normals point out: the volume is that of the polyhedron, and positive.
    assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()
    a, b, c = (shape.points[shape.triangles[:, k]].astype(float) for k in range(3))
    assert np.einsum("ij,ij->i", a, np.cross(b, c)).sum() > 0


def test_the_roofline_traces_the_same_rays(crowd, tmp_path):
    scenes.write_stage(crowd, tmp_path / "tiny.usda", frames=2)
    caster = Caster("tiny", tmp_path / "tiny.usda", SIZE)
    depth = trace(caster.scene, caster.camera).depth
    bare = np.empty(SIZE[0] * SIZE[1], np.float32)
    trace_bare(caster.scene, caster.camera, bare)
    caster.close()
    rows = LANES // 4
    tiled = depth.reshape(SIZE[1] // rows, rows, SIZE[0] // 4, 4).transpose(0, 2, 1, 3).ravel()
    hit = np.isfinite(tiled)
    # Single precision rays may pass an edge that double precision ones hit.
    assert np.isclose(bare[hit], tiled[hit], rtol=1e-4).mean() > 0.99
    assert 0.5 < hit.mean() < 1


def test_instances_of_prims_and_of_points_stand_in_the_same_places(crowd, tmp_path):
    depths = []
    for points in (False, True):
        path = tmp_path / f"{points}.usda"
        scenes.write_stage(crowd, path, points=points)
        caster = Caster("tiny", path, SIZE)
        depths.append(trace(caster.scene, caster.camera).depth)
        caster.close()
    near = np.isfinite(depths[0]) & np.isfinite(depths[1])
    # A PointInstancer's orientations have half precision.
    assert np.isclose(depths[0][near], depths[1][near], atol=0.01).mean() > 0.98


def test_rounds_alternate_and_ratios_are_of_the_same_round():
    order = []
    subjects = [Subject("s", name, lambda name=name: order.append(name)) for name in "ab"]
    alternate(subjects, 2)
    assert "".join(order) == "ab" * 3
    subjects[0].wall, subjects[1].wall = [2.0, 20.0, 4.0], [1.0, 10.0, 4.0]
    assert ratio(*subjects) == 2.0


def test_a_run_has_a_row_for_everything(crowd, tmp_path):
    rows = run.measure(crowd, tmp_path, SIZE, 1, [])
    by_name = {row["what"]: row for row in rows}
    assert by_name[ROOFLINE]["ratio_to_roofline"] == 1.0
    assert {"ids + depth + normals", "rgb", "common set to disk", "move 4 instances"} <= by_name.keys()
    assert all(row["ms"] > 0 for row in rows)
    written = {path.name.rsplit("_", 1)[0] for path in (tmp_path / "tiny/all_annotators_to_disk").iterdir()}
    assert {name for name in SWITCHES if name not in written} == set()
    assert json.loads(json.dumps(rows)) == rows
    picture = ElementTree.fromstring(report.plot(rows, [], "tiny & small"))
    assert len(picture.findall("{*}rect")) == 1 + len(rows)
    assert len(report.table(rows).splitlines()) == 1 + len(rows)
