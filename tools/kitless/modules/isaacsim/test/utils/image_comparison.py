"""Pictures against pictures."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from isaacsim.test.utils.image_io import read_image_as_array
from kitless.absent import absent

__all__ = [
    "compare_arrays_within_tolerances",
    "compare_images_in_directories",
    "compare_images_within_tolerances",
    "compute_difference_metrics",
    "print_difference_statistics",
]


def compute_difference_metrics(
    golden_array: NDArray[Any],
    test_array: NDArray[Any],
    *,
    percentiles: Sequence[float] = (50, 75, 90, 95, 99),
    allclose_rtol: float = 1e-05,
    allclose_atol: float = 1e-08,
    ignore_blank_pixels: bool = False,
) -> dict[str, Any]:
    """Return ``allclose`` with its ``rtol`` and ``atol``, ``mean_abs``, ``max_abs``, ``rmse`` and ``percentiles``.

    The percentiles are of absolute differences, by rank. ``ignore_blank_pixels``: those that are 0 in both arrays do
    not count. Raises ValueError for different shapes.
    """
    golden, test = _both(golden_array, test_array)
    if ignore_blank_pixels:
        seen = (golden != 0) | (test != 0)
        golden, test = golden[seen], test[seen]
    difference = np.abs(golden - test)
    is_empty = not difference.size
    return {
        "rtol": allclose_rtol,
        "atol": allclose_atol,
        "allclose": bool(np.allclose(test, golden, rtol=allclose_rtol, atol=allclose_atol, equal_nan=True)),
        "mean_abs": 0.0 if is_empty else float(difference.mean()),
        "max_abs": 0.0 if is_empty else float(difference.max()),
        "rmse": 0.0 if is_empty else float(np.sqrt((difference**2).mean())),
        "percentiles": {each: 0.0 if is_empty else float(np.percentile(difference, each)) for each in percentiles},
    }


def print_difference_statistics(metrics: dict[str, Any]) -> None:
    """Write the figures to stdout."""
    for name in ("allclose", "mean_abs", "max_abs", "rmse"):
        print(f"{name}: {metrics[name]}")  # noqa: T201  what the function is for
    for rank, value in sorted(metrics.get("percentiles", {}).items()):
        print(f"percentile {rank}: {value}")  # noqa: T201


def compare_arrays_within_tolerances(
    golden_array: NDArray[Any],
    test_array: NDArray[Any],
    allclose_rtol: float | None = 1e-05,
    allclose_atol: float | None = 1e-08,
    mean_tolerance: float | None = None,
    max_tolerance: float | None = None,
    absolute_tolerance: float | None = None,
    percentile_tolerance: tuple[float, float] | None = None,
    rmse_tolerance: float | None = None,
    print_all_stats: bool = False,
) -> dict[str, Any]:
    """Return ``passed``, ``failures`` (texts) and the metrics of two arrays.

    Each tolerance that is given is tested: of the mean, the greatest (``max`` and ``absolute``) and the rms difference,
    and ``(rank, tolerance)`` of a percentile; ``numpy.allclose`` unless both of its tolerances are None. Raises
    ValueError for different shapes.
    """
    ranks = (50, 75, 90, 95, 99) if percentile_tolerance is None else (percentile_tolerance[0],)
    metrics = compute_difference_metrics(
        golden_array,
        test_array,
        percentiles=ranks,
        allclose_rtol=allclose_rtol or 0.0,
        allclose_atol=allclose_atol or 0.0,
    )
    limits = {"mean_abs": mean_tolerance, "rmse": rmse_tolerance, "max_abs": max_tolerance}
    failures = [_failure(name, metrics[name], limit) for name, limit in limits.items()]
    failures.append(_failure("max_abs", metrics["max_abs"], absolute_tolerance))
    if percentile_tolerance is not None:
        rank, limit = percentile_tolerance
        failures.append(_failure(f"percentile {rank}", metrics["percentiles"][rank], limit))
    if (allclose_rtol is not None or allclose_atol is not None) and not metrics["allclose"]:
        failures.append(f"not close within rtol {allclose_rtol} and atol {allclose_atol}")
    if print_all_stats:
        print_difference_statistics(metrics)
    found = [each for each in failures if each]
    return {"passed": not found, "failures": found, **metrics}


def compare_images_within_tolerances(
    golden_file_path: str | os.PathLike[str],
    test_file_path: str | os.PathLike[str],
    allclose_rtol: float | None = 1e-05,
    allclose_atol: float | None = 1e-08,
    mean_tolerance: float | None = None,
    max_tolerance: float | None = None,
    absolute_tolerance: float | None = None,
    percentile_tolerance: tuple[float, float] | None = None,
    rmse_tolerance: float | None = None,
    print_all_stats: bool = False,
) -> dict[str, Any]:
    """Return what compare_arrays_within_tolerances does of two files. Raises FileNotFoundError and ValueError."""
    return compare_arrays_within_tolerances(
        read_image_as_array(golden_file_path),
        read_image_as_array(test_file_path),
        allclose_rtol,
        allclose_atol,
        mean_tolerance,
        max_tolerance,
        absolute_tolerance,
        percentile_tolerance,
        rmse_tolerance,
        print_all_stats,
    )


def compare_images_in_directories(
    golden_dir: str | os.PathLike[str],
    test_dir: str | os.PathLike[str],
    path_pattern: str | None = None,
    allclose_rtol: float | None = 1e-05,
    allclose_atol: float | None = 1e-08,
    mean_tolerance: float | None = None,
    max_tolerance: float | None = None,
    absolute_tolerance: float | None = None,
    percentile_tolerance: tuple[float, float] | None = None,
    rmse_tolerance: float | None = None,
    print_all_stats: bool = False,
    print_per_file_results: bool = True,
) -> dict[str, Any]:
    """Return ``all_passed``, ``missing`` (names) and ``results`` by name of the files below ``golden_dir``.

    ``path_pattern`` is a regular expression for names. Raises ValueError where no file matches.
    """
    golden, pattern = Path(golden_dir), re.compile(path_pattern or "")
    files = {file.relative_to(golden).as_posix(): file for file in sorted(golden.rglob("*")) if file.is_file()}
    names = [name for name in files if pattern.search(name)]
    if not names:
        raise ValueError(f"no file below {golden_dir} matches {path_pattern or 'anything'}")
    missing = [name for name in names if not (Path(test_dir) / name).is_file()]
    results = {}
    for name in names:
        if name not in missing:
            results[name] = compare_images_within_tolerances(
                files[name],
                Path(test_dir) / name,
                allclose_rtol,
                allclose_atol,
                mean_tolerance,
                max_tolerance,
                absolute_tolerance,
                percentile_tolerance,
                rmse_tolerance,
                print_all_stats,
            )
            if print_per_file_results:
                print(f"{name}: {'passed' if results[name]['passed'] else results[name]['failures']}")  # noqa: T201
    passed = not missing and all(result["passed"] for result in results.values())
    return {"all_passed": passed, "missing": missing, "results": results}


def _both(golden_array: ArrayLike, test_array: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    golden, test = np.asarray(golden_array, dtype=np.float64), np.asarray(test_array, dtype=np.float64)
    if golden.shape != test.shape:
        raise ValueError(f"arrays of different shapes: {golden.shape} and {test.shape}")
    return golden, test


def _failure(name: str, value: float, limit: float | None) -> str:
    return f"{name} {value:g} is above {limit:g}" if limit is not None and value > limit else ""


__getattr__ = absent(__name__)
