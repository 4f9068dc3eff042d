"""The whole walk through the window in a real browser: label, look, add cameras, record, pause, and read the files."""

import json
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("selenium", reason="needs selenium")

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

DATA = Path(__file__).parents[2] / "data"
BOXES = ("/World/_03_cracker_box", "/World/_03_cracker_box_01")
CANS = ("/World/_05_tomato_soup_can", "/World/_05_tomato_soup_can_01")
CAMERA = "/World/turtle_Camera"
SIZES = ((1280, 720), (960, 540))
BLACK = (0, 0, 0, 255)
COLOURS = """
const canvas = arguments[0];
const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer);
return [...new Set(pixels)].map((each) => [each & 255, each >> 8 & 255, each >> 16 & 255, each >>> 24]);
"""
LEGEND = (
    "return [...document.querySelectorAll('[data-identifier^=\\'sensors.legend.\\']')].map((each) => each.innerText)"
)


class Walk:
    """A user before the window, who takes a picture after each step."""

    def __init__(self, page, folder):
        self.page = page
        self.folder = folder
        self.steps = 0
        page.find("control.start")

    def show(self, name):
        self.steps += 1
        self.page.driver.save_screenshot(str(self.folder / f"walk-{self.steps:02}-{name}.png"))

    def select(self, *paths):
        for place, path in enumerate(paths):
            row = self.page.css(f"[data-path='{path}']")
            keys = [Keys.CONTROL] if place else []
            actions = ActionChains(self.page.driver)
            for key in keys:
                actions.key_down(key)
            actions.click(row)
            for key in keys:
                actions.key_up(key)
            actions.perform()
        self.page.until(lambda: len(self.page.all(".stage [aria-selected=true]")) == len(paths))

    def scroll_to(self, identifier):
        self.page.script("arguments[0].scrollIntoView({ block: 'start' })", self.page.find(identifier))
        time.sleep(0.2)

    def type(self, identifier, text):
        self.page.type(self.page.find(identifier), str(text))

    def choose(self, identifier, text):
        Select(self.page.find(identifier)).select_by_visible_text(text)

    def click(self, identifier):
        button = self.page.until(lambda: self._enabled(identifier))
        self.page.script("arguments[0].scrollIntoView({ block: 'nearest' })", button)
        button.click()

    def _enabled(self, identifier):
        button = self.page.find(identifier)
        return button if button.is_enabled() else None

    def text(self, identifier):
        return self.page.find(identifier).text

    def label(self, label, *paths):
        self.select(*paths)
        self.type("labels.type", "class")
        self.type("labels.data", label)
        self.click("labels.add")
        self.page.says(f"{len(paths)} prim{'s' if len(paths) > 1 else ''} changed", "labels.add.note")

    def colours(self):
        return {tuple(each) for each in self.page.script(COLOURS, self.page.find("sensors.picture"))}

    def legend(self):
        # In one go: rows come and go while one looks.
        return {each.split(":")[0] for each in self.page.script(LEGEND)}

    def files(self, folder, pattern):
        return sorted(path.name for path in folder.rglob(pattern))


@pytest.fixture
def stage(tmp_path):
    """A copy of the sample, which nothing here may write to by mistake."""
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("pictures", "*.py"))
    return tmp_path / "data" / "tabletop.usda"


@pytest.fixture
def window(serve_window, stage, chromium):
    return serve_window("--stage", stage)


@pytest.fixture
def page(window, open_page):
    return open_page(window.url)


@pytest.fixture
def walk(page, pictures_folder):
    return Walk(page, pictures_folder)


def label_all(walk):
    walk.show("opened")
    walk.choose("sensors.camera", CAMERA)
    walk.choose("sensors.annotator", "semantic_segmentation")
    walk.page.until(lambda: walk.colours() == {BLACK})
    assert walk.legend() == {"UNLABELLED"}
    walk.label("box", BOXES[0])
    walk.show("first-box")
    walk.label("box", BOXES[1])
    walk.label("can", *CANS)
    walk.page.until(lambda: walk.legend() == {"box", "can", "UNLABELLED"})
    walk.page.until(lambda: len(walk.colours()) == 3)
    walk.scroll_to("section.sensors")
    walk.show("labelled")


def undo_all(walk):
    labelled = walk.colours()
    for _ in range(3):
        walk.click("labels.undo")
        time.sleep(0.2)
    walk.page.until(lambda: walk.colours() == {BLACK})
    walk.show("undone")
    for _ in range(3):
        walk.click("labels.redo")
        time.sleep(0.2)
    walk.page.until(lambda: walk.colours() == labelled)


def add_products(walk):
    walk.select(CAMERA)
    for place, size in enumerate(SIZES):
        walk.click("products.add")
        assert Select(walk.page.find(f"products.{place}.camera")).first_selected_option.text == CAMERA
        for name, value in zip(("width", "height"), size, strict=True):
            walk.type(f"products.{place}.{name}", value)
    walk.type("products.1.name", "small")
    walk.show("render-products")


def choose_masks(walk):
    for box in walk.page.all("[data-identifier^='writer.parameter.'][type=checkbox]"):
        name = box.get_attribute("data-identifier").rpartition(".")[2]
        if not name.startswith("colorize_") and box.is_selected() != (name == "semantic_segmentation"):
            walk.click(f"writer.parameter.{name}")
    walk.show("parameters")


def set_output(walk, folder):
    walk.type("output.directory", folder.parent)
    walk.type("output.folder", folder.name)
    walk.show("output")
    walk.type("control.frames", 5)
    walk.click("control.control_timeline")
    walk.page.says("Ready", "control.status")
    walk.show("ready")


def record(walk):
    walk.click("control.start")
    walk.page.until(lambda: walk.text("control.start") == "Stop")
    walk.click("control.pause")
    walk.page.says("Resume", "control.pause")
    walk.page.until(lambda: "paused" in walk.text("control.status"))
    time.sleep(0.5)
    paused = walk.text("control.status")
    walk.show("paused")
    time.sleep(1)
    assert walk.text("control.status") == paused
    walk.click("control.pause")
    walk.page.until(lambda: walk.text("control.start") == "Start", 60)
    assert walk.text("control.pause") == "Pause"
    walk.show("recorded")


def check_files(walk, folder):
    for name, size in zip(("Replicator", "small"), SIZES, strict=True):
        masks = sorted((folder / name / "semantic_segmentation").glob("*.png"))
        labels = sorted((folder / name / "semantic_segmentation").glob("*_labels_*.json"))
        assert [len(masks), len(labels)] == [5, 5]
        for mask, file in zip(masks, labels, strict=True):
            told = json.loads(file.read_text())
            assert {each["class"] for each in told.values()} == {"UNLABELLED", "box", "can"}
            with Image.open(mask) as image:
                assert image.size == size
                found = {tuple(map(int, each)) for each in np.unique(np.asarray(image).reshape(-1, 4), axis=0)}
            assert {str(each) for each in found} <= set(told)
            assert len(found) == 3
    assert walk.files(folder, "rgb*.png") == walk.files(folder, "*.part") == []
    assert json.loads((folder / "simslate" / "report.json").read_text())["complete"]


def test_the_whole_walk(walk, second, window, tmp_path):
    folder = tmp_path / "out" / "set"
    label_all(walk)
    undo_all(walk)
    add_products(walk)
    choose_masks(walk)
    set_output(walk, folder)
    colours, first = walk.colours(), walk.page.driver.current_window_handle
    walk.page.driver.switch_to.window(second)
    assert walk.page.find("control.frames").get_property("value") == "5"
    walk.page.until(lambda: walk.colours() == colours)
    walk.page.driver.switch_to.window(first)
    record(walk)
    assert walk.text("control.status") == f"5 frames in {folder}"
    check_files(walk, folder)
    assert window.stop() == 0


def test_what_is_wrong_is_said_beside_its_field(walk, tmp_path):
    walk.click("products.add")
    walk.type("output.directory", tmp_path / "out")
    walk.page.says("Ready", "control.status")
    for path, wrong, right, text in (
        ("control.frames", "abc", 5, '"abc" is not a whole number from 0 (until Stop) to 2147483647'),
        ("products.0.width", 0, 64, "0 is not a whole number from 1 to 16384"),
    ):
        walk.type(path, wrong)
        walk.page.says(text, f"{path}.problem")
        field, said = walk.page.find(path), walk.page.find(f"{path}.problem")
        assert 0 <= said.location["y"] - field.location["y"] - field.size["height"] < 10
        start = walk.page.find("control.start")
        assert not start.is_enabled()
        assert text in start.get_attribute("title")
        assert text in walk.text("control.status")
        walk.show(f"wrong-{path}")
        walk.type(path, right)
        walk.page.until(lambda: walk.page.find("control.start").is_enabled())


@pytest.fixture
def recording(walk, tmp_path):
    """An endless recording under way; the folder it goes to."""
    folder = tmp_path / "out" / "dataset"
    walk.click("products.add")
    for name, value in (("width", 160), ("height", 90)):
        walk.type(f"products.0.{name}", value)
    walk.type("output.directory", folder.parent)
    walk.click("control.start")
    walk.page.until(lambda: len(walk.files(folder, "rgb_*.png")) > 3)
    return folder


def test_a_recording_goes_on_without_a_page(walk, second, recording, window):
    walk.page.driver.get("about:blank")
    walk.page.driver.switch_to.window(second)
    walk.page.driver.get("about:blank")
    before = len(walk.files(recording, "rgb_*.png"))
    walk.page.until(lambda: len(walk.files(recording, "rgb_*.png")) > before + 10, 30)
    walk.page.driver.get(window.url)
    walk.click("control.start")
    walk.page.until(lambda: walk.text("control.start") == "Start", 30)
    frames = len(walk.files(recording, "rgb_*.png"))
    assert walk.text("control.status") == f"{frames} frames in {recording}"
    assert json.loads((recording / "simslate" / "report.json").read_text())["complete"]


def test_ending_the_app_drains_the_recording(walk, recording, window):
    assert window.stop() == 130
    names = walk.files(recording, "rgb_*.png")
    assert names == [f"rgb_{place:04}.png" for place in range(len(names))]
    for path in recording.glob("rgb_*.png"):
        with Image.open(path) as image:
            image.load()
    assert walk.files(recording, "*.part") == []


@pytest.mark.parametrize("width", [1280, 800])
def test_it_fits_the_width_in_both_themes(walk, width):
    walk.click("products.add")
    walk.label("box", *BOXES)
    walk.page.driver.set_window_size(width, 900)
    for theme in ("light", "dark"):
        if walk.page.script("return document.documentElement.dataset.theme") != theme:
            walk.page.css("[data-switches-theme]").click()
        assert walk.page.script("return document.documentElement.scrollWidth <= innerWidth")
        for place, section in enumerate(("labels", "sensors", "writer", "parameters", "output", "config")):
            walk.scroll_to(f"section.{section}")
            walk.page.driver.save_screenshot(str(walk.folder / f"window-{width}-{theme}-{place}-{section}.png"))
