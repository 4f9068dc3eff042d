"""Our Kit modules against the recorded API of Kit: same names take the same parameters; what is missing says so."""

import enum
import importlib
import inspect
import json
from pathlib import Path

import pytest

API_FILE = Path(__file__).parents[2].parent / "shared" / "facts" / "kit_api.json"
MODULES = (
    "carb",
    "carb.eventdispatcher",
    "carb.events",
    "carb.settings",
    "carb.tokens",
    "omni.ext",
    "omni.kit.actions.core",
    "omni.kit.app",
    "omni.kit.commands",
    "omni.kit.menu.utils",
    "omni.kit.menu.utils.builder_utils",
    "omni.kit.menu.utils.extension_window_helper",
    "omni.kit.menu.utils.extension_window_helper_full",
    "omni.kit.notification_manager",
    "omni.kit.test",
    "omni.kit.ui_test",
    "omni.kit.ui_test.common",
    "omni.kit.ui_test.input",
    "omni.kit.ui_test.menu",
    "omni.kit.ui_test.query",
    "omni.kit.ui_test.vec2",
    "omni.kit.undo",
    "omni.timeline",
    "omni.ui",
    "omni.usd",
    "omni.usd.commands",
    "Semantics",
)
# Nothing of Kit's: errors that have to have a name, and the class that Kit calls IApp alone.
OURS = {
    "omni.ext": {"ExtensionError", "ExtensionCycleError", "ExtensionNotFoundError"},
    "omni.kit.app": {"App"},
}

# Kit's App.run is for its launcher; ours runs a coroutine (see the class's documentation).
OTHERWISE = {("omni.kit.app", "IApp.run")}

pytestmark = pytest.mark.skipif(not API_FILE.exists(), reason="the recorded API of Kit lies beside the project only")


def entries():
    """Yield (module, dotted name in it, facts) for every recorded name, members of classes too."""
    api = json.loads(API_FILE.read_text()) if API_FILE.exists() else {}
    for module in MODULES:
        for name, facts in api.get(module, {}).items():
            yield module, name, facts
            for member, about in facts.get("members", {}).items():
                if not member.startswith("__"):
                    yield module, f"{name}.{member}", about


def ours(module, name):
    """Return our object of that name, or the error that says that there is none."""
    found = importlib.import_module(module)
    try:
        for part in name.split("."):
            found = getattr(found, part)
    except AttributeError as error:
        return error
    return found


ENTRIES = list(entries())
PRESENT = [entry for entry in ENTRIES if not isinstance(ours(*entry[:2]), AttributeError)]


def parameters(function, skip_self):
    found = list(inspect.signature(function).parameters.values())
    return found[1:] if skip_self and found and found[0].name == "self" else found


def recorded_parameters(signature):
    """Return (name, default or None, keyword only) of recorded parameters, ``self`` left out."""
    result, keyword_only = [], False
    for text in signature:
        if text == "*":
            keyword_only = True
        elif text != "self":
            name, equals, default = text.partition("=")
            result.append((name, default if equals else None, keyword_only))
    return result


def same_default(recorded, parameter):
    """Compare defaults; the record has ``...`` for those it cannot write, and an empty collection is an empty one."""
    if recorded is None or parameter.default is inspect.Parameter.empty:
        return recorded is None and parameter.default is inspect.Parameter.empty
    default = parameter.default
    if recorded == "..." or (recorded in ("{}", "[]", "list()", "tuple()") and not default):
        return True
    if inspect.isfunction(default):
        return recorded == default.__name__
    if isinstance(default, enum.Enum):
        return recorded in (str(default), default.name, f"{type(default).__name__}.{default.name}")
    return recorded == repr(default) or (isinstance(default, float) and recorded == repr(int(default)))


def comparable(module, name, facts):
    """Whether the record has one form to compare with: no catch-all, no overloads, not an object Kit alone makes."""
    if "signature" not in facts or facts["kind"] == "enum" or (module, name) in OTHERWISE:
        return False
    making = facts.get("members", {}).get("__init__") if facts["kind"] == "class" else facts
    catch_all = any(label.startswith("*") for label, _, _ in recorded_parameters(facts["signature"]))
    return making is not None and "overloads" not in making and not catch_all


CALLABLE = [entry for entry in PRESENT if comparable(*entry)]


@pytest.mark.parametrize(("module", "name", "facts"), CALLABLE, ids=[f"{e[0]}.{e[1]}" for e in CALLABLE])
def test_a_function_of_kit_takes_the_same_parameters(module, name, facts):
    thing = ours(module, name)
    recorded = recorded_parameters(facts["signature"])
    found = parameters(thing, "." in name)
    assert len(found) == len(recorded)
    for (label, default, keyword_only), parameter in zip(recorded, found, strict=True):
        if not label.startswith("arg"):
            assert parameter.name == label
            assert (parameter.kind is inspect.Parameter.KEYWORD_ONLY) == keyword_only
        assert same_default(default, parameter), (label, default, parameter.default)


VALUES = [(m, n, f["value"]) for m, n, f in PRESENT if f.get("kind") == "const" and "value" in f]


@pytest.mark.parametrize(("module", "name", "value"), VALUES, ids=[f"{m}.{n}" for m, n, _ in VALUES])
def test_a_constant_of_kit_has_the_same_value(module, name, value):
    found = ours(module, name)
    assert found == value or repr(found) == value


# Names with an underscore are nobody's API, even if somebody uses omni.ui._ui.
MISSING = [
    entry[:2]
    for entry in ENTRIES
    if isinstance(ours(*entry[:2]), AttributeError) and "." not in entry[1] and not entry[1].startswith("_")
]


@pytest.mark.parametrize(("module", "name"), MISSING)
def test_a_name_of_kit_that_is_missing_says_so(module, name):
    assert not hasattr(importlib.import_module(module), name)
    with pytest.raises(AttributeError, match=rf"{module}\.{name} is not in kitless yet"):
        getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("module", [module for module in MODULES if module != "Semantics"])
def test_what_a_module_offers_is_kits(module):
    api = json.loads(API_FILE.read_text())[module]
    offered = set(importlib.import_module(module).__all__)
    recorded = set(api) | OURS.get(module, set())
    assert offered <= recorded, sorted(offered - recorded)


def test_members_that_are_missing_say_so(tmp_path):
    from omni.kit.app import App
    from omni.usd import get_context

    with App(data_dir=tmp_path) as app, pytest.raises(AttributeError, match="get_log_event_stream is not in kitless"):
        app.get_log_event_stream()
    with App(data_dir=tmp_path), pytest.raises(AttributeError, match="set_selection_group is not in kitless yet"):
        get_context().set_selection_group(1, "/World")
