"""Menus: what extensions add, the bar that is built of it, and the helpers for windows."""

import pytest

import omni.ext
import omni.kit.menu.utils as menus
import omni.ui as ui
from kitless.services import service
from omni.kit.actions.core import get_action_registry
from omni.kit.menu.utils import MenuItemDescription as Item
from omni.kit.menu.utils import MenuItemOrder
from omni.ui import _input
from omni.ui._tree import UiTree


@pytest.fixture
def bar(app):
    """Return the bar as nested texts after an update: a menu is [text, ...], a line "-"."""

    def read(element=None):
        if element is None:
            app.update()
            element = service(UiTree).main_menu_bar
        return [
            "-" + child.text
            if isinstance(child, ui.Separator)
            else [child.text, *read(child)]
            if isinstance(child, ui.Menu)
            else child.text
            for child in element._ui_node.children
        ]

    return read


@pytest.fixture
def entry(app):
    """Return the item of the bar with a text."""

    def find(text, element=None):
        element = element or service(UiTree).main_menu_bar
        below = [found for child in element._ui_node.children for found in [child, find(text, child)] if found]
        return next((each for each in below if each.text == text), None)

    return find


def test_items_show_at_the_next_update(app, bar):
    items = menus.add_menu_items([Item(name="Record"), Item(), Item(name="Stop", header="End")], "Tools")
    assert service(UiTree).main_menu_bar is None
    assert bar() == [["Tools", "Record", "-", "-End", "Stop"]]
    menus.remove_menu_items(items, "Tools")
    assert bar() == []


def test_submenus_of_the_same_name_become_one(bar):
    for name in ("a", "b"):
        for menu, items in menus.build_submenu_dict([Item(name=f"Tools/Replicator/{name}")]).items():
            menus.add_menu_items(items, menu)
    assert bar() == [["Tools", ["Replicator", "a", "b"]]]


def test_a_name_that_is_no_path_is_refused():
    with pytest.raises(ValueError, match="menu entry 'Record' is in no menu"):
        menus.build_submenu_dict([Item(name="Record")])


def test_items_stand_where_they_ask_to(bar):
    menus.add_menu_items(
        [
            Item(name="z", appear_after=MenuItemOrder.LAST),
            Item(name="a2", appear_after="a1"),
            Item(name="a1", appear_after="a"),
            Item(name="lost", appear_after="nothing"),
            Item(name="a"),
            Item(name="first", appear_after=MenuItemOrder.FIRST),
        ],
        "M",
    )
    assert bar() == [["M", "first", "a", "a1", "a2", "lost", "z"]]


def test_menus_stand_in_the_order_of_their_index(bar):
    menus.add_menu_items([Item(name="x")], "Window", 10)
    menus.add_menu_items([Item(name="x")], "File", -10)
    assert bar() == [["File", "x"], ["Window", "x"]]
    menus.set_default_menu_priority("Window", -20)
    assert bar() == [["Window", "x"], ["File", "x"]]


def test_a_click_does_the_action_and_the_function(app, entry):
    calls = []
    get_action_registry().register_action("my.ext", "go", lambda value: calls.append(value))
    menus.add_menu_items(
        [Item(name="Go", onclick_action=("my.ext", "go", 3), onclick_fn=lambda: calls.append("fn"))], "M"
    )
    app.update()
    _input.click(entry("Go"))
    assert calls == [3, "fn"]


def test_functions_say_what_an_item_is(app, entry):
    state = {"name": "Go", "show": True, "enable": True, "tick": False}
    item = Item(
        name_fn=lambda: state["name"],
        show_fn=lambda: state["show"],
        enable_fn=[lambda: state["enable"]],
        ticked_fn=lambda: state["tick"],
    )
    menus.add_menu_items([item], "M")
    app.update()
    found = entry("Go")
    assert (found.visible, found.enabled, found.checked, found.checkable) == (True, True, False, True)
    state.update(name="Went", show=False, enable=False, tick=True)
    menus.refresh_menu_items("M")
    assert found.text == "Go"
    app.update()
    assert (found.text, found.visible, found.enabled, found.checked) == ("Went", False, False, True)
    state["name"] = "Gone"
    menus.refresh_menu_items("M", immediately=True)
    assert found.text == "Gone"


def test_a_view_hears_of_a_new_bar(app):
    heard = []
    cancel = service(UiTree).subscribe(lambda element, what: heard.append((element._ui_node.kind, what)))
    menus.add_menu_items([Item(name="x")], "M")
    app.update()
    cancel()
    assert ("MenuBar", "children") in heard


class Window(menus.MenuHelperWindow):
    def __init__(self, title):
        super().__init__(title, width=100)


class Extension(omni.ext.IExt, menus.MenuHelperExtensionFull):
    def on_startup(self, ext_id):
        self.menu_startup(lambda: Window("Recorder"), "Recorder", "Open Recorder", "Tools/Replicator", "_window")

    def on_shutdown(self):
        self.menu_shutdown()


@pytest.fixture
def extension(app):
    extension = Extension()
    extension.on_startup("my.ext")
    app.update()
    return extension


def test_the_window_of_an_extension_is_made_when_it_is_first_shown(app, bar, entry, extension):
    assert bar() == [["Tools", ["Replicator", "Open Recorder"]]]
    assert extension._window is None
    _input.click(entry("Open Recorder"))
    window = ui.Workspace.get_window("Recorder")
    assert window is extension._window
    app.update()
    assert entry("Open Recorder").checked


def test_the_tick_follows_the_window(app, entry, extension):
    ui.Workspace.show_window("Recorder")
    extension._window.visible = False
    app.update()
    assert not entry("Open Recorder").checked
    _input.click(entry("Open Recorder"))
    app.update()
    assert extension._window.visible
    assert entry("Open Recorder").checked


def test_shutdown_takes_the_entry_and_the_window_away(bar, extension):
    ui.Workspace.show_window("Recorder")
    extension.on_shutdown()
    assert bar() == []
    assert ui.Workspace.get_window("Recorder") is None
    assert not ui.Workspace.show_window("Recorder")


def test_an_entry_for_a_window_of_ones_own(app, bar, entry):
    class Own(menus.MenuHelperExtension):
        pass

    own, window = Own(), ui.Window("Mine", visible=False)
    own.menu_startup("Mine", "Show Mine", "Window")
    app.update()
    _input.click(entry("Show Mine"))
    assert window.visible
    own.menu_shutdown()
    assert bar() == []


def test_a_destroyed_description_does_nothing():
    calls = []
    item = Item(name="a", onclick_fn=print, sub_menu=[Item(name="b", onclick_fn=print)])
    item.add_on_delete_func(lambda each: calls.append(each.name))
    item.destroy()
    assert (calls, item.has_action(), item.sub_menu[0].has_action()) == (["a"], False, False)
    assert ("name" in item, item["name"], item.get("nothing", 3)) == (True, "a", 3)
