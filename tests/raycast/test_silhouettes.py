"""silhouettes() and spans(): what objects would cover if they were alone."""

from dataclasses import replace

import numpy as np
import pytest

from kitless.raycast import occlusion, silhouettes, spans

KINDS = ("Cube", "Sphere", "Cylinder", "Cone", "Capsule", "Plane")


def test_two_overlapping_squares_count_in_full(add_camera, add, look):
    # Depth 10: a frame of 200 pixels is 20 wide, so 10 pixels a unit.
    add_camera((0, 0, 10))
    add("Plane", "/Back", width=8.0, length=6.0)
    add("Plane", "/Front", width=2.0, length=2.0, at=(0, 0, 5))
    seen = look((200, 200))
    alone = silhouettes(seen.scene, seen.camera, [[0], [1], [0, 1]])
    assert alone.pixels.tolist() == [80 * 60, 40 * 40, 80 * 60]
    assert alone.boxes.tolist() == [[60, 70, 139, 129], [80, 80, 119, 119], [60, 70, 139, 129]]
    assert seen.area("/Back") == 80 * 60 - 40 * 40


def test_alone_is_what_trace_sees_when_nothing_is_in_the_way(add_camera, add, look):
    add_camera((2, -14, 6), (70, 0, 5))
    for number, kind in enumerate(KINDS):
        add(kind, f"/It{number}", at=(5 * number - 12, 0, 0), turn=(30, 50 * number, 10), scale=(1, 1.5, 0.8))
    seen = look((237, 121))
    alone = silhouettes(seen.scene, seen.camera, [[n] for n in range(len(KINDS))])
    for number in range(len(KINDS)):
        rows, columns = np.nonzero(seen.hits.instance == number)
        assert alone.pixels[number] == len(rows) > 0
        assert alone.boxes[number].tolist() == [columns.min(), rows.min(), columns.max(), rows.max()]


def test_a_hidden_object_still_has_its_silhouette(add_camera, add, look):
    add_camera((0, 0, 10))
    add("Plane", "/Wall", width=50.0, length=50.0, at=(0, 0, 5))
    add("Sphere", "/Ball", radius=1.0)
    seen = look()
    ball = seen.paths().index("/Ball")
    assert seen.area("/Ball") == 0
    assert silhouettes(seen.scene, seen.camera, [[ball]]).pixels[0] > 0


def test_what_reaches_behind_the_camera_counts_right(add_camera, add, look):
    add_camera((0, 0, 1), (80, 0, 0))
    add("Plane", "/Floor", width=1000.0, length=1000.0)
    seen = look()
    assert silhouettes(seen.scene, seen.camera, [[0]]).pixels[0] == seen.area("/Floor") > 3000


def test_inside_an_object(add_camera, add, look):
    add_camera((0, 0, 0))
    add("Sphere", "/Ball", radius=5.0)
    seen = look((33, 17))
    alone = silhouettes(seen.scene, seen.camera, [[0]])
    assert alone.pixels.tolist() == [33 * 17]
    assert alone.boxes.tolist() == [[0, 0, 32, 16]]


@pytest.mark.parametrize("at", [(0, 0, 20), (100, 0, 0)])
def test_outside_the_view_is_nothing(add_camera, add, look, at):
    add_camera((0, 0, 10))
    add("Cube", "/Box", at=at)
    seen = look()
    alone = silhouettes(seen.scene, seen.camera, [[0], []])
    assert alone.pixels.tolist() == [0, 0]
    assert alone.boxes.tolist() == [[-1] * 4, [-1] * 4]


def test_no_groups_and_no_instances(add_camera, look):
    add_camera()
    seen = look()
    assert silhouettes(seen.scene, seen.camera, []).boxes.shape == (0, 4)


def test_clipping_counts(add_camera, add, look):
    add_camera((0, 0, 10), clippingRange=(0.1, 9.5))
    add("Plane", "/Sheet", width=2.0, length=2.0)
    seen = look()
    assert silhouettes(seen.scene, seen.camera, [[0]]).pixels.tolist() == [0]


def painted(found, shape):
    """Spans as a picture of how often each pixel is covered."""
    image = np.zeros(shape[0] * shape[1], int)
    for start, length in found.tolist():
        image[start : start + length] += 1
    return image.reshape(shape)


def test_spans_are_the_pixels_of_a_sphere_that_a_wall_half_hides(add_camera, add, look):
    add_camera((0, 0, 10))
    add("Sphere", "/Ball", radius=2.0, at=(0.3, -0.7, 0))
    add("Plane", "/Wall", width=9.0, length=50.0, at=(4.8, 0, 5))
    seen = look((121, 90))
    ball = seen.paths().index("/Ball")
    found = painted(spans(seen.scene, seen.camera, [[ball]])[0], (90, 121))
    # A pixel is 2 / 121 wide at a distance of 1; its ray meets the sphere if it passes nearer than the radius.
    y, x = (np.indices((90, 121)) + 0.5 - np.array([45, 60.5])[:, None, None]) * 2 / 121
    rays = np.stack([x, -y, -np.ones_like(x)], axis=-1)
    rays /= np.linalg.norm(rays, axis=-1, keepdims=True)
    middle = np.array([0.3, -0.7, -10])
    apart = np.linalg.norm(np.cross(rays, middle), axis=-1)
    assert np.abs(apart - 2).min() > 1e-4
    assert (found == (apart < 2)).all()
    visible = seen.hits.instance == ball
    assert 0 < visible.sum() < 0.6 * found.sum()
    assert found[visible].all()


def test_spans_are_what_silhouettes_count(add_camera, add, look, monkeypatch):
    # A picture that whole tiles do not fill, things at its edges, and groups that are traced a few at a time.
    monkeypatch.setattr(occlusion, "_PIXELS_AT_ONCE", 4000)
    add_camera((2, -14, 6), (70, 0, 5))
    for number, kind in enumerate(KINDS):
        add(kind, f"/It{number}", at=(9 * number - 21, 0, 0), turn=(30, 50 * number, 10), scale=(2, 3, 1.6))
    add("Cube", "/Behind", at=(0, -50, 0))
    seen = look((237, 121))
    groups = [*([number] for number in range(len(KINDS) + 1)), [0, 3, 4], []]
    alone = silhouettes(seen.scene, seen.camera, groups)
    found = spans(seen.scene, seen.camera, groups)
    assert {0, 236} <= set(alone.boxes[:, [0, 2]].ravel().tolist())
    for stretches, pixels, box in zip(found, alone.pixels.tolist(), alone.boxes.tolist(), strict=True):
        image = painted(stretches, (121, 237))
        rows, columns = np.nonzero(image)
        assert image.max() <= 1
        assert stretches[:, 1].sum() == len(rows) == pixels
        assert box == ([columns.min(), rows.min(), columns.max(), rows.max()] if pixels else [-1] * 4)
        starts = stretches[:, 0]
        assert (np.diff(starts) > 0).all()
        assert (starts // 237 == (starts + stretches[:, 1] - 1) // 237).all()
    assert alone.pixels[-3:].tolist()[::2] == [0, 0]


def test_no_groups_have_no_spans(add_camera, look):
    add_camera()
    seen = look()
    assert spans(seen.scene, seen.camera, []) == []


@pytest.fixture(params=["perspective", "orthographic"])
def clutter(request, add_camera, add, look):
    """Things that hide each other, one wholly hidden, one that reaches behind the camera, on a floor."""
    width = 20.0 if request.param == "perspective" else 250.0
    add_camera((2, -14, 6), (70, 0, 5), projection=request.param, horizontalAperture=width)
    add("Plane", "/Floor", width=60.0, length=60.0, at=(0, 0, -2))
    for number, kind in enumerate(KINDS):
        at = 2 * number - 5, 3 * (number % 3), 0
        add(kind, f"/It{number}", at=at, turn=(30, 50 * number, 10), scale=(1, 2, 1.3))
    add("Sphere", "/Inside", radius=0.1, at=(-5, 0, 0))
    # Flat to a ten thousandth: its inverse is far off in single precision.
    add("Cube", "/Flat", at=(1, 4, 1), turn=(20, 30, 40), scale=(3, 3, 3e-4))
    return look((237, 121))


def test_a_known_frame_changes_nothing(clutter):
    count = len(clutter.scene.instances)
    groups = [*([number] for number in range(count)), [3, 0, 5], list(range(count)), []]
    # Without what the frame shows, every pixel is traced.
    traced = silhouettes(clutter.scene, clutter.camera, groups)
    known = silhouettes(clutter.scene, clutter.camera, groups, clutter.hits)
    assert known.pixels.tolist() == traced.pixels.tolist()
    assert known.boxes.tolist() == traced.boxes.tolist()
    seen = [clutter.area(path) for path in clutter.paths()]
    assert min(seen) == seen[clutter.paths().index("/Inside")] == 0 < traced.pixels[:count].min()
    assert sum(0 < part < whole for part, whole in zip(seen, traced.pixels, strict=False)) >= 4
    stretches = (spans(clutter.scene, clutter.camera, groups, hits) for hits in (None, clutter.hits))
    for whole, part in zip(*stretches, strict=True):
        assert whole.tolist() == part.tolist()


def test_what_the_frame_shows_of_an_object_is_covered(add_camera, add, look):
    # An edge that runs exactly through a pixel's centre may be hit in the frame and missed alone.
    add_camera((0, 0, 10))
    add("Plane", "/Sheet", width=4.0, length=4.0)
    seen = look((200, 200))
    assert seen.hits.instance[100, 79] == -1
    instance, depth = seen.hits.instance.copy(), seen.hits.depth.copy()
    instance[100, 79], depth[100, 79] = 0, 10.0
    alone = silhouettes(seen.scene, seen.camera, [[0]], replace(seen.hits, instance=instance, depth=depth))
    assert alone.pixels.tolist() == [40 * 40 + 1]
    assert alone.boxes.tolist() == [[79, 80, 119, 119]]


def test_only_what_may_be_hidden_is_traced_again(add_camera, add, look, monkeypatch):
    add_camera((0, 0, 10))
    add("Plane", "/Back", width=18.0, length=18.0)
    add("Cube", "/Aside", size=2.0, at=(4, 4, 1.5), turn=(30, 40, 50))
    add("Plane", "/Front", width=2.0, length=2.0, at=(0, 0, 5))
    seen = look((200, 200))
    traced, apart = [], seen.scene.apart
    monkeypatch.setattr(seen.scene, "apart", lambda groups: (traced.extend(groups), apart(groups))[1])
    alone = silhouettes(seen.scene, seen.camera, [[0], [1], [2]], seen.hits)
    assert [seen.paths()[group[0]] for group in traced] == ["/Back"]
    assert alone.pixels.tolist() == [seen.area("/Aside"), 180 * 180, 40 * 40]
