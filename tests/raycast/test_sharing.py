"""Light that is found at a frame's lattice: spread over the pixels between, and gathered anew where it bends."""

import numpy as np
import pytest
from pxr import Gf, UsdGeom, UsdLux

from kitless.raycast import radiance
from kitless.raycast.kernels import LANES, TILE_HEIGHT, TILE_WIDTH
from kitless.raycast.sharing import find_bends
from kitless.raycast.smoothing import ACROSS, DOWN
from kitless.raycast.spreading import put_packets, spread, spread_bends
from kitless.raycast.workers import Workers


def patches(random, height, width):
    """A map of instances in blocks of one to four pixels, -1 among them, and its links."""
    down, across = (np.repeat(np.arange(n), random.integers(1, 5, n))[:n] for n in (height, width))
    instance = random.integers(-1, 5, (height, width))[down][:, across].astype(np.int32)
    links = np.zeros((height, width), np.uint8)
    links[:, :-1] |= (ACROSS * (instance[:, 1:] == instance[:, :-1])).astype(np.uint8)
    links[:-1] |= (DOWN * (instance[1:] == instance[:-1])).astype(np.uint8)
    return instance, links


def linked_places(instance, y, x):
    """The places of the lattice about a pixel that it is linked to: neighbours, or corners by way of a neighbour."""
    height, width = instance.shape
    found = []
    for v in {y - y % 2, y + y % 2}:
        for u in {x - x % 2, x + x % 2}:
            if v >= height or u >= width or instance[v, u] != instance[y, x]:
                continue
            if v == y or u == x or instance[v, x] == instance[y, x] or instance[y, u] == instance[y, x]:
                found.append((v // 2, u // 2))
    return found


@pytest.mark.parametrize("size", [(24, 16), (23, 17), (22, 15), (1, 1), (2, 1)])
def test_pixels_take_the_mean_of_the_places_that_see_their_surface(size):
    width, height = size
    random = np.random.default_rng(7)
    instance, links = patches(random, height, width)
    rows, columns = -(-height // 2), -(-width // 2)
    total = random.random((rows, columns, 6), np.float32)
    light = np.full((height, width, 6), np.nan, np.float32)
    across = -(-width // TILE_WIDTH)
    packets = np.zeros(across * -(-height // TILE_HEIGHT), np.uint8)
    frame = (links.ravel(), instance.ravel())
    spread(frame, size, (0, rows), total.reshape(-1, 6), light.reshape(-1, 6), packets)
    lacking = set()
    for y in range(height):
        for x in range(width):
            places = linked_places(instance, y, x)
            if places:
                assert light[y, x] == pytest.approx(np.mean([total[p] for p in places], axis=0), abs=1e-6)
            elif instance[y, x] >= 0:
                lacking.add(y // TILE_HEIGHT * across + x // TILE_WIDTH)
    assert set(np.flatnonzero(packets)) == lacking


def test_a_straight_line_does_not_bend():
    shown = np.linspace(0.2, 0.8, 15, dtype=np.float32)
    links = np.full(15, ACROSS, np.uint8)
    links[[6, 14]] = 0
    hidden = np.zeros(15, np.float32)
    bent = np.zeros(15, np.uint8)
    find_bends(links, 15, (0, 15), (shown, hidden), (0.05, 1.0), bent)
    assert not bent.any()
    shown[3] += 0.2
    hidden[10:] = 1
    find_bends(links, 15, (0, 15), (shown, hidden), (0.05, 1.0), bent)
    # A step in brightness, and on both sides of a shadow's edge.
    assert set(np.flatnonzero(bent)) >= {3, 9, 10}
    assert not bent[[6, 7, 12]].any()
    # Too steep, though a straight line.
    bent[:] = 0
    find_bends(links, 15, (0, 15), (np.linspace(0.2, 0.8, 15, dtype=np.float32), hidden * 0), (1.0, 0.02), bent)
    assert set(np.flatnonzero(bent)) >= set(range(2, 6))
    # No shadow begins where another surface does.
    hidden[:] = 0
    hidden[7:] = 1
    bent[:] = 0
    find_bends(links, 15, (0, 15), (np.ones(15, np.float32), hidden), (0.05, 1.0), bent)
    assert not bent.any()


@pytest.mark.parametrize("reach", [0, 2])
def test_packets_near_a_bend_gather_for_themselves(reach):
    size = (40, 24)
    bent = np.zeros((12, 20), np.uint8)
    bent[5, 9] = 1
    across = size[0] // TILE_WIDTH
    packets = np.zeros(across * (size[1] // TILE_HEIGHT), np.uint8)
    spread_bends(bent.ravel(), size, (0, 12), reach, packets)
    expected = {
        2 * y // TILE_HEIGHT * across + 2 * x // TILE_WIDTH
        for y in range(5 - reach, 6 + reach)
        for x in range(9 - reach, 10 + reach)
    }
    assert set(np.flatnonzero(packets)) == expected
    chosen = np.flatnonzero(packets)
    light = np.zeros((size[1] * size[0], 6), np.float32)
    put_packets(size, chosen, (0, len(chosen)), np.ones((len(chosen) * LANES, 6), np.float32), light)
    covered = light.reshape(size[1], size[0], 6)[..., 0]
    assert covered[10, 18] == 1
    assert covered.sum() == len(chosen) * LANES


@pytest.fixture
def lit_floor(stage, add, add_camera):
    """A white floor seen from 2 above, one unit 100 pixels wide, under a sun overhead or one that stands aside."""

    def build(angle, tilt=0.0):
        add(
            "Mesh",
            "/Floor",
            points=[(-300, -300, 0), (300, -300, 0), (300, 300, 0), (-300, 300, 0)],
            faceVertexCounts=[4],
            faceVertexIndices=[0, 1, 2, 3],
        )
        sun = UsdLux.DistantLight.Define(stage, "/Sun")
        sun.CreateIntensityAttr(1000.0)
        sun.CreateAngleAttr(angle)
        UsdGeom.Xformable(sun).AddRotateYOp().Set(tilt)
        add_camera((0, 0, 2))

    return build


def test_a_thin_shadow_is_not_lost_between_places(stage, add, lit_floor, look):
    # The sun stands 45 degrees aside: a rod out of sight, at x = -4 and z = 4, is above x = 0 of the floor.
    lit_floor(0.0, -45.0)
    rod = add("Cube", "/Rod", size=1.0)
    form = UsdGeom.Xformable(rod)
    form.AddTranslateOp().Set(Gf.Vec3d(-4, 0, 4))
    form.AddRotateZOp().Set(8.0)
    form.AddScaleOp().Set(Gf.Vec3f(0.03, 20, 0.001))
    seen = look((400, 400))
    picture = radiance(seen.scene, seen.camera, seen.hits)[..., 0]
    dark = picture < 0.7 * np.median(picture)
    # Its shadow is 3 pixels wide and turned by 8 degrees: it crosses every row once, where geometry says.
    assert dark.any(axis=1).all()
    y = 2 - (np.arange(400) + 0.5) / 100
    middle = np.array([np.flatnonzero(row).mean() for row in dark])
    assert middle == pytest.approx((2 - np.tan(np.radians(8)) * y) * 100 - 0.5, abs=1.5)


def test_the_light_of_a_wide_sun_has_no_noise_and_its_shadow_is_where_it_is(stage, add, lit_floor, look):
    lit_floor(20.0)
    seen = look((200, 200))
    plain = radiance(seen.scene, seen.camera, seen.hits)[..., 0]
    assert max(np.abs(np.diff(plain, axis=k)).max() for k in (0, 1)) < 0.005 * plain.mean()
    # Half of the sky above x = 1 is covered at a height of 3: from 0.47 to 1.53 the shadow begins, 10 degrees each way.
    add(
        "Mesh",
        "/Roof",
        points=[(1, -300, 3), (300, -300, 3), (300, 300, 3), (1, 300, 3)],
        faceVertexCounts=[4],
        faceVertexIndices=[0, 1, 2, 3],
    )
    seen = look((200, 200))
    x = (np.arange(200) + 0.5) / 50 - 2
    part = (radiance(seen.scene, seen.camera, seen.hits)[..., 0] / plain).mean(axis=0)
    # A disk of radius 1, of which all beyond c is hidden; a tenth of the light goes round corners.
    c = np.clip((1 - x) / (3 * np.tan(np.radians(10))), -1, 1)
    left = 1 - (np.arccos(c) - c * np.sqrt(1 - c * c)) / np.pi
    under = x < 0.95
    expected = (0.1 + left[under]) / 1.1
    # The roof hides two more or less of 16 places of the disk.
    assert part[under] == pytest.approx(expected, abs=2 / 16 / 1.1)
    assert np.abs(part[under] - expected).mean() < 0.02


def test_bands_cover_everything_once_and_errors_come_through():
    workers = Workers()
    for count in (0, 1, 3, 1000):
        seen = []
        workers.run(seen.append, count)
        assert sorted(i for first, last in seen for i in range(first, last)) == list(range(count))

    def fail(span):
        if span[0] > 2:
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        workers.run(fail, 1000)
    workers.close()
