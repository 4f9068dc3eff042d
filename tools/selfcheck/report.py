"""The report of a comparison, as JSON to send back and as a table to read. docs/selfcheck.schema.json describes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from .agreement import box_error, depth_error, matrix_error, overlap, same_shape
from .frames import Frame, Labelled

VERSION = 1
SIDES = ("recording", "reference")
MATRICES = ("cameraViewTransform", "cameraProjection")
LENS = ("cameraModel", "cameraFocalLength", "cameraAperture", "cameraApertureOffset", "cameraNearFar")
IOU, BOX_PX, DEPTH_M, ONE_SIDED, MATRIX = 0.98, 1, 0.002, 0.005, 1e-4
"""What counts as agreement. Edges differ by up to a pixel, as renderers sample where they like; nothing else should."""

Pairs = Sequence[tuple[Frame, Frame]]
Json = dict[str, Any]


def compare(recording: Sequence[Frame], reference: Sequence[Frame], made_with: tuple[Json, Json] = ({}, {})) -> Json:
    """Return the comparison of two recordings' frames, of which ``made_with`` says versions and hashes of sources.

    ValueError if they have different numbers of frames, or frames of different sizes.
    """
    if len(recording) != len(reference):
        raise ValueError(f"the recording has {len(recording)} frames, the reference {len(reference)}")
    pairs = list(zip(recording, reference))  # noqa: B905  equally long, and Isaac Sim 4.5 has Python 3.10
    for ours, theirs in pairs:
        same_shape(ours.depth, theirs.depth)
    found: Json = {
        "version": VERSION,
        "versions": {side: made.get("versions", {}) for side, made in zip(SIDES, made_with)},  # noqa: B905  as above
        "different_sources": _different(*(made.get("hashes", {}) for made in made_with)),
        "frames": len(pairs),
        "classes": _masks(pairs, lambda frame: frame.classes),
        "objects": _masks(pairs, lambda frame: frame.objects),
        "boxes": _boxes(pairs),
        "depth": asdict(depth_error((ours.depth, theirs.depth) for ours, theirs in pairs)),
        "camera": _camera(pairs),
    }
    checks = list(_checks(found))
    return {**found, "checks": checks, "agrees": all(check["agrees"] for check in checks)}


def _different(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """Return the names of the sources (stage, labels, taxonomy) of which the hashes differ."""
    return sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))


def _masks(pairs: Pairs, part: Callable[[Frame], Mapping[str, Labelled]]) -> list[Json]:
    """Return a row per name: ids, labels and IoU. A mask that a frame lacks is an empty one."""

    def mask(frame: Frame, name: str) -> Any:
        return part(frame)[name].mask if name in part(frame) else np.zeros(frame.depth.shape, bool)

    rows = []
    for name in _names(pairs, part):
        measured = overlap((mask(ours, name), mask(theirs, name)) for ours, theirs in pairs)
        row: Json = {"name": name, "iou": measured.iou}
        for place, side in enumerate(SIDES):
            there = [part(pair[place])[name] for pair in pairs if name in part(pair[place])]
            row[side] = {
                "ids": sorted({each.id for each in there}),
                "labels": sorted({each.label for each in there}),
                "pixels": getattr(measured, side),
            }
        rows.append(row)
    return rows


def _boxes(pairs: Pairs) -> list[Json]:
    rows = []
    for path in _names(pairs, lambda frame: frame.boxes):
        both = [(a.boxes[path], b.boxes[path]) for a, b in pairs if path in a.boxes and path in b.boxes]
        one = sum((path in a.boxes) != (path in b.boxes) for a, b in pairs)
        row: Json = {"name": path, "frames": len(both), "one_sided_frames": one}
        row["pixels"] = max((box_error(a.edges, b.edges) for a, b in both), default=None)
        row["same_label"] = all(a.label == b.label for a, b in both)
        rows.append(row)
    return rows


def _camera(pairs: Pairs) -> Json:
    found: Json = {
        name: max(matrix_error(a.camera[name], b.camera[name]) for a, b in pairs) if _have(pairs, name) else None
        for name in MATRICES
    }
    found["different"] = [
        {"name": name, "recording": a.camera.get(name), "reference": b.camera.get(name)}
        for a, b in pairs[:1]
        for name in LENS
        if not _alike(a.camera.get(name), b.camera.get(name))
    ]
    return found


def _have(pairs: Pairs, name: str) -> bool:
    return all(name in frame.camera for pair in pairs for frame in pair)


def _alike(ours: Any, theirs: Any) -> bool:
    """Whether two values are equal, numbers to 1 in 10,000."""
    if isinstance(ours, (list, tuple)) and isinstance(theirs, (list, tuple)) and len(ours) == len(theirs):
        return all(map(_alike, ours, theirs))
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return bool(abs(ours - theirs) <= 1e-4 * max(1.0, abs(theirs)))
    return bool(ours == theirs)


def _names(pairs: Pairs, part: Callable[[Frame], Mapping[str, Any]]) -> list[str]:
    return sorted({name for pair in pairs for frame in pair for name in part(frame)})


def _checks(found: Json) -> Iterator[Json]:
    """Yield the checks: the worst value of each measure against its limit."""
    classes, objects, boxes, depth, camera = (found[key] for key in ("classes", "objects", "boxes", "depth", "camera"))
    rows = [*classes, *objects]
    yield _check("sources that differ", len(found["different_sources"]), 0)
    yield _check("class ids that differ", sum(_differs(row, "ids") for row in classes), 0)
    yield _check("labels that differ", sum(_differs(row, "labels") for row in rows), 0)
    yield _check("worst IoU of a class", min((row["iou"] for row in classes), default=None), IOU, at_least=True)
    yield _check("worst IoU of an object", min((row["iou"] for row in objects), default=None), IOU, at_least=True)
    yield _check("boxes in one only", sum(row["one_sided_frames"] for row in boxes), 0)
    yield _check("boxes' labels that differ", sum(not row["same_label"] for row in boxes), 0)
    worst = [row["pixels"] for row in boxes if row["pixels"] is not None]
    yield _check("worst edge of a box, px", max(worst, default=None), BOX_PX)
    yield _check("median error of depth, m", depth["median"], DEPTH_M)
    yield _check("hit in one only, share", depth["one_sided"], ONE_SIDED)
    for name in MATRICES:
        yield _check(name, camera[name], MATRIX)
    yield _check("camera values that differ", len(camera["different"]), 0)


def _differs(row: Json, key: str) -> bool:
    """Whether the two sides say different things of what both have; what one lacks shows in its IoU."""
    ours, theirs = row["recording"][key], row["reference"][key]
    return bool(ours and theirs and ours != theirs)


def _check(name: str, value: float | None, limit: float, *, at_least: bool = False) -> Json:
    """Return a check. What could not be measured does not agree."""
    agrees = value is not None and (value >= limit if at_least else value <= limit)
    return {"name": name, "value": value, "limit": limit, "is": "at least" if at_least else "at most", "agrees": agrees}


def table(report: Json) -> str:
    """Return the report as lines of text, without a line break at the end."""
    masks = [
        (row["name"], _ids(row, "recording"), _ids(row, "reference"), _number(row["iou"]))
        for row in (*report["classes"], *report["objects"])
    ]
    boxes = [(row["name"], row["frames"], row["one_sided_frames"], _number(row["pixels"])) for row in report["boxes"]]
    checks = [
        (c["name"], _number(c["value"]), f"{c['is']} {c['limit']:g}", "agrees" if c["agrees"] else "DIFFERS")
        for c in report["checks"]
    ]
    parts = [
        _columns(("mask", "id", "id of reference", "IoU"), masks),
        _columns(("box", "frames in both", "in one", "worst edge, px"), boxes),
        _columns(("measure", "value", "agrees if", ""), checks),
        "All agrees." if report["agrees"] else "NOT all agrees.",
    ]
    return "\n\n".join(parts)


def _ids(row: Json, side: str) -> str:
    return ", ".join(map(str, row[side]["ids"])) or "-"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _columns(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    texts = [list(map(str, row)) for row in (head, *rows)]
    widths = [max(len(row[place]) for row in texts) for place in range(len(head))]
    lines = ("  ".join(text.ljust(width) for text, width in zip(row, widths)) for row in texts)  # noqa: B905  as above
    return "\n".join(line.rstrip() for line in lines)
