"""One picture of all annotators of a frame: ``python tools/contact_sheet.py DIR OUT [FRAME]``.

DIR is a BasicWriter data set of one render product. What is there is shown; boxes are drawn over the picture.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

COLUMNS, WIDTH, CAPTION = 3, 480, 24
LINE = ("#ffd400", "#00e5ff", "#ff4fa3", "#7dff5a", "#ff8a3c", "#b48bff")
EDGES = [(a, b) for a in range(8) for b in range(a + 1, 8) if (a ^ b).bit_count() == 1]


class DataSet:
    """The files of one frame."""

    def __init__(self, folder: Path, frame: int) -> None:
        self.folder, self.frame = folder, frame

    def path(self, name: str, suffix: str) -> Path:
        """The file of an annotator."""
        return self.folder / f"{name}_{self.frame:04d}{suffix}"

    def image(self, name: str) -> Image.Image:
        """A picture, transparent pixels on grey."""
        image = Image.open(self.path(name, ".png")).convert("RGBA")
        ground = Image.new("RGBA", image.size, "#404040")
        return Image.alpha_composite(ground, image).convert("RGB")

    def array(self, name: str) -> NDArray[Any]:
        """An array."""
        found: NDArray[Any] = np.load(self.path(name, ".npy"))
        return found

    def json(self, name: str) -> Any:
        """The data of a JSON file."""
        return json.loads(self.path(name, ".json").read_text())


def boxes_2d(data: DataSet, name: str) -> Image.Image:
    """The picture with 2-D boxes."""
    image = data.image("rgb")
    draw = ImageDraw.Draw(image)
    for row in data.array(name):
        box = [int(row[key]) for key in ("x_min", "y_min", "x_max", "y_max")]
        draw.rectangle(box, outline=LINE[row["semanticId"] % len(LINE)], width=3)
    return image


def boxes_3d(data: DataSet, name: str) -> Image.Image:
    """The picture with 3-D boxes, projected by camera_params."""
    image = data.image("rgb")
    draw, camera = ImageDraw.Draw(image), data.json("camera_params")
    matrix = np.reshape(camera["cameraViewTransform"], (4, 4)) @ np.reshape(camera["cameraProjection"], (4, 4))
    for row in data.array(name):
        ends = [(row[f"{axis}_min"], row[f"{axis}_max"]) for axis in "xyz"]
        corners = np.array([[ends[axis][corner >> axis & 1] for axis in range(3)] + [1] for corner in range(8)])
        clip = corners @ row["transform"].astype(float) @ matrix
        pixels = (clip[:, :2] / clip[:, 3:] * [0.5, -0.5] + 0.5) * image.size
        for a, b in EDGES:
            draw.line([*pixels[a], *pixels[b]], fill=LINE[row["semanticId"] % len(LINE)], width=3)
    return image


def depth(data: DataSet, name: str) -> Image.Image:
    """Distances, near is bright."""
    distance = data.array(name)
    finite = np.isfinite(distance)
    near, far = np.log(distance[finite].min()), np.log(distance[finite].max())
    shade = 1 - (np.log(np.where(finite, distance, distance[finite].max())) - near) / (far - near)
    return Image.fromarray((shade * 255).astype(np.uint8)).convert("RGB")


def motion(data: DataSet, name: str) -> Image.Image:
    """Motion as hue (direction) and brightness (speed)."""
    vectors = data.array(name)[..., :2]
    speed = np.hypot(vectors[..., 0], vectors[..., 1])
    hue = (np.arctan2(vectors[..., 1], vectors[..., 0]) / (2 * np.pi) % 1) * 255
    value = speed / max(speed.max(), 1e-6) * 255
    planes = np.dstack([hue, np.full_like(hue, 220), value]).astype(np.uint8)
    return Image.fromarray(planes, "HSV").convert("RGB")


def cloud(data: DataSet, name: str) -> Image.Image:
    """The point cloud from above, in its own colours."""
    points, colours = data.array(name), data.array(f"{name}_rgb")[:, :3]
    size = data.image("rgb").size
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    scale = min((size[0] - 40) / (high[0] - low[0]), (size[1] - 40) / (high[1] - low[1]))
    middle = (low + high) / 2
    x = ((points[:, 0] - middle[0]) * scale + size[0] / 2).astype(int)
    y = (size[1] / 2 - (points[:, 1] - middle[1]) * scale).astype(int)
    canvas = np.full((size[1], size[0], 3), 24, np.uint8)
    order = np.argsort(points[:, 2])
    canvas[y[order], x[order]] = colours[order]
    return Image.fromarray(canvas)


VIEWS: dict[str, Callable[[DataSet, str], Image.Image]] = {
    "rgb": DataSet.image,
    "semantic_segmentation": DataSet.image,
    "instance_segmentation": DataSet.image,
    "instance_id_segmentation": DataSet.image,
    "bounding_box_2d_tight": boxes_2d,
    "bounding_box_2d_loose": boxes_2d,
    "bounding_box_3d": boxes_3d,
    "normals": DataSet.image,
    "distance_to_camera": depth,
    "distance_to_image_plane": depth,
    "motion_vectors": motion,
    "pointcloud": cloud,
}


def tiles(data: DataSet) -> Iterator[tuple[str, Image.Image]]:
    """Name and picture of every annotator that is there."""
    for name, view in VIEWS.items():
        if data.path(name, ".png").exists() or data.path(name, ".npy").exists():
            yield name, view(data, name)


def contact_sheet(data: DataSet) -> Image.Image:
    """All pictures with their names."""
    shown = list(tiles(data))
    height = round(WIDTH * shown[0][1].height / shown[0][1].width)
    rows = -(-len(shown) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * WIDTH, rows * (height + CAPTION)), "#202020")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(15)
    for index, (name, image) in enumerate(shown):
        x, y = index % COLUMNS * WIDTH, index // COLUMNS * (height + CAPTION)
        sheet.paste(image.resize((WIDTH, height), Image.Resampling.LANCZOS), (x, y + CAPTION))
        draw.text((x + 8, y + 3), name, fill="#e8e8e8", font=font)
    return sheet


if __name__ == "__main__":
    source = DataSet(Path(sys.argv[1]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    contact_sheet(source).save(sys.argv[2], quality=88)
