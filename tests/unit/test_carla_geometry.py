"""Vectors, transforms and boxes of the CARLA client, against what the client 0.9.16 gave (texts and types as well)."""

import json
import math
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simslate.carla.errors import CarlaError
from simslate.carla.geometry import BoundingBox, Location, Rotation, Transform, Vector2D, Vector3D
from simslate.recorder.errors import SimslateError

FILE = Path(__file__).parents[2].parent / "shared/golden/carla/transforms.json"
CASES = json.loads(FILE.read_text())["cases"] if FILE.exists() else []
needs_golden = pytest.mark.skipif(not CASES, reason="the recorded golden data is not beside this clone")
each_case = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])

numbers = st.floats(-1000, 1000)
vectors = st.builds(Vector3D, numbers, numbers, numbers)
transforms = st.builds(Transform, vectors, st.builds(Rotation, numbers, numbers, numbers))


def transform_of(case):
    return Transform(Location(*case["location"]), Rotation(**case["rotation"]))


def near(value, tolerance=2e-5):
    return pytest.approx(np.array(value), abs=tolerance, rel=0)


def xyz(vector):
    return np.array([vector.x, vector.y, vector.z])


@needs_golden
def test_all_recorded_cases_are_there():
    assert len(CASES) == 30


@needs_golden
@each_case
def test_matrices_and_axes_are_the_clients(case):
    transform = transform_of(case)
    assert np.array(transform.get_matrix()) == near(case["matrix"])
    assert np.array(transform.get_inverse_matrix()) == near(case["inverse_matrix"])
    for name in ("forward", "right", "up"):
        for holder in (transform, transform.rotation):
            assert xyz(getattr(holder, f"get_{name}_vector")()) == near(case[name])


@needs_golden
@each_case
def test_points_are_the_clients(case):
    transform = transform_of(case)
    for point in case["points"]:
        local = Location(*point["local"])
        assert xyz(transform.transform(local)) == near(point["world"])
        assert xyz(transform.inverse_transform(local)) == near(point["inverse"])
        assert xyz(transform.transform_vector(local)) == near(point["vector"])
        assert local == Location(*point["local"])


@given(transforms, vectors)
def test_the_inverse_undoes(transform, vector):
    assert xyz(transform.inverse_transform(transform.transform(vector))) == near(xyz(vector), 1e-9)
    assert xyz(transform.inverse_transform_vector(transform.transform_vector(vector))) == near(xyz(vector), 1e-9)
    assert np.array(transform.get_matrix()) @ transform.get_inverse_matrix() == near(np.eye(4), 1e-9)


def test_the_items_of_a_list_are_replaced_as_that_is_all_the_client_does():
    point, turn = Location(1, 2, 3), Transform(Location(1, 1, 1), Rotation(yaw=90))
    points = [point, Vector3D(0, 0, 0)]
    assert turn.transform(points) is points
    assert [type(each) for each in points] == [Location, Vector3D]
    assert xyz(points[0]) == near([-1, 2, 4])
    assert point == Location(1, 2, 3)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Vector2D(1.5), "Vector2D(x=1.500000, y=0.000000)"),
        (Vector3D(1e-9, -0.0, math.nan), "Vector3D(x=0.000000, y=-0.000000, z=nan)"),
        (Location(x=1, z=3), "Location(x=1.000000, y=0.000000, z=3.000000)"),
        (Rotation(1, 2, 3), "Rotation(pitch=1.000000, yaw=2.000000, roll=3.000000)"),
        (
            Transform(Vector3D(1, 2, 3), Rotation(roll=1)),
            "Transform(Location(x=1.000000, y=2.000000, z=3.000000),"
            " Rotation(pitch=0.000000, yaw=0.000000, roll=1.000000))",
        ),
        (
            BoundingBox(extent=Vector3D(1, 2, 3)),
            "BoundingBox(Location(x=0.000000, y=0.000000, z=0.000000), Extent(x=1.000000, y=2.000000, z=3.000000),"
            " Rotation(pitch=0.000000, yaw=0.000000, roll=0.000000))",
        ),
    ],
)
def test_texts_are_the_clients(value, text):
    assert str(value) == text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Location(1, 2, 3) + Location(1, 1, 1), Vector3D(2, 3, 4)),
        (Vector3D(1, 2, 3) - Location(1, 1, 1), Vector3D(0, 1, 2)),
        (2 * Location(1, 2, 3), Vector3D(2, 4, 6)),
        (Vector3D(1, 2, 3) * np.float32(2), Vector3D(2, 4, 6)),
        (Vector3D(1, 2, 3) / 2, Vector3D(0.5, 1, 1.5)),
        (2 / Vector3D(1, 2, 4), Vector3D(0.5, 1, 2)),
        (abs(Vector3D(-1, 2, 3)), Vector3D(1, 2, 3)),
        (Vector3D(1, 0, 0).cross(Vector3D(0, 1, 0)), Vector3D(0, 0, 1)),
        (Vector3D(3, 4, 0).make_unit_vector(), Vector3D(0.6, 0.8, 0)),
        (Vector2D(1, 2) + Vector2D(1, 1), Vector2D(2, 3)),
        (Vector2D(1, 2) - Vector2D(1, 1), Vector2D(0, 1)),
        (2 * Vector2D(1, 2), Vector2D(2, 4)),
        (2 / Vector2D(1, 2), Vector2D(0.5, 1)),
        (Vector2D(3, 4).make_unit_vector(), Vector2D(0.6, 0.8)),
    ],
)
def test_arithmetic_gives_plain_vectors(value, expected):
    assert type(value) is type(expected)
    assert value == expected


def test_measures():
    one, other = Vector3D(1, 2, 3), Location(2, 1, 0)
    assert (one.dot(other), one.dot_2d(other), one.squared_length()) == (4, 4, 14)
    assert (one.distance(other), one.distance_squared(other)) == (pytest.approx(math.sqrt(11)), 11)
    assert (one.distance_2d(other), one.distance_squared_2d(other)) == (pytest.approx(math.sqrt(2)), 2)
    assert Vector2D(3, 4).length() == Vector3D(3, 4, 0).length() == 5
    assert Vector2D(3, 4).squared_length() == 25
    assert Vector3D(2, 0, 0).get_vector_angle(Vector3D(0, 1, 0)) == pytest.approx(math.pi / 2)
    assert Vector3D(1, 0, 0).get_vector_angle(Vector3D(1, 1e-9, 0)) == pytest.approx(1e-9)


@pytest.mark.parametrize("vector", [Vector2D(), Vector3D(), Location(2e-7)], ids=str)
def test_no_direction_is_an_error_that_scripts_catch(vector):
    with pytest.raises(RuntimeError, match="no direction"):
        vector.make_unit_vector()
    assert issubclass(CarlaError, SimslateError)
    assert CarlaError.exit_code == 2


def test_in_place_operators_keep_the_object_and_its_type():
    location = same = Location(1, 2, 3)
    location += Vector3D(1, 1, 1)
    location *= 2
    location -= Vector3D(1, 1, 1)
    assert (same, type(same)) == (Location(3, 5, 7), Location)
    flat = also = Vector2D(1, 2)
    flat += flat
    flat *= 2
    flat -= Vector2D(1, 1)
    assert also == Vector2D(3, 7)


def test_equality_is_by_value():
    assert Location(1, 2, 3) == Vector3D(1, 2, 3)
    assert Location(1, 2, 3) != Location(1, 2, 4)
    assert Transform() == Transform(Location(), Rotation())
    assert Rotation(1) != Rotation(yaw=1)
    assert BoundingBox() != BoundingBox(rotation=Rotation(1))
    values = (Vector2D(), Vector3D(), Rotation(), Transform(), BoundingBox())
    assert all(value != 0 for value in values)
    assert [value.__hash__ for value in values] == [None] * 5


def test_what_is_assigned_is_copied_and_what_is_read_is_alive():
    location, rotation = Location(1, 2, 3), Rotation(1, 2, 3)
    transform, box = Transform(location, rotation), BoundingBox(location, location, rotation)
    location.x = rotation.pitch = 9
    transform.location.y = 7
    transform.rotation = rotation
    assert transform == Transform(Location(1, 7, 3), Rotation(9, 2, 3))
    assert box == BoundingBox(Location(1, 2, 3), Vector3D(1, 2, 3), Rotation(1, 2, 3))
    assert pickle.loads(pickle.dumps(transform)) == transform


@pytest.mark.parametrize(
    "make",
    [
        lambda: Location("1"),
        lambda: Vector3D(None),
        lambda: Rotation("1"),
        lambda: Transform(Rotation()),
        lambda: Transform(Location(), Location()),
        lambda: Transform().transform((1, 2, 3)),
        lambda: Vector3D() * Vector3D(),
        lambda: Vector3D() / Vector3D(),
        lambda: Vector3D() + 1,
        lambda: Vector3D() - 1,
        lambda: Vector2D() + Vector3D(),
        lambda: Vector2D() - 1,
        lambda: Vector2D() * Vector2D(),
        lambda: Vector2D() / Vector2D(),
    ],
)
def test_other_types_are_refused(make):
    with pytest.raises(TypeError):
        make()


def test_corners_of_a_box_are_the_clients():
    box = BoundingBox(Location(1, 2, 3), Vector3D(0.1, 0.2, 0.3), Rotation(yaw=90))
    local = [(x, y, z) for x, y in ((1.2, 1.9), (0.8, 1.9), (1.2, 2.1), (0.8, 2.1)) for z in (2.7, 3.3)]
    world = [(x, y, z) for x, y in ((8.1, 1.2), (8.1, 0.8), (7.9, 1.2), (7.9, 0.8)) for z in (2.7, 3.3)]
    assert np.array([xyz(corner) for corner in box.get_local_vertices()]) == near(local, 1e-12)
    corners = box.get_world_vertices(Transform(Location(10, 0, 0), Rotation(yaw=90)))
    assert np.array([xyz(corner) for corner in corners]) == near(world, 1e-12)
    assert {type(corner) for corner in corners} == {Location}
    assert box.actor_id == 0


@given(transforms, transforms)
def test_a_box_holds_what_lies_between_its_centre_and_its_corners(own, actor):
    box = BoundingBox(own.location, Vector3D(1, 2, 3), own.rotation)
    centre = actor.transform(box.location)
    for corner in box.get_world_vertices(actor):
        assert box.contains(centre + (corner - centre) * 0.999, actor)
        assert not box.contains(centre + (corner - centre) * 1.001, actor)
