"""A packet's paths while they are followed: where they are, what they let through and what they brought."""

from __future__ import annotations

import numpy as np

from kitless.raycast.compiled import compiled
from kitless.raycast.kernels import (
    DIRECTION,
    FAR,
    FLAGS,
    GEOMETRY,
    ID,
    INSTANCE,
    INSTANCE_PART,
    LANES,
    MASK,
    NEAR,
    TIME,
    TRIANGLE,
    clear_packet,
    corner_of,
    drop_blind,
    load_rays,
    target_of,
)

# Rows of a packet's paths: where they start and go, what they let through, what they brought, the density of their
# direction, the normal where it began, and how wide a pixel is there and how much wider it gets.
START, WAY, LEFT, BROUGHT, DENSITY, NORMAL, WIDTH, STATE_ROWS = 0, 3, 6, 9, 12, 13, 16, 18


@compiled()
def begin(ray: np.ndarray, valid: np.ndarray, packet: int, view: tuple) -> None:
    """Aim a packet's rays from the camera."""
    rays, clipping, size, table = view
    load_rays(ray, packet, rays, table, np.empty((0, 2), np.float32), size)
    clear_packet(ray, valid, packet, clipping, size, 0)
    if len(table):
        drop_blind(ray, valid)


@compiled()
def aim(ray: np.ndarray, lane: int, start: tuple, way: tuple, reach: float) -> None:
    """Aim a lane's ray anew."""
    bits = ray.view(np.int32)
    for k in range(3):
        ray[k, lane], ray[DIRECTION + k, lane] = start[k], way[k]
    ray[NEAR, lane], ray[FAR, lane], ray[TIME, lane] = 0.0, reach, 0.0
    bits[MASK, lane], bits[ID, lane], bits[FLAGS, lane] = -1, 0, 0
    bits[TRIANGLE, lane], bits[GEOMETRY, lane] = -1, -1
    bits[INSTANCE, lane], bits[INSTANCE_PART, lane] = -1, -1


@compiled()
def add(state: np.ndarray, lane: int, light: tuple, weight: float) -> None:
    """Add light that has arrived at the end of a lane's path."""
    for k in range(3):
        state[BROUGHT + k, lane] += state[LEFT + k, lane] * light[k] * weight


@compiled()
def three(state: np.ndarray, start: int, lane: int) -> tuple:
    """Return three rows of a lane as a vector."""
    return state[start, lane], state[start + 1, lane], state[start + 2, lane]


@compiled()
def load_state(state: np.ndarray, ray: np.ndarray, pixels: np.ndarray, packet: int, view: tuple) -> None:
    """Begin a packet's paths where its rays are aimed."""
    rays, _, size, _ = view
    corner = corner_of(packet, size)
    for lane in range(LANES):
        pixels[lane] = target_of(packet, lane, corner, size, 0)
        for k in range(3):
            state[START + k, lane], state[WAY + k, lane] = ray[k, lane], ray[DIRECTION + k, lane]
            state[LEFT + k, lane], state[BROUGHT + k, lane] = 1.0, 0.0
        state[DENSITY, lane] = 0.0
        state[WIDTH, lane], state[WIDTH + 1, lane] = rays[6, 0], rays[6, 1]


@compiled()
def goes_on(state: np.ndarray, lane: int, draw: float) -> bool:
    """End a dim path by chance, or let it count for those that ended."""
    likely = min(max(three(state, LEFT, lane)), 0.95)
    if draw >= likely:
        return False
    for k in range(3):
        state[LEFT + k, lane] /= likely
    return True
