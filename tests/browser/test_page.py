"""The page in a real browser: every kind of widget by mouse and by keyboard, two tabs in step, pictures that change."""

import json
import time

import pytest

pytest.importorskip("selenium", reason="needs selenium")

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select


@pytest.fixture
def page(served, open_page):
    found = open_page(served.url)
    found.find("said")
    return found


def test_a_button_is_clicked(page):
    before = page.find("said").text
    page.find("button").click()
    page.until(lambda: page.find("said").text != before and page.find("said").text.startswith("clicks="))
    assert page.find("button").get_attribute("title") == "Counts the clicks"


def test_a_disabled_button_is_not(page):
    assert not page.find("off").is_enabled()


def test_a_text_is_typed(page):
    page.type(page.find("text"), "hello wörld <b>&")
    page.says("text=hello wörld <b>&")


def test_typing_fast_loses_nothing_and_keeps_the_caret(page):
    field = page.find("text")
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("ac", Keys.ARROW_LEFT)
    for letter in "b" * 40:
        field.send_keys(letter)
    page.says("text=a" + "b" * 40 + "c")
    assert field.get_property("value") == "a" + "b" * 40 + "c"
    assert page.script("return arguments[0].selectionStart", field) == 41


@pytest.mark.parametrize(("identifier", "typed", "said"), [("count", "42", "42"), ("size", "2.5", "2.5")])
def test_a_number_is_typed(page, identifier, typed, said):
    page.type(page.find(identifier), typed)
    page.says(f"{identifier}={said}")


def test_a_value_that_the_model_refuses_is_taken_back(page):
    field = page.find("even")
    page.type(field, "7")
    page.until(lambda: field.get_property("value") == "6")


def test_a_check_box_is_ticked_and_unticked(page):
    box = page.find("check")
    was = box.is_selected()
    for state in (not was, was):
        box.click()
        page.says(f"check={state}")
        assert box.is_selected() == state


def test_one_of_a_combo_box_is_chosen(page):
    for text, place in (("Coco", 2), ("Kitti", 1)):
        Select(page.find("combo")).select_by_visible_text(text)
        page.says(f"combo={place}")


def test_a_slider_is_dragged_and_typed(page):
    slide, typed = page.all("[data-identifier=gain] input")
    width = slide.size["width"]
    ActionChains(page.driver).click_and_hold(slide).move_by_offset(width // 2 + 4, 0).release().perform()
    page.says("gain=2.0")
    page.until(lambda: typed.get_property("value") == "2")
    page.type(typed, "0.5")
    page.says("gain=0.5")
    page.until(lambda: slide.get_property("value") == "0.5")
    page.type(typed, "9")
    page.says("gain=2.0")


def test_a_frame_is_collapsed_and_opened(page):
    title = page.button("Options")
    title.click()
    page.until(lambda: not page.all("[data-identifier=inside]"))
    assert page.button("Options").get_attribute("aria-expanded") == "false"
    page.button("Options").click()
    page.find("inside")


def test_rows_are_selected_and_opened(page):
    def row(text):
        return page.until(
            lambda: [each for each in page.all("[data-identifier=tree] [role=row]") if each.text == text]
        )[0]

    row("one").click()
    page.says("tree=one")
    ActionChains(page.driver).key_down(Keys.CONTROL).click(row("three")).key_up(Keys.CONTROL).perform()
    page.says("tree=one,three")
    row("two").click()
    page.says("tree=two")
    ActionChains(page.driver).key_down(Keys.SHIFT).click(row("three")).key_up(Keys.SHIFT).perform()
    page.says("tree=two,three")
    assert row("two").get_attribute("aria-selected") == "true"
    row("one").find_element(By.CSS_SELECTOR, ".twist-button").click()
    row("half").click()
    page.says("tree=half")
    row("one").find_element(By.CSS_SELECTOR, ".twist-button").click()
    page.until(lambda: len(page.all("[data-identifier=tree] [role=row]")) == 3)


def test_tool_and_radio_buttons_stay_down(page):
    tool = page.find("tool")
    before = tool.get_attribute("aria-pressed")
    tool.click()
    page.until(lambda: page.find("tool").get_attribute("aria-pressed") != before)
    page.find("S3").click()
    page.until(lambda: page.find("S3").get_attribute("aria-checked") == "true")
    assert page.find("Disk").get_attribute("aria-checked") == "false"


def test_everything_works_by_keyboard_alone(page):
    page.find("text").click()
    reached = []
    for _ in range(25):
        active = page.driver.switch_to.active_element
        reached.append(active.get_attribute("data-identifier") or active.get_attribute("aria-label") or active.text)
        outline = page.script("return getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", reached[-1]
        page.tap(Keys.TAB)
    assert reached[:3] == ["text", "count", "size"]
    assert {"check", "combo", "notes", "button", "tool", "Disk"} <= set(reached)
    assert "off" not in reached

    page.script("arguments[0].focus()", page.find("button"))
    before = page.find("said").text
    page.tap(Keys.ENTER)
    page.until(lambda: page.find("said").text != before)
    page.script("arguments[0].focus()", page.find("check"))
    was = page.find("check").is_selected()
    page.tap(Keys.SPACE)
    page.says(f"check={not was}")
    page.script("arguments[0].focus()", page.find("combo"))
    page.tap(Keys.HOME)
    page.tap(Keys.ARROW_DOWN)
    page.says("combo=1")
    page.script("arguments[0].focus()", page.css("[data-identifier=tree] [role=row]"))
    page.tap(Keys.ARROW_DOWN, Keys.ENTER)
    page.says("tree=two")


def test_every_field_has_a_name(page):
    fields = [each for each in page.all("input, select, textarea, button, [role=row]") if each.is_displayed()]
    assert [each.get_attribute("outerHTML") for each in fields if not each.accessible_name] == []
    assert page.find("text").accessible_name == "Text"


def test_menus_open_by_mouse_and_keyboard(page):
    page.choose("Tools", "More", "Deep")
    page.says("deep")
    page.find("button").click()
    page.script("arguments[0].focus()", page.css(".menubar .menu-title"))
    page.tap(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_RIGHT)
    page.tap(Keys.ENTER)
    page.says("deep")
    page.until(lambda: not page.css(".menubar .menu-popup").is_displayed())


def test_a_context_menu_opens_where_the_pointer_is(page):
    said = page.find("said")
    ActionChains(page.driver).context_click(said).perform()
    menu = page.css(".menu-context")
    assert abs(menu.location["y"] - said.location["y"]) < 40
    page.choose("Hush")
    page.says("hush")
    page.until(lambda: not page.all(".menu-context"))
    ActionChains(page.driver).context_click(page.find("said")).perform()
    page.css(".menu-context")
    page.tap(Keys.ESCAPE)
    page.until(lambda: not page.all(".menu-context"))


def test_a_notification_is_answered(page):
    page.choose("Tools", "Ask")
    page.button("Yes").click()
    page.says("yes")
    page.until(lambda: not page.all(".toast"))


def test_the_app_puts_the_caret_into_a_field(page):
    page.choose("Tools", "Focus")
    page.until(lambda: page.driver.switch_to.active_element.get_attribute("data-identifier") == "text")


def test_the_picture_changes_at_least_five_times_a_second(page):
    page.script(
        "window.seen = new Set(); const mask = document.querySelector('[data-identifier=mask]');"
        "new MutationObserver(() => window.seen.add(mask.dataset.version)).observe(mask, { attributes: true })"
    )
    page.choose("Tools", "Film")
    page.until(lambda: page.script("return window.seen.size") > 3)
    began, before = time.monotonic(), page.script("return window.seen.size")
    time.sleep(3)
    rate = (page.script("return window.seen.size") - before) / (time.monotonic() - began)
    mask = page.find("mask")
    size = [mask.get_property("width"), mask.get_property("height")]
    print(f"{rate:.1f} pictures of {size} per second")
    assert size == [1280, 720]
    assert rate >= 5


def test_two_tabs_stay_in_step(page, second):
    first = page.driver.current_window_handle
    page.type(page.find("text"), "from the first")
    page.driver.switch_to.window(second)
    page.until(lambda: page.find("text").get_property("value") == "from the first")
    field = page.find("text")
    field.send_keys(Keys.END)
    field.send_keys(", then the second")
    page.driver.switch_to.window(first)
    page.until(lambda: page.find("text").get_property("value") == "from the first, then the second")


def test_the_stage_is_in_step_with_the_selection(page):
    def row(path):
        return page.css(f"[data-path='{path}']")

    row("/World/things").find_element(By.CSS_SELECTOR, ".twist-button").click()
    row("/World/things/ball").click()
    ActionChains(page.driver).key_down(Keys.SHIFT).click(row("/World/things/can")).key_up(Keys.SHIFT).perform()
    page.until(lambda: len(page.all(".stage [aria-selected=true]")) == 3)
    ActionChains(page.driver).key_down(Keys.CONTROL).click(row("/World/things/box")).key_up(Keys.CONTROL).perform()
    page.until(lambda: row("/World/things/box").get_attribute("aria-selected") == "false")
    assert len(page.all(".stage [aria-selected=true]")) == 2


def test_the_viewport_shows_the_stage_through_a_camera(page):
    image = page.css(".viewport-image")
    page.until(lambda: image.get_property("width") == 960)
    version = image.get_attribute("data-version")
    Select(page.find("viewport-camera")).select_by_visible_text("Overview")
    page.until(lambda: image.get_attribute("data-version") != version)


def test_nothing_is_asked_of_other_servers(page, served):
    page.driver.get_log("performance")
    page.driver.refresh()
    page.find("said")
    entries = [json.loads(each["message"])["message"] for each in page.driver.get_log("performance")]
    sent = [each["params"]["request"]["url"] for each in entries if each["method"] == "Network.requestWillBeSent"]
    ours = f"http://127.0.0.1:{served.port}/"
    assert sent
    assert [url for url in sent if not url.startswith((ours, "data:", "blob:"))] == []
    refused = [each for each in page.driver.get_log("browser") if "Content Security Policy" in each["message"]]
    assert refused == []


@pytest.mark.parametrize("width", [1280, 800])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_the_width_in_both_themes(page, pictures_folder, width, theme):
    page.driver.set_window_size(width, 900)
    if page.script("return document.documentElement.dataset.theme") != theme:
        page.css("[data-switches-theme]").click()
    page.driver.refresh()
    page.find("said")
    assert page.script("return document.documentElement.dataset.theme") == theme
    page.until(lambda: page.css(".viewport-image").get_property("width") == 960)
    assert page.script("return document.documentElement.scrollWidth <= innerWidth")
    page.driver.save_screenshot(str(pictures_folder / f"page-{width}-{theme}.png"))
    page.script("document.querySelector('[data-identifier=tree]').scrollIntoView()")
    time.sleep(0.3)
    page.driver.save_screenshot(str(pictures_folder / f"page-{width}-{theme}-below.png"))
