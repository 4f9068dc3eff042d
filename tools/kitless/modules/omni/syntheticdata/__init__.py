"""The global semantic filter, and data of viewports in the older manner."""

from __future__ import annotations

import importlib
from typing import Any

from kitless.absent import Missing, absent
from omni.syntheticdata import _syntheticdata
from omni.syntheticdata._synthetic_data import SyntheticData
from omni.syntheticdata.scripts import helpers

SyntheticDataStage = Missing("omni.syntheticdata.SyntheticDataStage")

__all__ = ["SyntheticData", "SyntheticDataStage", "_syntheticdata", "helpers", "sensors"]

_absent = absent(__name__)


def __getattr__(name: str) -> Any:
    # Annotators ask this package for the filter, and sensors ask for annotators.
    if name == "sensors":
        return importlib.import_module("omni.syntheticdata.scripts.sensors")
    return _absent(name)
