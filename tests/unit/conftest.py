"""A data set of BasicWriter's, made of arrays that can be checked by eye."""

import json
from functools import partial

import numpy as np
import pytest
from PIL import Image

WIDTH, HEIGHT = 32, 24
BOX_2D = [("semanticId", "<u4"), ("x_min", "<i4"), ("y_min", "<i4"), ("x_max", "<i4"), ("y_max", "<i4")]
BOX_3D = [("semanticId", "<u4"), *((f"{axis}_{end}", "<f4") for end in ("min", "max") for axis in "xyz")]
RATIO = ("occlusionRatio", "<f4")
OBJECTS = {"/World/a": ("box", (3, 4, 9, 8)), "/World/b": ("can", (15, 2, 20, 19))}
COLOURS = {0: (0, 0, 0, 0), 1: (0, 0, 0, 255), 2: (93, 220, 11, 255), 3: (243, 69, 141, 255)}
SWITCHES = [
    "rgb",
    "semantic_segmentation",
    "instance_segmentation",
    "instance_id_segmentation",
    "bounding_box_2d_tight",
    "bounding_box_2d_loose",
    "bounding_box_3d",
    "distance_to_camera",
    "normals",
    "motion_vectors",
    "occlusion",
    "pointcloud",
    "camera_params",
]

PROJECTION = [2, 0, 0, 0, 0, 2 * WIDTH / HEIGHT, 0, 0, 0, 0, 0.001, -1, 0, 0, 0.1, 0]


class TinySet:
    """Two objects, moving one pixel to the right per frame, before an empty background."""

    def __init__(self, folder, *, frames=2, products=("",), colourised=True, common=False):
        self.folder, self.frames, self.products, self.colourised = folder, frames, products, colourised
        self.common = common
        folder.mkdir(parents=True)
        for product in products:
            for frame in range(frames):
                self._write_frame(product, frame)
        (folder / "metadata.txt").write_text(
            '{"name": "BasicWriter", "version": "0.0.2", "replicator_global_seed:": 0}'
        )

    def path(self, stem, extension, frame=0, product="", annotator=None):
        annotator = annotator or stem
        folder = "" if not product else f"{annotator}/{product}_" if self.common else f"{product}/{annotator}/"
        return self.folder / f"{folder}{stem}_{frame:04d}.{extension}"

    def write_sidecar(self, ledger, **changes):
        own = self.folder / "simslate"
        own.mkdir()
        products = [{"camera": "/c", "resolution": [WIDTH, HEIGHT], "name": name or None} for name in self.products]
        flags = {f"colorize_{name}": self.colourised for name in SWITCHES if "segmentation" in name}
        parameters = dict.fromkeys(SWITCHES, True) | flags | {"use_common_output_dir": self.common}
        job = {"version": 1, "render_products": products, "frames": self.frames}
        job["writer"] = {"name": "BasicWriter", "parameters": parameters}
        (own / "job.json").write_text(json.dumps({**job, **changes}))
        report = {"complete": True, "frames": self.frames, "writer": "BasicWriter", "render_products": products}
        (own / "report.json").write_text(json.dumps(report))
        kept = ledger(self.folder)
        kept.write(self.frames)
        return kept

    def _write_frame(self, product, frame):
        put = partial(self._put, product, frame)
        ids = np.zeros((HEIGHT, WIDTH), np.uint32)
        boxes = []
        for number, (_, (x0, y0, x1, y1)) in enumerate(OBJECTS.values()):
            ids[y0 : y1 + 1, x0 + frame : x1 + frame + 1] = number + 2
            boxes.append((number, x0 + frame, y0, x1 + frame, y1, 0.0))
        self._write_masks(put, ids)
        self._write_boxes(put, boxes)
        grey = np.where(ids > 0, 200, 30).astype(np.uint8)
        put("rgb", np.dstack([grey] * 3 + [np.full_like(ids, 255, np.uint8)]), "png")
        put("normals", np.full((HEIGHT, WIDTH, 4), 127, np.uint8), "png")
        put("distance_to_camera", np.where(ids > 0, 2.5, np.inf).astype(np.float32))
        put("motion_vectors", np.zeros((HEIGHT, WIDTH, 4), np.float32))
        put("occlusion", np.array([(0, 2, 0.0), (1, 3, -1.0)], [("instanceId", "<u4"), ("semanticId", "<u4"), RATIO]))
        self._write_points(put)
        camera = {"cameraFocalLength": 24.0, "renderProductResolution": [WIDTH, HEIGHT], "cameraNearFar": [0.1, 100.0]}
        camera |= {"cameraProjection": PROJECTION, "cameraViewTransform": np.eye(4).ravel().tolist()}
        put("camera_params", camera, "json")

    def _put(self, product, frame, stem, data, extension="npy", annotator=None):
        path = self.path(stem, extension, frame, product, annotator)
        path.parent.mkdir(parents=True, exist_ok=True)
        if extension == "json":
            path.write_text(json.dumps(data))
        elif extension == "png":
            Image.fromarray(data).save(path)
        else:
            np.save(path, data)

    def _write_masks(self, put, ids):
        key = (lambda number: str(COLOURS[number])) if self.colourised else str
        picture = np.array([COLOURS[n] for n in range(4)], np.uint8)[ids] if self.colourised else ids.astype(np.uint16)
        labels = {2 + i: {"class": label} for i, (label, _) in enumerate(OBJECTS.values())}
        semantics = {0: {"class": "BACKGROUND"}} | labels
        prims = {0: "BACKGROUND"} | {2 + i: path for i, path in enumerate(OBJECTS)}
        keyed = [{key(number): entry for number, entry in mapping.items()} for mapping in (semantics, prims)]
        for name in ("semantic", "instance", "instance_id"):
            put(f"{name}_segmentation", picture, "png")
        put("semantic_segmentation_labels", keyed[0], "json", "semantic_segmentation")
        put("instance_segmentation_mapping", keyed[1], "json", "instance_segmentation")
        put("instance_segmentation_semantics_mapping", keyed[0], "json", "instance_segmentation")
        put("instance_id_segmentation_mapping", keyed[1], "json", "instance_id_segmentation")

    def _write_boxes(self, put, boxes):
        solid = [(n, -1, -1, -1, 1, 1, 1, np.eye(4), 0) for n in range(2)]
        rows = {
            "2d_tight": np.array(boxes, [*BOX_2D, RATIO]),
            "2d_loose": np.array(boxes, [*BOX_2D, RATIO]),
            "3d": np.array(solid, [*BOX_3D, ("transform", "<f4", (4, 4)), RATIO]),
        }
        labels = {str(i): {"class": label} for i, (label, _) in enumerate(OBJECTS.values())}
        for kind, array in rows.items():
            name = f"bounding_box_{kind}"
            put(name, array)
            put(f"{name}_labels", labels, "json", name)
            put(f"{name}_prim_paths", list(OBJECTS), "json", name)

    def _write_points(self, put):
        put("pointcloud", np.zeros((5, 3), np.float32))
        put("pointcloud_rgb", np.zeros((5, 4), np.uint8), annotator="pointcloud")
        put("pointcloud_normals", np.zeros((5, 4), np.float32), annotator="pointcloud")
        for stem in ("semantic", "instance"):
            put(f"pointcloud_{stem}", np.zeros(5, np.uint32), annotator="pointcloud")


@pytest.fixture
def tiny_set(tmp_path):
    """Make a ``TinySet``."""
    return lambda name="set", **options: TinySet(tmp_path / name, **options)
