"""A served page, and a headless Chromium to look at it with where there is one."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import omni.usd
from kitless.browser.marks import ROOT as PAGE
from kitless.browser.marks import Board, Sketch
from omni.kit.app import App

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("page_script.py")
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)")


class Served:
    """`python -m kitless --browser` in a process of its own."""

    def __init__(self, data, *args):
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "tools"), "KITLESS_DATA": str(data)}
        command = [sys.executable, "-m", "kitless", "--browser", "0", *args]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd=data
        )
        self.lines = []
        found = None
        for line in self.process.stdout:
            self.lines.append(line)
            found = ADDRESS.search(line)
            if found:
                break
        assert found, "".join(self.lines)
        self.url, self.port, self.token = found[0], int(found[1]), found[2]
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout))
        self.reader.start()

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(30)
        self.reader.join()
        self.process.stdout.close()
        return code


@pytest.fixture
def app(tmp_path):
    with App(data_dir=tmp_path / "data") as running:
        yield running


@pytest.fixture
def stage(app):
    omni.usd.get_context().new_stage()
    return omni.usd.get_context().get_stage()


@pytest.fixture
def board():
    """Return a board on which the parts of the page lead to everything."""
    found = Board()
    found.put(PAGE, Sketch("div", {}, ["menu-bar", "windows", "popup", "keyboard", "toasts", "stage", "viewport"]))
    return found


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    pytest.importorskip("nicegui", reason="needs the extra browser")
    running = []

    def start(*args):
        running.append(Served(tmp_path_factory.mktemp("served"), *args))
        return running[-1]

    yield start
    for each in running:
        if each.process.poll() is None:
            each.stop()


@pytest.fixture(scope="module")
def served(serve):
    return serve(str(SCRIPT))


@pytest.fixture(scope="session")
def pictures_folder(tmp_path_factory):
    """Where screenshots go: $SIMSLATE_SCREENSHOTS or a temporary folder."""
    folder = Path(os.environ.get("SIMSLATE_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def chromium():
    selenium = pytest.importorskip("selenium.webdriver", reason="needs selenium")
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not binary or not driver:
        pytest.skip("needs chromium and chromium-driver")
    options = selenium.ChromeOptions()
    options.binary_location = binary
    for each in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--window-size=1280,900",
    ):
        options.add_argument(each)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = selenium.Chrome(options=options, service=selenium.ChromeService(driver))
    yield browser
    browser.quit()
