"""One view in every quality: ``PYTHONPATH=tools python tools/appearance_sheet.py STAGE CAMERA OUT``.

Side by side: direct light, direct light with 16 subframes, 64 path traced samples.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from pxr import Usd

from kitless.raycast import Camera, Scene, shade, trace

SIZE, CAPTION, FIRST = (420, 300), 22, Usd.TimeCode(0)
QUALITIES: dict[str, dict[str, Any]] = {
    "direct light": {},
    "16 subframes": {"samples": 16},
    "64 samples path traced": {"samples": 64, "bounces": 4},
}


def sheet(stage: Usd.Stage, camera: str) -> Image.Image:
    """The pictures with their captions."""
    scene = Scene(stage)
    scene.update(FIRST)
    seen = Camera.from_prim(stage.GetPrimAtPath(camera), SIZE, FIRST)
    hits = trace(scene, seen)
    page = Image.new("RGB", (SIZE[0] * len(QUALITIES), SIZE[1] + CAPTION), "white")
    draw = ImageDraw.Draw(page)
    for place, (name, quality) in enumerate(QUALITIES.items()):
        pixels = np.ascontiguousarray(shade(scene, seen, hits, **quality)[..., :3])
        page.paste(Image.fromarray(pixels), (place * SIZE[0], CAPTION))
        draw.text((place * SIZE[0] + 6, 4), name, "black", ImageFont.load_default(13))
    scene.close()
    return page


def main(arguments: list[str]) -> int:
    """Run the command line."""
    if len(arguments) != 3 or not Path(arguments[0]).is_file():
        print(__doc__, file=sys.stderr)
        return 2
    path, camera, out = arguments
    sheet(Usd.Stage.Open(path), camera).save(out, quality=88)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
