"""Widgets: the tree that declarations make, and what a view hears of it."""

import gc

import numpy as np
import pytest

import omni.ui as ui
from kitless.services import service
from omni.ui import _input
from omni.ui._tree import UiTree

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def window():
    return ui.Window("Tools", width=300)


@pytest.fixture
def heard():
    """Yield the list of (kind, what) that a view hears."""
    found = []
    cancel = service(UiTree).subscribe(lambda element, what: found.append((element._ui_node.kind, what)))
    yield found
    cancel()


def kinds(element):
    """Return the tree below ``element`` as nested lists of kinds."""
    return [element._ui_node.kind, *(kinds(child) for child in element._ui_node.children)]


def test_with_blocks_nest_as_they_are_written(window):
    with window.frame, ui.VStack():
        ui.Label("a")
        with ui.HStack():
            ui.Button("b")
        ui.Spacer()
    assert kinds(window.frame) == ["Frame", ["VStack", ["Label"], ["HStack", ["Button"]], ["Spacer"]]]


def test_a_block_that_raises_ends_too(window):
    with pytest.raises(ValueError, match="x"), window.frame, ui.VStack():
        raise ValueError("x")
    assert service(UiTree).builders == []


def test_a_frame_holds_one_child(window):
    with window.frame:
        ui.Label("first")
        ui.Label("second")
    assert [child.text for child in ui.Inspector.get_children(window.frame)] == ["second"]


def test_a_window_in_a_block_is_not_part_of_it(window):
    with window.frame, ui.VStack() as stack:
        other = ui.Window("Other")
        assert other.menu_bar is other.menu_bar
    assert stack._ui_node.children == []
    assert kinds(other) == ["Window", ["Frame"], ["MenuBar"]]


def test_an_unknown_keyword_names_the_nearest():
    with pytest.raises(TypeError, match=r"Button\(\) has no keyword 'clickd_fn' \(nearest: clicked_fn\)"):
        ui.Button("x", clickd_fn=print)


def test_a_wrong_value_names_the_property():
    with pytest.raises(TypeError, match=r"Label\.text cannot be 5: expected a str"):
        ui.Label(5)


def test_a_missing_member_says_so():
    with pytest.raises(AttributeError, match=r"Label\.wobble is not in kitless yet"):
        _ = ui.Label("x").wobble


def test_numbers_are_pixels():
    label = ui.Label("x", width=20, height=ui.Percent(50))
    assert (label.width.unit, label.width.value) == (ui.UnitType.PIXEL, 20)
    assert label.height == ui.Percent(50)
    assert ui.Label("x").width == ui.Fraction(1)
    assert (label.computed_width, label.computed_height) == (20, 0)


def test_a_subclass_may_use_any_names_of_its_own(window):
    class MyWindow(ui.Window):
        def __init__(self):
            super().__init__("Mine")
            self._frame = self._model = self._visible = self._children = self._title = None

    mine = MyWindow()
    mine.visible = False
    assert mine.title == "Mine"
    assert mine.frame._ui_node.kind == "Frame"
    assert mine._ui_node.kind == "Window"


# --- what a view hears


def test_a_change_is_heard_once(window, heard):
    with window.frame:
        label = ui.Label("a")
    heard.clear()
    label.text = "b"
    label.text = "b"
    assert heard == [("Label", "properties")]


def test_making_and_destroying_is_heard_as_the_parents_children(window, heard):
    with window.frame:
        label = ui.Label("a", tooltip="t")
    label.destroy()
    assert heard == [("Frame", "children"), ("Frame", "children")]


def test_a_new_value_is_heard(window, heard):
    with window.frame:
        field = ui.StringField()
    heard.clear()
    field.model.set_value("x")
    assert heard == [("StringField", "model")]


def test_windows_are_heard(heard):
    window = ui.Window("W")
    assert service(UiTree).windows == (window,)
    window.destroy()
    assert service(UiTree).windows == ()
    assert [each for each in heard if each[0] == "Window"] == [
        ("Window", "opened"),
        ("Window", "closed"),
    ]


def test_a_cancelled_view_hears_nothing(window, heard):
    cancel = service(UiTree).subscribe(lambda element, what: heard.append("again"))
    cancel()
    window.title = "New"
    assert heard == [("Window", "properties")]


def test_a_view_that_fails_does_not_stop_the_others(window, heard):
    cancel = service(UiTree).subscribe(lambda element, what: 1 / 0)
    window.title = "New"
    cancel()
    assert heard == [("Window", "properties")]


def test_elements_are_found_by_their_id_as_long_as_they_live(window):
    with window.frame:
        number = ui.Label("a")._ui_node.id
    assert service(UiTree).find(number).text == "a"
    window.frame.clear()
    assert service(UiTree).find(number) is None


def test_all_properties_are_listed(window):
    listed = window._ui_node.properties
    assert (listed["title"], listed["width"], listed["flags"]) == ("Tools", 300.0, 0)


def test_a_window_that_nobody_holds_ends_at_once():
    gc.disable()
    try:
        window = ui.Window("Lost")
        with window.frame, ui.VStack():
            ui.StringField()
        del window
        assert ui.Workspace.get_window("Lost") is None
    finally:
        gc.enable()


def test_the_end_of_the_app_ends_the_windows(data_dir, app):
    window = ui.Window("W")
    app.shutdown()
    assert window._ui_node.ended


# --- building


def test_a_frame_builds_at_the_end_of_the_next_update(app, window):
    built = []
    with window.frame:
        frame = ui.Frame(build_fn=lambda: built.append(ui.Label("x")))
    assert built == []
    app.update()
    assert frame._ui_node.children == built
    app.update()
    assert len(built) == 1
    frame.rebuild()
    app.update()
    assert len(built) == 2
    assert frame._ui_node.children == built[1:]


def test_frames_in_frames_build_in_the_same_update(app, window):
    inner = []

    def build():
        ui.Frame(build_fn=lambda: inner.append(1))

    window.frame.set_build_fn(build)
    app.update()
    assert inner == [1]


def test_a_frame_that_rebuilds_itself_does_so_once_per_update(app, window):
    built = []

    def build():
        built.append(1)
        window.frame.rebuild()

    window.frame.set_build_fn(build)
    app.update()
    assert built == [1]


@pytest.mark.parametrize("show", ["visible", "collapsed"])
def test_what_is_hidden_builds_when_it_is_shown(app, window, show):
    built = []
    with window.frame:
        frame = ui.CollapsableFrame("t", collapsed=show == "collapsed", build_fn=lambda: built.append(1))
        outer = frame
    window.visible = show != "visible"
    inner = []
    with outer:
        ui.Frame(build_fn=lambda: inner.append(1))
    outer.set_build_fn(None)
    app.update()
    assert inner == []
    window.visible, outer.collapsed = True, False
    app.update()
    assert inner == [1]


def test_a_build_fn_that_fails_is_logged_and_leaves_the_builders_clean(app, window, capfd):
    window.frame.set_build_fn(lambda: 1 / 0)
    app.update()
    assert "ZeroDivisionError" in "".join(capfd.readouterr())
    assert service(UiTree).builders == []


# --- windows


def test_visibility_changes_are_called(window):
    seen = []
    window.set_visibility_changed_fn(seen.append)
    window.visible = False
    window.visible = False
    window.visible = True
    assert seen == [False, True]


def test_focus_goes_to_one_window(window):
    other = ui.Window("Other")
    other.focus()
    window.focus()
    assert (window.focused, other.focused) == (True, False)


def test_windows_are_found_by_title(window):
    assert ui.Workspace.get_window("Tools") is window
    assert ui.Workspace.get_window("None") is None
    assert ui.Workspace.get_windows() == [window]


def test_a_window_is_shown_by_its_function():
    made = []
    ui.Workspace.set_show_window_fn("Late", lambda show: made.append(ui.Window("Late", visible=show)))
    assert ui.Workspace.show_window("Late")
    assert ui.Workspace.show_window("Late")
    assert len(made) == 1
    ui.Workspace.set_show_window_fn("Late", None)
    assert ui.Workspace.show_window("Late", False)
    assert not made[0].visible
    assert not ui.Workspace.show_window("Never")


def test_docking_is_noted(window):
    other = ui.Window("Other")
    other.dock_in(window, ui.DockPosition.LEFT, 0.3)
    assert (other.docked, other.docked_in) == (True, ("Tools", ui.DockPosition.LEFT, 0.3))
    assert not window.dock_in_window("Nobody", ui.DockPosition.SAME)


# --- what widgets do


@pytest.fixture
def inside(window):
    """Make one widget in the window."""

    def make(widget, *args, **kwargs):
        with window.frame:
            return widget(*args, **kwargs)

    return make


def test_a_click_calls_the_mouse_and_the_button(inside):
    calls = []
    button = inside(ui.Button, "b", clicked_fn=lambda: calls.append("clicked"))
    button.set_mouse_pressed_fn(lambda *args: calls.append(args))
    _input.click(button, x=3, y=4)
    assert calls == [(3, 4, 0, 0), "clicked"]
    _input.click(button, _input.RIGHT)
    assert calls[2:] == [(0, 0, 1, 0)]


def test_nothing_reaches_what_is_hidden_or_disabled(window, inside):
    calls = []
    with window.frame, ui.VStack() as stack:
        button = ui.Button("b", clicked_fn=lambda: calls.append(1))
    for element in (button, stack):
        for name in ("enabled", "visible"):
            setattr(element, name, False)
            assert not _input.click(button)
            setattr(element, name, True)
    window.visible = False
    assert not _input.click(button)
    window.visible = True
    assert calls == []
    assert _input.click(button)
    assert calls == [1]


def test_a_callback_that_fails_is_logged(inside, capfd):
    button = inside(ui.Button, "b", clicked_fn=lambda: 1 / 0)
    _input.click(button)
    assert "clicked_fn of Button failed" in "".join(capfd.readouterr())


def test_a_click_turns_a_check_box_and_a_frame_over(window):
    collapsed = []
    with window.frame, ui.CollapsableFrame("t", collapsed_changed_fn=collapsed.append) as frame:
        box = ui.CheckBox()
    _input.click(box)
    assert box.model.as_bool
    _input.click(frame)
    assert collapsed == [True]
    assert not _input.click(box)


def test_one_radio_button_is_down(window):
    collection = ui.RadioCollection()
    with window.frame, ui.HStack():
        buttons = [ui.RadioButton(text=str(each), radio_collection=collection) for each in range(3)]
    assert [each.checked for each in buttons] == [True, False, False]
    _input.click(buttons[2])
    assert collection.model.as_int == 2
    collection.model.set_value(1)
    assert [each.checked for each in buttons] == [False, True, False]


def test_an_edit_keeps_to_the_limits_of_a_slider(inside):
    slider = inside(ui.IntSlider, min=0, max=10)
    _input.edit(slider, 50)
    assert slider.model.as_int == 10
    assert not _input.edit(inside(ui.StringField, read_only=True), "x")


def test_a_combo_box_has_an_index_and_texts(inside):
    box = inside(ui.ComboBox, 1, "a", "b", "c")
    seen = []
    box.model.add_item_changed_fn(lambda model, item: seen.append(model.get_item_value_model().as_int))
    box.model.get_item_value_model().set_value(2)
    texts = [box.model.get_item_value_model(item).as_string for item in box.model.get_item_children()]
    assert (seen, texts) == ([2], ["a", "b", "c"])
    item = box.model.append_child_item(None, ui.SimpleStringModel("d"))
    assert box.model.get_item_children()[-1] is item
    box.model.remove_item(item)
    assert len(box.model.get_item_children()) == 3


def test_a_context_menu_is_the_current_one_until_it_is_hidden():
    menu = ui.Menu("m", on_build_fn=lambda: ui.MenuItem("Do"))
    menu.show()
    assert [each.text for each in menu._ui_node.children] == ["Do"]
    assert ui.Menu.get_current() is menu
    menu.hide()
    assert ui.Menu.get_current() is None


def test_one_item_of_a_collection_is_checked(app):
    with ui.MenuItemCollection("m") as menu:
        items = [ui.MenuItem(str(each), checkable=True) for each in range(2)]
    assert menu._ui_node.shown
    for item in items:
        _input.click(item)
    assert [each.checked for each in items] == [False, True]


# --- images


@pytest.mark.parametrize("make", [bytes, list, np.array])
def test_an_image_is_rows_of_rgba(make, window, heard):
    provider = ui.ByteImageProvider()
    with window.frame:
        ui.ImageWithProvider(provider)
    heard.clear()
    provider.set_bytes_data(make(list(range(24))), [3, 2])
    assert provider.pixels.shape == (2, 3, 4)
    assert provider.pixels[1, 0].tolist() == [12, 13, 14, 15]
    assert heard == [("ImageWithProvider", "properties")]
    with pytest.raises(ValueError, match="2 x 2 RGBA pixels are 16 bytes, not 24"):
        provider.set_bytes_data(bytes(24), [2, 2])


def test_colours_are_packed():
    assert ui.color("#102030") == 0xFF302010
    assert ui.color(1.0, 0.0, 0.0, 0.5) == 0x800000FF
    assert (ui.color.red, ui.color.transparent, ui.color.shade) == (0xFF0000FF, 0, "shade")
