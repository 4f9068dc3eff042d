"""Commands on properties."""

from __future__ import annotations

from typing import Any

from pxr import Sdf, Usd

import omni.usd
from omni.kit.commands import Command
from omni.usd.commands._snapshot import SpecSnapshot


class ChangePropertyCommand(Command):
    """Set an attribute's value; one that is not there is made with ``type_to_create_if_not_exist``.

    ``usd_context_name`` may be a stage, too, and ``target_layer`` a layer other than the edit target. What the layer
    said before is put back by undo, whatever ``prev`` says.
    """

    def __init__(
        self,
        prop_path: str | Sdf.Path,
        value: Any,
        prev: Any,
        timecode: Usd.TimeCode = Usd.TimeCode.Default(),
        type_to_create_if_not_exist: Sdf.ValueTypeName | None = None,
        target_layer: Sdf.Layer | None = None,
        usd_context_name: str | Usd.Stage = "",
        is_custom: bool = False,
        variability: Sdf.Variability = Sdf.VariabilityVarying,
    ) -> None:
        self._path = Sdf.Path(str(prop_path))
        self._value = value
        self._time = timecode
        self._type = type_to_create_if_not_exist
        self._stage = stage_of(usd_context_name)
        self._layer = target_layer or self._stage.GetEditTarget().GetLayer()
        self._custom = is_custom
        self._variability = variability
        self._before: SpecSnapshot | None = None

    def do(self) -> None:
        """Set it; raises ValueError when there is no such property and none may be made."""
        prim = self._stage.GetPrimAtPath(self._path.GetPrimPath())
        if not prim:
            raise ValueError(f"there is no prim {self._path.GetPrimPath()}")
        attribute = prim.GetAttribute(self._path.name)
        if not attribute and self._type is None:
            raise ValueError(f"there is no attribute {self._path}")
        self._before = SpecSnapshot(self._layer, self._path)
        with Usd.EditContext(self._stage, self._layer):
            if not attribute:
                attribute = prim.CreateAttribute(self._path.name, self._type, self._custom, self._variability)
            if self._value is not None:
                attribute.Set(self._value, self._time)

    def undo(self) -> None:
        """Put back what the layer said."""
        if self._before is not None:
            self._before.restore()


def stage_of(given: Any) -> Usd.Stage:
    """Return the stage of a stage, a context, a context's name or None for the default one.

    Raises ValueError when none is open there.
    """
    if isinstance(given, Usd.Stage):
        return given
    context = omni.usd.get_context(given or "") if given is None or isinstance(given, str) else given
    stage = None if context is None else context.get_stage()
    if stage is None:
        raise ValueError(f"no stage is open in USD context {given or 'default'!r}")
    return stage
