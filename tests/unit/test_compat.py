"""The branches for releases that are not here, with modules that stand in for theirs."""

import ast
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from pxr import Sdf, Usd

import carb
import omni.kit.app
import omni.usd
from simslate.recorder import compat, own_labels, set_labels
from simslate.recorder.labels import Rules
from simslate.recorder.labels.read import labels_by_schema

ROOT = Path(__file__).parents[2]


class Stream:
    """An event stream of Kit 106."""

    def __init__(self):
        self.listeners = []

    def create_subscription_to_pop(self, fn, order=0, name=None):
        self.listeners.append(fn)
        return SimpleNamespace(unsubscribe=lambda: self.listeners.remove(fn))

    def push(self, kind):
        for listener in list(self.listeners):
            listener(SimpleNamespace(type=int(kind)))


class Dispatcher:
    """The event dispatcher of Kit 107 and later."""

    def __init__(self):
        self.observers = {}

    def observe_event(self, *, order=0, event_name, on_event, filter=None, observer_name=""):  # noqa: A002  Kit's name
        self.observers[event_name] = on_event
        return SimpleNamespace(reset=lambda: self.observers.pop(event_name))


@pytest.fixture
def calls():
    return []


@pytest.fixture
def kit_106(monkeypatch):
    """Kit 106: streams, no module carb.eventdispatcher, no names of events, no UsdSemantics."""
    stage, update = Stream(), Stream()
    monkeypatch.setattr(omni.usd, "get_context", lambda: SimpleNamespace(get_stage_event_stream=lambda: stage))
    monkeypatch.delattr(omni.kit.app, "GLOBAL_EVENT_UPDATE")
    app = SimpleNamespace(get_update_event_stream=lambda: update, get_kit_version=lambda: "106.5.0+release.162521")
    monkeypatch.setattr(omni.kit.app, "get_app", lambda: app)
    monkeypatch.setitem(sys.modules, "carb.eventdispatcher", None)
    monkeypatch.setitem(sys.modules, "pxr.UsdSemantics", None)
    monkeypatch.delattr("pxr.UsdSemantics", raising=False)
    return SimpleNamespace(stage=stage, update=update)


@pytest.fixture
def kit_107(monkeypatch):
    dispatcher = Dispatcher()
    module = ModuleType("carb.eventdispatcher")
    module.get_eventdispatcher = lambda: dispatcher
    monkeypatch.setitem(sys.modules, "carb.eventdispatcher", module)
    monkeypatch.setattr(carb, "eventdispatcher", module)
    context = SimpleNamespace(stage_event_name=lambda kind: f"stage {int(kind)}")
    monkeypatch.setattr(omni.usd, "get_context", lambda: context)
    monkeypatch.setattr(omni.kit.app, "GLOBAL_EVENT_UPDATE", "update", raising=False)
    return dispatcher


def test_stage_events_come_by_a_stream_in_kit_106(kit_106, calls):
    end = compat.on_stage_closing(lambda: calls.append("closing"))
    kit_106.stage.push(omni.usd.StageEventType.OPENED)
    kit_106.stage.push(omni.usd.StageEventType.CLOSING)
    end()
    kit_106.stage.push(omni.usd.StageEventType.CLOSING)
    assert calls == ["closing"]
    assert kit_106.stage.listeners == []


def test_updates_come_by_a_stream_in_kit_106(kit_106, calls):
    end = compat.on_update(lambda: calls.append("update"))
    kit_106.update.push(0)
    end()
    kit_106.update.push(0)
    assert calls == ["update"]


def test_events_come_by_the_dispatcher_from_kit_107_on(kit_107, calls):
    ends = [compat.on_stage_closing(lambda: calls.append("closing")), compat.on_update(lambda: calls.append("update"))]
    closing = f"stage {int(omni.usd.StageEventType.CLOSING)}"
    assert set(kit_107.observers) == {closing, "update"}
    kit_107.observers[closing](None)
    kit_107.observers["update"](None)
    for end in ends:
        end()
    assert (calls, kit_107.observers) == (["closing", "update"], {})


@pytest.mark.parametrize(
    ("version", "group"),
    [("106.1.0+release", "Replicator"), ("106.5.0", "Tools/Replicator"), ("110.1.2", "Tools/Replicator")],
)
def test_the_menu_is_where_replicators_are(monkeypatch, version, group):
    monkeypatch.setattr(omni.kit.app, "get_app", lambda: SimpleNamespace(get_kit_version=lambda: version))
    assert compat.menu_group() == group


@pytest.fixture
def prim():
    stage = Usd.Stage.CreateInMemory()
    stage.DefinePrim("/A")
    # The stage lives as long as the test.
    yield stage.GetPrimAtPath("/A")
    del stage


def test_labels_are_written_in_the_schema_that_annotators_read(kit_106, prim):
    assert compat.label_schema() == "legacy"
    set_labels(prim, ["cup"])
    assert labels_by_schema(prim) == ({"class": ["cup"]}, {})
    assert own_labels(prim) == {"class": ["cup"]}


def test_rules_too(kit_106, prim, tmp_path):
    path = tmp_path / "rules.json"
    path.write_text('{"rules": [{"match": {"path": "/A"}, "labels": {"class": "cup"}}]}')
    Rules.load(path).plan(prim.GetStage()).edit(prim.GetStage()).apply()
    assert labels_by_schema(prim) == ({"class": ["cup"]}, {})


def test_labels_are_usds_own_from_kit_107_on(prim):
    assert compat.label_schema() == "labels"
    set_labels(prim, ["cup"])
    assert labels_by_schema(prim) == ({}, {"class": ["cup"]})
    assert prim.GetAttribute("semantics:labels:class").GetTypeName() == Sdf.ValueTypeNames.TokenArray


def test_without_viewports_the_camera_is_unknown_and_that_is_told_once(monkeypatch):
    told = []
    monkeypatch.setattr(carb, "log_warn", told.append)
    monkeypatch.setitem(sys.modules, "omni.kit.viewport.utility", None)
    compat._tell_once.cache_clear()
    assert [compat.viewport_camera() for _ in range(3)] == ["", "", ""]
    assert len(told) == 1
    assert "omni.kit.viewport.utility" in told[0]


@pytest.mark.parametrize(
    ("viewport", "camera"), [(None, ""), (SimpleNamespace(camera_path="/World/Cam"), "/World/Cam")]
)
def test_the_camera_of_the_active_viewport(monkeypatch, viewport, camera):
    module = ModuleType("omni.kit.viewport.utility")
    module.get_active_viewport = lambda: viewport
    monkeypatch.setitem(sys.modules, "omni.kit.viewport", ModuleType("omni.kit.viewport"))
    monkeypatch.setitem(sys.modules, "omni.kit.viewport.utility", module)
    assert compat.viewport_camera() == camera


@pytest.mark.parametrize("folder", ["exts", "tools/kit_main.py"])
def test_the_syntax_is_python_3_10s(folder):
    path = ROOT / folder
    for file in [path] if path.suffix else path.rglob("*.py"):
        ast.parse(file.read_text(), feature_version=(3, 10))


def test_compat_alone_tells_releases_apart():
    """Elsewhere nothing asks which names or which version a Kit has."""
    words = (
        "get_kit_version",
        "stage_event_name",
        "GLOBAL_EVENT",
        "get_stage_event_stream",
        "UsdSemantics",
        "omni.isaac",
    )
    found = {
        (path.name, word)
        for path in (ROOT / "exts").rglob("*.py")
        for word in words
        if any(word in line and not line.lstrip().startswith(("#", '"""')) for line in path.read_text().splitlines())
    }
    # What a data set is made with, told as it is.
    assert {each for each in found if each[0] != "compat.py"} == {("provenance.py", "get_kit_version")}
