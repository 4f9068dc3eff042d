"""What a sensor hands to its listener."""

from __future__ import annotations

import json
import operator
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simslate.recorder.problems import nearest

from .color import CONVERTERS, Bytes, Color, ColorConverter
from .errors import CarlaError
from .geometry import Transform

Kind = Literal["color", "depth", "label"]

_FORMATS = {".png": "PNG", ".tiff": "TIFF", ".jpg": "JPEG", ".jpeg": "JPEG"}
_OPTIONS = {"PNG": {"compress_level": 1}, "TIFF": {}, "JPEG": {"quality": 95}}
_LOSSLESS = [suffix for suffix, name in _FORMATS.items() if name != "JPEG"]
_GREY = (ColorConverter.Depth, ColorConverter.LogarithmicDepth)


class SensorData:
    """When and where a sensor measured. Made by sensors only: RuntimeError for everybody else."""

    frame: int
    """The frame of the world, as ``World.tick`` returned it."""
    timestamp: float
    """Seconds of simulated time since the episode began."""
    transform: Transform
    """Where the sensor was, in the world."""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise CarlaError("This class cannot be instantiated from Python")

    @property
    def frame_number(self) -> int:
        """``frame`` by its older name."""
        return self.frame


class Image(SensorData):
    """A picture of a camera: Colors by place, top row first."""

    width: int
    height: int
    fov: float
    """Horizontal, in degrees."""
    _bgra: Bytes
    _labels: Mapping[str, Any] | None
    _kind: Kind

    @property
    def raw_data(self) -> memoryview:
        """The bytes B, G, R, A of each pixel, top row first; read-only, and this picture's for good."""
        return self._bgra.reshape(-1).data.toreadonly()

    def convert(self, color_converter: ColorConverter) -> None:
        """Make of the picture in place what ``color_converter`` says, whatever it holds, as the client does.

        The ids of an instance segmentation picture are gone then, but what is saved beside it stays: which objects
        were in the picture, with their tags and boxes.
        """
        convert = CONVERTERS.get(ColorConverter(color_converter))
        if convert is None:
            return
        self._bgra[...] = convert(self._bgra)
        if self._kind == "depth":
            self._kind = "color"

    def save_to_disk(self, path: str | os.PathLike[str], color_converter: ColorConverter = ColorConverter.Raw) -> str:
        """Write the picture as ``color_converter`` shows it, and return the path that it got.

        The format is that of the suffix, .png, .tiff, .jpg or .jpeg; .png is added to a name without one, and digits
        are none (``frame_0.5``). Folders are made. Depth converters make grey pictures, all else is RGBA (.jpg: RGB).
        A picture that knows its objects has them in a JSON file beside it, of the same name; both are written whole.

        CarlaError, and nothing is written, for any other suffix (the client writes PNG under that name), and for .jpg
        of ids, tags, their palette or encoded depth, which it would destroy (the client does). CarlaError also if the
        disk refuses.
        """
        converter = ColorConverter(color_converter)
        final = _with_suffix(os.fspath(path))
        name = _FORMATS[Path(final).suffix.lower()]
        if name == "JPEG" and self._is_exact(converter):
            raise CarlaError(f"{final}: JPEG would destroy what the pixels say; valid are {', '.join(_LOSSLESS)}")
        labels = None if self._labels is None else json.dumps(self._labels, indent=2) + "\n"
        try:
            _write(Path(final), self._picture(converter, name), name, labels)
        except OSError as error:
            raise CarlaError(f"{final}: cannot be written: {error.strerror or error}") from error
        return final

    def _is_exact(self, converter: ColorConverter) -> bool:
        return self._kind == "label" or (self._kind == "depth" and converter not in CONVERTERS)

    def _picture(self, converter: ColorConverter, name: str) -> Bytes:
        bgra = CONVERTERS[converter](self._bgra) if converter in CONVERTERS else self._bgra
        if converter in _GREY:
            return np.ascontiguousarray(bgra[..., 0])
        return bgra[..., [2, 1, 0]] if name == "JPEG" else bgra[..., [2, 1, 0, 3]]

    def __len__(self) -> int:
        return self.width * self.height

    def __getitem__(self, place: int) -> Color:
        blue, green, red, alpha = self._pixel(place).tolist()
        return Color(red, green, blue, alpha)

    def __setitem__(self, place: int, color: Color) -> None:
        self._pixel(place)[:] = color.b, color.g, color.r, color.a

    def __iter__(self) -> Iterator[Color]:
        return (self[place] for place in range(len(self)))

    def _pixel(self, place: int) -> Bytes:
        index = operator.index(place)
        if not -len(self) <= index < len(self):
            raise IndexError(f"the picture has {len(self)} pixels, there is none at {index}")
        pixel: Bytes = self._bgra.reshape(-1, 4)[index]
        return pixel

    def __repr__(self) -> str:
        return f"Image(frame={self.frame}, timestamp={self.timestamp:f}, size={self.width}x{self.height})"


def make_image(
    bgra: NDArray[np.uint8],
    *,
    frame: int,
    timestamp: float,
    transform: Transform,
    fov: float,
    labels: Mapping[str, Any] | None = None,
    kind: Kind = "color",
) -> Image:
    """Return a picture with a copy of ``bgra``, uint8 (H, W, 4); its alpha is made 255, as by the client.

    ``labels`` is what JSON can hold of the objects by their ids, for a picture of instance segmentation; it is saved
    beside the picture. ``kind`` says what the pixels are: "color", "depth" (24 bits, not yet converted), or "label"
    (tags or ids), which it always is with ``labels``. CarlaError for another shape or type, or no pixels.
    """
    if bgra.dtype != np.uint8 or bgra.ndim != 3 or bgra.shape[2] != 4 or not bgra.size:
        raise CarlaError(f"a picture needs uint8 (H, W, 4), not {bgra.dtype} {bgra.shape}")
    image = Image.__new__(Image)
    image.frame, image.timestamp, image.fov = frame, timestamp, fov
    # A sensor moves on, a picture does not.
    image.transform = Transform(transform.location, transform.rotation)
    image.height, image.width = bgra.shape[:2]
    image._bgra = np.array(bgra, order="C")
    image._bgra[..., 3] = 255
    image._labels = labels
    image._kind = kind if labels is None else "label"
    return image


def _with_suffix(path: str) -> str:
    suffix = Path(path).suffix
    if not Path(path).name or path.endswith(("/", os.sep)):
        raise CarlaError(f'"{path}" names no file')
    if suffix in ("", ".") or suffix[1:].isdigit():
        return f"{path}.png"
    if suffix.lower() not in _FORMATS:
        raise CarlaError(f"{path}: no picture has the suffix {suffix}; {nearest(suffix.lower(), _FORMATS)}")
    return path


def _write(path: Path, picture: Bytes, name: str, labels: str | None) -> None:
    # Lazy: a script that saves nothing needs no Pillow.
    import PIL.Image

    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".json")
    parts = {each: each.with_name(f".{each.name}.part") for each in (path, beside)}
    try:
        PIL.Image.fromarray(picture).save(parts[path], format=name, **_OPTIONS[name])
        if labels is not None:
            parts[beside].write_text(labels, encoding="utf-8", newline="\n")
            parts[beside].replace(beside)
        parts[path].replace(path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
