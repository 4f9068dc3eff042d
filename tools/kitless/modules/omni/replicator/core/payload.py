"""What a writer's ``write`` is handed: the three data structures of Replicator."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kitless.services import service

from .annotators.annotator import Annotator, legacy
from .annotators.node import Output
from .frame import Moment
from .graph import Graph
from .render_product import HydraTexture


@dataclass(frozen=True)
class Attachment:
    """A writer's annotators on one render product; camera and resolution are those at attach time."""

    product: HydraTexture
    annotators: Mapping[str, Annotator]

    @property
    def camera(self) -> str:
        """The camera's prim path."""
        return self.product.camera

    @property
    def resolution(self) -> Any:
        """Width and height, an int array."""
        return np.array(self.product.resolution)

    def outputs(self) -> dict[str, Output]:
        """Each annotator's flat output."""
        return {name: annotator.output() for name, annotator in self.annotators.items()}


def common(moment: Moment) -> dict[str, Any]:
    """The keys that every structure has."""
    graph = service(Graph)
    return {
        "swhFrameNumber": 0,
        "reference_time": moment.reference,
        "distribution_outputs": graph.drawn(),
        "trigger_outputs": {"on_frame": moment.count, **graph.trigger_counts()},
        "named_outputs": {},
    }


def by_product(attachments: Iterable[Attachment]) -> dict[str, Any]:
    """The "renderProduct" structure: product, then annotator."""
    return {
        "renderProducts": {
            a.product.name: {"camera": a.camera, "resolution": a.resolution, **a.outputs()} for a in attachments
        }
    }


def by_annotator(attachments: Iterable[Attachment]) -> dict[str, Any]:
    """The "annotator" structure: annotator, then product."""
    annotators: dict[str, dict[str, Any]] = {"camera": {}, "resolution": {}}
    for attachment in attachments:
        name = attachment.product.name
        annotators["camera"][name] = attachment.camera
        annotators["resolution"][name] = attachment.resolution
        for annotator, output in attachment.outputs().items():
            annotators.setdefault(annotator, {})[name] = output
    return {"annotators": annotators}


def by_key(attachments: Iterable[Attachment]) -> dict[str, Any]:
    """The "legacy" structure: flat, annotators suffixed by the product where there are several."""
    attachments = list(attachments)
    data: dict[str, Any] = {}
    for attachment in attachments:
        name = attachment.product.name
        data[f"rp_{name}"] = {"camera": attachment.camera, "resolution": attachment.resolution}
        suffix = f"-{name}" if len(attachments) > 1 else ""
        data.update((annotator + suffix, legacy(output)) for annotator, output in attachment.outputs().items())
    return data


STRUCTURES = {"legacy": by_key, "renderproduct": by_product, "annotator": by_annotator}


def structure(name: str) -> Any:
    """The builder of a data structure by its name in any case. Raises ``ValueError`` for an unknown one."""
    if name.lower() not in STRUCTURES:
        raise ValueError(f"Unknown data_structure '{name}'; there are 'legacy', 'renderProduct' and 'annotator'")
    return STRUCTURES[name.lower()]
