"""Commands: names, results, undo, groups, callbacks."""

import contextlib
import sys

import pytest

from carb.settings import get_settings
from omni.kit import commands, undo


class AddCommand(commands.Command):
    """Append to the list."""

    def __init__(self, items: list, item: int = 0):
        self._items, self._item = items, item

    def do(self):
        self._items.append(self._item)
        return len(self._items)

    def undo(self):
        self._items.remove(self._item)


class AddTwice(commands.Command):
    def __init__(self, items):
        self._items = items

    def do(self):
        commands.execute("Add", items=self._items, item=1)
        commands.execute("Add", items=self._items, item=2)


class LookCommand(commands.Command):
    def do(self):
        return "seen"


class FailCommand(commands.Command):
    def __init__(self, items):
        self._items = items

    def do(self):
        commands.execute("Add", items=self._items, item=9)
        raise ValueError("boom")


@pytest.fixture
def items(app):
    commands.register_all_commands_in_module(sys.modules[__name__])
    return []


@pytest.mark.parametrize("name", ["Add", "AddCommand"])
def test_a_command_has_its_name_with_and_without_its_ending(items, name):
    assert commands.execute(name, items=items, item=5) == (True, 1)
    assert items == [5]
    assert commands.get_command_class(name) is AddCommand


def test_undo_and_redo_go_back_and_forth(items):
    for item in (1, 2, 3):
        commands.execute("Add", items=items, item=item)
    assert undo.undo()
    assert undo.undo()
    assert items == [1]
    assert undo.redo()
    assert items == [1, 2]
    assert [entry.kwargs["item"] for entry in undo.get_undo_stack()] == [1, 2]
    assert [entry.kwargs["item"] for entry in undo.get_redo_stack()] == [3]


def test_there_may_be_nothing_to_undo_or_redo(items):
    assert not undo.undo()
    assert not undo.redo()
    commands.execute("Add", items=items)
    assert (undo.can_undo(), undo.can_redo()) == (True, False)


def test_something_new_forgets_what_was_undone(items):
    commands.execute("Add", items=items, item=1)
    undo.undo()
    commands.execute("Add", items=items, item=2)
    assert not undo.redo()


def test_a_group_is_one_step_also_when_nested(items):
    commands.execute("Add", items=items, item=0)
    with undo.group():
        commands.execute("Add", items=items, item=1)
        with undo.group():
            commands.execute("Add", items=items, item=2)
    undo.undo()
    assert items == [0]
    undo.redo()
    assert items == [0, 1, 2]


def test_an_empty_group_is_no_step(items):
    commands.execute("Add", items=items)
    with undo.group():
        commands.execute("Look")
    undo.undo()
    assert items == []


def test_a_group_ends_when_its_block_raises(items):
    with contextlib.suppress(KeyError), undo.group():
        commands.execute("Add", items=items, item=1)
        raise KeyError
    undo.undo()
    assert items == []


def test_a_command_that_executes_others_is_one_step(items):
    commands.execute("AddTwice", items=items)
    assert items == [1, 2]
    undo.undo()
    assert items == []
    undo.redo()
    assert items == [1, 2]
    undo.undo()
    assert items == []


def test_a_command_without_undo_is_no_step(items):
    assert commands.execute("Look") == (True, "seen")
    assert not undo.can_undo()


def test_disabled_remembers_nothing(items):
    with undo.disabled():
        commands.execute("Add", items=items, item=1)
    assert items == [1]
    assert not undo.can_undo()


def test_a_failing_command_is_logged_and_what_it_did_can_be_undone(items, capsys):
    assert commands.execute("Fail", items=items) == (False, None)
    assert "ValueError: boom" in capsys.readouterr().err
    assert items == [9]
    undo.undo()
    assert items == []


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [("Ad", {}, "no command Ad (nearest: Add)"), ("Add", {"itens": []}, "'itens'")],
)
def test_a_wrong_call_is_logged_and_false(items, capsys, name, arguments, says):
    assert commands.execute(name, **arguments) == (False, None)
    assert says in capsys.readouterr().err


def test_an_undo_that_fails_is_logged_and_the_rest_is_undone(items, capsys):
    with undo.group():
        commands.execute("Add", items=items, item=1)
        commands.execute("Add", items=items, item=2)
    items.remove(2)
    assert undo.undo() is False
    assert items == []
    assert "ValueError" in capsys.readouterr().err


def test_callbacks_are_called_around_do_and_undo(items):
    seen = []
    ids = [
        commands.register_callback(name, moment, lambda info, moment=moment: seen.append((moment, info["item"])))
        for name, moment in (("Add", "post_do"), ("AddCommand", "pre_do"), ("*", "pre_undo"), ("Add", "post_undo"))
    ]
    commands.execute("Add", items=items, item=3)
    undo.undo()
    commands.unregister_callback(ids[0])
    undo.redo()
    assert seen == [("pre_do", 3), ("post_do", 3), ("pre_undo", 3), ("post_undo", 3), ("pre_do", 3)]


def test_a_command_can_be_made_without_doing_it(items):
    command = commands.create("Add", items=items, item=1)
    assert isinstance(command, AddCommand)
    assert items == []
    command.do()
    assert items == [1]


def test_commands_come_and_go(items, capsys):
    changes = []
    commands.subscribe_on_change(lambda: changes.append(True))
    registered = commands.register_all_commands_in_module(__name__)
    assert {cls.__name__ for cls in registered} == {"AddCommand", "AddTwice", "LookCommand", "FailCommand"}
    commands.unregister_module_commands(registered)
    assert commands.get_command_class("Add") is None
    assert len(changes) == 2
    assert capsys.readouterr().err == ""


def test_a_name_taken_over_is_a_warning(items, capsys):
    other = type("Add", (commands.Command,), {"do": lambda self: "other"})
    commands.register(other)
    assert "Command Add" in capsys.readouterr().err
    assert commands.execute("AddCommand") == (True, "other")
    commands.unregister(AddCommand)
    assert commands.get_command_class("Add") is other


def test_what_a_command_takes_can_be_asked(items):
    assert [each.name for each in commands.get_command_parameters("Add")] == ["items", "item"]
    assert commands.get_command_doc("Add") == "Append to the list."
    assert commands.get_commands_list()["AddCommand"] is AddCommand
    assert commands.get_commands()[__name__]["LookCommand"] is LookCommand


def test_changes_of_the_stack_are_told_with_names(items):
    seen = []
    note = seen.append
    undo.subscribe_on_change(note)
    commands.execute("Add", items=items)
    undo.undo()
    undo.unsubscribe_on_change(note)
    undo.redo()
    assert seen == [["Add"], ["Add"]]


def test_the_history_has_failures_and_levels(items):
    commands.execute("Fail", items=items)
    assert [(each.name, each.level, each.error) for each in undo.get_history().values()] == [
        ("Add", 1, False),
        ("Fail", 0, True),
    ]
    undo.clear_history()
    assert undo.get_history() == {}


@pytest.mark.parametrize("end", [undo.end_group, undo.end_disabled])
def test_an_end_without_a_beginning_is_refused(app, end):
    with pytest.raises(RuntimeError, match="without begin"):
        end()


@pytest.mark.parametrize(("before", "after"), [(None, None), (1, 1)])
def test_a_setting_is_changed_and_back(app, before, after):
    get_settings().set("/a", before)
    commands.execute("ChangeSetting", path="/a", value=5)
    assert get_settings().get("/a") == 5
    undo.undo()
    assert get_settings().get("/a") == after
