"""An app with the window open on the sample stage, and what a user does in it."""

import time
from pathlib import Path

import pytest

import omni.ui as ui
import omni.usd
from omni.kit import ui_test
from omni.kit.app import App
from simslate.recorder import get_recorder

ROOT = Path(__file__).parents[3]
EXTENSIONS = ROOT / "exts"
TABLETOP = ROOT / "data" / "tabletop.usda"
MENU = "Tools/Replicator/Simslate Recorder"
SMALL = {"width": 48, "height": 27}


class User:
    """Finds by identifier, clicks, types and looks."""

    def __init__(self, app):
        self.app = app

    def find(self, identifier):
        found = ui_test.find_all(f"Simslate//Frame/**/*.identifier=='{identifier}'")
        assert len(found) == 1, (identifier, len(found))
        return found[0]

    def widget(self, identifier):
        return self.find(identifier).widget

    def is_there(self, identifier):
        return bool(ui_test.find_all(f"Simslate//Frame/**/*.identifier=='{identifier}'"))

    def text(self, identifier):
        widget = self.widget(identifier)
        return widget.text if widget.visible else ""

    def click(self, identifier):
        self.app.run(self.find(identifier).click(human_delay_speed=1))
        self.wait()

    def type(self, identifier, text):
        self.app.run(self.find(identifier).input(str(text), clear_before_input=True, human_delay_speed=1))
        self.wait()

    def choose(self, identifier, text):
        model = self.find(identifier).model
        texts = [model.get_item_value_model(item).as_string for item in model.get_item_children(None)]
        model.get_item_value_model().set_value(texts.index(text))
        self.wait()

    def chosen(self, identifier):
        model = self.find(identifier).model
        item = model.get_item_children(None)[model.get_item_value_model().as_int]
        return model.get_item_value_model(item).as_string

    def value(self, identifier):
        return self.find(identifier).model.get_value_as_string()

    def select(self, *paths):
        omni.usd.get_context().get_selection().set_selected_prim_paths(list(paths), True)
        self.wait()

    def wait(self, updates=2):
        for _ in range(updates):
            self.app.update()

    def wait_for(self, is_so, seconds=30):
        end = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < end, "it did not come to be so"
            self.app.update()
            # Files are written by other threads.
            time.sleep(0.001)


@pytest.fixture
def boot(tmp_path):
    """Return what makes an app with the extension, and the same data folder each time."""

    def make(**settings):
        given = {"/exts/simslate.window/previewUpdates": 1, **settings}
        return App(data_dir=tmp_path / "user", ext_folders=[EXTENSIONS], enable=["simslate.window"], settings=given)

    return make


@pytest.fixture
def app(boot):
    with boot() as app:
        yield app


def open_window(app):
    """Open the stage and then the window, with pictures that cost little."""
    omni.usd.get_context().open_stage(str(TABLETOP))
    app.update()
    user = User(app)
    app.run(ui_test.menu_click(MENU))
    user.wait()
    for name, size in SMALL.items():
        user.type(f"sensors.{name}", size)
    return user


@pytest.fixture
def walk():
    return open_window


@pytest.fixture
def user(app):
    return open_window(app)


@pytest.fixture
def recorder(app):
    return get_recorder()


@pytest.fixture
def job(user, tmp_path):
    """A draft that can be recorded: one small render product, masks, five frames."""
    user.click("products.add")
    for name, size in SMALL.items():
        user.type(f"products.0.{name}", size)
    user.type("output.directory", tmp_path / "out")
    user.type("control.frames", 5)
    return user


@pytest.fixture
def window(user):
    return ui.Workspace.get_window("Simslate")
