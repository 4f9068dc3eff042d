"""Blueprints as CARLA's client has them, and the table that they are read from."""

import json
import random
import re
import sys
import types
from pathlib import Path

import pytest

from simslate.carla.blueprint_table import load_blueprints
from simslate.carla.blueprints import ActorAttributeType
from simslate.carla.errors import CarlaError
from simslate.recorder.errors import ConfigError

DATA = Path(__file__).parents[2] / "exts/simslate.carla/data"
# CARLA 0.9.16's vehicle library.
VEHICLES = [
    "audi.a2",
    "audi.etron",
    "audi.tt",
    "bh.crossbike",
    "bmw.grandtourer",
    "carlamotors.carlacola",
    "carlamotors.european_hgv",
    "carlamotors.firetruck",
    "chevrolet.impala",
    "citroen.c3",
    "diamondback.century",
    "dodge.charger_2020",
    "dodge.charger_police",
    "dodge.charger_police_2020",
    "ford.ambulance",
    "ford.crown",
    "ford.mustang",
    "gazelle.omafiets",
    "harley-davidson.low_rider",
    "jeep.wrangler_rubicon",
    "kawasaki.ninja",
    "lincoln.mkz_2017",
    "lincoln.mkz_2020",
    "mercedes.coupe",
    "mercedes.coupe_2020",
    "mercedes.sprinter",
    "micro.microlino",
    "mini.cooper_s",
    "mini.cooper_s_2021",
    "mitsubishi.fusorosa",
    "nissan.micra",
    "nissan.patrol",
    "nissan.patrol_2021",
    "seat.leon",
    "tesla.cybertruck",
    "tesla.model3",
    "toyota.prius",
    "vespa.zx125",
    "volkswagen.t2",
    "volkswagen.t2_2021",
    "yamaha.yzf",
]
CAMERAS = ["depth", "instance_segmentation", "rgb", "semantic_segmentation"]


@pytest.fixture(scope="module")
def library():
    return load_blueprints(DATA / "blueprints.json").library


@pytest.fixture
def model3(library):
    return library.find("vehicle.tesla.model3")


@pytest.fixture
def camera(library):
    return library.find("sensor.camera.instance_segmentation")


@pytest.fixture
def load(tmp_path):
    """Read a table of the given entries; an asset `car.usda` lies beside it."""
    (tmp_path / "car.usda").write_text("#usda 1.0\n")

    def read(*entries):
        path = tmp_path / "table.json"
        path.write_text(json.dumps({"blueprints": list(entries)}))
        return load_blueprints(path)

    return read


@pytest.fixture
def problem(load):
    """What is wrong with a table of one blueprint that is right but for some keys."""

    def read(**keys):
        with pytest.raises(ConfigError) as caught:
            load({"id": "vehicle.my.car", "asset": "car.usda", **keys})
        return without_place(str(caught.value))

    return read


def without_place(line):
    """The line of a message, less the file and its line."""
    return re.sub(r"^.*table\.json:\d+: ", "", line)


def ids(blueprints):
    return [blueprint.id for blueprint in blueprints]


def test_every_vehicle_of_the_real_library_is_there(library):
    assert ids(library.filter("vehicle.*")) == [f"vehicle.{name}" for name in VEHICLES]


def test_walkers_and_cameras_are_there(library):
    assert ids(library.filter("walker.*")) == [f"walker.pedestrian.{number:04d}" for number in range(1, 21)]
    assert ids(library.filter("sensor.*")) == [f"sensor.camera.{name}" for name in CAMERAS]
    assert len(library.filter("static.prop.*")) >= 12


@pytest.mark.parametrize("name", CAMERAS)
def test_cameras_have_the_documented_attributes(library, name):
    blueprint = library.find(f"sensor.camera.{name}")
    defaults = {attribute.id: attribute.value for attribute in blueprint if attribute.id != "role_name"}
    assert defaults == {
        "image_size_x": "800",
        "image_size_y": "600",
        "fov": "90.0",
        "sensor_tick": "0.0",
        "lens_circle_falloff": "5.0",
        "lens_circle_multiplier": "0.0",
        "lens_k": "-1.0",
        "lens_kcube": "0.0",
        "lens_x_size": "0.08",
        "lens_y_size": "0.08",
    }


@pytest.mark.parametrize("pattern", ["vehicle", "*vehicle*", "vehicle.*", "vehicle*"])
def test_patterns_match_ids_and_tags(library, pattern):
    assert len(library.filter(pattern)) == len(VEHICLES)


def test_patterns_match_inside_ids_and_tell_case_apart(library):
    assert ids(library.filter("vehicle.*.model3")) == ["vehicle.tesla.model3"]
    assert ids(library.filter("model3")) == ["vehicle.tesla.model3"]
    assert ids(library.filter("*mkz_201?*")) == ["vehicle.lincoln.mkz_2017"]
    assert len(library.filter("Vehicle.*")) == len(library.filter("no such thing")) == 0


def test_filters_can_be_chained(library):
    assert ids(library.filter("vehicle.*").filter("tesla")) == ["vehicle.tesla.cybertruck", "vehicle.tesla.model3"]


def test_attributes_filter_by_value_and_by_what_is_recommended(library):
    two = library.filter_by_attribute("number_of_wheels", "2")
    assert [name.split(".")[1] for name in ids(two)] == [
        *("bh", "diamondback", "gazelle", "harley-davidson", "kawasaki", "vespa", "yamaha")
    ]
    assert "walker.pedestrian.0001" in ids(library.filter_by_attribute("speed", "3.35"))


def test_library_is_a_sequence(library):
    assert len(library) == len(list(library))
    assert library[0].id == "vehicle.audi.a2"
    assert library[-1].id == ids(library)[-1]
    assert library["vehicle.audi.tt"].id == "vehicle.audi.tt"
    assert ids(library[1:3]) == ["vehicle.audi.etron", "vehicle.audi.tt"]
    assert random.choice(library.filter("vehicle")).id.startswith("vehicle.")
    with pytest.raises(IndexError):
        library[len(library)]


def test_find_names_the_nearest_id(library):
    with pytest.raises(
        IndexError, match=r"^blueprint 'vehicle\.tesla\.model4' not found; did you mean \"vehicle\.tesla"
    ) as error:
        library.find("vehicle.tesla.model4")
    assert isinstance(error.value, CarlaError)
    assert isinstance(error.value, RuntimeError)


def test_what_is_found_is_a_copy(library):
    library.find("vehicle.tesla.model3").set_attribute("role_name", "hero")
    next(iter(library.filter("vehicle.tesla.model3"))).set_attribute("role_name", "hero")
    assert library.find("vehicle.tesla.model3").get_attribute("role_name") == "autopilot"


def test_a_filtered_library_is_a_copy_too(library):
    cars = library.filter("vehicle.tesla.*")
    cars[0].set_attribute("role_name", "hero")
    assert cars[0].get_attribute("role_name") == "autopilot"


def test_text_of_blueprints_and_attributes(model3, camera):
    assert str(model3) == "ActorBlueprint(id=vehicle.tesla.model3,tags=[vehicle, tesla, model3])"
    assert str(model3.get_attribute("number_of_wheels")) == "ActorAttribute(id=number_of_wheels,type=int,value=4,const)"
    assert str(camera.get_attribute("fov")) == "ActorAttribute(id=fov,type=float,value=90.0)"


def test_blueprint_knows_its_tags(model3):
    assert model3.tags == ["vehicle", "tesla", "model3"]
    assert model3.has_tag("tesla")
    assert not model3.has_tag("tes*")
    assert model3.match_tags("tes*")


def test_attributes_read_as_their_type(model3, camera):
    assert int(model3.get_attribute("number_of_wheels")) == 4
    assert float(camera.get_attribute("fov")) == camera.get_attribute("fov").as_float() == 90.0
    assert model3.get_attribute("sticky_control").as_bool() is True
    assert model3.get_attribute("base_type").as_str() == "car"
    assert model3.get_attribute("color").type == ActorAttributeType.RGBColor


def test_colour_is_read_as_a_colour(model3, monkeypatch):
    module = types.ModuleType("simslate.carla.color")
    module.Color = lambda *channels: channels
    monkeypatch.setitem(sys.modules, "simslate.carla.color", module)
    model3.set_attribute("color", "12, 200,255")
    assert model3.get_attribute("color").as_color() == (12, 200, 255, 255)


def test_attributes_equal_plain_values(model3, camera):
    wheels, fov, base = (
        model3.get_attribute("number_of_wheels"),
        camera.get_attribute("fov"),
        model3.get_attribute("base_type"),
    )
    assert wheels == 4
    assert wheels != 2
    assert wheels == "4"
    assert fov == 90
    assert fov == 90.0
    assert base == "car"
    assert base != 4
    assert model3.get_attribute("sticky_control") == True  # noqa: E712 (the comparison is what is tested)
    assert wheels != True  # noqa: E712


def test_reading_another_type_says_so(model3):
    with pytest.raises(CarlaError, match=r"^attribute 'number_of_wheels': is of type int and cannot be read as Color$"):
        model3.get_attribute("number_of_wheels").as_color()


def test_a_blueprint_counts_and_iterates_its_attributes(camera):
    assert len(camera) == len(list(camera)) == 11
    assert camera.has_attribute("fov")
    assert not camera.has_attribute("gamma")


def test_setting_an_attribute(camera):
    camera.set_attribute("image_size_x", "1280")
    camera.set_attribute("fov", "110")
    assert camera.get_attribute("image_size_x") == 1280
    assert camera.get_attribute("fov").as_float() == 110.0


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("image_size", "1280", "attribute 'image_size' not found; did you mean \"image_size_[xy]\""),
        ("image_size_x", "12.5", '"12.5" is not a whole number'),
        ("image_size_x", 1280, 'takes a text: "1280", not 1280'),
        ("fov", "wide", '"wide" is not a number'),
        ("fov", "nan", '"nan" is not a number'),
    ],
)
def test_a_wrong_value_is_refused_by_name(camera, name, value, message):
    with pytest.raises(CarlaError, match=message):
        camera.set_attribute(name, value)


@pytest.mark.parametrize("value", ["red", "1,2", "1,2,256", "1,2,3,4", "-1,2,3"])
def test_a_wrong_colour_is_refused(model3, value):
    with pytest.raises(CarlaError, match=r"'color': .* is not a colour"):
        model3.set_attribute("color", value)


def test_a_constant_attribute_cannot_be_set(model3):
    with pytest.raises(CarlaError, match="'number_of_wheels' cannot be changed"):
        model3.set_attribute("number_of_wheels", "6")


def test_recommended_colours_can_be_set(library):
    for blueprint in library.filter("vehicle"):
        for value in blueprint.get_attribute("color").recommended_values if blueprint.has_attribute("color") else []:
            blueprint.set_attribute("color", value)


def test_a_table_of_ones_own(load, tmp_path):
    colour = {"type": "color", "value": "1,2,3", "recommended": ["4,5,6"]}
    read = load(
        {
            "id": "vehicle.my.car",
            "asset": "car.usda",
            "label": "car",
            "scale": [1, 2, 3],
            "size": [4, 2, 1.5],
            "paint": "Looks/Paint/Shader.inputs:diffuseColor",
            "colors": {"Looks/Roof/Shader.inputs:diffuseColor": "9,9,9"},
            "attributes": {"color": colour, "number_of_wheels": {"type": "int", "value": 3, "modifiable": False}},
        },
        {"id": "sensor.camera.rgb"},
    )
    model = read.models["vehicle.my.car"]
    assert model.asset == tmp_path / "car.usda"
    assert (model.label, model.scale, model.size) == ("car", (1, 2, 3), (4, 2, 1.5))
    assert model.colors == {"Looks/Roof/Shader.inputs:diffuseColor": (9, 9, 9)}
    assert list(read.models) == ["vehicle.my.car"]
    assert read.library.find("vehicle.my.car").get_attribute("number_of_wheels") == 3


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"asest": "x"}, '$.blueprints[0].asest: is an unknown key; did you mean "asset"?'),
        ({"id": "car"}, '$.blueprints[0].id: "car" is not an id such as vehicle.maker.model'),
        ({"scale": [1, 0, 1]}, "$.blueprints[0].scale: [1, 0, 1] is not three numbers above 0"),
        ({"size": 4}, "$.blueprints[0].size: 4 is not three numbers above 0"),
        ({"label": 3}, "$.blueprints[0].label: 3 is not a text"),
        ({"colors": {"a.b": "red"}}, '$.blueprints[0].colors.a.b: "red" is not a colour'),
        ({"colors": 5}, "$.blueprints[0].colors: 5 is not an object"),
        ({"attributes": []}, "$.blueprints[0].attributes: [] is not an object"),
        ({"attributes": {"n": {"type": "integer"}}}, '$.blueprints[0].attributes.n.type: "integer" is unknown'),
        (
            {"attributes": {"n": {"type": "int", "value": "x"}}},
            '$.blueprints[0].attributes.n.value: "x" is not a whole',
        ),
        (
            {"attributes": {"n": {"type": "int", "value": 1, "recommended": [2, "b"]}}},
            '$.blueprints[0].attributes.n.recommended[1]: "b" is not a whole number',
        ),
        (
            {"attributes": {"n": {"type": "int", "value": 1, "modifable": True}}},
            '$.blueprints[0].attributes.n.modifable: is an unknown key; did you mean "modifiable"?',
        ),
        ({"attributes": {"color": {"type": "color", "value": "1,2,3"}}}, "$.blueprints[0].paint: is missing"),
    ],
)
def test_a_mistake_in_a_table_is_told_with_its_place(problem, keys, message):
    assert problem(**keys).startswith(message)


def test_a_missing_asset_is_named(problem, tmp_path):
    assert problem(asset="bus.usda") == f'$.blueprints[0].asset: "bus.usda" is no file in {tmp_path}'


def test_all_mistakes_are_told_at_once(load):
    with pytest.raises(ConfigError) as caught:
        load({"id": "a.b", "asset": "car.usda"}, {"id": "a.b", "scale": [1, 1, 1]}, 7)
    assert [without_place(line) for line in caught.value.problems] == [
        '$.blueprints[1].id: "a.b" is there already',
        "$.blueprints[1].scale: says how an asset looks, but there is no asset",
        "$.blueprints[2]: 7 is not an object",
        "$.blueprints[2].id: null is not an id such as vehicle.maker.model",
    ]


@pytest.mark.parametrize("text", ["[]", "{}", '{"blueprints": {}}', "{"])
def test_a_file_that_is_no_table_is_refused(tmp_path, text):
    path = tmp_path / "table.json"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"table\.json:1: "):
        load_blueprints(path)
