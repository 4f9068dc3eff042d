"""Where two renderings of ids and depth differ, and whether that may be."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

NOTHING = -1
DEPTH = 1e-3
"""Relative difference of depth that is none."""
COINCIDENT = 1e-5
"""Relative difference of depth up to which two surfaces are in one place."""


@dataclass(frozen=True, repr=False)
class Rendering:
    """What a renderer saw."""

    label: np.ndarray
    """(H, W) int; -1 where nothing is."""
    depth: np.ndarray
    """(H, W) distance along the optical axis; inf where nothing is."""


@dataclass(frozen=True, repr=False)
class Comparison:
    """Two renderings of one view. All masks are (H, W)."""

    ours: Rendering
    theirs: Rendering
    alone: np.ndarray
    """(H, W) depth that the second renderer finds for what we see in a pixel, if it draws nothing else."""

    @cached_property
    def is_coincident(self):
        """Different ids, but the two surfaces are in one place, so that either id is right."""
        return (self.ours.label != self.theirs.label) & (depth_error(self.alone, self.theirs.depth) <= COINCIDENT)

    @cached_property
    def is_other(self):
        """Different ids, and not because of coincident surfaces."""
        return (self.ours.label != self.theirs.label) & ~self.is_coincident

    @cached_property
    def is_stray(self):
        """Different ids though no neighbour within 1 pixel has, in one rendering, the other one's id."""
        ours, theirs = self.ours.label, self.theirs.label
        return self.is_other & ~(around(ours) == theirs).any(axis=0) & ~(around(theirs) == ours).any(axis=0)

    @cached_property
    def is_inside(self):
        """The same id, and all neighbours have it too, in both renderings."""
        same = [(around(one.label) == one.label).all(axis=0) for one in (self.ours, self.theirs)]
        return (self.ours.label == self.theirs.label) & same[0] & same[1]

    @cached_property
    def depth_error(self):
        """(H, W) relative difference of depth inside ids; 0 elsewhere."""
        return np.where(self.is_inside, depth_error(self.ours.depth, self.theirs.depth), 0.0)

    @cached_property
    def is_at_step(self):
        """Inside an id, another depth, but one that a neighbour has in the other rendering: a gprim occludes itself."""
        ours, theirs = self.ours.depth, self.theirs.depth
        near = [depth_error(near, theirs) <= DEPTH for near in around(ours)]
        near += [depth_error(ours, near) <= DEPTH for near in around(theirs)]
        return (self.depth_error > DEPTH) & np.any(near, axis=0)


def around(image):
    """(9, H, W): each pixel and its neighbours within 1 pixel; beyond the frame the frame's own pixels."""
    padded = np.pad(image, 1, mode="edge")
    height, width = image.shape
    return np.stack([padded[y : y + height, x : x + width] for y in range(3) for x in range(3)])


def depth_error(one, other):
    """(H, W) relative difference of depths; 0 where both see nothing, inf where only one does."""
    both = np.isfinite(one) & np.isfinite(other)
    error = np.where(np.isfinite(one) == np.isfinite(other), 0.0, np.inf)
    error[both] = np.abs(one[both] - other[both]) / other[both]
    return error
