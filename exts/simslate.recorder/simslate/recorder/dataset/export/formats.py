"""The formats by name: what each needs, uses and is written by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from .assemble import CAMERA, CLASSES, DEPTH, INSTANCES, LOOSE, RGB, SOLID, TIGHT
from .bop import BopEncoder
from .class_list import ClassList
from .class_masks import ClassMaskEncoder
from .coco import CocoEncoder
from .coco_panoptic import PanopticEncoder
from .encoder import Encoder
from .kitti import KittiEncoder
from .yolo import YoloEncoder


@dataclass(frozen=True)
class Format:
    """One format."""

    make: Callable[[ClassList], Encoder]
    needs: tuple[tuple[str, ...], ...]
    """The annotators without which there is nothing to write; of several in a group one is enough."""

    uses: tuple[str, ...] = ()
    """Those that tell more if they are there."""

    outlines: Callable[[ClassList], Encoder] | None = None
    """What makes one with polygons in place of run lengths, where there is a choice."""

    help: str = ""

    @property
    def annotators(self) -> frozenset[str]:
        """All that are read."""
        return frozenset({*(name for group in self.needs for name in group), *self.uses})


_MASKED = ((RGB,), (INSTANCES,))
_BOXED = ((RGB,), (INSTANCES, TIGHT))

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "coco": Format(
            CocoEncoder, _MASKED, (TIGHT,), partial(CocoEncoder, outlines=True), "COCO's instances, as run lengths"
        ),
        "coco-panoptic": Format(PanopticEncoder, _MASKED, (TIGHT,), help="COCO's panoptic segments"),
        "yolo": Format(YoloEncoder, _BOXED, (TIGHT,), help="YOLO's boxes"),
        "yolo-seg": Format(partial(YoloEncoder, outlines=True), _MASKED, (TIGHT,), help="YOLO's polygons"),
        "kitti": Format(KittiEncoder, _BOXED, (TIGHT, SOLID, CAMERA), help="KITTI's objects, in space if known"),
        "bop": Format(
            BopEncoder, (*_MASKED, (SOLID,), (CAMERA,)), (TIGHT, LOOSE, DEPTH), help="BOP's poses, with visibility"
        ),
        "masks": Format(ClassMaskEncoder, ((CLASSES,),), help="masks with the ids and colours of a taxonomy"),
    }
)
