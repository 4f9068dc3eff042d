"""What can be spawned, and the assets that stand for it on the stage."""

from __future__ import annotations

from pathlib import Path

from pxr import Gf, Sdf, Usd, UsdGeom

import carb.settings
from simslate.recorder.labels import set_labels

from .blueprint_table import load_blueprints
from .blueprints import ActorBlueprint, BlueprintLibrary, rgb

SETTING = "/exts/simslate.carla/blueprints"
OWN = Path(__file__).parents[2] / "data" / "blueprints.json"


class Catalogue:
    """The blueprints that come with the extension, and those of the table that the setting names."""

    def __init__(self) -> None:
        """Read both tables. ConfigError tells all that is wrong with one; the user's wins where both have an id."""
        own = carb.settings.get_settings().get_as_string(SETTING)
        tables = [load_blueprints(path) for path in (OWN, *([Path(own)] if own else []))]
        self._blueprints = {blueprint.id: blueprint for table in tables for blueprint in table.library}
        self._models = {name: model for table in tables for name, model in table.models.items()}

    def library(self) -> BlueprintLibrary:
        """Return what can be spawned."""
        return BlueprintLibrary(self._blueprints.values())

    def place(self, blueprint: ActorBlueprint, prim: Usd.Prim) -> None:
        """Have ``prim``, a new one, refer to the asset of a blueprint, in its colours, at the current edit target."""
        model = self._models[blueprint.id]
        prim.GetReferences().AddReference(str(model.asset))
        if model.scale != (1.0, 1.0, 1.0):
            UsdGeom.Xformable(prim).AddScaleOp(opSuffix="size").Set(Gf.Vec3f(*model.scale))
        if model.label:
            set_labels(prim, [model.label])
        if model.paint and blueprint.has_attribute("color"):
            _paint(prim, model.paint, rgb(blueprint.get_attribute("color").value))
        for name, color in model.colors.items():
            _paint(prim, name, color)


def _paint(prim: Usd.Prim, name: str, color: tuple[int, int, int]) -> None:
    """Set a colour property below ``prim`` to what looks like these bytes of sRGB."""
    path = prim.GetPath().AppendPath(Sdf.Path(name))
    stage = prim.GetStage()
    attribute = stage.OverridePrim(path.GetPrimPath()).CreateAttribute(path.name, Sdf.ValueTypeNames.Color3f)
    attribute.Set(Gf.Vec3f(*map(_linear, color)))


def _linear(byte: int) -> float:
    """Return the linear light of a byte of sRGB (IEC 61966-2-1)."""
    value = byte / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
