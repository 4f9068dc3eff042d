"""The log and carb's small vectors."""

import logging

import pytest

import carb
from carb.logging import LEVEL_ERROR, acquire_logging
from omni.kit.app import App


def test_a_line_names_level_and_module_and_goes_to_stderr_alone(app, capsys):
    carb.log_warn("Something is odd")
    captured = capsys.readouterr()
    assert captured.err == f"[Warning] [{__name__}] Something is odd\n"
    assert captured.out == ""


@pytest.mark.parametrize(
    ("level", "written"),
    [("verbose", "VIWE"), ("info", "IWE"), ("warn", "WE"), (None, "WE"), ("error", "E"), ("fatal", ""), (1, "E")],
)
def test_the_setting_decides_what_is_written(app, capsys, level, written):
    carb.settings.get_settings().set("/log/level", level)
    for name, log in zip("VIWE", (carb.log_verbose, carb.log_info, carb.log_warn, carb.log_error), strict=True):
        log(name)
    assert "".join(line[-1] for line in capsys.readouterr().err.splitlines()) == written


def test_a_logger_sees_the_lines_until_it_is_removed(app):
    seen = []
    handle = acquire_logging().add_logger(lambda *line: seen.append(line))
    carb.log_error("one")
    acquire_logging().remove_logger(handle)
    carb.log_error("two")
    [(source, level, file, _, message)] = seen
    assert (source, level, file, message) == (__name__, LEVEL_ERROR, __file__, "one")


def test_what_kitless_libraries_log_appears_with_their_names_while_the_app_runs(data_dir, capsys):
    library = logging.getLogger("kitless.raycast.textures")
    with App(data_dir=data_dir):
        library.warning("No file %s", "a.png")
        library.info("Quiet by default")
    assert capsys.readouterr().err == "[Warning] [kitless.raycast.textures] No file a.png\n"
    assert not logging.getLogger("kitless").handlers


def test_a_vector_has_its_components_by_name_and_by_index():
    vector = carb.Float3(1, 2, 3)
    vector.y = 5
    vector[2] = 7
    assert (vector.x, vector[1], vector.z, len(vector)) == (1.0, 5.0, 7.0, 3)
    assert tuple(vector) == (1.0, 5.0, 7.0)
    assert vector == carb.Float3((1, 5, 7)) != carb.Double3(1, 5, 7)


def test_a_vector_of_nothing_is_zero_and_colours_have_channels():
    assert tuple(carb.Int2()) == (0, 0)
    assert carb.ColorRgba(0.1, 0.2, 0.3, 0.4).a == 0.4


@pytest.mark.parametrize("components", [(1, 2), (1,), ((1, 2),)])
def test_a_vector_of_the_wrong_size_says_what_it_takes(components):
    with pytest.raises(TypeError, match=r"Float3 takes \(x, y, z\)"):
        carb.Float3(*components)


def test_a_name_that_kitless_lacks_says_so_and_probing_works():
    assert not hasattr(carb, "filesystem")
    with pytest.raises(AttributeError, match=r"carb\.log_wran is not in kitless yet \(nearest: log_warn\)"):
        carb.log_wran  # noqa: B018
    with pytest.raises(AttributeError, match=r"ISettings\.update is not in kitless yet"):
        carb.settings.get_settings().update  # noqa: B018
