"""omni.replicator.core against what real Isaac Sim code calls: each name is there, or says that it is not yet."""

import importlib
import inspect
import json
from pathlib import Path

import pytest

import omni.replicator.core as rep

API = Path(__file__).parents[2].parent / "shared/facts/kit_api.json"
pytestmark = pytest.mark.skipif(not API.exists(), reason="the table of Kit's API is not beside this clone")
KNOWN = json.loads(API.read_text())["omni.replicator.core"] if API.exists() else {}

# Classes of ours; the rest of the table's nouns are modules, whose members are read off the same way.
INSTANCES = ("Writer", "BackendDispatch")


def used_names():
    """Dotted names below omni.replicator.core that real code uses, up to the first call."""
    for name, entry in KNOWN.items():
        yield name
        for member in entry.get("observed_members", {}):
            path = member.partition("(")[0]
            if name not in INSTANCES and path and "[" not in path and not path.endswith("append"):
                yield f"{name}.{path}"


def resolve(name):
    found = rep
    for part in name.split("."):
        found = getattr(found, part)
    return found


@pytest.mark.parametrize("name", sorted(set(used_names())))
def test_every_name_that_scripts_use_is_there(name):
    found = resolve(name)
    if type(found).__name__ == "Missing":
        with pytest.raises(NotImplementedError, match="not in kitless yet"):
            found()


def observed_calls():
    """(dotted name, number of positional arguments, keywords) of the calls in real code that need no object first."""
    for name, entry in KNOWN.items():
        calls = {f"{name}.{member}": call for member, call in entry.get("observed_calls", {}).items()}
        if "calls" in entry:
            calls[name] = entry
        for called, call in calls.items():
            if "(" not in called and "[" not in called and not called.endswith((".append", ".remove")):
                yield called, call["max_positional"], tuple(call["kwargs"])


CALLS = sorted(set(observed_calls()))


@pytest.mark.parametrize(("name", "positional", "keywords"), CALLS, ids=[call[0] for call in CALLS])
def test_calls_as_scripts_make_them_are_taken(name, positional, keywords):
    found = resolve(name)
    if type(found).__name__ == "Missing":
        pytest.skip("says that it is missing")
    parameters = inspect.signature(found).parameters.values()
    kinds = {each.kind for each in parameters}
    places = [each for each in parameters if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    assert len(places) >= positional or inspect.Parameter.VAR_POSITIONAL in kinds
    names = {each.name for each in parameters}
    assert inspect.Parameter.VAR_KEYWORD in kinds or set(keywords) <= names


def test_the_calls_of_the_table_are_many():
    offered = [name for name, _, _ in CALLS if type(resolve(name)).__name__ != "Missing"]
    assert len([name for name in offered if name.startswith("functional.")]) >= 30


def test_a_missing_function_names_itself_in_full():
    with (
        pytest.raises(NotImplementedError, match=r"omni\.replicator\.core\.create\.omni_lidar"),
        rep.create.omni_lidar(),
    ):
        pass


def test_what_nobody_has_is_no_attribute():
    with pytest.raises(AttributeError):
        _ = rep.WriterRegistry.no_such_thing
    with pytest.raises(AttributeError):
        _ = rep.orchestrator.no_such_thing


def test_exported_names_are_real():
    module = importlib.import_module("omni.replicator.core")
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
