"""The widgets on the board: what a change draws again, and what deeds do."""

import re

import pytest

import omni.ui as ui
from kitless.browser.desktop import Desktop
from kitless.browser.pictures import Pictures
from kitless.browser.widgets import DRAW, Studio
from kitless.services import service
from omni.kit.notification_manager import NotificationButtonInfo, post_notification
from omni.ui._tree import UiTree


@pytest.fixture
def desktop(app, board):
    pictures = Pictures()
    found = Desktop(board, Studio(pictures))
    yield found
    found.close()
    pictures.close()


@pytest.fixture
def drawn(app, board, desktop):
    """Return what an update changes: marks by key."""

    def draw():
        app.update()
        desktop.draw()
        return board.take()

    return draw


def key(element):
    return f"e{element._ui_node.id}"


def test_every_kind_of_widget_is_drawn(app):
    widgets = {each.__name__ for each in vars(ui).values() if isinstance(each, type) and issubclass(each, ui.Widget)}
    abstract = {"Widget", "AbstractField", "AbstractSlider"}
    assert widgets - abstract - set(DRAW) == set()


def test_a_change_draws_its_own_mark_and_no_other(drawn):
    window = ui.Window("W")
    with window.frame, ui.VStack():
        label, field = ui.Label("a"), ui.StringField()
    assert {key(window), key(window.frame), key(label), key(field)} <= set(drawn())
    label.text = "b"
    assert set(drawn()) == {key(label)}
    field.model.set_value("typed")
    changes = drawn()
    assert set(changes) == {key(field)}
    assert changes[key(field)]["a"]["value"] == "typed"


def test_hidden_windows_and_collapsed_content_are_not_on_the_page(drawn):
    window = ui.Window("W")
    with window.frame, ui.CollapsableFrame("F", collapsed=True) as frame:
        label = ui.Label("inside")
    assert key(label) not in drawn()
    frame.collapsed = False
    assert key(label) in drawn()
    window.visible = False
    changes = drawn()
    assert changes[key(label)] is None
    assert changes["windows"]["c"][0]["x"] == "No window is open."


def test_disabling_a_container_disables_what_is_in_it(drawn):
    window = ui.Window("W")
    with window.frame, ui.VStack() as stack:
        field = ui.StringField()
    drawn()
    stack.enabled = False
    assert drawn()[key(field)]["a"]["disabled"] is True


def test_deeds_go_through_the_fields_limits(drawn, board):
    window = ui.Window("W")
    with window.frame:
        slider = ui.IntSlider(min=0, max=5)
    drawn()
    board.act(f"{key(slider)}|1", "edit", "99")
    assert slider.model.as_int == 5
    window.frame.enabled = False
    board.act(f"{key(slider)}|1", "edit", "1")
    assert slider.model.as_int == 5


def test_an_edit_is_one_from_entering_a_field_to_leaving_it(drawn, board):
    window = ui.Window("W")
    with window.frame:
        field = ui.StringField()
    happened = []
    field.model.add_begin_edit_fn(lambda _: happened.append("begin"))
    field.model.add_value_changed_fn(lambda model: happened.append(model.as_string))
    field.model.add_end_edit_fn(lambda _: happened.append("end"))
    drawn()
    for event, value in (("focus", None), ("edit", "a"), ("edit", "ab"), ("blur", None), ("blur", None)):
        board.act(key(field), event, value)
    assert happened == ["begin", "a", "ab", "end"]


def test_styles_and_sizes_are_css(drawn):
    window = ui.Window("W")
    with window.frame, ui.HStack(style={"Label::big": {"color": 0xFF0000FF, "font_size": 20}}):
        label = ui.Label("a", name="big", width=ui.Percent(30), style={"margin": 3, "unknown": 1, "color": 0xFF0000C0})
        fixed = ui.Label("b", width=80, style={"background_color": ui.color("#00ff0080")})
    changes = drawn()
    assert changes[key(label)]["a"]["style"] == "flex:0 1 30%;color:rgba(192,0,0,1);font-size:20px;margin:3px"
    assert changes[key(fixed)]["a"]["style"] == "flex:0 1 80px;background-color:rgba(0,255,0,0.502)"


def test_texts_are_readable_on_both_themes(drawn):
    window = ui.Window("W")
    with window.frame, ui.HStack():
        text = ui.Label("a", style={"color": 0xFFA0A0A0})
        patch = ui.Label("b", style={"color": 0xFFA0A0A0, "background_color": 0xFF000000})
    changes = drawn()
    # 118 is the lightest grey that has a contrast of 4.5 with white.
    shades = [int(each) for each in re.findall(r"rgba\((\d+)", changes[key(text)]["a"]["style"])]
    assert 110 <= shades[0] <= 118
    assert shades[1] == 160
    assert "light-dark" not in changes[key(patch)]["a"]["style"]


def test_fields_are_named_by_the_label_before_them(drawn):
    window = ui.Window("W")
    with window.frame, ui.VStack():
        with ui.HStack():
            ui.Label("Frames:")
            ui.Spacer(width=4)
            field = ui.IntField()
        alone = ui.IntField(tooltip="How many")
    changes = drawn()
    assert changes[key(field)]["a"]["aria-label"] == "Frames"
    assert changes[key(alone)]["a"]["aria-label"] == "How many"


def test_check_boxes_are_named_by_the_label_behind_them(drawn):
    window = ui.Window("W")
    with window.frame, ui.HStack():
        box = ui.CheckBox(tooltip="Whether to")
        ui.Label("Depth")
    assert drawn()[key(box)]["a"]["aria-label"] == "Depth"


def test_rows_have_their_own_cells_where_some_are_hidden(drawn):
    class Delegate(ui.AbstractItemDelegate):
        def build_widget(self, model, item=None, index=0, level=0, expanded=False):
            hidden = ui.Label("hidden")
            hidden.visible = False
            ui.Label(item.model.as_string)

    window = ui.Window("W")
    with window.frame:
        view = ui.TreeView(ui.ComboBox(0, "a", "b").model, delegate=Delegate(), root_visible=False)
    changes = drawn()
    shown = [changes[row["c"][0]["c"][1]]["x"] for row in changes[key(view)]["c"]]
    assert shown == ["a", "b"]


def test_a_files_picture_is_shown_and_another_servers_is_not(drawn, tmp_path):
    from PIL import Image

    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    window = ui.Window("W")
    with window.frame, ui.VStack():
        local, remote = ui.Image(str(tmp_path / "a.png")), ui.Image("http://example.org/a.png")
    changes = drawn()
    assert changes[key(local)]["a"]["picture"] == key(local)
    assert str(tmp_path) not in str(changes)
    assert changes[key(remote)]["t"] == "div"


def test_a_context_menu_pops_up_and_goes(drawn, board):
    menu = ui.Menu("Context")
    with menu:
        item = ui.MenuItem("Do")
    menu.show()
    changes = drawn()
    assert changes["popup"]["c"] == [key(item)]
    board.act("popup", "close", None)
    assert not menu.shown
    assert drawn()["popup"] == {"t": "div", "a": {"hidden": True}}


def test_a_widget_that_ends_while_its_deed_is_on_the_way(drawn, board):
    window = ui.Window("W")
    with window.frame:
        button = ui.Button("b", clicked_fn=lambda: pytest.fail("clicked"))
    drawn()
    address = key(button)
    button.destroy()
    board.act(address, "click", {})
    assert service(UiTree).find(button._ui_node.id) is button


def test_toasts_are_pressed_once(app, board):
    from kitless.browser.toasts import Toasts

    pressed = []
    toasts = Toasts(board)
    post_notification(
        "?", hide_after_timeout=False, button_infos=[NotificationButtonInfo("Yes", lambda: pressed.append(1))]
    )
    toasts.draw()
    address = board.take()["toasts"]["c"][0]["c"][1]["k"]
    for _ in range(2):
        board.act(address, "click", None)
    toasts.draw()
    assert pressed == [1]
    assert "c" not in board.take()["toasts"]
    toasts.close()
