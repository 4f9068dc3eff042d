"""The coverage page: what it says of a symbol, and that it is the page of today's modules."""

import pytest

import coverage_page
from coverage_page import ABSENT, PARTLY, PARTLY_WORKS, RAISES, WORKS, Symbol, state

beside = pytest.mark.skipif(not coverage_page.FACTS.exists(), reason="the facts lie beside the project only")


@pytest.mark.parametrize(
    ("module", "name", "expected"),
    [
        ("omni.usd", "get_context", WORKS),
        ("omni.usd", "get_context().get_stage().GetPrimAtPath", WORKS),
        ("omni.usd", "get_context().no_such_thing", RAISES),
        ("omni.usd", "StageEventType.CLOSING", WORKS),
        ("omni.usd", "no_such_thing", RAISES),
        ("omni.kit.app", "get_app().get_extension_manager().get_extension_path", WORKS),
        ("omni.kit.viewport.utility", "get_active_viewport().updates_enabled", WORKS),
        ("omni.kit.viewport.utility", "toggle_global_visibility", RAISES),
        ("omni.ui", "StringField().model.set_value", WORKS),
        ("omni.replicator.core", "create.render_product().destroy", WORKS),
        ("isaacsim", "SimulationApp().close", WORKS),
        ("isaacsim", "SimulationApp", PARTLY_WORKS),
        ("isaacsim.core.prims", "SingleArticulation", RAISES),
        ("isaacsim.robot", "Robot", ABSENT),
    ],
)
def test_what_becomes_of_a_symbol(module, name, expected):
    assert state(Symbol(module, name)) == expected


@pytest.mark.parametrize("full_name", PARTLY)
def test_what_works_in_part_is_there(full_name):
    parts = full_name.split(".")
    found = [state(Symbol(".".join(parts[:end]), ".".join(parts[end:]))) for end in range(1, len(parts))]
    assert PARTLY_WORKS in found


def test_the_tables_of_use_are_read():
    usage = "| # |\n| 1 | `omni.usd.get_context` | 111 | 307 |\n| 2 | `omni.usd.get_context().get_stage` | 73 | 1 |\n"
    usage += (
        "### omni.usd\n| `get_context` | 111 | 307 | 0 pos |\n| `a()._own` | 3 | 3 | |\n## 2.\n| `other` | 1 | 1 | |\n"
    )
    assert list(coverage_page.used_symbols(usage)) == [Symbol("omni.usd", "get_context", 111)]
    assert list(coverage_page.most_used_symbols(usage)) == [
        Symbol("omni.usd", "get_context", 111),
        Symbol("omni.usd", "get_context().get_stage", 73),
    ]


@beside
def test_the_page_is_todays():
    assert coverage_page.PAGE.read_text() == coverage_page.page(coverage_page.FACTS), "tools/coverage writes it anew"
