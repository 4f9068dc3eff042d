"""The writer of CARLA's instance segmentation pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

import carb
import omni.replicator.core as rep
import omni.usd

from ..actor_ids import ActorIds
from ..actors import actor_of, labelled_objects
from ..carla_image import CarlaEncoder, CarlaImage
from ..carla_tags import NONE, TagTable
from ..errors import ConfigError, StageError

ANNOTATOR = "instance_segmentation"
NAME = "carla_instance_segmentation"


def make_encoder(
    *, tags: Mapping[str, int | str] | None = None, overflow: str = "error", sky_tag: int | None = None
) -> CarlaEncoder:
    """Return an encoder for the open stage, whose labelled objects get the first ids, in the order of their paths.

    Raises StageError without a stage and ConfigError for what is wrong with the parameters, or too many objects.
    """
    stage = omni.usd.get_context().get_stage()
    if stage is None:
        raise StageError("no stage is open")
    table = TagTable(tags)
    objects = labelled_objects(stage)
    of_stage = {name: actor_of(stage, name) for name in objects}
    free = [name for name, (_, wanted) in of_stage.items() if wanted is None]
    ids = ActorIds(overflow=overflow, warn=carb.log_warn)
    # Ids that the stage gives are taken before others are given.
    for path, wanted in sorted(set(of_stage.values()) - {(name, None) for name in free}):
        ids.of(path, wanted)
    for name in free:
        ids.of(name)
    encoder = CarlaEncoder(
        ids,
        table,
        actor_of=lambda name: actor_of(stage, name),
        sky_tag=NONE if sky_tag is None else sky_tag,
        warn=carb.log_warn,
    )
    encoder.note_unknown(objects.values())
    return encoder


class CarlaInstanceSegmentation(rep.Writer):
    """RGBA PNG pictures, R = semantic tag, G and B = low and high byte of the object's id, each with a JSON of ids.

    Pictures are ``carla_instance_segmentation_0000.png``, below ``<render product>/carla_instance_segmentation/`` if
    there are several; the JSON beside each says for every id in it: path, tag, label, pixel_count, bbox2d. Ids are the
    same in all frames and for all cameras of a recording, 0 is the background and what has no label.
    """

    def __init__(
        self,
        output_dir: str | None = None,
        backend: Any = None,
        *,
        tags: Mapping[str, int | str] | None = None,
        overflow: str = "error",
        sky_tag: int | None = None,
        palette: bool = False,
        semantic: bool = False,
        frame_padding: int = 4,
    ) -> None:
        """Take the parameters; ConfigError for wrong ones.

        ``tags``: label -> tag, before the names and aliases that CARLA's tags have. ``overflow``: what more than
        65,535 objects are, "error", or "wrap" as in CARLA. ``sky_tag``: the tag where nothing is, 0 unless given, CARLA
        has 11 for sky. ``palette`` and ``semantic`` add pictures in CityScapesPalette's colours, and of tags alone.
        """
        if (output_dir is None) == (backend is None):
            raise ConfigError("CarlaInstanceSegmentation needs output_dir or backend, one of them")
        if backend is None:
            backend = rep.backends.get("DiskBackend")
            backend.initialize(output_dir=output_dir)
        self.version = "1.0.0"
        self.data_structure = "renderProduct"
        self.backend = self._backend = backend
        self.annotators = [rep.AnnotatorRegistry.get_annotator(ANNOTATOR, init_params={"colorize": False})]
        self._options = _checked(tags, overflow, sky_tag)
        self._extra = {"palette": palette, "semantic": semantic}
        self._frame_id = 0
        self._frame_padding = frame_padding
        self._encoder: CarlaEncoder | None = None

    def attach(self, render_products: Any, *args: Any, **kwargs: Any) -> None:
        """Number the labelled objects of the open stage, and attach."""
        # Before the first frame, so that too many objects stop a recording that has not begun.
        self._encoder = make_encoder(**self._options)
        super().attach(render_products, *args, **kwargs)

    def write(self, data: dict[str, Any]) -> None:
        """Schedule the files of one frame."""
        encoder = self._encoder = self._encoder or make_encoder(**self._options)
        backend: Any = self.backend
        products = data["renderProducts"]
        for product, outputs in products.items():
            folder = f"{product}/{NAME}/" if len(products) > 1 else ""
            found = outputs[ANNOTATOR]
            image = encoder.encode(found["data"], found["idToLabels"], found["idToSemantics"])
            for name, picture in self._pictures(image):
                path = f"{folder}{name}_{self._number}.png"
                backend.schedule(rep.functional.write_image, path=path, data=picture)
            path = f"{folder}{NAME}_{self._number}.json"
            backend.schedule(rep.functional.write_json, path=path, data=image.objects)
        self._frame_id += 1

    @property
    def _number(self) -> str:
        return f"{self._frame_id:0{self._frame_padding}}"

    def _pictures(self, image: CarlaImage) -> Iterator[tuple[str, NDArray[np.uint8]]]:
        yield NAME, image.rgba
        if self._extra["palette"]:
            yield f"{NAME}_palette", image.palette()
        if self._extra["semantic"]:
            yield "carla_semantic_segmentation", image.semantic()


def _checked(tags: Mapping[str, int | str] | None, overflow: str, sky_tag: int | None) -> dict[str, Any]:
    """Return the encoder's parameters, each checked now: a job is refused before anything is written."""
    TagTable(tags)
    ActorIds(overflow=overflow)
    if sky_tag is not None and (not isinstance(sky_tag, int) or not 0 <= sky_tag <= 255):
        raise ConfigError(f"sky_tag: {sky_tag!r} is not a tag; 0 to 255, and CARLA's sky is 11")
    return {"tags": tags, "overflow": overflow, "sky_tag": sky_tag}
