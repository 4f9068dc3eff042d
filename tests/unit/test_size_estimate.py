"""The estimate of a recording's size, in closed form; tests/e2e/test_tabletop.py holds it against a real recording."""

import pytest

from simslate.recorder import OutputError
from simslate.recorder.size_estimate import bytes_per_frame, check_room, told_size


def test_arrays_are_exact_but_for_their_header():
    assert bytes_per_frame(["distance_to_camera"], [(640, 480), (10, 10)]) == 4 * (640 * 480 + 100) + 2 * 128
    assert bytes_per_frame(["motion_vectors"], [(640, 480)]) == 16 * 640 * 480 + 128


def test_names_with_fast_are_the_same():
    sizes = [bytes_per_frame([name], [(64, 64)]) for name in ("instance_segmentation", "instance_segmentation_fast")]
    assert sizes[0] == sizes[1] > 0


def test_parameters_count():
    plain = bytes_per_frame(["rgb", "distance_to_camera"], [(64, 64)])
    assert bytes_per_frame(["rgb", "distance_to_camera"], [(64, 64)], {"image_output_format": "jpg"}) < plain
    assert bytes_per_frame(["rgb", "distance_to_camera"], [(64, 64)], {"colorize_depth": True}) > plain


def test_unknown_annotators_have_a_size():
    assert bytes_per_frame(["my_own"], [(64, 64)]) > 0
    assert bytes_per_frame([], [(64, 64)]) == 0


@pytest.mark.parametrize(("needed", "warns"), [(79, False), (81, True), (124, True)])
def test_near_the_free_space_it_warns(needed, warns):
    assert (check_room(needed * 10**6, 100 * 10**6, "/out") is not None) == warns


def test_clearly_beyond_the_free_space_it_refuses():
    with pytest.raises(OutputError, match="/out: about 126 MB will be written, and 100 MB are free"):
        check_room(126 * 10**6, 100 * 10**6, "/out")


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1200, "1.2 kB"), (12_000_000, "12 MB"), (5.5e12, "5500 GB")],
)
def test_sizes_as_people_say_them(size, text):
    assert told_size(size) == text
