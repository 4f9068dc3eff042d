"""The extension manager: what it finds, starts, refuses and ends."""

import re
import sys

import pytest

import omni.ext
from carb.settings import get_settings
from carb.tokens import get_tokens_interface
from omni.ext import ExtensionCycleError, ExtensionError, ExtensionNotFoundError, ExtensionStateChangeType
from omni.kit import commands
from omni.kit.app import App

MODULE = """
import carb, omni.ext, omni.kit.commands
class Extension(omni.ext.IExt):
    def on_startup(self, ext_id):
        log = carb.settings.get_settings().get("/test/log") or []
        carb.settings.get_settings().set("/test/log", [*log, "+" + ext_id])
        {startup}
    def on_shutdown(self):
        log = carb.settings.get_settings().get("/test/log") or []
        carb.settings.get_settings().set("/test/log", [*log, "-{name}"])
"""


@pytest.fixture
def manager(app):
    return app.get_extension_manager()


@pytest.fixture
def write(tmp_path, manager, request, monkeypatch):
    """Writes an extension into the search path; module names are the test's own, since modules stay imported."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    folder = tmp_path / "exts"
    folder.mkdir()
    manager.add_path(str(folder))
    prefix = re.sub(r"\W", "_", request.node.name)

    def write(name, toml="", startup="pass", version="1.0.0", more=""):
        module = f"{prefix}_{name.replace('.', '_')}_{version.replace('.', '_')}"
        root = folder / (f"{name}-{version}" if (folder / name).exists() else name)
        (root / "config").mkdir(parents=True)
        (root / f"{module}.py").write_text(MODULE.format(startup=startup, name=name) + more)
        (root / "config" / "extension.toml").write_text(
            f'[package]\nversion = "{version}"\n[[python.module]]\nname = "{module}"\n{toml}'
        )
        return root

    return write


def log():
    return get_settings().get("/test/log") or []


def test_an_extension_starts_and_ends_with_its_full_id(manager, write):
    root = write("a.b", version="1.2.3")
    assert not manager.is_extension_enabled("a.b")
    assert manager.set_extension_enabled_immediate("a.b", True)
    assert manager.get_enabled_extension_id("a.b") == "a.b-1.2.3"
    assert manager.is_extension_enabled("a.b-1.2.3")
    assert manager.get_extension_path("a.b") == str(root)
    assert manager.set_extension_enabled_immediate("a.b-1.2.3", False)
    assert log() == ["+a.b-1.2.3", "-a.b"]
    assert str(root) not in sys.path


def test_enabling_twice_starts_once(manager, write):
    write("a")
    manager.set_extension_enabled_immediate("a", True)
    manager.set_extension_enabled_immediate("a", True)
    assert log() == ["+a-1.0.0"]


def test_dependencies_start_first_and_dependents_end_first(manager, write):
    write("a", '[dependencies]\n"b" = {}\n"c" = {}\n"omni.usd" = {}\n"not.there" = { optional = true }\n')
    write("b", '[dependencies]\n"c" = {}\n')
    write("c")
    manager.set_extension_enabled_immediate("a", True)
    manager.set_extension_enabled_immediate("c", False)
    assert log() == ["+c-1.0.0", "+b-1.0.0", "+a-1.0.0", "-a", "-b", "-c"]


def test_the_end_of_the_app_is_in_reverse(data_dir, write, tmp_path, app):
    write("a")
    write("b")
    manager = app.get_extension_manager()
    manager.set_extension_enabled_immediate("b", True)
    manager.set_extension_enabled_immediate("a", True)
    manager.disable_all()
    assert log() == ["+b-1.0.0", "+a-1.0.0", "-a", "-b"]


def test_a_missing_dependency_is_named_and_nothing_starts(manager, write):
    write("a", '[dependencies]\n"b" = {}\n"c.dd" = {}\n')
    write("b")
    write("c.d")
    with pytest.raises(ExtensionNotFoundError, match=r"c\.dd, which a depends on, .* nearest is c\.d"):
        manager.set_extension_enabled_immediate("a", True)
    assert log() == []


def test_a_circle_is_named(manager, write):
    for name, other in (("a", "b"), ("b", "c"), ("c", "b")):
        write(name, f"[dependencies]\n{other} = {{}}\n")
    with pytest.raises(ExtensionCycleError, match="b -> c -> b"):
        manager.set_extension_enabled_immediate("a", True)


def test_a_broken_file_is_named_and_harms_no_other(manager, write):
    broken = write("bad", "[settings\n")
    write("good")
    with pytest.raises(ExtensionError, match=str(broken / "config" / "extension.toml")):
        manager.set_extension_enabled_immediate("bad", True)
    assert manager.set_extension_enabled_immediate("good", True)


def test_an_extension_that_fails_to_start_is_logged_raised_and_off(manager, write, capsys):
    root = write("a", startup="raise KeyError('boom')")
    with pytest.raises(KeyError, match="boom"):
        manager.set_extension_enabled_immediate("a", True)
    assert "Extension a-1.0.0 did not start: KeyError('boom')" in capsys.readouterr().err
    assert not manager.is_extension_enabled("a")
    assert str(root) not in sys.path


def test_settings_are_defaults_with_their_quoted_names(manager, write):
    get_settings().set("/exts/a.b/given", 1)
    write("a.b", '[settings]\nexts."a.b".given = 2\nexts."a.b".key = "x"\n[settings.app.window]\nwidth = 3\n')
    manager.set_extension_enabled_immediate("a.b", True)
    assert get_settings().get("/exts/a.b") == {"given": 1, "key": "x"}
    assert get_settings().get("/app/window/width") == 3


def test_filters_choose_this_platform(manager, write, monkeypatch):
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    write(
        "a",
        '[settings]\nk = 1\n[settings."filter:platform"."linux-x86_64"]\nk = 2\n'
        '[settings."filter:platform"."windows-x86_64"]\nk = 3\n',
    )
    manager.set_extension_enabled_immediate("a", True)
    assert get_settings().get("/k") == 2
    assert manager.get_extension_dict("a")["settings"] == {"k": 2}


def test_the_highest_version_is_taken_unless_one_is_named(manager, write):
    write("a", version="1.9.0")
    write("a", version="1.10.0")
    manager.set_extension_enabled_immediate("a", True)
    manager.set_extension_enabled_immediate("a", False)
    manager.set_extension_enabled_immediate("a-1.9.0", True)
    assert log() == ["+a-1.10.0", "-a", "+a-1.9.0"]
    assert [(each["version"], each["enabled"]) for each in manager.get_extensions()] == [
        ("1.9.0", True),
        ("1.10.0", False),
    ]


def test_what_kitless_provides_is_enabled(manager):
    for name in ("omni.usd", "omni.timeline", "omni.kit.commands", "omni.kit.app", "omni.kit.test", "carb"):
        assert manager.is_extension_enabled(name)
        assert manager.set_extension_enabled_immediate(name, True)
        assert not manager.set_extension_enabled_immediate(name, False)
    for name in ("omni", "omni.kit", "omni.kit.app._app", "omni.no", "../carb"):
        assert not manager.is_extension_enabled(name)


def test_an_extension_is_found_by_its_module(manager, write):
    root = write("a")
    manager.set_extension_enabled_immediate("a", True)
    module = "test_an_extension_is_found_by_its_module_a_1_0_0"
    assert manager.get_extension_path_by_module(f"{module}.sub") == str(root)
    assert manager.get_extension_path_by_module(sys.modules[module]) == str(root)
    assert manager.get_extension_path_by_module("json") == ""


def test_enabling_later_happens_in_the_next_update_and_is_logged_when_it_fails(app, manager, write, capsys):
    write("a")
    manager.set_extension_enabled("a", True)
    manager.set_extension_enabled("b", True)
    assert not manager.is_extension_enabled("a")
    app.update()
    assert manager.is_extension_enabled("a")
    assert "ExtensionNotFoundError" in capsys.readouterr().err


def test_an_extension_has_its_folder_as_a_token(manager, write):
    root = write("a.b")
    manager.set_extension_enabled_immediate("a.b", True)
    assert get_tokens_interface().resolve("${a.b}/data") == f"{root.as_posix()}/data"


def test_hooks_are_called_around_the_changes_as_long_as_they_are_held(manager, write):
    write("a")
    write("b")
    seen = []
    hooks = [
        manager.get_hooks().create_extension_state_change_hook(lambda *what: seen.append(what), change, ext_name="a")
        for change in ExtensionStateChangeType
    ]
    manager.set_extension_enabled_immediate("b", True)
    manager.set_extension_enabled_immediate("a", True)
    hooks.pop()
    manager.set_extension_enabled_immediate("a", False)
    assert seen == [("a-1.0.0", change) for change in list(ExtensionStateChangeType)[:3]]


def test_commands_of_an_extension_come_and_go_with_it(manager, write):
    write("a", more="class TestOnlyCommand(omni.kit.commands.Command):\n    def do(self):\n        return 5\n")
    manager.set_extension_enabled_immediate("a", True)
    assert commands.execute("TestOnly") == (True, 5)
    manager.set_extension_enabled_immediate("a", False)
    assert commands.get_command_class("TestOnly") is None


def test_an_error_at_shutdown_is_logged_and_the_rest_ends(manager, write, capsys):
    write("a", more="Extension.on_shutdown = lambda self: 1 / 0\n")
    manager.set_extension_enabled_immediate("a", True)
    manager.set_extension_enabled_immediate("a", False)
    assert not manager.is_extension_enabled("a")
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_folder_may_be_one_extension(manager, tmp_path):
    root = tmp_path / "single"
    (root / "config").mkdir(parents=True)
    (root / "config" / "extension.toml").write_text("")
    manager.add_path(str(root))
    assert manager.set_extension_enabled_immediate("single", True)
    assert manager.get_enabled_extension_id("single") == "single-0.0.0"


def test_a_missing_search_folder_is_a_warning(manager, tmp_path, capsys):
    manager.add_path(str(tmp_path / "no"))
    assert str(tmp_path / "no") in capsys.readouterr().err


@pytest.mark.parametrize(
    ("ext_id", "name"), [("a.b-1.2.3", "a.b"), ("a.b", "a.b"), ("a-b.c-1.0.0-rc.1+x", "a-b.c"), ("a.b-2", "a.b")]
)
def test_a_name_is_the_id_without_its_version(ext_id, name):
    assert omni.ext.get_extension_name(ext_id) == name


def test_the_app_enables_what_it_is_told(tmp_path, data_dir):
    root = tmp_path / "exts" / "plain"
    (root / "config").mkdir(parents=True)
    (root / "config" / "extension.toml").write_text("[settings]\nplain = true\n")
    with App(data_dir=data_dir, ext_folders=[tmp_path / "exts"], enable=["plain"]) as app:
        assert get_settings().get("/plain") is True
        assert app.get_extension_manager().is_extension_enabled("plain")
