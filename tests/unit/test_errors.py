"""The error tree and what the tables of the pure part promise."""

import numpy as np
import pytest

from simslate.recorder import errors
from simslate.recorder.annotators import ANNOTATORS


@pytest.mark.parametrize(
    ("name", "code"),
    [("ConfigError", 2), ("StageError", 2), ("IncompleteError", 3), ("OutputError", 4)],
)
def test_exit_codes_are_those_of_the_design(name, code):
    assert getattr(errors, name).exit_code == code
    assert issubclass(getattr(errors, name), errors.SimslateError)


def test_an_error_shows_each_problem_on_a_line():
    error = errors.ConfigError("a: b", "c: d")
    assert str(error) == "a: b\nc: d"
    assert error.problems == ("a: b", "c: d")


def test_the_annotators_of_this_release():
    assert len(ANNOTATORS) == 15
    assert {name for name, spec in ANNOTATORS.items() if spec.needs == "labels"} == {
        "semantic_segmentation",
        "instance_segmentation",
        "bounding_box_2d_tight",
        "bounding_box_2d_loose",
        "bounding_box_3d",
        "pointcloud",
    }


@pytest.mark.parametrize("name", sorted(ANNOTATORS))
def test_dtypes_are_numpy_names(name):
    dtype = ANNOTATORS[name].dtype
    assert dtype in {"", "structured"} or np.dtype(dtype).name == dtype
