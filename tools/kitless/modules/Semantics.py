"""The legacy schema SemanticsAPI: type and data of a label, in multiple-apply instances. Newer files use UsdSemantics.

Importing this registers the schema with USD. It has to be imported before the first stage is opened; the app does so
when it boots.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pxr
from pxr import Plug, Sdf, Usd

_SCHEMA = "SemanticsAPI"
_PLUGIN = Path(__file__).with_name("semantics_schema")
_TYPE_SUFFIX = "params:semanticType"
_DATA_SUFFIX = "params:semanticData"


class SemanticsAPI:
    """One labelled instance on a prim: ``semantic:<instance>:params:semanticType`` and ``...:semanticData``."""

    def __init__(self, prim: Usd.Prim, name: str) -> None:
        self._prim = prim
        self._name = name

    @classmethod
    def Apply(cls, prim: Usd.Prim, name: str) -> SemanticsAPI:
        """Apply the schema to ``prim`` as instance ``name`` and return it; raises what USD raises."""
        prim.ApplyAPI(_SCHEMA, name)
        return cls(prim, name)

    @classmethod
    def Get(cls, prim: Usd.Prim, name: str) -> SemanticsAPI:
        """Return instance ``name`` of ``prim``, which is false when the schema is not applied so."""
        return cls(prim, name)

    @classmethod
    def GetAll(cls, prim: Usd.Prim) -> list[SemanticsAPI]:
        """Return the instances applied to ``prim``, in the order of its applied schemas."""
        applied = [name.partition(":") for name in prim.GetAppliedSchemas()]
        return [cls(prim, instance) for schema, _, instance in applied if schema == _SCHEMA]

    @staticmethod
    def IsSemanticsAPIPath(path: Sdf.Path) -> bool:
        """Return whether ``path`` is a property ``semantic:<instance>`` or one below it."""
        return path.IsPropertyPath() and path.name.startswith("semantic:")

    def __bool__(self) -> bool:
        return bool(self._prim) and self._prim.HasAPI(_SCHEMA, self._name)

    def GetPrim(self) -> Usd.Prim:
        """Return the prim."""
        return self._prim

    def GetPath(self) -> Sdf.Path:
        """Return the prim's path."""
        return self._prim.GetPath()

    def GetName(self) -> str:
        """Return the instance's name."""
        return self._name

    def GetSemanticTypeAttr(self) -> Usd.Attribute:
        """Return the attribute of the label's type, usually "class"; invalid when the schema is not applied."""
        return self._prim.GetAttribute(f"semantic:{self._name}:{_TYPE_SUFFIX}")

    def GetSemanticDataAttr(self) -> Usd.Attribute:
        """Return the attribute of the label; invalid when the schema is not applied."""
        return self._prim.GetAttribute(f"semantic:{self._name}:{_DATA_SUFFIX}")

    def CreateSemanticTypeAttr(self, defaultValue: str | None = None, writeSparsely: bool = False) -> Usd.Attribute:
        """Author the attribute of the label's type, with a value if given, and return it."""
        return self._create(_TYPE_SUFFIX, defaultValue, writeSparsely)

    def CreateSemanticDataAttr(self, defaultValue: str | None = None, writeSparsely: bool = False) -> Usd.Attribute:
        """Author the attribute of the label, with a value if given, and return it."""
        return self._create(_DATA_SUFFIX, defaultValue, writeSparsely)

    def _create(self, suffix: str, value: str | None, sparsely: bool) -> Usd.Attribute:
        name = f"semantic:{self._name}:{suffix}"
        attribute = self._prim.CreateAttribute(name, Sdf.ValueTypeNames.String, False)
        if value is not None and not (sparsely and attribute.Get() == value):
            attribute.Set(value)
        return attribute


def _knowing_class(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``method`` of Usd.Prim, taking SemanticsAPI for the schema's name: USD has no C++ class to know it by."""

    @functools.wraps(method)
    def call(self: Usd.Prim, schema: Any, *args: Any, **kwargs: Any) -> Any:
        return method(self, _SCHEMA if schema is SemanticsAPI else schema, *args, **kwargs)

    return call


def _register() -> None:
    Plug.Registry().RegisterPlugins(str(_PLUGIN))
    for name in ("HasAPI", "ApplyAPI", "RemoveAPI", "CanApplyAPI"):
        setattr(Usd.Prim, name, _knowing_class(getattr(Usd.Prim, name)))
    pxr.Semantics = sys.modules[__name__]
    sys.modules["pxr.Semantics"] = sys.modules[__name__]


_register()
