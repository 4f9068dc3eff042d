"""The settings tree, its defaults and its subscriptions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carb
from carb.settings import ChangeEventType, ISettings
from omni.kit.app import App, SettingChangeSubscription

NAMES = st.sampled_from(["a", "b", "c.d", "e f"])
LEAVES = st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(), st.lists(st.integers()))
TREES = st.dictionaries(NAMES, st.recursive(LEAVES, lambda sub: st.dictionaries(NAMES, sub, min_size=1)), min_size=1)


@pytest.fixture
def settings():
    return ISettings()


@given(TREES)
def test_a_tree_reads_back_as_it_was_set(tree):
    settings = ISettings()
    settings.set("/root", tree)
    assert settings.get("root") == tree


@pytest.mark.parametrize("path", ["/app/name", "app/name", "/app/name/"])
def test_slashes_at_the_ends_do_not_matter(settings, path):
    settings.set("/app/name", "x")
    assert settings.get(path) == "x"
    settings.set(path, "y")
    assert settings.get("app/name") == "y"


def test_what_is_missing_is_none_and_zero_when_typed(settings):
    assert settings.get("/no") is None
    assert (settings.get_as_bool("/no"), settings.get_as_int("/no")) == (False, 0)
    assert (settings.get_as_float("/no"), settings.get_as_string("/no")) == (0.0, "")


@pytest.mark.parametrize(
    ("value", "as_bool", "as_int", "as_float", "as_string"),
    [
        (True, True, 1, 1.0, "true"),
        (3, True, 3, 3.0, "3"),
        (2.75, True, 2, 2.75, "2.75"),
        ("true", True, 0, 0.0, "true"),
        ("12", False, 12, 12.0, "12"),
        (2**60 + 1, True, 2**60 + 1, float(2**60), str(2**60 + 1)),
    ],
)
def test_typed_reading_converts(settings, value, as_bool, as_int, as_float, as_string):
    settings.set("/v", value)
    assert settings.get_as_bool("/v") is as_bool
    assert settings.get_as_int("/v") == as_int
    assert settings.get_as_float("/v") == as_float
    assert settings.get_as_string("/v") == as_string


def test_a_dict_is_merged_and_a_leaf_replaces_a_subtree(settings):
    settings.set("/a", {"x": 1, "y": 2})
    settings.set("/a", {"y": 3, "z": {"w": 4}})
    assert settings.get("/a") == {"x": 1, "y": 3, "z": {"w": 4}}
    settings.set("/a/z", 5)
    settings.set("/a/x/deep", 6)
    assert settings.get("/") == {"a": {"x": {"deep": 6}, "y": 3, "z": 5}}


def test_reading_gives_copies(settings):
    settings.set("/a", [1, 2])
    settings.get("/a").append(3)
    assert settings.get("/a") == [1, 2]


def test_a_default_never_replaces_a_value(settings):
    settings.set("/a/x", 1)
    settings.set_default("/a", {"x": 9, "y": 2})
    settings.set_default_int("/a/y", 9)
    settings.set_default_string("/a/x/below", "no")
    assert settings.get("/a") == {"x": 1, "y": 2}


def test_false_is_a_value_that_a_default_leaves(settings):
    settings.set("/a", False)
    settings.set_default_bool("/a", True)
    assert settings.get("/a") is False


def test_numpy_values_become_plain_ones(settings):
    settings.set("/a", [np.float32(0.5), np.int64(3)])
    assert [type(value) for value in settings.get("/a")] == [float, int]


def test_none_takes_the_setting_away(settings):
    settings.set("/a", 1)
    settings.set("/a", None)
    assert settings.get("/") is None


def test_a_value_that_cannot_be_held_is_named(settings):
    with pytest.raises(TypeError, match=r"setting /a/b: cannot hold <object"):
        settings.set("/a", {"b": object()})


def test_node_subscribers_hear_of_their_own_value(settings):
    seen = []
    settings.subscribe_to_node_change_events("/a/x", lambda item, change: seen.append((item.get_dict(), change)))
    settings.set("/a", {"x": 1, "other": 2})
    settings.set("/a/x", 1)
    settings.set("/a/x", 2)
    settings.destroy_item("/a")
    assert seen == [(1, ChangeEventType.CREATED), (2, ChangeEventType.CHANGED), (2, ChangeEventType.DESTROYED)]


def test_tree_subscribers_hear_of_all_below_until_unsubscribed(settings):
    seen = []
    subscription = settings.subscribe_to_tree_change_events(
        "/a", lambda tree, item, change: seen.append((tree.get_dict(), item.name, change.name))
    )
    settings.set("/a/x/y", 1)
    settings.set("/ab", 1)
    settings.unsubscribe_to_change_events(subscription)
    settings.set("/a/x/y", 2)
    assert seen == [({"x": {"y": 1}}, "y", "CREATED")]


def test_a_subscriber_that_raises_is_logged_and_the_value_is_set(app, capsys):
    settings = carb.settings.get_settings()
    settings.subscribe_to_node_change_events("/a", lambda *_: 1 / 0)
    settings.set("/a", 1)
    assert settings.get("/a") == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_change_subscription_ends_with_its_object(app):
    seen = []
    subscription = SettingChangeSubscription("/a", lambda item, _: seen.append(item.get_dict()))
    carb.settings.get_settings().set("/a", 1)
    del subscription
    carb.settings.get_settings().set("/a", 2)
    assert seen == [1]


def set_in_an_app(data_dir, **settings):
    with App(data_dir=data_dir):
        for path, value in settings.items():
            carb.settings.get_settings().set(f"/persistent/{path}", value)


def kept(data_dir, path):
    with App(data_dir=data_dir):
        return carb.settings.get_settings().get(path)


def test_persistent_settings_are_there_in_the_next_run(data_dir):
    set_in_an_app(data_dir, a=[1, 2], b={"c": "é"})
    assert kept(data_dir, "/persistent") == {"a": [1, 2], "b": {"c": "é"}}
    set_in_an_app(data_dir, a=None)
    assert kept(data_dir, "/persistent") == {"b": {"c": "é"}}


def test_nothing_is_written_unless_something_persistent_changed(data_dir):
    with App(data_dir=data_dir):
        carb.settings.get_settings().set("/passing", 1)
        carb.settings.get_settings().set_default("/persistent/default", 1)
    assert not data_dir.exists()
    set_in_an_app(data_dir, a=1)
    file = data_dir / "user.config.json"
    before = file.stat().st_mtime_ns
    set_in_an_app(data_dir, a=1)
    assert file.stat().st_mtime_ns == before
    assert [each.name for each in data_dir.iterdir()] == ["user.config.json"]


def test_two_runs_at_once_keep_each_others_settings(data_dir):
    with App(data_dir=data_dir):
        carb.settings.get_settings().set("/persistent/mine", 1)
        (data_dir).mkdir()
        (data_dir / "user.config.json").write_text('{"/persistent/theirs": 2}')
    assert kept(data_dir, "/persistent") == {"mine": 1, "theirs": 2}


def test_what_the_app_is_given_wins_over_what_was_kept(data_dir):
    set_in_an_app(data_dir, a=1)
    with App(data_dir=data_dir, settings={"/persistent/a": 2}):
        assert carb.settings.get_settings().get("/persistent/a") == 2
    assert kept(data_dir, "/persistent/a") == 1


def test_a_broken_file_is_a_warning_that_names_it(data_dir, capsys):
    data_dir.mkdir()
    (data_dir / "user.config.json").write_text("{")
    assert kept(data_dir, "/persistent") is None
    assert str(data_dir / "user.config.json") in capsys.readouterr().err


def test_the_environment_names_the_data_folder(data_dir, monkeypatch):
    monkeypatch.setenv("KITLESS_DATA", str(data_dir))
    with App():
        carb.settings.get_settings().set("/persistent/a", 1)
    assert (data_dir / "user.config.json").is_file()
