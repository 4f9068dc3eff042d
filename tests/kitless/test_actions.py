"""Actions: registering, doing and forgetting."""

import pytest

from omni.kit.actions.core import Action, execute_action, get_action_registry

pytestmark = pytest.mark.usefixtures("app")


def test_a_registered_action_is_done_with_its_arguments():
    get_action_registry().register_action("my.ext", "add", lambda a, b=1: a + b, "Add", tag="maths")
    assert execute_action("my.ext", "add", 2, b=5) == 7
    action = get_action_registry().get_action("my.ext", "add")
    assert (action.display_name, action.tag, action.requires_parameters) == ("Add", "maths", True)


def test_an_unknown_action_is_a_warning(capfd):
    assert execute_action("my.ext", "nothing") is None
    assert "There is no action nothing of my.ext" in "".join(capfd.readouterr())


def test_what_an_action_raises_is_raised():
    get_action_registry().register_action(Action("my.ext", "fail", lambda: 1 / 0))
    with pytest.raises(ZeroDivisionError):
        execute_action("my.ext", "fail")


@pytest.mark.parametrize("how", ["ids", "action", "keywords"])
def test_a_deregistered_action_does_nothing(how):
    registry = get_action_registry()
    action = registry.register_action("my.ext", "one", lambda: 1)
    given = {"ids": ("my.ext", "one"), "action": (action,), "keywords": ()}[how]
    keywords = {"extension_id": "my.ext", "action_id": "one"} if how == "keywords" else {}
    assert registry.deregister_action(*given, **keywords) is action
    assert registry.get_action("my.ext", "one") is None
    assert action.execute() is None


def test_all_actions_of_an_extension_go_together():
    registry = get_action_registry()
    for owner in ("my.ext", "other"):
        registry.register_action(owner, "one", lambda: 1)
    registry.deregister_all_actions_for_extension("my.ext")
    assert [each.extension_id for each in registry.get_all_actions()] == ["other"]
