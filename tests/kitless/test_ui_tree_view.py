"""Tree views: rows and cells made of an item model."""

import pytest

import omni.ui as ui


class Item(ui.AbstractItem):
    def __init__(self, name, *children):
        super().__init__()
        self.name = ui.SimpleStringModel(name)
        self.children = list(children)


class Model(ui.AbstractItemModel):
    def __init__(self, *items):
        super().__init__()
        self._children = list(items)

    def get_item_children(self, item=None):
        return self._children if item is None else item.children

    def get_item_value_model_count(self, item=None):
        return 2

    def get_item_value_model(self, item=None, column_id=0):
        return None if item is None else item.name

    def add(self, item):
        self._children.append(item)
        self._item_changed(None)


@pytest.fixture
def model():
    return Model(Item("a", Item("b")), Item("c"))


@pytest.fixture
def view(app, model):
    window = ui.Window("W")
    with window.frame:
        view = ui.TreeView(model, root_visible=False)
    app.update()
    yield view
    window.destroy()


def texts(view):
    return [child.text for child in view._ui_node.children]


def test_each_row_has_a_cell_per_column(view):
    assert texts(view) == ["a", "a", "c", "c"]
    assert [(row.level, row.expandable, row.cells) for row in view.rows] == [
        (0, True, ((0, 1), (1, 2))),
        (0, False, ((2, 3), (3, 4))),
    ]


def test_an_expanded_item_shows_what_is_in_it(app, view, model):
    view.set_expanded(model.get_item_children()[0], True, False)
    app.update()
    assert texts(view) == ["a", "a", "b", "b", "c", "c"]
    assert [row.level for row in view.rows] == [0, 1, 0]


def test_a_change_of_the_model_makes_the_rows_again(app, view, model):
    model.add(Item("d"))
    app.update()
    assert texts(view)[-1] == "d"


def test_a_delegate_makes_cells_and_headers(app, view):
    class Delegate(ui.AbstractItemDelegate):
        def build_widget(self, model, item=None, index=0, level=0, expanded=False):
            with ui.HStack():
                ui.Button(f"{item.name.as_string}{index}")

        def build_header(self, column_id=0):
            ui.Label(f"H{column_id}")

    view.delegate, view.header_visible = Delegate(), True
    view.dirty_widgets()
    app.update()
    assert [child._ui_node.kind for child in view._ui_node.children] == ["Label", "Label"] + ["HStack"] * 4


def test_selection_changes_are_called(view, model):
    seen = []
    view.set_selection_changed_fn(seen.append)
    first, second = model.get_item_children()
    view.selection = [first]
    view.extend_selection(second)
    view.toggle_selection(first)
    view.clear_selection()
    assert seen == [[first], [first, second], [second], []]
