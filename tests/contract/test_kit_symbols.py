"""Every symbol of Kit that the extensions use, each call and each keyword, against what is known of Kit."""

import re
from pathlib import Path

import pytest

from .kit_data import API_FILE, KitData, load_api, load_reviewed
from .kit_use import uses_in

ROOT = Path(__file__).parents[2]
FILES = [*sorted((ROOT / "exts").rglob("*.py")), ROOT / "tools/kit_main.py", ROOT / "tools/window_main.py"]
SOURCE = re.compile(r"(kit|kit_usage|replicator|semantics|rendering)\.md( [0-9.]+)?(:|;|$)|https://docs\.")

pytestmark = pytest.mark.skipif(not API_FILE.exists(), reason="the recorded API of Kit lies beside the project only")


@pytest.fixture(scope="module")
def uses():
    returns = load_reviewed()["returns"]
    return [use for path in FILES for use in uses_in(path, ROOT, returns)]


@pytest.fixture(scope="module")
def data():
    return KitData(load_api(), load_reviewed())


def complaints(data, uses):
    return [text for text in map(data.complaint, uses) if text is not None]


def test_all_that_is_used_is_in_kit_and_takes_what_it_is_given(data, uses):
    assert complaints(data, uses) == []


def test_the_reader_sees_what_is_there(uses):
    """Some places that it has to find, one of each kind: else nothing found would be nothing wrong."""
    found = {use.symbol: use for use in uses}
    assert found["omni.replicator.core.orchestrator.step_async"].keywords
    assert "omni.kit.menu.utils.MenuHelperWindow().set_visibility_changed_fn" in found  # by self
    assert "omni.usd.Selection().get_selected_prim_paths" in found  # by what functions return
    assert "omni.ui.StringField().model.set_value" in found  # by a variable
    assert "omni.usd.StageEventType.CLOSING" in found
    assert {use.place.partition("/")[0] for use in uses} == {"exts", "tools"}


def packages(data):
    return {module[:end] for module in data.api for end in (*(m.start() for m in re.finditer(r"[.]", module)), None)}


def place_of(symbol, data):
    """Return where a symbol is listed, as a dictionary and a key, None if it is nowhere or a package."""
    found = data.find(symbol)
    if symbol in packages(data):
        return None
    if found is not None:
        return found.holder, found.key
    key = next((key for key in data.reviewed if key == symbol), None)
    return None if key is None else (data.reviewed, key)


def test_a_symbol_that_is_gone_is_told(data, uses):
    """Each symbol is taken from the recorded API, and from the reviewed list, and has to be missed."""
    unmissed = []
    for symbol in sorted({use.symbol for use in uses}):
        mine = [use for use in uses if use.symbol == symbol]
        kept = []
        # More than once where a class has it of its own and from a base.
        while (place := place_of(symbol, data)) is not None:
            kept.append((*place, place[0].pop(place[1])))
        if not complaints(data, mine) and symbol not in packages(data):
            unmissed.append(symbol)
        for holder, key, value in reversed(kept):
            holder[key] = value
    assert unmissed == []


def test_a_keyword_that_is_gone_is_told(data, uses):
    signature = data.api["carb.eventdispatcher"]["IEventDispatcher"]["members"]["observe_event"]["signature"]
    place = next(i for i, text in enumerate(signature) if text.startswith("on_event"))
    kept = signature.pop(place)
    (told,) = complaints(data, uses)
    signature.insert(place, kept)
    assert re.match(
        r"exts/simslate.recorder/simslate/recorder/compat.py:\d+: .*observe_event is not known to take", told
    )


def test_the_reviewed_list_is_needed_and_says_where_it_is_from(data, uses):
    complaints(data, uses)
    assert set(data.reviewed) - data.used == set()
    assert [symbol for symbol, facts in data.reviewed.items() if not SOURCE.match(facts["source"])] == []


def test_each_form_of_a_call_is_told_apart(tmp_path):
    """The checker itself, on a small API of its own."""
    api = {"omni.toy": {"f": {"kind": "function", "signature": ["a", "b=1", "*", "c=2"]}, "N": {"kind": "const"}}}
    data = KitData(api, {"symbols": {}})
    lines = ["omni.toy.f(1)", "f(1, 2, c=3)", "f(a=1)", "omni.toy.N", "f()", "f(1, 2, 3)", "f(1, d=4)", "omni.toy.g()"]
    path = tmp_path / "use.py"
    path.write_text("import omni.toy\nfrom omni.toy import f\n" + "\n".join(lines))
    wrong = [int(text.split(":")[1]) - 3 for text in complaints(data, uses_in(path, tmp_path, {}))]
    assert [lines[i] for i in wrong] == ["f()", "f(1, 2, 3)", "f(1, d=4)", "omni.toy.g()"]
