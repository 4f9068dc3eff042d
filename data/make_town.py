"""Builds the CARLA extension's assets, its town and its blueprints: `python data/make_town.py` rewrites them all.

They go to `exts/simslate.carla/data`. Everything is modelled here, from measures and seeded dice.
"""

from collections.abc import Callable
from pathlib import Path

import town_blueprints
import town_buildings
import town_people
import town_props
import town_stage
import town_street
import town_trucks

OUT = Path(__file__).parents[1] / "exts/simslate.carla/data"

STAGES = {
    **town_trucks.MAKERS,
    **town_people.MAKERS,
    **town_props.MAKERS,
    **town_buildings.MAKERS,
    **town_street.MAKERS,
    "town.usda": town_stage.town,
}
MAKERS: dict[str, Callable[[], str]] = {
    **{name: (lambda make=make: make().text()) for name, make in STAGES.items()},
    # Last: it measures the assets.
    "blueprints.json": lambda: town_blueprints.table(OUT),
}
"""File in the extension's data folder -> the function that returns its text."""


def main() -> None:
    """Writes every file."""
    for name, make in MAKERS.items():
        path = OUT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
