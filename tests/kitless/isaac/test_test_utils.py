"""What scripts' own tests are helped with: counted files, and pictures against pictures."""

import numpy as np
import pytest

from isaacsim.test.utils import file_validation, image_comparison, image_io, stage_utils


@pytest.fixture
def folder(tmp_path):
    for name in ("a.png", "b.PNG", "deep/c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x" * 10)
    (tmp_path / "d.json").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("counts", "options", "expected"),
    [
        ({"png": 2, "json": 1}, {}, True),
        ({".PNG": 2}, {}, True),
        ({"png": 3}, {}, False),
        ({"png": 3}, {"recursive": True}, True),
        ({"png": 1}, {}, False),
        ({"png": 1}, {"exact_match": False}, True),
        ({"png": 2}, {"allowed_extra_extensions": []}, False),
        ({"png": 2}, {"allowed_extra_extensions": ["json"]}, True),
        ({"png": 2}, {"fail_on_empty_files": True}, False),
        ({"png": 2}, {"min_file_size_bytes": 11}, False),
        ({"npy": 0}, {}, True),
    ],
)
def test_files_are_counted_by_extension(app, folder, counts, options, expected):
    assert file_validation.validate_folder_contents(folder, counts, **options) is expected


def test_a_missing_folder_is_wrong_and_the_log_says_it(app, tmp_path, capsys):
    assert not file_validation.validate_folder_contents(tmp_path / "none", {"png": 0})
    assert "none: no such folder" in capsys.readouterr().err


def test_summaries_and_lists_of_files(folder):
    summary = file_validation.get_folder_file_summary(folder, recursive=True, include_file_sizes=True)
    assert (summary["total_files"], summary["extension_counts"]) == (4, {"png": 3, "json": 1})
    assert summary["file_sizes"]["a.png"] == 10
    found = file_validation.validate_file_list([folder / "a.png", folder / "d.json", folder / "none"])
    assert (found["success"], found["missing_files"]) == (False, [str(folder / "none")])
    assert found["empty_files"] == [str(folder / "d.json")]


def test_differences_by_hand():
    golden, test = np.zeros((2, 2)), np.array([[0.0, 0.0], [3.0, 4.0]])
    metrics = image_comparison.compute_difference_metrics(golden, test, percentiles=(50, 100))
    assert (metrics["mean_abs"], metrics["max_abs"], metrics["rmse"]) == (1.75, 4.0, 2.5)
    assert (metrics["percentiles"], metrics["allclose"]) == ({50: 1.5, 100: 4.0}, False)
    seen = image_comparison.compute_difference_metrics(golden, test, ignore_blank_pixels=True)
    assert seen["mean_abs"] == 3.5
    with pytest.raises(ValueError, match="different shapes"):
        image_comparison.compute_difference_metrics(golden, test[0])


@pytest.mark.parametrize(
    ("limits", "passed"),
    [
        ({"mean_tolerance": 1.75}, True),
        ({"mean_tolerance": 1.7}, False),
        ({"max_tolerance": 3.9}, False),
        ({"rmse_tolerance": 2.5, "percentile_tolerance": (50, 1.5)}, True),
        ({"percentile_tolerance": (50, 1.4)}, False),
    ],
)
def test_tolerances_decide(limits, passed):
    golden, test = np.zeros((2, 2)), np.array([[0.0, 0.0], [3.0, 4.0]])
    result = image_comparison.compare_arrays_within_tolerances(golden, test, None, None, **limits)
    assert result["passed"] is passed
    assert bool(result["failures"]) is not passed


def test_pictures_are_written_read_and_compared(tmp_path, capsys):
    picture = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    image_io.save_rgb_image(picture, tmp_path / "golden", "a.png")
    image_io.save_annotator_data({"data": picture}, tmp_path / "test/a.png")
    np.testing.assert_array_equal(image_io.read_image_as_array(tmp_path / "test/a.png"), picture)
    depth = np.array([[1.0, 3.0], [5.0, np.inf]], dtype=np.float32)
    image_io.save_depth_image(depth, tmp_path, "depth.png", normalize=True)
    np.testing.assert_array_equal(image_io.read_image_as_array(tmp_path / "depth.png"), [[0, 128], [255, 255]])
    found = image_comparison.compare_images_in_directories(tmp_path / "golden", tmp_path / "test")
    assert (found["all_passed"], list(found["results"])) == (True, ["a.png"])
    assert capsys.readouterr().out == "a.png: passed\n"
    (tmp_path / "test/a.png").unlink()
    assert image_comparison.compare_images_in_directories(tmp_path / "golden", tmp_path / "test")["missing"] == [
        "a.png"
    ]


def test_waiting_ends_when_it_is_true_or_too_late(app, stage):
    number = app.get_update_number()
    assert stage_utils.wait_for_prim("/World")
    assert app.get_update_number() == number
    assert not stage_utils.wait_for_prim("/World/None", timeout_frames=5, poll_steps=2)
    assert app.get_update_number() - number == 5
    assert app.run(stage_utils.wait_for_stage_prims_async(1))
