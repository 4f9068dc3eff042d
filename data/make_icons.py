"""Makes the extensions' icons and previews: ``python data/make_icons.py`` renders them with kitless.

An icon is a stage of ``data/icons``, on one side of a slanted line as the camera sees it, and on the other in colours
of what things are. A preview is the same of one of the sample stages.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from kitless import host

host.install_modules()

import omni.replicator.core as rep  # noqa: E402  it is found only now
import omni.usd  # noqa: E402
from omni.kit.app import App  # noqa: E402

DATA = Path(__file__).parent
EXTENSIONS = DATA.parent / "exts"
SIZE, FINENESS = 256, 4
"""Pixels of an icon's side, and how many pixels are rendered for one of them, in each direction."""
TILE, CORNER = (26, 33, 43), 44
LINE, FINEST = (255, 255, 255), 2
"""The dividing line's colour, and how thick it is at least, in pixels."""

Pixels = NDArray[Any]
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class View:
    """A picture to make: on the left as the camera sees it, on the right in colours of what things are."""

    stage: Path
    camera: str
    colours: Mapping[str, Colour]
    """Pattern of prim paths -> the colour of what they are; other prims are left dark."""
    size: tuple[int, int] = (SIZE, SIZE)
    middle: float = 0.5
    """Where the dividing line crosses the middle of the picture, from 0 (left) to 1."""


AMBER, PINK, BLUE, TEAL = (255, 176, 0), (230, 50, 130), (90, 140, 255), (0, 200, 170)
ICONS = {
    "simslate.recorder": View(
        DATA / "icons/recorder.usda",
        "/Studio/Camera",
        {"/Icon/box": AMBER, "/Icon/ball": PINK, "/Icon/cone": BLUE},
        middle=0.46,
    ),
    "simslate.window": View(DATA / "icons/window.usda", "/Studio/Camera", {}, middle=2.0),
    "simslate.carla": View(DATA / "icons/carla.usda", "/Studio/Camera", {"/Icon/car*": BLUE}, middle=0.5),
}
# In the colours of CARLA's palette.
TOWN = {
    "/Town/Surfaces/Lines*": (157, 234, 50),
    "/Town/Surfaces/Road*": (128, 64, 128),
    "/Town/Surfaces/Sidewalks*": (244, 35, 232),
    "/Town/Surfaces/*": (145, 170, 100),
    "/Town/Buildings/*": (70, 70, 70),
    "/Town/Nature/*": (107, 142, 35),
    "/Town/Street/*": (250, 170, 30),
    "/Town/Barriers/*": (190, 153, 153),
}
SAMPLE = {"/World/_03_*": AMBER, "/World/_05_*": PINK, "/World/toy_turtle*": TEAL}
PREVIEWS = {
    "simslate.recorder": View(DATA / "tabletop.usda", "/World/turtle_Camera", SAMPLE, (640, 360)),
    "simslate.window": View(DATA / "tabletop.usda", "/World/side_Camera", SAMPLE, (640, 360)),
    "simslate.carla": View(EXTENSIONS / "simslate.carla/data/town.usda", "/Town/Spectator", TOWN, (640, 360)),
}


def rendered(app: App, view: View, fineness: int) -> tuple[Pixels, Pixels, Pixels]:
    """Returns the picture, the same in the colours of ``view``, black where nothing is, and where there is a thing.

    The first two are uint8 (H, W, 3), the last one is bool (H, W).
    """
    omni.usd.get_context().open_stage(str(view.stage))
    size = (view.size[0] * fineness, view.size[1] * fineness)
    product = rep.create.render_product(view.camera, size)
    annotators = [
        rep.AnnotatorRegistry.get_annotator(name, init_params=given)
        for name, given in (("rgb", None), ("instance_id_segmentation", {"colorize": False}))
    ]
    for annotator in annotators:
        annotator.attach(product)
    app.run(rep.orchestrator.step_async())
    seen, ids = (annotator.get_data() for annotator in annotators)
    kinds = np.zeros((*ids["data"].shape, 3), np.uint8)
    for number, path in ids["info"]["idToLabels"].items():
        kinds[ids["data"] == int(number)] = colour_of(path, view)
    product.destroy()
    return seen[..., :3].copy(), kinds, ids["data"] > 1


def colour_of(path: str, view: View) -> Colour:
    """Returns the colour of a prim's path; none is black."""
    return next((colour for pattern, colour in view.colours.items() if fnmatch(path, pattern)), (0, 0, 0))


def halves(seen: Pixels, kinds: Pixels, middle: float) -> Pixels:
    """Returns ``seen`` left of the dividing line and ``kinds`` right of it, with what is no kind's left dark."""
    height, width = seen.shape[:2]
    y, x = np.mgrid[:height, :width]
    # It leans by a quarter of the height.
    side = x - middle * width + (y - height / 2) * 0.5
    flat = np.where(kinds.any(axis=2, keepdims=True), kinds, seen // 3)
    picture = np.where((side > 0)[..., None], flat, seen)
    picture[abs(side) < max(FINEST, width / 80)] = LINE
    return picture


def icon(app: App, view: View) -> Image.Image:
    """Returns the icon: what there is, before a dark tile with round corners."""
    seen, kinds, is_thing = rendered(app, view, FINENESS)
    seen[~is_thing] = TILE
    image = Image.fromarray(halves(seen, kinds, view.middle))
    corners = Image.new("L", image.size)
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, image.width - 1, image.height - 1), CORNER * FINENESS, 255)
    image.putalpha(corners)
    return image.resize(view.size, Image.Resampling.LANCZOS)


def preview(app: App, view: View) -> Image.Image:
    """Returns the preview of an extension."""
    seen, kinds, _ = rendered(app, view, 2)
    image = Image.fromarray(halves(seen, kinds, view.middle))
    return image.resize(view.size, Image.Resampling.LANCZOS)


def main() -> None:
    """Renders every picture."""
    with tempfile.TemporaryDirectory() as folder, App(data_dir=Path(folder)) as app:
        for make, name, views in ((icon, "icon", ICONS), (preview, "preview", PREVIEWS)):
            for extension, view in views.items():
                path = EXTENSIONS / extension / "data" / f"{name}.png"
                path.parent.mkdir(exist_ok=True)
                make(app, view).save(path, optimize=True)


if __name__ == "__main__":
    main()
