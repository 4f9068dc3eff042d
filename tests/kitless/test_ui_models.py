"""Models: values, conversions and who hears of changes."""

import pytest

import omni.ui as ui


def test_a_value_reads_as_every_type():
    model = ui.SimpleFloatModel(2.5)
    assert (model.as_float, model.as_int, model.as_bool, model.as_string) == (2.5, 2, True, "2.5")
    assert model.get_value_as_string() == "2.5"


@pytest.mark.parametrize("text", ["true", "1", "True", "-2"])
def test_a_text_reads_as_true(text):
    assert ui.SimpleStringModel(text).as_bool


@pytest.mark.parametrize("text", ["", "False", "0.0", "yes"])
def test_a_text_reads_as_false(text):
    assert not ui.SimpleStringModel(text).as_bool


@pytest.mark.parametrize(
    ("model", "value", "expected"),
    [
        (ui.SimpleIntModel, "12", 12),
        (ui.SimpleIntModel, 2.9, 2),
        (ui.SimpleIntModel, "x", 0),
        (ui.SimpleFloatModel, "1.5", 1.5),
        (ui.SimpleBoolModel, 3, True),
        (ui.SimpleStringModel, 4, "4"),
    ],
)
def test_a_value_of_another_type_is_converted(model, value, expected):
    made = model()
    made.set_value(value)
    assert (made.as_string if isinstance(expected, str) else made.as_float) == expected


def test_a_number_keeps_to_its_limits():
    model = ui.SimpleIntModel(5, min=0, max=10)
    model.set_value(11)
    assert model.as_int == 10


def test_a_change_is_heard_once_and_an_equal_value_is_none():
    model, seen = ui.SimpleStringModel("a"), []
    key = model.add_value_changed_fn(lambda each: seen.append(each.as_string))
    model.set_value("b")
    model.set_value("b")
    model.remove_value_changed_fn(key)
    model.set_value("c")
    assert seen == ["b"]


def test_a_subscription_ends_when_it_is_dropped():
    model, seen = ui.SimpleIntModel(), []
    held = model.subscribe_value_changed_fn(lambda each: seen.append(each.as_int))
    model.set_value(1)
    del held
    model.set_value(2)
    assert seen == [1]


def test_edits_are_heard():
    model, seen = ui.SimpleIntModel(), []
    model.add_begin_edit_fn(lambda each: seen.append("begin"))
    held = model.subscribe_end_edit_fn(lambda each: seen.append("end"))
    model.begin_edit()
    model.end_edit()
    assert seen == ["begin", "end"]
    assert held


def test_a_callback_that_fails_does_not_stop_the_others(app, capfd):
    model, seen = ui.SimpleIntModel(), []
    model.add_value_changed_fn(lambda each: 1 / 0)
    model.add_value_changed_fn(lambda each: seen.append(1))
    model.set_value(3)
    assert seen == [1]
    assert "ZeroDivisionError" in "".join(capfd.readouterr())


def test_a_model_of_ones_own_drives_a_field(app):
    class Upper(ui.AbstractValueModel):
        def __init__(self):
            super().__init__()
            self._value = "x"

        def get_value_as_string(self):
            return self._value.upper()

        def set_value(self, value):
            self._value = value
            self._value_changed()

    field, seen = ui.StringField(Upper()), []
    field.model.add_value_changed_fn(lambda each: seen.append(each.as_string))
    field.model.set_value("abc")
    assert seen == ["ABC"]


def test_a_model_of_the_wrong_kind_is_refused():
    with pytest.raises(TypeError, match=r"ComboBox\.model cannot be .*: expected an AbstractItemModel"):
        ui.ComboBox(model=ui.SimpleIntModel())


def test_a_model_does_not_keep_a_widget():
    import gc
    import weakref

    model = ui.SimpleIntModel()
    ref = weakref.ref(ui.IntField(model))
    gc.collect()
    assert ref() is None
    model.set_value(3)


def test_fields_of_several_values():
    field, seen = ui.MultiFloatField(1.0, 2.0), []
    field.model.add_item_changed_fn(lambda model, item: seen.append(model.get_item_value_model(item).as_float))
    items = field.model.get_item_children()
    field.model.get_item_value_model(items[1]).set_value(5)
    assert seen == [5.0]
    assert len(ui.ColorWidget().model.get_item_children()) == 3
