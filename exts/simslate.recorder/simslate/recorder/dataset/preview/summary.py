"""What stands at the top of the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..layout import JOB, REPORT
from ..validate.finding import printable
from .source import Source, place_of

_MOST_PROBLEMS = 50


def summary(source: Source) -> dict[str, Any]:
    """Return name, verdict and facts of a recording."""
    return {
        "name": printable(place_of(source.folder).name),
        "verdict": _verdict(source),
        "facts": [[name, text] for name, text in _facts(source).items() if text],
        "problems": source.problems[:_MOST_PROBLEMS],
        "moreProblems": max(0, len(source.problems) - _MOST_PROBLEMS),
    }


def _verdict(source: Source) -> dict[str, str]:
    report = source.sidecar.report
    if not source.catalogue.sidecar:
        return {"state": "bare", "text": "no report", "why": "a bare folder: nothing in it tells whether it is whole"}
    if report is None or report.get("complete") is not True:
        return {"state": "unfinished", "text": "unfinished", "why": "the recording did not come to its end"}
    if source.suspects:
        count = len(source.suspects)
        return {"state": "suspect", "text": "suspect", "why": f"{count} frame{'s' * (count != 1)} to look at"}
    if source.problems:
        return {"state": "suspect", "text": "with problems", "why": "something about the recording is wrong: see below"}
    return {"state": "complete", "text": "complete", "why": "every file that was asked for is there"}


def _facts(source: Source) -> Mapping[str, str]:
    sizes = [*source.catalogue.sizes.values(), *source.catalogue.sidecar.values()]
    products = [_product(each) for each in source.sidecar.products or []] or [name for name in source.products if name]
    return {
        "Written": _when(source),
        "Frames": f"{len(source.numbers):,}",
        "Render products": ", ".join(products) or "1",
        "Writer": source.writer or "unknown",
        "Files": f"{len(sizes):,}",
        "Size": bytes_text(sum(sizes)),
        "Stage": _stage(source),
    }


def _product(product: Mapping[str, Any]) -> str:
    width, height = product["resolution"]
    camera = str(product.get("camera") or "").rpartition("/")[2]
    return f"{product.get('name') or camera or 'camera'} {width} x {height}"


def _stage(source: Source) -> str:
    stage = (source.sidecar.job or {}).get("stage")
    return stage.replace("\\", "/").rpartition("/")[2] if isinstance(stage, str) else ""


def _when(source: Source) -> str:
    """Return when the last of the files that tell about a recording, or else of all, was written."""
    own = [f"simslate/{name}" for name in (REPORT, JOB) if f"simslate/{name}" in source.catalogue.sidecar]
    for path in (*own[:1], *list(source.catalogue.sizes)[-1:]):
        try:
            moment = datetime.fromtimestamp((source.folder / path).stat().st_mtime).astimezone()
        except OSError:
            continue
        return moment.strftime("%Y-%m-%d %H:%M")
    return ""


def bytes_text(count: float) -> str:
    """Return a number of bytes as a person says it."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:,.1f} TB"
