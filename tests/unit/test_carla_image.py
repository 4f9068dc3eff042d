"""Pictures as listeners get them, and on disk, against the client 0.9.16; and what we refuse where it destroys."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from simslate.carla.color import Color, ColorConverter, encode_depth
from simslate.carla.errors import CarlaError
from simslate.carla.geometry import Location, Transform
from simslate.carla.image import Image, SensorData, make_image
from simslate.carla.settings import ActorSnapshot, Timestamp, WorldSettings, WorldSnapshot

FILE = Path(__file__).parents[2].parent / "shared/golden/carla/image_golden.json"
GOLDEN = json.loads(FILE.read_text()) if FILE.exists() else None
needs_golden = pytest.mark.skipif(GOLDEN is None, reason="the recorded golden data is not beside this clone")
LABELS = {"4660": {"path": "/World/Car", "tag": 14, "label": "car", "pixel_count": 1, "bbox2d": [0, 0, 0, 0]}}
HERE = {"frame": 101, "timestamp": 5.050000000000001, "transform": Transform(Location(1, 2, 3)), "fov": 90.0}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def picture(**more):
    bgra = np.array([[18, 52, 14, 128], [0, 5, 12, 255]], np.uint8).reshape(1, 2, 4)
    return make_image(bgra, **HERE, **more)


def recorded():
    bgra = np.frombuffer(bytes.fromhex(GOLDEN["bgra_hex"]), np.uint8)
    return make_image(bgra.reshape(GOLDEN["height"], GOLDEN["width"], 4), **HERE, kind="label")


def files():
    return sorted(str(path.relative_to(Path.cwd())) for path in Path.cwd().rglob("*") if path.is_file())


@needs_golden
def test_what_a_listener_gets_is_the_clients():
    image, notes = recorded(), GOLDEN["notes"]
    assert (image.frame, image.frame_number, image.timestamp) == (notes["frame"], notes["frame"], notes["timestamp"])
    assert str(image) == notes["str"]
    assert image.raw_data.tobytes().hex() == notes["raw_data_after_receive_hex"]
    assert (len(image.raw_data), len(image)) == (48, 12)
    assert [(pixel.r, pixel.g, pixel.b) for pixel in image] == [tuple(pixel[:3]) for pixel in GOLDEN["rgba_in"]]


@needs_golden
@pytest.mark.parametrize(
    ("name", "path", "converter"),
    [
        ("raw", "golden/raw_instance.png", ColorConverter.Raw),
        ("palette", "golden/palette.png", ColorConverter.CityScapesPalette),
        ("depth", "golden/depth.png", ColorConverter.Depth),
        ("logdepth", "golden/logdepth.png", ColorConverter.LogarithmicDepth),
        ("noext", "golden/noext/000101", ColorConverter.Raw),
    ],
)
def test_files_are_the_clients(name, path, converter):
    image = recorded()
    before = image.raw_data.tobytes()
    written = image.save_to_disk(path, converter)
    with Pillow.open(written) as file:
        pixels = np.asarray(file)
        assert [written, file.mode] == GOLDEN[name][:2]
    assert pixels.reshape(12, *pixels.shape[2:]).tolist() == GOLDEN[name][2]
    assert image.raw_data.tobytes() == before
    assert files() == [written]


@needs_golden
def test_convert_changes_the_picture_in_place():
    image = recorded()
    view = np.frombuffer(image.raw_data, np.uint8)
    image.convert(ColorConverter.Raw)
    assert view.tobytes() == image.raw_data.tobytes() == bytes.fromhex(GOLDEN["notes"]["raw_data_after_receive_hex"])
    image.convert(ColorConverter.CityScapesPalette)
    assert view.tobytes().hex() == GOLDEN["convert_palette_bgra_hex"]


def test_raw_data_cannot_be_written():
    image = picture()
    with pytest.raises(TypeError, match="read-only"):
        image.raw_data[0] = 1
    assert not np.frombuffer(image.raw_data, np.uint8).flags.writeable


def test_a_picture_keeps_nothing_of_what_it_was_made_from():
    bgra, place = np.zeros((2, 3, 4), np.uint8), Transform()
    image = make_image(bgra, frame=1, timestamp=0, transform=place, fov=90)
    bgra[:] = 7
    place.location.x = 7
    assert (image[0], image.transform) == (Color(), Transform())
    assert (image.width, image.height, image.fov, len(image)) == (3, 2, 90, 6)


def test_pixels_by_place():
    image = picture()
    assert str(image[0]) == "Color(14,52,18,255)"
    assert (image[-1], list(image)) == (image[1], [image[0], image[1]])
    image[1] = Color(1, 2, 3)
    assert image.raw_data[4:].tolist() == [3, 2, 1, 255]
    for place in (2, -3):
        with pytest.raises(IndexError):
            image[place]
    with pytest.raises(TypeError):
        image[0:1]


@pytest.mark.parametrize("kind", [Image, SensorData])
@pytest.mark.parametrize("arguments", [(), (1,)])
def test_only_sensors_make_pictures(kind, arguments):
    with pytest.raises(RuntimeError, match=r"^This class cannot be instantiated from Python$"):
        kind(*arguments)


@pytest.mark.parametrize(
    "bgra", [np.zeros((2, 3, 3), np.uint8), np.zeros((2, 3, 4), np.float32), np.zeros((0, 3, 4), np.uint8)]
)
def test_a_picture_needs_pixels_of_four_bytes(bgra):
    with pytest.raises(CarlaError, match=r"needs uint8 \(H, W, 4\), not"):
        make_image(bgra, **HERE)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a", "a.png"),
        ("./deep/er/a", "./deep/er/a.png"),
        ("frame_0.5", "frame_0.5.png"),
        ("run.7/000101", "run.7/000101.png"),
        (".hidden", ".hidden.png"),
        ("a.PNG", "a.PNG"),
        ("a.b.png", "a.b.png"),
        (Path("a.tiff"), "a.tiff"),
    ],
)
def test_names(path, expected):
    image = picture()
    assert image.save_to_disk(path) == expected
    with Pillow.open(expected) as file:
        assert np.asarray(file).tolist() == [[[14, 52, 18, 255], [12, 5, 0, 255]]]
        assert file.format == ("TIFF" if expected.endswith("tiff") else "PNG")


@pytest.mark.parametrize("suffix", [".jpg", ".jpeg", ".JPG"])
def test_colours_can_be_jpeg(suffix):
    with Pillow.open(picture().save_to_disk(f"a{suffix}")) as file:
        assert (file.format, file.mode) == ("JPEG", "RGB")


@pytest.mark.parametrize("converter", ColorConverter)
@pytest.mark.parametrize("more", [{"labels": LABELS}, {"kind": "label"}], ids=["instance", "semantic"])
def test_ids_and_tags_are_never_jpeg(converter, more):
    image = picture(**more)
    with pytest.raises(CarlaError, match=r"^new/a\.jpg: .*\.png, \.tiff$"):
        image.save_to_disk("new/a.jpg", converter)
    image.convert(converter)
    with pytest.raises(CarlaError, match="JPEG would destroy"):
        image.save_to_disk("new/a.jpg")
    assert not Path("new").exists()


def test_depth_is_jpeg_once_it_is_grey():
    image = make_image(encode_depth([[1, 10]]), **HERE, kind="depth")
    with pytest.raises(CarlaError, match="JPEG would destroy"):
        image.save_to_disk("a.jpg")
    with Pillow.open(image.save_to_disk("a.jpg", ColorConverter.LogarithmicDepth)) as file:
        assert file.mode == "L"
    image.convert(ColorConverter.Depth)
    assert image.save_to_disk("b.jpg") == "b.jpg"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("new/a.bmp", r"new/a\.bmp: no picture has the suffix \.bmp; "),
        ("new/a.pgn", r'did you mean "\.png"\?'),
        ("new/a.tif", r'did you mean "\.tiff"\?'),
        ("new/", '"new/" names no file'),
        ("", '"" names no file'),
    ],
)
def test_other_names_are_refused_before_anything_is_written(path, message):
    with pytest.raises(CarlaError, match=message):
        picture().save_to_disk(path)
    assert list(Path.cwd().iterdir()) == []


def test_the_objects_are_saved_beside_the_picture():
    image = picture(labels=LABELS)
    image.save_to_disk("out/frame_0.5")
    assert files() == ["out/frame_0.5.json", "out/frame_0.5.png"]
    assert json.loads(Path("out/frame_0.5.json").read_text()) == LABELS
    image.convert(ColorConverter.CityScapesPalette)
    image.save_to_disk("palette.tiff")
    assert json.loads(Path("palette.json").read_text()) == LABELS


def test_nothing_is_left_of_a_picture_that_cannot_be_written(monkeypatch):
    def broken(*_, **__):
        Path(".a.png.part").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Pillow.Image, "save", broken)
    with pytest.raises(CarlaError, match=r"^a\.png: cannot be written: No space left on device$"):
        picture(labels=LABELS).save_to_disk("a.png")
    assert files() == []


def test_labels_that_json_cannot_hold_leave_the_disk_alone():
    with pytest.raises(TypeError):
        picture(labels={"1": object()}).save_to_disk("new/a.png")
    assert not Path("new").exists()


def test_settings_are_the_clients():
    settings = WorldSettings()
    assert str(settings) == (
        "WorldSettings(synchronous_mode=False,no_rendering_mode=False,fixed_delta_seconds=0,substepping=True,"
        "max_substep_delta_time=0.01,max_substeps=10,max_culling_distance=0,deterministic_ragdolls=False)"
    )
    assert (settings.tile_stream_distance, settings.actor_active_distance, settings.spectator_as_ego) == (
        3000,
        2000,
        True,
    )
    assert settings == WorldSettings(fixed_delta_seconds=-1)
    settings.fixed_delta_seconds = 0.05
    assert settings != WorldSettings()
    assert "fixed_delta_seconds=0.05," in str(settings)
    settings.fixed_delta_seconds = 0.0
    assert settings.fixed_delta_seconds is None


def test_timestamps_and_snapshots():
    time = Timestamp(1, 2, 3, 4)
    assert str(time) == (
        "Timestamp(frame=1,elapsed_seconds=2.000000,delta_seconds=3.000000,platform_timestamp=4.000000)"
    )
    car = ActorSnapshot(7, Transform())
    world = WorldSnapshot(time, actors={7: car})
    assert (time, world) == (Timestamp(1), WorldSnapshot(Timestamp(1)))
    assert (world.frame, world.frame_count, time.frame_count) == (1, 1, 1)
    assert (world.elapsed_seconds, world.delta_seconds, world.platform_timestamp) == (2, 3, 4)
    assert (world.find(7), world.find(8), world.has_actor(7), world.has_actor(8)) == (car, None, True, False)
    assert (list(world), len(world), car.get_transform()) == ([car], 1, Transform())
    assert (str(world), str(car)) == ("WorldSnapshot(frame=1)", "ActorSnapshot(id=7)")
