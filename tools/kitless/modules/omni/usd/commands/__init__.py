"""Undoable commands on prims and properties of the open stage."""

from kitless.absent import absent
from omni.usd.commands._prims import (
    AppendAPIToPrimsCommand,
    CreatePrimCommand,
    CreatePrimWithDefaultXformCommand,
    DeletePrimsCommand,
    RemoveAPIFromPrimsCommand,
    SelectPrimsCommand,
)
from omni.usd.commands._properties import ChangePropertyCommand

__all__ = [
    "AppendAPIToPrimsCommand",
    "ChangePropertyCommand",
    "CreatePrimCommand",
    "CreatePrimWithDefaultXformCommand",
    "DeletePrimsCommand",
    "RemoveAPIFromPrimsCommand",
    "SelectPrimsCommand",
]

__getattr__ = absent(__name__)
