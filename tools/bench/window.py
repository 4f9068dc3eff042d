"""Measures the window in a headless Chromium: pictures per second, and a recording with it against one without.

Run by tools/bench/window; needs chromium and chromium-driver. The pictures are those that the browser has drawn. A
recording's time is from its job file's to its report's, so that neither program's start is in it; the first frame is
told apart, because a window that shows the stage has it in memory already.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

ROOT = Path(__file__).parents[2]
SIMSLATE = str(ROOT / "tools" / "simslate")
SIZE = (1280, 720)
SECONDS = 5
JOB = {
    "version": 1,
    "stage": str(ROOT / "data/tabletop.usda"),
    "labels": str(ROOT / "config/labels/tabletop.json"),
    "render_products": [{"camera": "/World/turtle_Camera", "resolution": [320, 240]}],
    "writer": {"name": "BasicWriter", "parameters": {"semantic_segmentation": True}},
    "output": {"kind": "disk", "directory": "window", "folder": "set"},
    "frames": 20,
}
WATCH = """
window.versions = [];
const canvas = document.querySelector("[data-identifier='sensors.picture']");
new MutationObserver(() => window.versions.push(canvas.dataset.version)).observe(canvas, { attributes: true });
"""
EDIT = """
window.editor = setInterval(() => {
  const find = (name) => document.querySelector(`[data-identifier='labels.${name}']`);
  const button = find("undo").disabled ? find("redo") : find("undo");
  button.click();
}, 20);
"""


class Window:
    """The window in the browser."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def find(self, identifier: str) -> Any:
        """Wait for a widget."""
        selector = f"[data-identifier='{identifier}']"
        return self.until(lambda: self.driver.find_elements("css selector", selector))[0]

    def until(self, condition: Any) -> Any:
        """Wait for something."""
        return WebDriverWait(self.driver, 60, poll_frequency=0.02).until(lambda _: condition())

    def type(self, identifier: str, text: str) -> None:
        """Replace a field's text."""
        self.find(identifier).send_keys(Keys.CONTROL, "a")
        self.find(identifier).send_keys(text, Keys.ENTER)

    def click(self, identifier: str) -> None:
        """Press a button once it can be."""
        self.until(lambda: self.find(identifier).is_enabled())
        self.find(identifier).click()


@contextmanager
def opened(job: Path, folder: Path) -> Iterator[tuple[Window, int]]:
    """Start the window with a job and open it; yield it and the process's id."""
    command = [SIMSLATE, "window", str(job)]
    environment = {**os.environ, "KITLESS_DATA": str(folder / "user")}
    app = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert app.stdout is not None
    found = re.search(r"http\S+", app.stdout.readline())
    if found is None:
        raise SystemExit("the window did not start")
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for each in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--window-size=1280,900",
    ):
        options.add_argument(each)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        driver.get(found[0])
        yield Window(driver), app.pid
    finally:
        driver.quit()
        app.send_signal(signal.SIGINT)
        app.wait(60)


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def live(window: Window, pid: int) -> dict[str, float]:
    """Measure the live picture, at rest and while labels are added and taken back all the time."""
    for name, value in zip(("width", "height"), SIZE, strict=True):
        window.type(f"sensors.{name}", str(value))
    window.driver.find_element("css selector", "[data-path='/World/_03_cracker_box']").click()
    window.type("labels.data", "box")
    window.click("labels.add")
    # A stage that has rested is drawn finely, once.
    time.sleep(3)
    window.driver.execute_script(WATCH)
    found = {}
    for name, script in (("rest", ""), ("editing", EDIT)):
        window.driver.execute_script(script)
        before, cpu = pictures(window), cpu_seconds(pid)
        began = time.monotonic()
        time.sleep(SECONDS)
        took = time.monotonic() - began
        found[f"pictures_per_second_{name}"] = (pictures(window) - before) / took
        found[f"processors_{name}"] = (cpu_seconds(pid) - cpu) / took
    window.driver.execute_script("clearInterval(window.editor)")
    return found


def pictures(window: Window) -> int:
    """Return how many pictures the browser has drawn."""
    return int(window.driver.execute_script("return new Set(window.versions).size"))


def times(folder: Path) -> tuple[float, float]:
    """Return the seconds that a recording took, whole and without its first frame."""
    job, report = (folder / "simslate" / name for name in ("job.json", "report.json"))
    first = folder / "semantic_segmentation_0000.png"
    end = report.stat().st_mtime
    return end - job.stat().st_mtime, end - first.stat().st_mtime


def record_alone(job: Path, folder: Path) -> tuple[float, float]:
    """Record without a window."""
    command = [SIMSLATE, "record", str(job), "--output", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return times(folder)


def record_in(window: Window, number: int, parent: Path) -> tuple[float, float]:
    """Record with the window's button."""
    window.type("output.folder", f"set{number}")
    window.click("control.start")
    report = parent / f"set{number}" / "simslate" / "report.json"
    window.until(report.exists)
    window.until(lambda: window.find("control.start").text == "Start")
    return times(report.parents[1])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="tools/bench/window", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5, help="recordings of each kind, one after the other (5)")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        job = folder / "job.json"
        job.write_text(json.dumps(JOB))
        with opened(job, folder) as (window, pid):
            window.find("control.start")
            alone, shown = [], []
            for number in range(options.repeats):
                shown.append(record_in(window, number, folder / "window"))
                alone.append(record_alone(job, folder / f"alone{number}"))
            figures: dict[str, Any] = live(window, pid)
    for place, kind in enumerate(("whole", "after_first_frame")):
        medians = [statistics.median(each[place] for each in every) for every in (alone, shown)]
        figures[f"recording_{kind}"] = {
            "alone": [round(each[place], 3) for each in alone],
            "with_window": [round(each[place], 3) for each in shown],
            "median_ratio": round(medians[1] / medians[0], 3),
        }
    print(json.dumps(figures, indent=2))
    if options.json:
        options.json.write_text(json.dumps(figures))


if __name__ == "__main__":
    main()
