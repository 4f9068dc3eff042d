"""Draws the sample's textures: `python data/make_textures.py` rewrites `data/textures/*.png`.

Everything is drawn here, from Pillow's own shapes, its built-in font and seeded noise; the brand is invented.
Pixel positions are those of the finished picture, origin top-left. `make_props.py` uses the same islands.
"""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]

TEXTURES = Path(__file__).parent / "textures"

TEAL, DEEP_TEAL = (27, 98, 110), (18, 70, 82)
CREAM, MUSTARD, CORAL = (255, 243, 220), (244, 181, 55), (226, 88, 52)
TOMATO, LEAF, INK = (205, 54, 40), (40, 98, 70), (48, 38, 34)
TOAST, CRUST, CRUMB = (226, 164, 84), (186, 116, 50), (140, 82, 34)

CRACKER_SIZE = (1024, 768)
CRACKER_ISLANDS: dict[str, Box] = {
    "front": (8, 8, 424, 554),
    "back": (432, 8, 848, 554),
    "side": (856, 8, 1012, 554),
    "top": (8, 566, 424, 722),
    "bottom": (432, 566, 848, 722),
}
"""Left, top, right, bottom of each printed face in the cracker box atlas: 2600 pixels to the metre."""

CAN_SIZE = (1024, 640)
CAN_ISLANDS: dict[str, Box] = {
    "label": (0, 0, 1024, 424),
    "lid": (8, 440, 200, 632),
    "base": (216, 440, 408, 632),
    "metal": (432, 448, 1008, 624),
}
"""Left, top, right, bottom of each part in the soup can atlas; the label's left and right edges meet behind the can."""


class Canvas:
    """A picture drawn at three times its size and reduced at the end, so that its edges come out smooth."""

    scale = 3

    def __init__(self, size: tuple[int, int], colour: Colour) -> None:
        self.size = size
        self._picture = Image.new("RGB", (size[0] * self.scale, size[1] * self.scale), colour)
        self._draw = ImageDraw.Draw(self._picture)

    def rectangle(self, box: Box, colour: Colour, radius: float = 0) -> None:
        """Fills a rectangle with rounded corners."""
        self._draw.rounded_rectangle([v * self.scale for v in box], radius * self.scale, fill=colour)

    def disc(self, centre: Sequence[float], radius: float, colour: Colour, *, squash: float = 1.0) -> None:
        """Fills a circle, or with `squash` an ellipse that is lower than wide."""
        (x, y), tall = centre, radius * squash
        self._draw.ellipse([v * self.scale for v in (x - radius, y - tall, x + radius, y + tall)], fill=colour)

    def polygon(self, points: Sequence[Sequence[float]], colour: Colour) -> None:
        """Fills a polygon."""
        self._draw.polygon([(x * self.scale, y * self.scale) for x, y in points], fill=colour)

    def text(self, centre: Sequence[float], words: str, size: float, colour: Colour, *, weight: float = 0) -> None:
        """Writes one line of text around a centre; `weight` pixels are added to the font's strokes."""
        font = ImageFont.load_default(size * self.scale)
        # Heavier strokes eat the space between letters: give it back.
        gap = weight * self.scale * 1.3
        left = centre[0] * self.scale - (font.getlength(words) + gap * (len(words) - 1)) / 2
        for place, letter in enumerate(words):
            where = (left + font.getlength(words[:place]) + gap * place, centre[1] * self.scale)
            stroke = weight * self.scale
            self._draw.text(where, letter, colour, font, anchor="lm", stroke_width=stroke, stroke_fill=colour)

    def paste(self, picture: Image.Image, box: Box) -> None:
        """Lays another picture over a rectangle of this one."""
        left, top, right, bottom = (round(v * self.scale) for v in box)
        self._picture.paste(picture.resize((right - left, bottom - top), Image.Resampling.LANCZOS), (left, top))

    def finish(self) -> Image.Image:
        """Returns the picture in its final size."""
        return self._picture.resize(self.size, Image.Resampling.BOX)


def cracker(canvas: Canvas, centre: Sequence[float], size: float, degrees: float) -> None:
    """Draws one square cracker with a scalloped edge and its holes."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def turn(u: float, v: float) -> tuple[float, float]:
        return centre[0] + size * (u * cos - v * sin), centre[1] + size * (u * sin + v * cos)

    steps = [(i - 3.5) / 7 * 0.94 for i in range(8)]
    for colour, grow in ((CRUMB, 0.075), (CRUST, 0.055)):
        for step in steps:
            for u, v in ((step, -0.47), (step, 0.47), (-0.47, step), (0.47, step)):
                canvas.disc(turn(u, v), size * grow, colour)
    canvas.polygon([turn(-0.47, -0.47), turn(0.47, -0.47), turn(0.47, 0.47), turn(-0.47, 0.47)], TOAST)
    for u in (-0.25, 0.0, 0.25):
        for v in (-0.25, 0.0, 0.25):
            canvas.disc(turn(u, v), size * 0.032, CRUMB)


def pill(canvas: Canvas, centre: Sequence[float], words: str, size: float, colours: tuple[Colour, Colour]) -> None:
    """Writes a word on a coloured lozenge."""
    half = size * (0.36 * len(words) + 0.5)
    box = (centre[0] - half, centre[1] - size * 0.8, centre[0] + half, centre[1] + size * 0.8)
    canvas.rectangle(box, colours[1], radius=size * 0.8)
    canvas.text(centre, words, size, colours[0], weight=size / 14)


def cracker_front() -> Image.Image:
    """The face that sells the box: rays, the name and a pile of crackers."""
    canvas = Canvas((416, 546), TEAL)
    for ray in range(0, 36, 2):
        edge = [math.radians(10 * (ray + k)) for k in (0, 1)]
        canvas.polygon([(208, 340)] + [(208 + 700 * math.cos(a), 340 + 700 * math.sin(a)) for a in edge], DEEP_TEAL)
    pill(canvas, (208, 62), "SIM'S", 44, (CREAM, CORAL))
    canvas.text((212, 153), "SLATES", 96, DEEP_TEAL, weight=5)
    canvas.text((208, 148), "SLATES", 96, CREAM, weight=3.5)
    canvas.text((208, 224), "oat crackers", 44, MUSTARD, weight=2)
    for centre, degrees in (((130, 400), -18.0), ((286, 404), 24.0), ((206, 360), 6.0)):
        cracker(canvas, centre, 152, degrees)
    canvas.rectangle((0, 484, 416, 546), MUSTARD)
    canvas.rectangle((0, 478, 416, 486), CREAM)
    canvas.text((208, 516), "thin, crisp, 350 g", 34, INK, weight=1.4)
    return canvas.finish()


def cracker_back() -> Image.Image:
    """The back: how to enjoy them, in three steps."""
    canvas = Canvas((416, 546), CREAM)
    canvas.rectangle((0, 0, 416, 112), TEAL)
    canvas.text((208, 56), "SLATES", 76, CREAM, weight=3)
    for number, words in enumerate(("open the box", "take a slate", "label it tasty"), start=1):
        y = 74 + 100 * number
        canvas.disc((66, y), 36, CORAL)
        canvas.text((66, y), str(number), 46, CREAM, weight=2)
        canvas.text((252, y), words, 37, INK, weight=1.2)
    cracker(canvas, (104, 474), 92, -12.0)
    canvas.text((274, 462), "best before", 30, TEAL, weight=1)
    canvas.text((274, 500), "frame 47", 38, TEAL, weight=2)
    return canvas.finish()


def cracker_side() -> Image.Image:
    """A narrow side: the name upwards, and a table of what is in them."""
    name = Canvas((346, 140), MUSTARD)
    name.text((173, 66), "SLATES", 84, TEAL, weight=3.5)
    canvas = Canvas((156, 546), MUSTARD)
    canvas.paste(name.finish().transpose(Image.Transpose.ROTATE_90), (8, 20, 148, 366))
    canvas.rectangle((14, 384, 142, 532), CREAM, radius=8)
    canvas.text((78, 404), "per 30 g", 24, INK, weight=1)
    for row, words in enumerate(("oats 21 g", "salt 0.3 g", "fun 100 %")):
        canvas.rectangle((22, 422 + 36 * row, 134, 424 + 36 * row), INK)
        canvas.text((78, 441 + 36 * row), words, 22, INK, weight=0.5)
    return canvas.finish()


def cracker_top() -> Image.Image:
    """The lid: the name and a tab to open."""
    canvas = Canvas((416, 156), MUSTARD)
    canvas.text((208, 56), "SLATES", 78, TEAL, weight=3)
    canvas.rectangle((70, 104, 346, 144), CREAM, radius=20)
    canvas.text((208, 124), "lift to open", 28, CORAL, weight=1.2)
    return canvas.finish()


def cracker_bottom() -> Image.Image:
    """The bottom: a bar code."""
    canvas = Canvas((416, 156), TEAL)
    canvas.rectangle((60, 18, 356, 138), CREAM, radius=6)
    left = 84.0
    for thick in (3, 6, 2, 4, 8, 3, 2, 6, 3, 4, 2, 8, 4, 3, 6, 2, 3, 8, 2, 4, 6, 3):
        canvas.rectangle((left, 30, left + thick, 104), INK)
        left += thick + 7.4
    canvas.text((208, 120), "24 1280 720", 20, INK, weight=0.6)
    return canvas.finish()


def cracker_box() -> Image.Image:
    """The cracker box atlas; its margins take the colour of the box, so that no seam shows from afar."""
    canvas = Canvas(CRACKER_SIZE, TEAL)
    faces = {
        "front": cracker_front,
        "back": cracker_back,
        "side": cracker_side,
        "top": cracker_top,
        "bottom": cracker_bottom,
    }
    for name, draw in faces.items():
        canvas.paste(draw(), CRACKER_ISLANDS[name])
    return canvas.finish()


def tomato(canvas: Canvas, centre: Sequence[float], radius: float) -> None:
    """Draws a tomato with its star of leaves."""
    x, y = centre
    canvas.disc((x, y), radius, TOMATO, squash=0.86)
    canvas.disc((x - radius * 0.4, y - radius * 0.3), radius * 0.2, (232, 112, 90), squash=0.7)
    for leaf in range(5):
        angle = math.radians(72 * leaf - 90)
        tip = (x + radius * 0.62 * math.cos(angle), y - radius * 0.72 + radius * 0.3 * math.sin(angle))
        across = (radius * 0.14 * math.sin(angle), radius * 0.14 * math.cos(angle))
        root = (x, y - radius * 0.72)
        canvas.polygon(
            [(root[0] - across[0], root[1] - across[1]), tip, (root[0] + across[0], root[1] + across[1])], LEAF
        )


def can_label(canvas: Canvas, x: float) -> None:
    """Draws one of the label's two fronts around the column `x`."""
    canvas.disc((x, 196), 168, MUSTARD)
    canvas.disc((x, 196), 158, CREAM)
    tomato(canvas, (x, 98), 48)
    canvas.text((x, 192), "TOMATO", 60, TOMATO, weight=3.5)
    canvas.text((x, 256), "soup", 58, LEAF, weight=3)
    pill(canvas, (x, 318), "SIM'S", 27, (CREAM, LEAF))


def soup_can() -> Image.Image:
    """The soup can atlas: the label that wraps round, both ends with their pressed rings, and plain metal."""
    canvas = Canvas(CAN_SIZE, (176, 180, 184))
    canvas.rectangle((0, 0, 1024, 424), (188, 48, 36))
    canvas.rectangle((0, 372, 1024, 424), LEAF)
    canvas.rectangle((0, 366, 1024, 374), MUSTARD)
    canvas.rectangle((0, 0, 1024, 12), MUSTARD)
    for x in (256, 768):
        can_label(canvas, x)
        canvas.text((x, 399), "one can, 290 g", 28, CREAM, weight=1)
    for name in ("lid", "base"):
        left, top, right, bottom = CAN_ISLANDS[name]
        centre = ((left + right) / 2, (top + bottom) / 2)
        for radius, grey in ((96, 176), (90, 206), (82, 158), (79, 214), (64, 170), (61, 210), (44, 178), (42, 204)):
            canvas.disc(centre, radius, (grey, grey + 3, grey + 6))
    return canvas.finish()


def noise(size: tuple[int, int], cells: tuple[int, int], seed: int) -> np.ndarray:
    """Returns smooth noise in 0..1, float64 (height, width): a random grid of `cells`, widened."""
    grid = np.random.default_rng(seed).random((cells[1], cells[0])).astype(np.float32)
    return np.asarray(Image.fromarray(grid).resize(size, Image.Resampling.BICUBIC), dtype=np.float64)


def ramp(values: np.ndarray, colours: Sequence[Colour], steps: int) -> Image.Image:
    """Colours values in 0..1 by a row of colours; few steps keep the file small."""
    level = np.round(np.clip(values, 0, 1) * steps) / steps
    stops = np.linspace(0, 1, len(colours))
    channels = [np.interp(level, stops, [colour[k] for colour in colours]) for k in range(3)]
    return Image.fromarray(np.stack(channels, axis=-1).round().astype(np.uint8))


def table_wood() -> Image.Image:
    """Six oak boards, grain along the width."""
    size, boards = (1024, 640), 6
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    board = y * boards // size[1]
    warp = noise(size, (5, 26), 11) * 2.2 + noise(size, (16, 60), 12) * 0.5
    rings = 0.5 + 0.5 * np.sin(y * 0.16 + board * 2.1 + warp * 6.5 + x * 0.002)
    fibre = noise(size, (40, 320), 13)
    tone = np.array([0.42, 0.56, 0.36, 0.5, 0.6, 0.44])[board]
    value = tone + 0.2 * (rings - 0.5) + 0.2 * (fibre - 0.5)
    within = (y * boards % size[1]) / size[1]
    value -= 0.4 * ((within < 0.018) | (within > 0.985))
    return ramp(value, ((98, 62, 36), (160, 110, 68), (204, 156, 106), (234, 196, 146)), 22)


def cracker_top_side() -> Image.Image:
    """One real cracker from above: darker towards its edge, with its holes."""
    size = 256
    y, x = (np.mgrid[0:size, 0:size] + 0.5) / size * 2 - 1
    baked = (
        0.8 - 0.55 * np.clip(np.maximum(abs(x), abs(y)) - 0.55, 0, 1) + 0.16 * (noise((size, size), (9, 9), 31) - 0.5)
    )
    for u in (-0.5, 0.0, 0.5):
        for v in (-0.5, 0.0, 0.5):
            baked -= 0.6 * np.clip(1 - (np.hypot(x - u, y - v) / 0.075) ** 4, 0, 1)
    return ramp(baked, (CRUMB, CRUST, TOAST, (240, 192, 118)), 28)


def floor_tiles() -> Image.Image:
    """Two by two terrazzo tiles; repeats in both directions."""
    canvas = Canvas((512, 512), (148, 142, 134))
    tiles = [(0, 0, (206, 200, 188)), (256, 0, (176, 190, 188)), (0, 256, (176, 190, 188)), (256, 256, (206, 200, 188))]
    flecks = np.random.default_rng(21)
    for left, top, colour in tiles:
        canvas.rectangle((left + 3, top + 3, left + 253, top + 253), colour, radius=3)
        for _ in range(46):
            x, y, size, turn = flecks.random(4) * (226, 226, 7, 6.28) + (left + 15, top + 15, 3, 0)
            corners = [(x + size * math.cos(turn + a), y + size * math.sin(turn + a)) for a in (0, 1.7, 3.3, 4.6)]
            shades = ((226, 222, 212), (150, 160, 158), (214, 176, 150), (128, 122, 116))
            canvas.polygon(corners, shades[int(flecks.random() * len(shades))])
    return canvas.finish()


def turtle_shell() -> Image.Image:
    """The toy's shell seen from above, head to the right: scutes between dark seams."""
    size = 512
    y, x = (np.mgrid[0:size, 0:size] + 0.5) / size * 2 - 1
    middle = [(u, 0.0) for u in (-0.66, -0.22, 0.22, 0.66)]
    flanks = [(u, side * 0.5) for u in (-0.44, 0.0, 0.44) for side in (-1, 1)]
    rim = [(1.06 * math.cos(a), 1.06 * math.sin(a)) for a in np.linspace(0, 2 * math.pi, 22, endpoint=False)]
    reach = np.sort(np.stack([np.hypot(x - u, y - v) for u, v in middle + flanks + rim]), axis=0)
    seam = np.clip((reach[1] - reach[0]) / 0.07, 0, 1)
    dome = 1 - np.clip(reach[0] / 0.42, 0, 1)
    return ramp(seam * (0.45 + 0.55 * dome), ((26, 66, 44), (52, 122, 66), (118, 176, 84), (206, 214, 120)), 28)


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "cracker_box.png": cracker_box,
    "soup_can.png": soup_can,
    "cracker.png": cracker_top_side,
    "table_wood.png": table_wood,
    "floor_tiles.png": floor_tiles,
    "turtle_shell.png": turtle_shell,
}
"""File name in `textures/` -> the function that draws it, RGB, 8 bits."""


def main() -> None:
    """Writes every texture."""
    TEXTURES.mkdir(exist_ok=True)
    for name, draw in PICTURES.items():
        draw().save(TEXTURES / name, optimize=True)


if __name__ == "__main__":
    main()
