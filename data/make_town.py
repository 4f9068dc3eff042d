"""Builds the CARLA extension's assets and its town: `python data/make_town.py` rewrites `exts/simslate.carla/data`."""

from pathlib import Path

import town_people
import town_props
import town_trucks

OUT = Path(__file__).parents[1] / "exts/simslate.carla/data"

MAKERS = {**town_trucks.MAKERS, **town_people.MAKERS, **town_props.MAKERS}


def main() -> None:
    """Writes every file."""
    for name, make in MAKERS.items():
        path = OUT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make().text(), encoding="utf-8")


if __name__ == "__main__":
    main()
