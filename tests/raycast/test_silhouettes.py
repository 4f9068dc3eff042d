"""silhouettes(): what objects would cover if they were alone."""

import numpy as np
import pytest

from kitless.raycast import silhouettes

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
