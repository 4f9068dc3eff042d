"""Walking shading networks: where an input's value comes from."""

from __future__ import annotations

from typing import Any

from pxr import Usd, UsdShade


def source_of(shader: UsdShade.Shader, name: str) -> Usd.Attribute | None:
    """Return the attribute that gives an input its value, through interfaces and node graphs."""
    found = shader.GetInput(name)
    attributes = found.GetValueProducingAttributes() if found else []
    return attributes[0] if attributes else None


def id_of(source: Usd.Attribute | None) -> str:
    """Return the id of the shader that an attribute is an output of, else ""."""
    if source is None or not UsdShade.Output.IsOutput(source):
        return ""
    return str(UsdShade.Shader(source.GetPrim()).GetIdAttr().Get() or "")


def value_of(shader: UsdShade.Shader, name: str, time: Usd.TimeCode, default: Any) -> Any:
    """Return an input's constant value; the default where there is none, or a shader computes it."""
    source = source_of(shader, name)
    value = source.Get(time) if source is not None and UsdShade.Input.IsInput(source) else None
    return default if value is None else value
