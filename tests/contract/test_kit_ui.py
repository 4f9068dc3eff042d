"""Our omni.ui against what scripts for Kit do with it: keywords and members in use; no signatures are recorded."""

import json
import re
from pathlib import Path

import pytest

import omni.ui as ui

API_FILE = Path(__file__).parents[2].parent / "shared" / "facts" / "kit_api.json"
# In use somewhere, but no property that Kit documents: mistakes of the callers, which raise TypeError here.
NO_KEYWORDS = {
    "CheckBox": {"align", "label"},
    "FloatField": {"value", "max_value", "step", "min_value"},
    "Image": {"image_url"},
    "Label": {"font_size"},
    "RadioButton": {"value"},
    "VStack": {"margin"},
    "Window": {"open", "dock"},
}
# Members of the callers' own subclasses.
NO_MEMBERS = {
    "Frame": {"title"},
    "Rectangle": {"refresh", "enable", "_init_value"},
    "Window": {"viewport_api", "get_frame"},
}

pytestmark = pytest.mark.skipif(not API_FILE.exists(), reason="the recorded API of Kit lies beside the project only")

API = json.loads(API_FILE.read_text())["omni.ui"] if API_FILE.exists() else {}
CLASSES = [name for name in API if hasattr(getattr(ui, name, None), "_ui_properties")]
ENUMS = [
    name
    for name in API
    if name in ("Alignment", "Axis", "CornerFlag", "Direction")
    or name.endswith(("Policy", "Position", "Preference", "Mode"))
]


@pytest.mark.parametrize("name", CLASSES)
def test_the_keywords_in_use_are_taken(name):
    cls = getattr(ui, name)
    known = {*cls._ui_properties, *cls._ui_callbacks}
    assert set(API[name].get("kwargs", ())) - known == NO_KEYWORDS.get(name, set())


@pytest.mark.parametrize("name", CLASSES)
def test_the_members_in_use_are_there(name):
    used = {match[1] for member in API[name].get("observed_members", ()) if (match := re.match(r"\(\)\.(\w+)", member))}
    assert {each for each in used if not hasattr(getattr(ui, name), each)} == NO_MEMBERS.get(name, set())


@pytest.mark.parametrize("name", [name for name in ENUMS if hasattr(ui, name)])
def test_the_values_in_use_are_there(name):
    assert [each for each in API[name].get("observed_members", ()) if not hasattr(getattr(ui, name), each)] == []
