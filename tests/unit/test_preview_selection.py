"""Which frames a page shows, and how large."""

from itertools import pairwise

import pytest

from simslate.recorder.dataset.preview.names import Names, class_text, own_colour
from simslate.recorder.dataset.preview.selection import MOST_BYTES, WIDTHS, Measure, fitting, spread

NUMBERS = [f"{number:04d}" for number in range(100)]


@pytest.mark.parametrize("count", [1, 2, 7, 50, 99, 100, 1000])
def test_as_many_frames_as_wanted_evenly(count):
    chosen = spread(NUMBERS, count, ())
    assert len(chosen) == min(count, 100)
    assert chosen == sorted(set(chosen))
    if count > 1:
        assert (chosen[0], chosen[-1]) == ("0000", "0099")
        gaps = [int(b) - int(a) for a, b in pairwise(chosen)]
        assert max(gaps) - min(gaps) <= 1


def test_frames_to_look_at_are_kept():
    assert spread(NUMBERS, 5, {"0013", "0014"}) == ["0000", "0013", "0014", "0050", "0099"]
    assert spread(NUMBERS, 1, {"0013", "0014"}) == ["0013"]


def test_pictures_are_as_large_as_the_page_allows():
    one = Measure(pictures=60_000, rest=1_000, width=640)
    assert fitting([one], 10) == (WIDTHS[0], 10)
    width, cells = fitting([one], 1000)
    assert 240 <= width < 640
    assert cells == 1000
    width, cells = fitting([one], 100_000)
    assert width == WIDTHS[-1]
    assert 1000 < cells < 100_000
    assert cells * 7_000 < MOST_BYTES
    assert fitting([], 0) == (WIDTHS[0], 0)


def test_names_are_numbered_once():
    names = Names()
    assert [names.number(each) for each in "abac"] == [0, 1, 0, 2]
    assert names.texts == ["a", "b", "c"]


def test_a_class_is_its_label_or_all_of_them():
    assert class_text({"class": "box"}) == "box"
    assert class_text({"class": "box", "colour": "red"}) == "class: box, colour: red"
    assert class_text({"class": "UNLABELLED", "colour": "red"}) == "UNLABELLED"
    assert class_text("BACKGROUND") == "BACKGROUND"
    assert len(class_text({"class": "x" * 5000})) == 301


def test_own_colours_differ():
    assert len({own_colour(number) for number in range(100)}) == 100
