"""Helpers for tests of scripts: what they wrote, and pictures of the stage."""

from isaacsim.test.utils.file_validation import get_folder_file_summary, validate_file_list, validate_folder_contents
from isaacsim.test.utils.image_capture import (
    capture_annotator_data_async,
    capture_depth_data_async,
    capture_rgb_data_async,
    capture_viewport_annotator_data_async,
    capture_viewport_screenshot_async,
)
from isaacsim.test.utils.image_comparison import (
    compare_arrays_within_tolerances,
    compare_images_in_directories,
    compare_images_within_tolerances,
    compute_difference_metrics,
    print_difference_statistics,
)
from isaacsim.test.utils.image_io import read_image_as_array, save_annotator_data, save_depth_image, save_rgb_image
from kitless.absent import Missing, absent

MenuUITestCase = Missing("isaacsim.test.utils.MenuUITestCase")
TimedAsyncTestCase = Missing("isaacsim.test.utils.TimedAsyncTestCase")

__all__ = [
    "MenuUITestCase",
    "TimedAsyncTestCase",
    "capture_annotator_data_async",
    "capture_depth_data_async",
    "capture_rgb_data_async",
    "capture_viewport_annotator_data_async",
    "capture_viewport_screenshot_async",
    "compare_arrays_within_tolerances",
    "compare_images_in_directories",
    "compare_images_within_tolerances",
    "compute_difference_metrics",
    "get_folder_file_summary",
    "print_difference_statistics",
    "read_image_as_array",
    "save_annotator_data",
    "save_depth_image",
    "save_rgb_image",
    "validate_file_list",
    "validate_folder_contents",
]

__getattr__ = absent(__name__)
