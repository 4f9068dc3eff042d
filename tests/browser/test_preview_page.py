"""The page of `simslate preview` in Chromium, from a file, as whoever gets it by mail opens it."""

import json
import re

import numpy as np
import pytest
from PIL import Image

from simslate.recorder.dataset.preview import preview

HOSTILE = "<img src=x onerror=document.title='broken'>"
COLOURS = {"box": (93, 220, 11, 255), HOSTILE: (243, 69, 141, 255)}
PLACES = {"box": (slice(10, 20), slice(4, 24)), HOSTILE: (slice(25, 40), slice(40, 60))}
WIDTH, HEIGHT, FRAMES = 64, 48, 200
BOX = [
    ("semanticId", "<u4"),
    *((name, "<i4") for name in ("x_min", "y_min", "x_max", "y_max")),
    ("occlusionRatio", "<f4"),
]


def write(folder, frame):
    mask, boxes = np.zeros((HEIGHT, WIDTH, 4), np.uint8), []
    for number, (name, (rows, columns)) in enumerate(PLACES.items()):
        mask[rows, columns] = COLOURS[name]
        boxes.append((number, columns.start, rows.start, columns.stop - 1, rows.stop - 1, 0.25))
    Image.fromarray(np.full((HEIGHT, WIDTH, 3), 60 + frame % 100, np.uint8)).save(folder / f"rgb_{frame:04d}.png")
    Image.fromarray(mask).save(folder / f"semantic_segmentation_{frame:04d}.png")
    np.save(folder / f"bounding_box_2d_tight_{frame:04d}.npy", np.array(boxes, BOX))
    texts = {
        "semantic_segmentation_labels": {str(colour): {"class": name} for name, colour in COLOURS.items()},
        "bounding_box_2d_tight_labels": {str(number): {"class": name} for number, name in enumerate(PLACES)},
        "bounding_box_2d_tight_prim_paths": ["/World/a", f"/World/{HOSTILE}"],
    }
    for name, value in texts.items():
        (folder / f"{name}_{frame:04d}.json").write_text(json.dumps(value))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("preview") / "set"
    folder.mkdir()
    for frame in range(FRAMES):
        write(folder, frame)
    (folder / "rgb_0007.png").write_bytes(b"no picture")
    return preview(folder).path.as_uri()


@pytest.fixture
def page(open_page, made):
    found = open_page(made)
    found.until(lambda: found.script("return document.documentElement.dataset.ready") == "true")
    found.until(lambda: found.all("#frames .card canvas"))
    return found


def stage(page, frame):
    return f"#frames .card:nth-child({frame + 1}) .stage"


def pixel(page, frame, x, y):
    canvas = f"{stage(page, frame)} canvas"
    code = (
        "const context = document.querySelector(arguments[0]).getContext('2d');"
        "return [...context.getImageData(arguments[1], arguments[2], 1, 1).data]"
    )
    return page.script(code, canvas, x, y)


def layer(page, name):
    return page.css(f"#layers input[value={name}]")


def test_nothing_is_asked_of_a_network_and_nothing_complains(page):
    sent = [json.loads(entry["message"])["message"] for entry in page.driver.get_log("performance")]
    addresses = [each["params"]["request"]["url"] for each in sent if each["method"] == "Network.requestWillBeSent"]
    assert {address.split(":")[0] for address in addresses} <= {"file", "data"}
    assert [entry for entry in page.driver.get_log("browser") if entry["level"] != "INFO"] == []


def test_the_policy_holds(page):
    page.script(
        "const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.body.append(s)"
    )
    assert page.script("return window.broken") is None
    page.driver.get_log("browser")


def test_a_hostile_class_is_a_text(page):
    names = [each.text for each in page.all("#classes .name")]
    assert HOSTILE in names
    assert page.all("img[src='x']") == []
    assert page.driver.title == "set - preview"


def test_only_what_is_near_is_drawn(page):
    assert len(page.all("#frames .card")) == FRAMES
    assert len(page.all("#frames .stage img")) < 80
    page.css("#number").send_keys("199\n")
    page.until(lambda: page.all(f"{stage(page, 199)} img"))
    page.until(lambda: not page.all(f"{stage(page, 0)} img"))


def test_overlays_are_switched(page):
    assert len(page.all(f"{stage(page, 0)} rect.outline")) == 2
    layer(page, "bounding_box_2d_tight").click()
    page.until(lambda: not page.all(f"{stage(page, 0)} rect"))
    layer(page, "semantic_segmentation").click()
    page.until(lambda: not page.all(f"{stage(page, 0)} canvas"))
    layer(page, "semantic_segmentation").click()
    page.until(lambda: page.all(f"{stage(page, 0)} canvas"))


def test_the_legend_isolates_a_class(page):
    assert pixel(page, 0, 10, 15) == list(COLOURS["box"])
    assert pixel(page, 0, 50, 30) == list(COLOURS[HOSTILE])
    assert pixel(page, 0, 0, 0)[3] == 0
    page.until(lambda: [each for each in page.all("#classes button") if each.text.startswith("box")])[0].click()
    page.until(lambda: len(page.all(f"{stage(page, 0)} rect.outline")) == 1)
    assert pixel(page, 0, 10, 15) == list(COLOURS["box"])
    assert pixel(page, 0, 50, 30)[:3] == [0, 0, 0]
    page.css("#everything").click()
    page.until(lambda: len(page.all(f"{stage(page, 0)} rect.outline")) == 2)
    assert pixel(page, 0, 50, 30) == list(COLOURS[HOSTILE])


def test_opacity_reaches_the_overlays(page):
    page.script("const o = document.getElementById('opacity'); o.value = 25; o.dispatchEvent(new Event('input'))")
    shown = "return getComputedStyle(document.querySelector(arguments[0])).opacity"
    assert float(page.script(shown, f"{stage(page, 0)} canvas")) == 0.25


def test_a_frame_is_enlarged_and_keys_go_on(page):
    from selenium.webdriver.common.keys import Keys

    page.css("#frames .card:nth-child(1) .open").click()
    title = page.css("#viewer-title")
    assert title.text == "Frame 0000"
    assert not page.css("#previous").is_enabled()
    page.tap(Keys.ARROW_RIGHT)
    page.tap(Keys.ARROW_RIGHT)
    assert title.text == "Frame 0002"
    page.tap(Keys.ARROW_LEFT)
    assert title.text == "Frame 0001"
    rows = [row.text for row in page.all("#table tbody tr")]
    assert len(rows) == 2
    assert "/World/a" in rows[1]
    assert [re.findall(r"\d+", cell.text) for cell in page.all("#table tbody tr:nth-child(2) td.box")] == [
        ["4", "10", "23", "19"]
    ]
    assert "75 %" in rows[1]
    page.tap(Keys.ESCAPE)
    page.until(lambda: page.script("return !document.getElementById('viewer').open"))
    assert page.script("return document.activeElement.getAttribute('aria-label')").startswith("Frame 0001")


def test_an_enlarged_frame_needs_no_scrolling(page):
    page.css("#frames .card:nth-child(1) .open").click()
    room = (
        "const room = document.querySelector('.large');"
        "return [room.scrollHeight - room.clientHeight, room.scrollWidth - room.clientWidth]"
    )
    page.until(lambda: page.script(room) == [0, 0])
    box = page.css("#large").size
    assert box["width"] / box["height"] == pytest.approx(WIDTH / HEIGHT, rel=0.01)


def test_frames_to_look_at_come_first(page):
    assert page.css("#suspects h2").text == "Look at these first"
    assert "rgb_0007.png cannot be decoded" in page.css("#suspects .card p").text
    order = page.script("return [...document.querySelectorAll('main > section')].map((each) => each.id)")
    assert order == ["suspects", "statistics", "frames"]


def test_figures_are_drawn(page):
    titles = [each.text for each in page.all(".chart h3")]
    assert titles == ["Instances per class", "Pixels per class", "Box sizes", "Objects per frame"]
    assert all(each.get_attribute("aria-label") for each in page.all(".chart svg"))


def test_every_picture_and_button_has_a_name(page):
    page.css("#frames .card:nth-child(1) .open").click()
    page.until(lambda: page.all("#large img"))
    assert page.script("return [...document.images].filter((each) => !each.hasAttribute('alt')).length") == 0
    nameless = (
        "return [...document.querySelectorAll('button')].filter((b) => !b.textContent.trim() && !b.ariaLabel).length"
    )
    assert page.script(nameless) == 0
    assert page.css("#large img").get_attribute("alt").startswith("Frame 0000")


@pytest.mark.parametrize(
    ("name", "size", "scheme"),
    [("desk", (1440, 1000), "light"), ("night", (1440, 1000), "dark"), ("phone", (390, 844), "dark")],
)
def test_it_fits_the_window(page, pictures_folder, name, size, scheme):
    driver = page.driver
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size[0] < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    try:
        driver.refresh()
        page.until(lambda: page.all("#frames .card img"))
        assert page.script("return document.documentElement.scrollWidth - innerWidth") <= 0
        ground = page.script("return getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(18, 21, 26)") == (scheme == "dark")
        driver.save_screenshot(str(pictures_folder / f"preview_{name}.png"))
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_many_problems_leave_room_for_the_pictures(page):
    page.script("for (let i = 0; i < 60; i++) document.getElementById('notes').append(make('li', {}, 'a problem'))")
    height, content = page.script("const n = document.getElementById('notes'); return [n.offsetHeight, n.scrollHeight]")
    assert height < 200 < content
