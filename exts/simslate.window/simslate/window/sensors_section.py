"""The section that shows what a sensor sees."""

from __future__ import annotations

import omni.ui as ui

from .control import sensor_line
from .fields import Fields
from .model import Snapshot
from .pictures import Picture, Row

_HEIGHT = 240
_ROWS = 30
_LABEL_WIDTH = 76


def build_sensors(fields: Fields) -> None:
    """Make the section."""
    for name in ("camera", "annotator"):
        fields.row(f"sensors.{name}", label_width=_LABEL_WIDTH)
    fields.rows({"sensors.width": _LABEL_WIDTH, "sensors.height": 50})
    _build_picture(fields)
    fields.text("sensors.line", sensor_line)
    fields.note("sensors")
    fields.rebuilt(_build_legend, lambda snapshot: _legend(snapshot), height=0)


def _build_picture(fields: Fields) -> None:
    provider = ui.ByteImageProvider()
    widget = ui.ImageWithProvider(
        provider, identifier="sensors.picture", tooltip="What the sensor sees.", height=_HEIGHT
    )
    shown: list[Picture | None] = [None]

    def show(snapshot: Snapshot) -> None:
        picture = snapshot.picture
        if picture is not shown[0]:
            shown[0] = picture
            if picture is not None:
                provider.set_data_array(picture.pixels, list(picture.size))
        widget.visible = picture is not None

    fields.watch(show)


def _legend(snapshot: Snapshot) -> tuple[Row, ...]:
    return snapshot.picture.legend if snapshot.picture is not None else ()


def _build_legend(fields: Fields) -> None:
    rows = _legend(fields.model.snapshot)
    with ui.VStack(height=0, spacing=2):
        for place, row in enumerate(rows[:_ROWS]):
            with ui.HStack(height=16, spacing=6):
                red, green, blue = row.colour
                style = {"background_color": 0xFF000000 | blue << 16 | green << 8 | red}
                ui.Rectangle(width=16, height=16, style=style)
                ui.Label(
                    f"{row.label}: {row.pixels:,} pixels",
                    identifier=f"sensors.legend.{place}",
                    tooltip=f"Red, green, blue: {red}, {green}, {blue}",
                )
        if len(rows) > _ROWS:
            ui.Label(f"... and {len(rows) - _ROWS} more", height=0)
