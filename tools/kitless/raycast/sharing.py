"""The compiled loops that find light at a frame's lattice, and where it bends.

Light changes slowly along most surfaces. Where it does not (edges of shadows, highlights, normal maps), each pixel must
gather its own.
"""

from __future__ import annotations

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.kernels import LANES, SPAN, VIEW, corner_of, pattern_of
from kitless.raycast.lamps import DISTANT, shine
from kitless.raycast.lanes import (
    ASKS,
    BENCH,
    DIRECT,
    EVEN,
    HIDDEN,
    POINT,
    POWER,
    ROUND,
    SKY,
    SURFACE,
    TINT,
    TOTAL,
    WAY,
    clear_lanes,
    lent_bench,
    lent_surface,
    load_lanes,
    of_lane,
    start_shadows,
)
from kitless.raycast.lighting import gather_light, meet
from kitless.raycast.lights import COLOR, KIND, SIZE
from kitless.raycast.memory import lent
from kitless.raycast.palette import METALLIC, SPECULAR
from kitless.raycast.skylight import LAMPS, QUERIES, SOURCES, cast_sky, gleam_of, lent_sources
from kitless.raycast.smoothing import ACROSS, DOWN, LINKS, VALUES, window
from kitless.raycast.substance import DIELECTRIC, is_simple, shapes_light
from kitless.raycast.tables import Column

_MATERIAL = int(Column.MATERIAL)
SKY_COLUMNS = 4
"""Light of lamps has LAMPS columns: irradiance, then specular light. The sky's has these: irradiance, openness."""
MIRRORED, _SHARE = 4, 3
"""Columns of what is mirrored: the sky's radiance from where it is, then the share of that which may be sent on."""
_NARROW = 0.02
"""Radius in radians of a light whose samples differ by nothing that can be seen, unless something hides some."""
_MIDDLE = (0.5, 0.5, 0.0, 0.0)
"""The middle of any light, as shine() takes places."""
_ALONE = 4
"""Places with fewer to share what they see of the sky look as many times."""
_BITS = 24
"""What a float32 holds."""
_ALBEDO = 0.5
"""What diffuse surfaces are taken to reflect."""

FLAGS = types.uint8[::1]
_STEPS = types.UniTuple(types.float64, 2)
ROW = types.float32[::1]
WORK = types.Tuple((BENCH, types.UniTuple(VALUES, 4), ROW, FLAGS, LINKS))
"""(bench, (light of lamps, of the sky, what is mirrored, irradiance that comes from the middles of lamps), a bit per
narrow light that something hides, 1 where maps shape the light, links): where a loop works, what it writes for each
place, and what it reads. No rows for what is not wanted."""


@compiled()
def is_narrow(light: np.ndarray) -> bool:
    """Whether all the samples of a light are alike, unless something hides some."""
    return light[KIND] == DISTANT and light[SIZE] < _NARROW


@compiled()
def _note_shadows(light: np.ndarray, number: int, lanes: np.ndarray, through: np.ndarray) -> None:
    """Note for each lane whether something is between it and a light that it faces."""
    if not is_narrow(light):
        return
    bit = np.float64(1 << (number % _BITS))
    for lane in range(lanes.shape[1]):
        hidden = (lanes[DIRECT, lane] > 0.0) & (through[lane] < 1.0)
        lanes[HIDDEN, lane] += bit * np.float64(hidden)


@compiled()
def _aim_at_middle(light: np.ndarray, lanes: np.ndarray, targets: np.ndarray) -> None:
    """Note each lane's way to the middle of a light."""
    for lane in range(LANES):
        if targets[lane] < 0:
            continue
        way, _, power, tint = shine(light, of_lane(lanes, POINT, lane), _MIDDLE)
        lanes[POWER, lane] = power
        for k in range(3):
            lanes[WAY + k, lane], lanes[TINT + k, lane] = way[k], tint[k]


@compiled()
def _add_even(light: np.ndarray, lanes: np.ndarray, targets: np.ndarray) -> None:
    """Add to what each lane gets from the middles of lights a light's part, whatever is between."""
    if not is_narrow(light):
        _aim_at_middle(light, lanes, targets)
        meet(lanes)
    for k in range(3):
        for lane in range(lanes.shape[1]):
            met = lanes[ROUND, lane] + lanes[DIRECT, lane]
            lanes[EVEN + k, lane] += light[COLOR + k] * lanes[TINT + k, lane] * met


@compiled()
def _ask_more(lanes: np.ndarray, targets: np.ndarray, links: np.ndarray, width: int) -> None:
    """Let the lanes ask that share what they see of the sky with few others."""
    for lane in range(LANES):
        i = targets[lane]
        if i < 0:
            continue
        left, right = window(links, i, 1, ACROSS)
        top, bottom = window(links, i, width, DOWN)
        lanes[ASKS, lane] = np.float64((right - left + 1) * (bottom - top + 1) < _ALONE)


@compiled()
def _nature(material: np.ndarray) -> tuple:
    """Return how much of what it mirrors a surface may send on, and 1 if maps shape its light."""
    if not is_simple(material):
        return 1.0, np.uint8(shapes_light(material))
    most = max(material[SPECULAR], max(material[SPECULAR + 1], material[SPECULAR + 2]))
    return max(material[METALLIC], most), np.uint8(shapes_light(material))


@compiled()
def _store_lanes(lanes: np.ndarray, targets: np.ndarray, surface: tuple, sky: np.ndarray, outs: tuple) -> None:
    """Write what lanes have got."""
    _, (_, instance, _, _), (rows, _, _, _), palette, _ = surface
    lamps, shared, mirrored, even, hidden, bent = outs
    last, share, shaped = -1, 0.0, np.uint8(0)
    for lane in range(LANES):
        j = targets[lane]
        if j < 0:
            continue
        for k in range(LAMPS):
            lamps[j, k] = lanes[TOTAL + k, lane]
        for k in range(3 if len(even) else 0):
            even[j, k] = lanes[EVEN + k, lane]
        for k in range(SKY_COLUMNS):
            shared[j, k] = lanes[SKY + k, lane]
        mirrored[j, 0], mirrored[j, 1], mirrored[j, 2] = gleam_of(sky, lanes, lane)
        if instance[j] != last:
            # Neighbours are mostly of one instance.
            last = instance[j]
            row = rows[last, _MATERIAL]
            share, shaped = _nature(palette[0][row]) if row >= 0 else (DIELECTRIC, np.uint8(0))
        mirrored[j, _SHARE], hidden[j], bent[j] = share, lanes[HIDDEN, lane], shaped


@compiled()
def _lent_outs(work: tuple) -> tuple:
    _, (lamps, sky, mirrored, even), hidden, bent, _ = work
    return lent(lamps), lent(sky), lent(mirrored), lent(even), lent(hidden), lent(bent)


@compiled(signature(types.void, QUERIES, VIEW, SURFACE, SPAN, SOURCES, WORK))
def share_light(query: tuple, view: tuple, surface: tuple, span: tuple, sources: tuple, work: tuple) -> None:
    """Write the light at packets of a lattice, and what else is known of its places."""
    rays, clipping, size, table = view
    view, outs, links = (lent(rays), clipping, size, lent(table)), _lent_outs(work), lent(work[4])
    bench, surface = lent_bench(work[0]), lent_surface(surface)
    lights, sky, points, (samples, subframe, is_open), _ = lent_sources(sources)
    ray, _, lanes, targets, through, _ = bench
    world, has_sky = (surface[2][3], surface[2], surface[3]), sky.max() > 0.0
    for packet in range(span[0], span[1]):
        if not load_lanes(bench, packet, view, surface):
            continue
        start_shadows(ray, lanes)
        clear_lanes(lanes)
        first = pattern_of(packet, corner_of(packet, size), 0)
        for number in range(len(lights)):
            lamp = (lights[number], number, points, (1, subframe, is_open, first))
            gather_light((query[0], query[1]), lamp, bench, world)
            _note_shadows(lights[number], number, lanes, through)
            if len(outs[3]):
                _add_even(lights[number], lanes, targets)
        if has_sky:
            _ask_more(lanes, targets, links, size[0])
            dome = (sky, points, (_ALONE * samples, subframe, is_open, first))
            cast_sky((query[0], query[2]), dome, bench, world)
            for lane in range(lanes.shape[1]):
                lanes[ASKS, lane] = 1.0 - lanes[ASKS, lane]
            cast_sky((query[0], query[2]), (sky, points, (samples, subframe, is_open, first)), bench, world)
        _store_lanes(lanes, targets, surface, sky, outs)


@compiled(signature(types.void, SPAN, VALUES, VALUES, VALUES))
def sharpen(span: tuple, even: np.ndarray, smoothed: np.ndarray, lamps: np.ndarray) -> None:
    """Undo what smoothing has done to the irradiance of lamps, but for the noise of their samples and their shadows.

    even (m, 3) comes from the middles of lamps and has neither, so what it has lost by smoothing must come back.
    """
    for i in range(span[0], span[1]):
        for k in range(3):
            if smoothed[i, k] > 0.0:
                lamps[i, k] *= even[i, k] / smoothed[i, k]


@compiled(signature(types.void, SPAN, VALUES, VALUES, VALUES, VALUES))
def add_up(span: tuple, lamps: np.ndarray, sky: np.ndarray, mirrored: np.ndarray, total: np.ndarray) -> None:
    """Write the light (m, 6) of its parts."""
    for i in range(span[0], span[1]):
        for k in range(3):
            total[i, k] = lamps[i, k] + sky[i, k]
            total[i, 3 + k] = lamps[i, 3 + k] + sky[i, 3] * mirrored[i, k]


@compiled(signature(types.void, SPAN, VALUES, VALUES, types.float64, ROW))
def guess(span: tuple, lamps: np.ndarray, mirrored: np.ndarray, exposure: float, shown: np.ndarray) -> None:
    """Write about how bright places are on a display (m,), without the sky's light: its steps are no edges."""
    dull, gloss = exposure * _ALBEDO / np.pi / 3.0, exposure / 3.0
    for i in range(span[0], span[1]):
        bright, gleaming = 0.0, 0.0
        for k in range(3):
            bright += lamps[i, k]
            gleaming += lamps[i, 3 + k] + mirrored[i, k]
        shown[i] = dull * bright + gloss * gleaming * mirrored[i, _SHARE]


@compiled(inline="always")
def _bends(links: tuple, shown: tuple, hidden: tuple, limits: tuple, bent: np.ndarray) -> None:
    """Mark places in a row where shadows begin, or brightness is no straight line, or steep.

    links and shown = (those two before, one before, the places' own, one after, two after), hidden = (before, own,
    after), limits = (way, what is too far from a line, what is too steep). No branches, for the sake of vector code.
    """
    way, far, steep = limits
    for j in range(len(bent)):
        own, shadows = shown[2][j], hidden[1][j]
        left, right = (links[1][j] & way) != 0, (links[2][j] & way) != 0
        before, after = shown[1][j] if left else own, shown[3][j] if right else own
        off = own - np.float32(0.5) * (before + after)
        first = shown[0][j] if left & ((links[0][j] & way) != 0) else before
        last = shown[4][j] if right & ((links[3][j] & way) != 0) else after
        rise = np.float32(0.25) * (last - first)
        # The curve of display is near a root.
        bends = (off * off > far * own) | (rise * rise > steep * own)
        bends |= (left & (shadows != hidden[0][j])) | (right & (shadows != hidden[2][j]))
        bent[j] |= np.uint8(bends)


@compiled(inline="always")
def _five(row: np.ndarray, first: int, last: int, step: int) -> tuple:
    return (
        row[first - 2 * step : last - 2 * step],
        row[first - step : last - step],
        row[first:last],
        row[first + step : last + step],
        row[first + 2 * step : last + 2 * step],
    )


@compiled(signature(types.void, LINKS, types.int64, SPAN, types.Tuple((ROW, ROW)), _STEPS, FLAGS))
def find_bends(links: np.ndarray, width: int, span: tuple, seen: tuple, steps: tuple, bent: np.ndarray) -> None:
    """Mark places in rows of a width where light does not change evenly; seen = (shown, hidden).

    steps of display are too large (from a straight line, from one place to the next). Places of the first and the last
    two rows look along them only.
    """
    links, shown, hidden, bent = lent(links), lent(seen[0]), lent(seen[1]), lent(bent)
    far, steep = np.float32(4.0 * steps[0] * steps[0]), np.float32(4.0 * steps[1] * steps[1])
    for step, way in ((1, ACROSS), (width, DOWN)):
        first, last = max(span[0], 2 * step), min(span[1], len(bent) - 2 * step)
        if first < last:
            shadows = _five(hidden, first, last, step)
            near, light = _five(links, first, last, step), _five(shown, first, last, step)
            _bends(near, light, (shadows[1], shadows[2], shadows[3]), (np.uint8(way), far, steep), bent[first:last])
