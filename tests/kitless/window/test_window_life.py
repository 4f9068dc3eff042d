"""The window's life: opened, closed while recording, enabled and disabled, restored."""

import gc
import json
import weakref

import pytest

import omni.ui as ui
import omni.usd
from kitless.services import service
from omni.kit import ui_test
from omni.kit.undo._stack import UndoStack
from omni.replicator.core.render_product import RenderProducts
from omni.ui._tree import UiTree
from simslate.recorder import State, get_recorder
from simslate.recorder.compat import menu_group

MENU = "Tools/Replicator/Simslate Recorder"
EXTENSION = "simslate.window"


def start(job, recorder):
    job.type("control.frames", 0)
    job.click("control.start")
    job.wait_for(lambda: recorder.status.frame >= 1)


def written(tmp_path):
    folder = tmp_path / "out" / "dataset"
    return len(list(folder.glob("rgb_*.png"))), (folder / "simslate" / "report.json").exists()


def test_two_windows_never(user):
    for _ in range(2):
        user.app.run(ui_test.menu_click(MENU))
        user.wait()
    assert [window.title for window in service(UiTree).windows].count("Simslate") == 1


def test_the_menu_shows_and_hides(user, window):
    assert window.visible
    user.app.run(ui_test.menu_click(MENU))
    assert not window.visible
    user.app.run(ui_test.menu_click(MENU))
    assert window.visible


def test_closing_the_window_ends_its_recording(job, recorder, window, tmp_path):
    start(job, recorder)
    window.visible = False
    job.wait_for(lambda: recorder.status.state is State.IDLE)
    frames, is_whole = written(tmp_path)
    assert (frames, is_whole, recorder.status.error) == (recorder.status.frame, True, None)


def test_closing_the_window_leaves_somebody_elses_recording_alone(job, recorder, window):
    from simslate.window.checking import make_job
    from simslate.window.draft import restored

    draft = restored(json.dumps(kept_draft()))
    task = job.app.loop.create_task(recorder.record(make_job(draft)))
    job.wait_for(lambda: recorder.status.frame >= 1)
    window.visible = False
    job.wait(2)
    job.wait_for(task.done)
    assert recorder.status.frame == 5


def kept_draft():
    import carb.settings

    return json.loads(carb.settings.get_settings().get("/persistent/exts/simslate.window/draft"))


def test_closing_the_stage_ends_the_recording_and_says_so(job, recorder):
    start(job, recorder)
    omni.usd.get_context().close_stage()
    job.wait_for(lambda: recorder.status.state is State.IDLE)
    job.wait()
    assert "the stage was closed" in job.text("control.problem")
    assert job.text("sensors.line") == "No stage is open."
    assert "no stage is open" in job.text("job.stage.problem")
    assert not job.widget("control.start").enabled


def test_disabling_the_extension_ends_its_recording(job, recorder, tmp_path):
    start(job, recorder)
    job.app.get_extension_manager().set_extension_enabled_immediate(EXTENSION, False)
    job.wait_for(lambda: recorder.status.state is State.IDLE)
    assert written(tmp_path) == (recorder.status.frame, True)


def test_the_app_quits_while_it_records(boot, walk, tmp_path):
    with boot() as app:
        user = walk(app)
        user.click("products.add")
        user.type("products.0.width", 48)
        user.type("products.0.height", 27)
        user.type("output.directory", tmp_path / "out")
        start(user, get_recorder())
    assert written(tmp_path)[0] >= 1


def things(app):
    gc.collect()
    menus = service(UiTree).main_menu_bar
    return {
        "windows": [window.title for window in service(UiTree).windows],
        "menus": ui_test.get_menubar().find_menu(MENU) is not None if menus else False,
        "recorder": len(get_recorder()._observers),
        "undo": len(service(UndoStack).subscribers),
        "products": [each.path for each in service(RenderProducts)],
        "show": ui.Workspace.show_window("Simslate"),
    }


def test_enabled_and_disabled_it_leaves_nothing(user):
    manager = user.app.get_extension_manager()
    model = weakref.ref(ui.Workspace.get_window("Simslate")._fields.model)
    manager.set_extension_enabled_immediate(EXTENSION, False)
    user.wait()
    gone = things(user.app)
    assert gone["windows"] == gone["products"] == []
    assert (gone["menus"], gone["recorder"], gone["show"]) == (False, 0, False)
    assert model() is None
    manager.set_extension_enabled_immediate(EXTENSION, True)
    user.wait()
    user.app.run(ui_test.menu_click(MENU))
    user.wait()
    assert user.text("control.start") == "Start"
    manager.set_extension_enabled_immediate(EXTENSION, False)
    user.wait()
    assert things(user.app) == gone


def test_the_last_state_is_there_again(boot, walk):
    with boot() as app:
        user = walk(app)
        user.type("control.frames", 7)
        user.click("section.labels")
    with boot() as app:
        user = walk(app)
        assert user.value("control.frames") == "7"
        assert user.widget("section.labels").collapsed


@pytest.mark.parametrize("kept", ["", "{", "[1]", '{"control": {"frames": "many"}, "gone": 1}'])
def test_a_state_that_is_not_understood_is_left_out(boot, kept):
    with boot(**{"/persistent/exts/simslate.window/draft": kept}) as app:
        app.run(ui_test.menu_click(MENU))
        app.update()
        found = ui_test.find("Simslate//Frame/**/*.identifier=='control.frames'")
        assert found.model.get_value_as_string() == "0"


@pytest.mark.parametrize(
    ("version", "group"),
    [("106.1.0+release", "Replicator"), ("106.5.0", "Tools/Replicator"), ("110.1.2", "Tools/Replicator")],
)
def test_the_menu_is_where_replicators_are(app, monkeypatch, version, group):
    monkeypatch.setattr(app, "get_kit_version", lambda: version, raising=False)
    assert menu_group() == group
