"""Our Kit modules against the recorded API of Kit: same names take the same parameters; what is missing says so."""

import enum
import importlib
import importlib.util
import inspect
import json
from pathlib import Path

import pytest

from kitless.absent import Missing

API_FILE = Path(__file__).parents[2].parent / "shared" / "facts" / "kit_api.json"
# Nothing of Kit's: errors that have to have a name, and the class that Kit calls IApp alone.
OURS = {
    "omni.ext": {"ExtensionError", "ExtensionCycleError", "ExtensionNotFoundError"},
    "omni.kit.app": {"App"},
}
# Kit's App.run is for its launcher; ours runs a coroutine (see the class's documentation). The stubs are those of 5.0:
# since 6.0 the root of assets takes skip_check, with which scripts call it.
OTHERWISE = {
    ("omni.kit.app", "IApp.run"),
    ("isaacsim.storage.native", "get_assets_root_path"),
    ("isaacsim.storage.native", "get_assets_root_path_async"),
}
# What the walk has to find at least, so that it cannot pass by finding nothing.
EXPECTED = {
    "carb",
    "carb.settings",
    "isaacsim.core.experimental.utils.app",
    "isaacsim.core.experimental.utils.prim",
    "isaacsim.core.experimental.utils.semantics",
    "isaacsim.core.experimental.utils.stage",
    "isaacsim.core.utils.extensions",
    "isaacsim.core.utils.prims",
    "isaacsim.core.utils.semantics",
    "isaacsim.core.utils.stage",
    "isaacsim.core.utils.viewports",
    "isaacsim.simulation_app",
    "isaacsim.storage.native",
    "isaacsim.test.utils.file_validation",
    "isaacsim.test.utils.image_comparison",
    "omni.client",
    "omni.isaac.core",
    "omni.isaac.core.world.world",
    "omni.isaac.kit",
    "omni.kit.app",
    "omni.kit.commands",
    "omni.kit.viewport.utility",
    "omni.timeline",
    "omni.ui",
    "omni.usd",
    "Semantics",
}
MANY = 500

pytestmark = pytest.mark.skipif(not API_FILE.exists(), reason="the recorded API of Kit lies beside the project only")


def is_there(module):
    """Whether kitless has the module; pxr is not ours."""
    try:
        return not module.startswith(("_", "pxr")) and importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def recorded_modules():
    """Return the recorded modules that kitless has, each as a list of its records: of 5.0, of 6.0, or both."""
    api = json.loads(API_FILE.read_text()) if API_FILE.exists() else {}
    found = {}
    for records in (api, api.get("_isaacsim_6_0", {})):
        for module, names in records.items():
            if is_there(module):
                found.setdefault(module, []).append(names)
    return found


def members(name, facts):
    yield name, facts
    for member, about in facts.get("members", {}).items():
        if not member.startswith("__"):
            yield f"{name}.{member}", about


RECORDED = recorded_modules()


def entries():
    """Return, by module and dotted name, all records of a name, of members of classes too."""
    found = {}
    for module, records in RECORDED.items():
        for names in records:
            for name, facts in names.items():
                for dotted, about in members(name, facts):
                    found.setdefault((module, dotted), []).append(about)
    return found


def ours(module, name):
    """Return our object of that name, or the error that says that there is none."""
    found = importlib.import_module(module)
    try:
        for part in name.split("."):
            found = getattr(found, part)
    except AttributeError as error:
        return error
    return found


ENTRIES = entries()
PRESENT = {key: facts for key, facts in ENTRIES.items() if not isinstance(ours(*key), (AttributeError, Missing))}


def parameters(thing):
    function = thing.__init__ if isinstance(thing, type) and "__init__" in vars(thing) else thing
    found = list(inspect.signature(function).parameters.values())
    return found[1:] if found and found[0].name == "self" else found


def recorded_parameters(signature):
    """Return (name, default or None, keyword only) of recorded parameters, ``self`` and ``cls`` left out."""
    result, keyword_only = [], False
    for text in signature:
        if text == "*":
            keyword_only = True
        elif text not in ("self", "cls"):
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
        return recorded == default.__name__ or recorded.startswith("lambda ")
    if isinstance(default, enum.Enum):
        return recorded in (str(default), default.name, f"{type(default).__name__}.{default.name}")
    return recorded == repr(default) or (isinstance(default, float) and recorded == repr(int(default)))


def differences(recorded, found):
    """What a recorded signature has otherwise; nothing when they agree."""
    if len(found) != len(recorded):
        return [f"{[str(each) for each in found]} in place of {[label for label, _, _ in recorded]}"]
    said = []
    for (label, default, keyword_only), parameter in zip(recorded, found, strict=True):
        if not label.startswith("arg"):
            if parameter.name != label:
                said.append(f"{parameter.name} in place of {label}")
            if (parameter.kind is inspect.Parameter.KEYWORD_ONLY) != keyword_only:
                said.append(f"{label} is{'' if keyword_only else ' not'} keyword only")
        if not same_default(default, parameter):
            said.append(f"{label}={parameter.default!r} in place of {default}")
    return said


def comparable(key, facts):
    """Whether the record has one form to compare with: no catch-all, no overloads, not an object Kit alone makes."""
    if "signature" not in facts or facts["kind"] == "enum" or key in OTHERWISE:
        return False
    making = facts.get("members", {}).get("__init__") if facts["kind"] == "class" else facts
    catch_all = any(label.startswith("*") for label, _, _ in recorded_parameters(facts["signature"]))
    return making is not None and "overloads" not in making and not catch_all


CALLABLE = {
    key: known for key, facts in PRESENT.items() if (known := [each for each in facts if comparable(key, each)])
}


def test_the_walk_finds_what_kitless_offers():
    assert set(RECORDED) >= EXPECTED, sorted(EXPECTED - set(RECORDED))
    assert len(CALLABLE) > MANY
    assert {("omni.client", "list"), ("omni.client", "copy")} <= set(CALLED)
    for module in EXPECTED - {"Semantics"}:
        assert any(key[0] == module for key in PRESENT), module


@pytest.mark.parametrize("key", CALLABLE, ids=".".join)
def test_a_function_of_kit_takes_the_same_parameters(key):
    found = parameters(ours(*key))
    said = [differences(recorded_parameters(facts["signature"]), found) for facts in CALLABLE[key]]
    # Where releases differ, ours is that of one of them.
    assert [] in said, said


# Where no signature is known, how scripts call it is.
CALLED = {
    key: facts[0]
    for key, facts in PRESENT.items()
    if facts[0].get("kind") == "observed" and facts[0].get("calls") and inspect.isfunction(ours(*key))
}


@pytest.mark.parametrize("key", CALLED, ids=".".join)
def test_a_function_without_a_stub_can_be_called_as_scripts_do(key):
    signature, facts = inspect.signature(ours(*key)), CALLED[key]
    most = [None] * facts["max_positional"]
    signature.bind(*most)
    # Not at once: a keyword may be one of the most positional ones.
    assert set(facts["kwargs"]) <= set(signature.parameters)


@pytest.mark.parametrize("key", [key for key in PRESENT if key[0] == "omni.client"], ids=".".join)
def test_the_values_of_the_client_that_scripts_use_are_there(key):
    used = [name for name in PRESENT[key][0].get("observed_members", ()) if "(" not in name]
    assert [name for name in used if not hasattr(ours(*key), name)] == []


ASYNC = [key for key, facts in PRESENT.items() if any(each.get("async") or each.get("awaitable") for each in facts)]


@pytest.mark.parametrize("key", ASYNC, ids=".".join)
def test_what_is_awaited_in_kit_is_awaited_here(key):
    assert inspect.iscoroutinefunction(ours(*key))


VALUES = {
    key: each["value"]
    for key, facts in PRESENT.items()
    for each in facts
    if each.get("kind") == "const" and "value" in each
}


@pytest.mark.parametrize("key", VALUES, ids=".".join)
def test_a_constant_of_kit_has_the_same_value(key):
    found, value = ours(*key), VALUES[key]
    plain = found.value if isinstance(found, enum.Enum) else found
    assert value == "..." or value in (found, repr(found), repr(plain))


# Names with an underscore are nobody's API, even if somebody uses omni.ui._ui; replicator's are in a test of their own.
MISSING = [
    key
    for key in ENTRIES
    if key not in PRESENT
    and "." not in key[1]
    and not key[1].startswith("_")
    and key[0] != "omni.replicator.core"
    and ".".join(key) not in RECORDED
]


@pytest.mark.parametrize("key", MISSING, ids=".".join)
def test_a_name_of_kit_that_is_missing_says_so(key):
    module, name = key
    says = rf"{module}\.{name} is not in kitless yet"
    found = ours(*key)
    if isinstance(found, Missing):
        with pytest.raises(NotImplementedError, match=says.replace("omni.isaac.kit", "isaacsim.simulation_app")):
            found()
    else:
        with pytest.raises(AttributeError, match=says):
            getattr(importlib.import_module(module), name)


# Of modules without stubs only what scripts use is recorded, which is not all they have.
COMPLETE = [
    module
    for module, records in RECORDED.items()
    if not any(facts.get("kind") == "observed" for names in records for facts in names.values())
    and hasattr(importlib.import_module(module), "__all__")
]


@pytest.mark.parametrize("module", COMPLETE)
def test_what_a_module_offers_is_kits(module):
    offered = set(importlib.import_module(module).__all__)
    recorded = {name for names in RECORDED[module] for name in names} | OURS.get(module, set())
    assert offered <= recorded, sorted(offered - recorded)


@pytest.mark.parametrize("module", [module for module in RECORDED if module != "Semantics"])
def test_what_a_module_exports_is_there(module):
    found = importlib.import_module(module)
    assert [name for name in getattr(found, "__all__", ()) if not hasattr(found, name)] == []


def test_members_that_are_missing_say_so(tmp_path):
    from omni.kit.app import App
    from omni.usd import get_context

    with App(data_dir=tmp_path) as app, pytest.raises(AttributeError, match="get_log_event_stream is not in kitless"):
        app.get_log_event_stream()
    with App(data_dir=tmp_path), pytest.raises(AttributeError, match="set_selection_group is not in kitless yet"):
        get_context().set_selection_group(1, "/World")
