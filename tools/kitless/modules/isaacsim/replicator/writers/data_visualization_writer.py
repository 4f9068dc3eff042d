"""DataVisualizationWriter: boxes drawn on pictures or on nothing."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from omni.replicator.core import BackendDispatch, BaseBackend, Writer
from omni.replicator.core.annotators import get
from omni.replicator.core.functional import write_image
from omni.replicator.core.tools import colorize_normals

from ._view import camera_of, corners, moved, visible_edges

BOXES_3D = "bounding_box_3d_fast"
GREEN = "green"
OPTIONS = ("background", "fill", "outline", "width")
BACKGROUNDS = ("rgb", "normals")


def checked_options(name: str, given: Mapping[str, Any] | None) -> dict[str, Any]:
    """How boxes are drawn. Raises ``ValueError`` for an unknown option or background."""
    options = dict(given or {})
    unknown = sorted(set(options) - set(OPTIONS))
    if unknown:
        raise ValueError(f"{name}_params has no {unknown}; it has {', '.join(OPTIONS)}")
    if options.get("background") not in (None, *BACKGROUNDS):
        raise ValueError(f"{name}_params: background '{options['background']}' is neither 'rgb' nor 'normals'")
    return options


class DataVisualizationWriter(Writer):
    """Writes ``<render product>/<annotator>_0000.png`` for each kind of boxes.

    ``…_params`` are ``background`` ("rgb", "normals"; transparent without), ``fill``, ``outline`` (green) and
    ``width`` (1) as Pillow takes them; edges of 3-D boxes have no fill. Detaching starts the numbers again.
    """

    def __init__(
        self,
        output_dir: str,
        bounding_box_2d_tight: bool = False,
        bounding_box_2d_tight_params: dict[str, Any] | None = None,
        bounding_box_2d_loose: bool = False,
        bounding_box_2d_loose_params: dict[str, Any] | None = None,
        bounding_box_3d: bool = False,
        bounding_box_3d_params: dict[str, Any] | None = None,
        frame_padding: int = 4,
    ) -> None:
        self.version = "0.1.0"
        self.data_structure = "renderProduct"
        self.backend: BaseBackend = BackendDispatch(output_dir=output_dir)
        asked = {
            "bounding_box_2d_tight": (bounding_box_2d_tight, bounding_box_2d_tight_params),
            "bounding_box_2d_loose": (bounding_box_2d_loose, bounding_box_2d_loose_params),
            "bounding_box_3d": (bounding_box_3d, bounding_box_3d_params),
        }
        self._options = {
            f"{name}_fast": checked_options(name, options) for name, (wanted, options) in asked.items() if wanted
        }
        backgrounds = {options.get("background") for options in self._options.values()}
        names = [*self._options, *(name for name in BACKGROUNDS if name in backgrounds)]
        if BOXES_3D in self._options:
            names.append("camera_params")
        self.annotators = [get(name) for name in names]
        self._padding = frame_padding
        self._frame = 0

    def write(self, data: dict[str, Any]) -> None:
        """Schedule the pictures of one frame."""
        for product, outputs in data["renderProducts"].items():
            for name, options in self._options.items():
                image = _background(options.get("background"), outputs)
                _draw(image, name, outputs, options)
                path = f"{product}/{name}_{self._frame:0{self._padding}}.png"
                self.backend.schedule(write_image, path=path, data=np.array(image))
        self._frame += 1

    def detach(self) -> None:
        """Detach, and start the numbers again."""
        super().detach()
        self._frame = 0


def _background(name: str | None, outputs: Mapping[str, Any]) -> Image.Image:
    if name is None:
        width, height = (int(side) for side in outputs["resolution"])
        return Image.new("RGBA", (width, height))
    data = outputs[name]["data"]
    return Image.fromarray(np.ascontiguousarray(colorize_normals(data) if name == "normals" else data)).convert("RGBA")


def _draw(image: Image.Image, name: str, outputs: Mapping[str, Any], options: Mapping[str, Any]) -> None:
    draw = ImageDraw.Draw(image)
    outline, width = options.get("outline", GREEN), int(options.get("width", 1))
    for row in outputs[name]["data"]:
        if name == BOXES_3D:
            world = moved(corners(row), np.asarray(row["transform"], np.float64))
            for edge in visible_edges(camera_of(outputs["camera_params"]), world):
                draw.line([*edge[0], *edge[1]], fill=outline, width=width)
        else:
            box = [int(row[side]) for side in ("x_min", "y_min", "x_max", "y_max")]
            draw.rectangle(box, fill=options.get("fill"), outline=outline, width=width)
