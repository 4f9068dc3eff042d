"""BasicWriter: the annotators a data set is made of, as files.

File names, formats and folders are Replicator's (recorded and documented for omni.replicator.core 1.13).
"""

from collections.abc import Iterator
from inspect import signature
from typing import Any, TypeAlias

import numpy as np

import carb
from omni.syntheticdata import SyntheticData

from .annotators import AnnotatorRegistry
from .annotators.skeleton import records
from .backends import BackendDispatch, BackendGroup, BaseBackend
from .functional import write_image, write_json, write_np
from .semantic_filter import types_predicate
from .tools import colorize_distance, colorize_normals
from .writer import Writer

SWITCHES = {
    "rgb": "rgb",
    "bounding_box_2d_tight": "bounding_box_2d_tight_fast",
    "bounding_box_2d_loose": "bounding_box_2d_loose_fast",
    "semantic_segmentation": "semantic_segmentation",
    "instance_id_segmentation": "instance_id_segmentation_fast",
    "instance_segmentation": "instance_segmentation_fast",
    "distance_to_camera": "distance_to_camera",
    "distance_to_image_plane": "distance_to_image_plane",
    "bounding_box_3d": "bounding_box_3d_fast",
    "motion_vectors": "motion_vectors",
    "occlusion": "occlusion",
    "normals": "normals",
    "camera_params": "camera_params",
    "pointcloud": "pointcloud",
    "skeleton_data": "skeleton_data",
}
"""Each switch and the annotator it turns on, in the order in which the writer has them."""
DEFAULT_PREDICATE = "class:*"

File: TypeAlias = tuple[str, Any]
"""The path below the backend's root and what it holds: an image, an array for ``.npy``, or JSON data."""


def with_text_keys(mapping: dict[Any, Any]) -> dict[str, Any]:
    """JSON's keys are strings: ids and RGBA tuples as Python prints them."""
    return {str(key): value for key, value in mapping.items()}


class BasicWriter(Writer):
    """Writes what its switches name, one set of files per frame and render product."""

    def __init__(
        self,
        output_dir: str | None = None,
        s3_bucket: str | None = None,
        s3_region: str | None = None,
        s3_endpoint: str | None = None,
        semantic_types: list[str] | None = None,
        rgb: bool = False,
        bounding_box_2d_tight: bool = False,
        bounding_box_2d_loose: bool = False,
        semantic_segmentation: bool = False,
        instance_id_segmentation: bool = False,
        instance_segmentation: bool = False,
        distance_to_camera: bool = False,
        distance_to_image_plane: bool = False,
        bounding_box_3d: bool = False,
        occlusion: bool = False,
        normals: bool = False,
        motion_vectors: bool = False,
        camera_params: bool = False,
        pointcloud: bool = False,
        pointcloud_include_unlabelled: bool = False,
        image_output_format: str = "png",
        colorize_semantic_segmentation: bool = True,
        colorize_instance_id_segmentation: bool = True,
        colorize_instance_segmentation: bool = True,
        colorize_depth: bool = False,
        skeleton_data: bool = False,
        frame_padding: int = 4,
        semantic_filter_predicate: str | None = None,
        use_common_output_dir: bool = False,
        backend: BaseBackend | None = None,
    ) -> None:
        # Replicator's signature is the public contract; its thirty values are read by name from here on.
        options = {name: value for name, value in locals().items() if name in signature(BasicWriter).parameters}
        self.version = "0.0.2"
        self.data_structure = "annotator"
        self.backend = self._backend = choose_backend(options)
        self._output_dir = output_dir
        self._options = options
        self._frame_id = 0
        self._sequence = ""
        SyntheticData.Get().set_instance_mapping_semantic_filter(choose_predicate(options))
        self.annotators = [
            AnnotatorRegistry.get_annotator(annotator, init_params=self._annotator_params(switch))
            for switch, annotator in SWITCHES.items()
            if options[switch]
        ]

    def write(self, data: dict[str, Any]) -> None:
        """Schedule the files of one frame."""
        self._count_sequence(data["trigger_outputs"])
        for annotator, outputs in data["annotators"].items():
            if annotator in ("camera", "resolution"):
                continue
            for product, output in outputs.items():
                prefix = self._prefix(annotator, product, several=len(outputs) > 1)
                for name, content in self._files(annotator, output):
                    self._schedule(prefix + name, content)
        self._frame_id += 1

    def _annotator_params(self, switch: str) -> dict[str, Any]:
        if switch == "pointcloud":
            return {"includeUnlabelled": self._options["pointcloud_include_unlabelled"]}
        colorize = self._options.get(f"colorize_{switch}")
        return {} if colorize is None else {"colorize": colorize}

    def _count_sequence(self, triggers: dict[str, int]) -> None:
        sequence = sequence_of(triggers)
        if sequence != self._sequence:
            self._sequence, self._frame_id = sequence, 0

    def _prefix(self, annotator: str, product: str, *, several: bool) -> str:
        folder = annotator.removesuffix("_fast")
        if not several:
            return ""
        return f"{folder}/{product}_" if self._options["use_common_output_dir"] else f"{product}/{folder}/"

    def _files(self, annotator: str, output: dict[str, Any]) -> Iterator[File]:
        name = annotator.removesuffix("_fast")
        number = f"{self._sequence}{self._frame_id:0{self._options['frame_padding']}}"
        if name == "rgb" or name.startswith("Aug"):
            yield f"rgb_{number}.{self._options['image_output_format']}", output["data"]
        elif name in FILES:
            yield from FILES[name](name, number, output)
        else:
            carb.log_warn(f"BasicWriter does not know the annotator '{annotator}'")
        if self._options["colorize_depth"] and name.startswith("distance_to_"):
            yield f"{name}_{number}.png", colorize_distance(output["data"], near=None, far=None)

    def _schedule(self, path: str, content: Any) -> None:
        assert self.backend is not None
        write = write_json if path.endswith(".json") else write_np if path.endswith(".npy") else write_image
        self.backend.schedule(write, path=path, data=content)


def sequence_of(triggers: dict[str, int]) -> str:
    """What file names begin their number with: the counts of all triggers that go by time, the last one first."""
    sequence = ""
    for name, count in triggers.items():
        if "on_time" in name:
            sequence = f"{count}_{sequence}"
    return sequence


def choose_backend(options: dict[str, Any], writer: str = "BasicWriter", **more: Any) -> BaseBackend:
    """The backend given, one made from ``output_dir`` or the bucket (with ``more`` of its options), or both.

    Raises ``ValueError``, naming the writer, for none.
    """
    given: BaseBackend | None = options["backend"]
    made: BaseBackend | None = None
    if options["s3_bucket"]:
        made = BackendDispatch(
            bucket=options["s3_bucket"],
            key_prefix=options["output_dir"],
            region=options["s3_region"],
            endpoint_url=options["s3_endpoint"],
            **more,
        )
    elif options["output_dir"]:
        made = BackendDispatch(output_dir=options["output_dir"], **more)
    if given and made:
        return BackendGroup([given, made])
    backend = given or made
    if backend is None:
        raise ValueError(f"{writer} needs output_dir, s3_bucket or backend")
    return backend


def choose_predicate(options: dict[str, Any]) -> str:
    """The semantic filter asked for. Raises ``ValueError`` where two are."""
    types, predicate = options["semantic_types"], options["semantic_filter_predicate"]
    if types and predicate:
        raise ValueError("BasicWriter takes semantic_types or semantic_filter_predicate, not both")
    return types_predicate(types) if types else predicate or DEFAULT_PREDICATE


def array_files(name: str, number: str, output: dict[str, Any]) -> Iterator[File]:
    """One ``.npy``."""
    yield f"{name}_{number}.npy", output["data"]


def normal_files(name: str, number: str, output: dict[str, Any]) -> Iterator[File]:
    """The picture of the normals."""
    yield f"{name}_{number}.png", colorize_normals(output["data"])


def box_files(name: str, number: str, output: dict[str, Any]) -> Iterator[File]:
    """The boxes, their labels and their prims."""
    yield f"{name}_{number}.npy", output["data"]
    yield f"{name}_labels_{number}.json", with_text_keys(output["idToLabels"])
    yield f"{name}_prim_paths_{number}.json", output["primPaths"]


def point_files(name: str, number: str, output: dict[str, Any]) -> Iterator[File]:
    """The points and, file by file, what is known of each."""
    yield f"{name}_{number}.npy", output["data"]
    yield f"{name}_rgb_{number}.npy", output["pointRgb"].reshape(-1, 4)
    yield f"{name}_normals_{number}.npy", output["pointNormals"].reshape(-1, 4)
    yield f"{name}_semantic_{number}.npy", output["pointSemantic"]
    yield f"{name}_instance_{number}.npy", output["pointInstance"]


def semantic_files(name: str, number: str, output: dict[str, Any]) -> Iterator[File]:
    """The mask and its labels."""
    yield f"{name}_{number}.png", output["data"]
    yield f"{name}_labels_{number}.json", with_text_keys(output["idToLabels"])


def instance_files(name: str, number: str, output: dict[str, Any]) -> Iterator[File]:
    """The mask, its prims and, for labelled instances, their labels."""
    yield f"{name}_{number}.png", output["data"]
    yield f"{name}_mapping_{number}.json", with_text_keys(output["idToLabels"])
    if "idToSemantics" in output:
        yield f"{name}_semantics_mapping_{number}.json", with_text_keys(output["idToSemantics"])


def camera_files(name: str, number: str, output: dict[str, Any]) -> Iterator[File]:
    """The camera's parameters, arrays as lists."""
    values = {key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in output.items()}
    yield f"{name}_{number}.json", values


def skeleton_files(_name: str, number: str, output: dict[str, Any]) -> Iterator[File]:
    """All skeletons, by number."""
    yield f"skeleton_{number}.json", records(output)


FILES = {
    "normals": normal_files,
    "distance_to_camera": array_files,
    "distance_to_image_plane": array_files,
    "semantic_segmentation": semantic_files,
    "instance_id_segmentation": instance_files,
    "instance_segmentation": instance_files,
    "bounding_box_2d_tight": box_files,
    "bounding_box_2d_loose": box_files,
    "bounding_box_3d": box_files,
    "motion_vectors": array_files,
    "occlusion": array_files,
    "pointcloud": point_files,
    "camera_params": camera_files,
    "skeleton_data": skeleton_files,
}
