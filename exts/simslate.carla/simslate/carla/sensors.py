"""Cameras: what they see at a tick, as CARLA's pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

import carb
import omni.replicator.core as rep
from simslate.recorder.carla_image import CarlaEncoder

from .actors import Actor
from .color import encode_depth
from .errors import CarlaError
from .image import Image, make_image

Callback = Callable[[Image], Any]

_LATE_S = 1e-6
"""Ticks whose times are sums of floats may come this much early."""

_UNDISTORTED = {"lens_circle_multiplier": 0.0, "lens_k": -1.0, "lens_kcube": 0.0}


class _Answer:
    """Yes or no, for scripts that call ``is_listening()`` and for older ones that read it."""

    def __init__(self, value: bool) -> None:
        self._value = value

    def __call__(self) -> bool:
        return self._value

    def __bool__(self) -> bool:
        return self._value

    def __repr__(self) -> str:
        return repr(self._value)


class Sensor(Actor):
    """A camera. While it listens, each tick hands a picture to its callback before ``World.tick`` returns."""

    def set_up(self, encoder: CarlaEncoder) -> None:
        """Make its lens and its render product. Not in CARLA."""
        self._callback: Callback | None = None
        self._due_s = 0.0
        self._size = int(self.attributes["image_size_x"]), int(self.attributes["image_size_y"])
        self._fov = float(self.attributes["fov"])
        self._tick_s = float(self.attributes.get("sensor_tick", 0))
        self._set_lens()
        texture: Any = rep.create.render_product(
            str(self.prim.GetPath()), self._size, name=f"carla_sensor_{self.id}", force_new=True
        )
        self._texture = texture
        self._picture = PICTURES[self.type_id](encoder)
        self._picture.annotator.attach(texture)
        texture.hydra_texture.set_updates_enabled(False)

    def listen(self, callback: Callback) -> None:
        """Call ``callback`` with the picture of each tick from the next one on, instead of what was called before."""
        self._prim()
        self._callback = callback
        self._due_s = 0.0

    def stop(self) -> None:
        """Hand out no more pictures."""
        self._callback = None

    @property
    def is_listening(self) -> Any:
        """Whether there is a callback: call it, as CARLA 0.9.16 has it, or read it, as its predecessors had it."""
        return _Answer(self._callback is not None)

    def prepare(self, elapsed_s: float) -> bool:
        """Return whether it will have a picture at that time, and have it drawn only then."""
        due = self._callback is not None and elapsed_s >= self._due_s - _LATE_S
        self._texture.hydra_texture.set_updates_enabled(due)
        return due

    def deliver(self, frame: int, elapsed_s: float) -> None:
        """Hand out the picture of the frame that was just drawn. What the callback raises is raised."""
        self._due_s = elapsed_s + self._tick_s
        if self._callback is not None:
            seen_from = self.get_transform()
            self._callback(self._picture.take(frame=frame, timestamp=elapsed_s, transform=seen_from, fov=self._fov))

    def destroy(self) -> bool:
        """Take it off the stage, and hand out no more pictures."""
        if self.is_alive:
            self.stop()
            self._picture.annotator.detach()
            self._texture.destroy()
        return super().destroy()

    def _set_lens(self) -> None:
        wrong = [name for name, plain in _UNDISTORTED.items() if float(self.attributes.get(name, plain)) != plain]
        if wrong:
            carb.log_warn(f"{self}: {', '.join(wrong)}: lenses do not distort here")
        self._world.place.set_lens(self.prim, self._fov, *self._size)


class _Picture:
    """What one kind of camera makes of what its annotator gives."""

    annotator_name: str
    kind: Any

    def __init__(self, encoder: CarlaEncoder) -> None:
        self._encoder = encoder
        self.annotator = rep.AnnotatorRegistry.get_annotator(self.annotator_name)

    def take(self, **where: Any) -> Image:
        """Return the newest picture."""
        bgra, labels = self.encode(self.annotator.get_data())
        return make_image(bgra, labels=labels, kind=self.kind, **where)

    def encode(self, data: Any) -> tuple[NDArray[np.uint8], dict[str, Any] | None]:
        """Return BGRA, uint8 (H, W, 4), and what is known of the objects in it."""
        raise NotImplementedError


class _InstanceSegmentation(_Picture):
    annotator_name, kind = "instance_segmentation", "label"

    def encode(self, data: Any) -> tuple[NDArray[np.uint8], dict[str, Any] | None]:
        image = self._encoder.encode(data["data"], data["info"]["idToLabels"], data["info"]["idToSemantics"])
        return image.rgba[..., [2, 1, 0, 3]], image.objects


class _SemanticSegmentation(_InstanceSegmentation):
    def encode(self, data: Any) -> tuple[NDArray[np.uint8], dict[str, Any] | None]:
        bgra, _ = super().encode(data)
        return bgra * np.array([0, 0, 1, 1], np.uint8), None


class _Rgb(_Picture):
    annotator_name, kind = "rgb", "color"

    def encode(self, data: Any) -> tuple[NDArray[np.uint8], dict[str, Any] | None]:
        return np.asarray(data)[..., [2, 1, 0, 3]], None


class _Depth(_Picture):
    annotator_name, kind = "distance_to_image_plane", "depth"

    def encode(self, data: Any) -> tuple[NDArray[np.uint8], dict[str, Any] | None]:
        return encode_depth(data), None


PICTURES: dict[str, Callable[[CarlaEncoder], _Picture]] = {
    "sensor.camera.instance_segmentation": _InstanceSegmentation,
    "sensor.camera.semantic_segmentation": _SemanticSegmentation,
    "sensor.camera.rgb": _Rgb,
    "sensor.camera.depth": _Depth,
}
"""By blueprint: what makes a camera's pictures."""


def check_sensor(type_id: str) -> None:
    """Raise CarlaError for a sensor that is not here."""
    if type_id not in PICTURES:
        raise CarlaError(f"{type_id}: no such sensor here; there are {', '.join(PICTURES)}")
