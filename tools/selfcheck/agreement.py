"""Measures of agreement between what two renderers say of the same frames. Pure: arrays in, numbers out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Overlap:
    """Pixels of a mask in both recordings, summed over frames."""

    recording: int
    reference: int
    common: int

    @property
    def iou(self) -> float:
        """Intersection over union, 0 to 1; 1 where neither has a pixel."""
        union = self.recording + self.reference - self.common
        return self.common / union if union else 1.0


def overlap(pairs: Iterable[tuple[Mask, Mask]]) -> Overlap:
    """Return the overlap of pairs of (H, W) bool masks: recording, reference. ValueError for unequal shapes."""
    recording = reference = common = 0
    for ours, theirs in pairs:
        same_shape(ours, theirs)
        recording += int(np.count_nonzero(ours))
        reference += int(np.count_nonzero(theirs))
        common += int(np.count_nonzero(ours & theirs))
    return Overlap(recording, reference, common)


def box_error(ours: ArrayLike, theirs: ArrayLike) -> int:
    """Return by how many pixels the worst edge of two boxes (x_min, y_min, x_max, y_max) differs."""
    return int(np.abs(np.subtract(ours, theirs, dtype=np.int64)).max())


@dataclass(frozen=True)
class DepthError:
    """Absolute differences of depth in metres, over the pixels where both hit something; None if there are none."""

    pixels: int
    """Pixels where both hit something."""
    median: float | None
    p95: float | None
    largest: float | None
    one_sided: float
    """Share of all pixels where only one of the two hits something."""


def depth_error(pairs: Iterable[tuple[NDArray[Any], NDArray[Any]]]) -> DepthError:
    """Compare pairs of (H, W) depths in metres, not finite where nothing is hit. ValueError for unequal shapes."""
    errors: list[NDArray[np.float64]] = [np.empty(0)]
    one_sided = total = 0
    for ours, theirs in pairs:
        same_shape(ours, theirs)
        hit, other = np.isfinite(ours), np.isfinite(theirs)
        both = hit & other
        errors.append(np.abs(ours[both].astype(np.float64) - theirs[both]))
        one_sided += int(np.count_nonzero(hit ^ other))
        total += hit.size
    found = np.concatenate(errors)
    share = one_sided / total if total else 0.0
    if not found.size:
        return DepthError(0, None, None, None, share)
    median, p95 = (float(np.percentile(found, q)) for q in (50, 95))
    return DepthError(found.size, median, p95, float(found.max()), share)


def matrix_error(ours: ArrayLike, theirs: ArrayLike) -> float:
    """Return the largest absolute difference of two matrices' elements. ValueError for unequal shapes."""
    a, b = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    same_shape(a, b)
    return float(np.abs(a - b).max())


def same_shape(ours: NDArray[Any], theirs: NDArray[Any]) -> None:
    """Raise ValueError, with both shapes, unless the arrays have the same one."""
    if ours.shape != theirs.shape:
        raise ValueError(f"the recording's array is {ours.shape}, the reference's {theirs.shape}")
