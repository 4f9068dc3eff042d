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
WINDOW = ROOT / "tools" / "simslate"
SECONDS = 10
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)")


class Served:
    """`python -m kitless --browser`, or what does the same, in a process of its own."""

    def __init__(self, data, *args, command=(sys.executable, "-m", "kitless", "--browser", "0")):
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "tools"), "KITLESS_DATA": str(data)}
        command = [*command, *map(str, args)]
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


class Page:
    """What a user does and sees."""

    def __init__(self, driver):
        self.driver = driver

    def find(self, identifier):
        return self.css(f"[data-identifier='{identifier}']")

    def css(self, selector):
        return self.until(lambda: self.all(selector))[0]

    def all(self, selector):
        return self.driver.find_elements("css selector", selector)

    def until(self, condition, seconds=SECONDS):
        from selenium.webdriver.support.ui import WebDriverWait

        return WebDriverWait(self.driver, seconds, poll_frequency=0.05).until(lambda _: condition())

    def says(self, text, identifier="said"):
        self.until(lambda: self.find(identifier).text == text)

    def button(self, text):
        return self.until(lambda: [each for each in self.all("button") if each.text == text])[0]

    def script(self, code, *args):
        return self.driver.execute_script(code, *args)

    def choose(self, *texts):
        for text in texts:
            self.until(lambda wanted=text: self.entries(wanted))[0].click()

    def entries(self, text):
        return [each for each in self.all("[role^=menuitem]") if text in each.text.split("\n")]

    def type(self, field, text):
        from selenium.webdriver.common.keys import Keys

        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text, Keys.ENTER)

    def tap(self, *keys):
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.driver).send_keys(*keys).perform()


@pytest.fixture
def open_page(chromium):
    """Return what opens a page in the one browser."""

    def open_at(url):
        chromium.set_window_size(1280, 900)
        chromium.get(url)
        return Page(chromium)

    return open_at


@pytest.fixture
def second(page):
    """Return the handle of a second tab with the page; the first one is before the user."""
    first = page.driver.current_window_handle
    address = page.driver.current_url
    page.driver.switch_to.new_window("tab")
    page.driver.get(address)
    handle = page.driver.current_window_handle
    page.driver.switch_to.window(first)
    yield handle
    page.driver.switch_to.window(handle)
    page.driver.close()
    page.driver.switch_to.window(first)


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


@pytest.fixture
def serve_window(tmp_path):
    """Return what starts `tools/simslate window`, with a user's folder of its own."""
    pytest.importorskip("nicegui", reason="needs the extra browser")
    (tmp_path / "user").mkdir()
    running = []

    def start(*args):
        running.append(Served(tmp_path / "user", *args, command=(WINDOW, "window")))
        return running[-1]

    yield start
    for each in running:
        if each.process.poll() is None:
            each.stop()


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
