"""CARLA's colours, enums and conversions, against the client 0.9.16."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simslate.carla.color import (
    FAR,
    CityObjectLabel,
    Color,
    ColorConverter,
    depth,
    depth_metres,
    encode_depth,
    logarithmic_depth,
    palette,
)

FOLDER = Path(__file__).parents[2].parent / "shared/golden/carla"
needs_golden = pytest.mark.skipif(not FOLDER.exists(), reason="the recorded golden data is not beside this clone")


def recorded(name):
    return json.loads((FOLDER / name).read_text())


def bgra_of(rgba):
    return np.array(rgba, np.uint8).reshape(3, 4, 4)[..., [2, 1, 0, 3]]


@needs_golden
@pytest.mark.parametrize("enum", [CityObjectLabel, ColorConverter])
def test_enums_are_the_clients(enum):
    expected = recorded("tags.json")[enum.__name__]
    assert {member.name: int(member) for member in enum} == expected
    assert {name: int(member) for name, member in enum.names.items()} == expected
    assert {str(member): number for number, member in enum.values.items()} == expected


def test_members_are_numbers_that_show_their_names():
    assert (str(CityObjectLabel.Car), f"{CityObjectLabel.Car}", f"{CityObjectLabel.Car:03d}") == ("Car", "Car", "014")
    assert (CityObjectLabel.Car, CityObjectLabel(14), CityObjectLabel.Any) == (14, CityObjectLabel.Car, 255)
    assert (np.array([14, 15]) == CityObjectLabel.Car).tolist() == [True, False]
    assert ColorConverter.Depth == 1


@needs_golden
def test_the_palette_is_the_clients():
    tags = np.zeros((1, 256, 4), np.uint8)
    tags[0, :, 2] = np.arange(256)
    shown = palette(tags)[0, :, [2, 1, 0]].T.tolist()
    assert {str(tag): shown[tag] for tag in range(29)} == recorded("tags.json")["palette_rgb"]
    assert shown == [shown[tag % 29] for tag in range(256)]


@needs_golden
def test_conversions_are_the_clients():
    golden = recorded("image_golden.json")
    given = bgra_of(golden["rgba_in"])
    before = given.copy()
    assert palette(given).tobytes().hex() == golden["convert_palette_bgra_hex"]
    for convert, name in ((depth, "depth"), (logarithmic_depth, "logdepth")):
        grey = convert(given)
        assert grey[..., 0].ravel().tolist() == golden[name][2]
        assert (grey[..., 1:3] == grey[..., :1]).all()
        assert (grey[..., 3] == 255).all()
    assert (given == before).all()


def test_a_colour_prints_and_compares_as_the_clients():
    assert (str(Color()), str(Color(1, 2, 3)), str(Color(a=3))) == (
        "Color(0,0,0,255)",
        "Color(1,2,3,255)",
        "Color(0,0,0,3)",
    )
    assert Color(1, 2, 3) == Color(np.uint8(1), 2, 3, 255)
    assert Color(1, 2, 3) != Color(1, 2, 3, 4)
    assert Color() != 0


@pytest.mark.parametrize(("number", "error"), [(256, OverflowError), (-1, OverflowError), (1.5, TypeError)])
def test_a_colour_has_bytes(number, error):
    with pytest.raises(error):
        Color(0, number)


def test_depth_is_24_bits_with_red_lowest():
    metres = np.array([[0, 1, FAR / 2, FAR, 2 * FAR, np.inf, np.nan, -1]], np.float32)
    blue, green, red, alpha = encode_depth(metres)[0].T.astype(int)
    # 1 m is 2**24 - 1 thousandths; half way is rounded to even.
    steps = [0, 16777, 2**23, 2**24 - 1, 2**24 - 1, 2**24 - 1, 2**24 - 1, 0]
    assert (red + 256 * green + 65536 * blue).tolist() == steps
    assert set(alpha) == {255}


@given(st.lists(st.floats(0, FAR, width=32), min_size=1))
def test_depth_returns_to_half_a_step_and_half_of_the_last_bit(metres):
    returned = depth_metres(encode_depth([metres]))
    assert returned.dtype == np.float32
    assert returned[0] == pytest.approx(np.array(metres), abs=6.1e-5, rel=0)


@given(st.integers(0, 2**23))
def test_a_depth_picture_returns_to_the_byte_up_to_500_m(steps):
    picture = np.array([[[steps >> 16, steps >> 8 & 255, steps & 255, 255]]], np.uint8)
    assert (encode_depth(depth_metres(picture)) == picture).all()


def test_logarithmic_depth_of_here_and_of_the_far_plane():
    assert logarithmic_depth(encode_depth([[0, FAR]]))[0, :, 0].tolist() == [1, 255]
