"""ui_test: paths, clicks and typing."""

import pytest

import omni.kit.menu.utils as menus
import omni.ui as ui
from carb.input import KeyboardInput
from kitless.services import service
from omni.kit import ui_test
from omni.ui._tree import UiTree

BUTTONS = ["Add", "Remove"]


@pytest.fixture
def calls():
    return []


@pytest.fixture
def window(app, calls):
    window = ui.Window("My Tools", width=400, height=300)
    with window.frame, ui.VStack():
        ui.Label("one")
        ui.Label("a/b", name="slashed")
        with ui.CollapsableFrame("Options"), ui.VStack():
            with ui.HStack(identifier="row"):
                ui.Button("Add", clicked_fn=lambda: calls.append("Add"))
                ui.Button("Remove", identifier="remove", clicked_fn=lambda: calls.append("Remove"), width=80, height=20)
            ui.StringField(identifier="text")
            ui.FloatField(identifier="number")
            ui.CheckBox(identifier="box")
    return window


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("My Tools//Frame/VStack[0]/Label[0]", ["one"]),
        ("My Tools//Frame/VStack[0]/Label[1]", ["a/b"]),
        ("My Tools//Frame/VStack[0]/Label", ["one", "a/b"]),
        ("My Tools//Frame/**/Button[*]", ["Add", "Remove"]),
        ("My Tools//Frame/**/Button[1]", ["Remove"]),
        ("My Tools//Frame/**/Button[*].text=='Add'", ["Add"]),
        ("My Tools//Frame/**/Button[0].text=='Remove'", []),
        ("My Tools//Frame/**/*.identifier=='remove'", ["Remove"]),
        ("My Tools//Frame/**/.identifier=='remove'", ["Remove"]),
        ("My Tools//Frame/**/remove", ["Remove"]),
        ("My Tools//Frame/**/row/Button[0]", ["Add"]),
        ("My Tools//Frame/**/Label[*].text=='a/b'", ["a/b"]),
        ("My Tools//Frame/*/Label[*].name=='slashed'", ["a/b"]),
        ("My Tools//Frame/**/Button[*].enabled==False", []),
        ("My Tools//Frame/VStack[0]/CollapsableFrame[0]/VStack[0]/HStack[0]/Button[0]", ["Add"]),
        ("My Tools//Frame/**/CollapsableFrame[*].title=='Options'/**/Button[1]", ["Remove"]),
        # As recorded in Kit, where a collapsable frame has containers of its own inside.
        ("My Tools//Frame/**/CollapsableFrame[0]/Frame[0]/ZStack[0]/VStack[0]/Frame[0]/VStack[0]/HStack[0]/*", BUTTONS),
        ("My Tools//Frame/**/CollapsableFrame[0]/Frame[0]/ZStack[0]/**/Button[0]", ["Add"]),
        ("Other//Frame/**/Button[*]", []),
    ],
)  # fmt: skip
def test_a_path_finds(window, path, texts):
    assert [found.widget.text for found in ui_test.find_all(path)] == texts


def test_widgets_of_a_subclass_are_found_by_both_names(app):
    class Fancy(ui.Button):
        pass

    window = ui.Window("W")
    with window.frame:
        made = Fancy("x")
    for name in ("Fancy[0]", "Button[0]"):
        assert ui_test.find(f"W//Frame/{name}").widget is made


def test_nothing_found_is_none(window):
    assert ui_test.find("Nobody") is None
    assert ui_test.find_first("My Tools//Frame/Slider[0]") is None


def test_several_found_are_a_warning(window, capfd):
    assert ui_test.find("My Tools//Frame/**/Button[*]").widget.text == "Add"
    assert "2 widgets at" in "".join(capfd.readouterr())


def test_a_real_path_finds_its_widget(window):
    for found in ui_test.find_all("My Tools//Frame/**/*"):
        assert [each.widget for each in ui_test.find_all(found.realpath)] == [found.widget]


def test_a_widget_is_looked_into(window):
    row = ui_test.find("My Tools//Frame/**/row")
    assert row.window is window
    assert row.find("Button[1]").widget.text == "Remove"
    assert [each.widget.text for each in row.find_all("**/Button")] == ["Add", "Remove"]


def test_places_are_nominal(window):
    found = ui_test.find("My Tools//Frame/**/remove")
    assert found.size == ui_test.Vec2(80, 20)
    assert found.center.to_tuple() == (40, 10)
    assert found.offset(3, 4) == ui_test.Vec2(3, 4)
    assert ui_test.find("My Tools").size == ui_test.Vec2((400, 300))


def test_a_click_calls(app, window, calls):
    button = ui_test.find("My Tools//Frame/**/Button[0]")
    app.run(button.click())
    button.widget.enabled = False
    app.run(button.click())
    assert calls == ["Add"]


def test_other_clicks_call_the_mouse(app, window, calls):
    found = ui_test.find("My Tools//Frame/**/slashed")
    found.widget.set_mouse_pressed_fn(lambda x, y, button, modifier: calls.append(button))
    found.widget.set_mouse_double_clicked_fn(lambda x, y, button, modifier: calls.append("double"))
    app.run(found.right_click())
    app.run(found.double_click())
    assert calls == [1, 0, "double"]


def test_input_is_one_edit(app, window, calls):
    found = ui_test.find("My Tools//Frame/**/text")
    found.model.add_begin_edit_fn(lambda model: calls.append("begin"))
    found.model.add_value_changed_fn(lambda model: calls.append(model.as_string))
    found.model.add_end_edit_fn(lambda model: calls.append("end"))
    app.run(found.input("ab"))
    assert calls == ["begin", "ab", "end"]
    app.run(found.input("cd"))
    app.run(found.input("ef", clear_before_input=True))
    assert found.model.as_string == "ef"
    assert "abcd" in calls


def test_a_number_is_replaced(app, window):
    found = ui_test.find("My Tools//Frame/**/number")
    found.model.set_value(7)
    app.run(found.input("1.5"))
    assert found.model.as_float == 1.5
    found.widget.enabled = False
    app.run(found.input("3"))
    assert found.model.as_float == 1.5


def test_keys_edit_the_field_that_has_the_keyboard(app, window):
    found = ui_test.find("My Tools//Frame/**/text")

    async def scenario():
        await found.click()
        await ui_test.emulate_char_press("abc")
        await ui_test.emulate_keyboard_press(KeyboardInput.BACKSPACE)
        assert found.model.as_string == "ab"
        await ui_test.emulate_key_combo("CTRL+A")
        await ui_test.emulate_char_press("z")
        await ui_test.emulate_keyboard_press(KeyboardInput.ENTER)
        await ui_test.emulate_char_press("lost")
        assert found.model.as_string == "z"
        await found.click()
        await ui_test.emulate_char_press("y")
        await ui_test.emulate_keyboard_press(KeyboardInput.ESCAPE)

    app.run(scenario())
    assert found.model.as_string == "z"
    assert service(UiTree).focused is None


def test_keys_go_to_the_focused_window(app, window, calls):
    window.set_key_pressed_fn(lambda key, modifier, down: calls.append((key, modifier, down)))
    app.run(ui_test.find("My Tools").focus())
    app.run(ui_test.emulate_key_combo("SHIFT+S"))
    assert calls == [(int(KeyboardInput.S), 1, True)]
    with pytest.raises(ValueError, match=r"no keys 'SHIFT\+WOBBLE'"):
        app.run(ui_test.emulate_key_combo("SHIFT+WOBBLE"))


def test_a_check_box_is_clicked(app, window):
    found = ui_test.find("My Tools//Frame/**/box")
    app.run(found.click())
    assert found.model.as_bool


def test_what_needs_pixels_says_so(app, window):
    with pytest.raises(NotImplementedError, match="emulate_mouse_move is not in kitless"):
        app.run(ui_test.emulate_mouse_move(ui_test.Vec2(1, 2)))


def test_a_menu_is_clicked(app, calls):
    items = menus.build_submenu_dict(
        [
            menus.MenuItemDescription(name="Tools/Replicator/Record", onclick_fn=lambda: calls.append("Record")),
            menus.MenuItemDescription(name="Tools/Never", enabled=False, onclick_fn=lambda: calls.append("Never")),
        ]
    )
    menus.add_menu_items(items["Tools"], "Tools")
    app.run(ui_test.menu_click("Tools/Replicator/Record"))
    app.run(ui_test.menu_click("Tools/Never"))
    assert calls == ["Record"]
    assert (
        ui_test.get_menubar().find_menu("tools/repl", ignore_case=True, contains_path=True).widget.text == "Replicator"
    )
    with pytest.raises(ValueError, match="no menu entry 'Tools/Gone'; the menus are Tools"):
        app.run(ui_test.menu_click("Tools/Gone"))


def test_a_context_menu_is_read_and_selected_from(app, calls):
    with ui.Menu("context") as menu:
        ui.MenuItem("Copy", triggered_fn=lambda: calls.append("Copy"))
        ui.Separator()
        with ui.Menu("Add"):
            ui.MenuItem("Cube", triggered_fn=lambda: calls.append("Cube"))
    assert app.run(ui_test.get_context_menu()) == {}
    menu.show()
    assert app.run(ui_test.get_context_menu()) == {"_": ["Copy"], "Add": {"_": ["Cube"]}}
    app.run(ui_test.select_context_menu("Add/Cube"))
    assert calls == ["Cube"]
    assert ui.Menu.get_current() is None


def test_an_extension_may_depend_on_the_modules(app, tmp_path):
    names = (
        "omni.ui",
        "omni.kit.menu.utils",
        "omni.kit.actions.core",
        "omni.kit.notification_manager",
        "omni.kit.ui_test",
    )
    folder = tmp_path / "my.ext"
    (folder / "config").mkdir(parents=True)
    lines = "\n".join(f'"{name}" = {{}}' for name in names)
    (folder / "config" / "extension.toml").write_text(f'[package]\nversion = "1.0.0"\n[dependencies]\n{lines}\n')
    manager = app.get_extension_manager()
    manager.add_path(str(tmp_path))
    manager.set_extension_enabled_immediate("my.ext", True)
    assert manager.is_extension_enabled("my.ext")
