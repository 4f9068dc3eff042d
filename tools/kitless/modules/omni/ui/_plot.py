"""Plots: numbers as a line or as bars."""

from __future__ import annotations

from typing import Any

from omni.ui._enums import Type
from omni.ui._properties import Property, callback, choice, integer, number, string
from omni.ui._widget import Widget


def _floats(values: Any) -> list[float]:
    return [float(value) for value in values]


class Plot(Widget):
    """Numbers between scale_min and scale_max as a line or as bars."""

    type = Property(Type.LINE, choice(Type))
    scale_min = Property(-3.4028234663852886e38, number)
    scale_max = Property(3.4028234663852886e38, number)
    value_offset = Property(0, integer)
    value_stride = Property(1, integer)
    title = Property("", string)
    data: Property[list[float]] = Property([], _floats)

    set_data_provider_fn, has_data_provider_fn, call_data_provider_fn = callback("data_provider_fn")

    def __init__(
        self,
        type: Type = Type.LINE,
        scale_min: float = -3.4028234663852886e38,
        scale_max: float = 3.4028234663852886e38,
        *data: float,
        **kwargs: Any,
    ) -> None:
        super().__init__(type=type, scale_min=scale_min, scale_max=scale_max, data=data, **kwargs)

    def set_data(self, *data: float) -> None:
        """Replace the numbers."""
        self.data = list(data)
