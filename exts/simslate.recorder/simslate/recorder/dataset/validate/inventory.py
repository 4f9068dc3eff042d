"""The files that are there against the manifest, and the sidecar's numbers against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

from ..catalogue import Catalogue, is_leftover, leaves_folder
from ..layout import REPORT
from ..manifest import FRAMES, MANIFEST, FileLine, FrameLine
from .finding import Finding, printable
from .sidecar import Sidecar

_MANIFEST, _FRAMES, _REPORT = (f"simslate/{name}" for name in (MANIFEST, FRAMES, REPORT))


def check_catalogue(catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what should not be in any data set."""
    for path in catalogue.links:
        yield Finding("unsafe", printable(path), "is a link, or no plain file; it was not opened")
    for path in (*catalogue.sizes, *catalogue.sidecar):
        if is_leftover(path):
            yield Finding("leftover", printable(path), "is a temporary file: writing it was not finished")


def check_manifest(catalogue: Catalogue, sidecar: Sidecar) -> Iterator[Finding]:
    """Yield what the manifest and the folder do not agree about; hashes are for when files are read."""
    entries = sidecar.manifest or []
    for path, count in Counter(entry.path for entry in entries).items():
        if leaves_folder(path):
            yield Finding("unsafe", _MANIFEST, f'names "{printable(path)}", which is no plain path inside the folder')
        elif path.startswith("simslate/"):
            yield Finding("sidecar", _MANIFEST, f'lists "{printable(path)}", which is not the writer\'s')
        elif count > 1:
            yield Finding("sidecar", _MANIFEST, f'lists "{printable(path)}" {count} times')
    for entry in entries:
        if not leaves_folder(entry.path) and not entry.path.startswith("simslate/"):
            yield from _check_entry(entry, catalogue)
    listed = {entry.path for entry in entries}
    for path in catalogue.sizes:
        if sidecar.manifest is not None and path not in listed and not is_leftover(path):
            yield Finding("extra", printable(path), "is not in the manifest")
    yield from _check_sums(sidecar)


def _check_entry(entry: FileLine, catalogue: Catalogue) -> Iterator[Finding]:
    path = printable(entry.path)
    size = catalogue.sizes.get(entry.path)
    if size is None and entry.path not in catalogue.links:
        yield Finding("missing", path, "is in the manifest and not in the folder", entry.frame)
    elif size is not None and size != entry.bytes:
        yield Finding("size", path, f"has {size} bytes; the manifest says {entry.bytes}", entry.frame)


def _check_sums(sidecar: Sidecar) -> Iterator[Finding]:
    told = (sidecar.report or {}).get("manifest")
    if sidecar.manifest is None or sidecar.report is None:
        return
    if not isinstance(told, Mapping):
        yield Finding("sidecar", _REPORT, "does not tell the manifest's sum, although there is a manifest")
    elif told.get("sha256") != sidecar.hashes.get(MANIFEST):
        yield Finding("sidecar", _MANIFEST, "is not the one whose sha256 the report tells")
    else:
        sums = {"files": len(sidecar.manifest), "bytes": sum(entry.bytes for entry in sidecar.manifest)}
        for name, value in sums.items():
            if told.get(name) != value:
                yield Finding("sidecar", _REPORT, f"says {told.get(name)} {name}; the manifest lists {value}")


def check_frames(sidecar: Sidecar) -> Iterator[Finding]:
    """Yield what job, report and frames.jsonl do not agree about, and frames that are suspect or go back in time."""
    wanted = (sidecar.job or {}).get("frames")
    count = (sidecar.report or {}).get("frames")
    if sidecar.report is not None and (type(count) is not int or count < 0):
        yield Finding("sidecar", _REPORT, "does not tell the number of frames")
    elif sidecar.report is not None and wanted not in (None, count):
        yield Finding("frames", _REPORT, f"tells {count} frames; the job asks for {wanted}")
    if sidecar.frames is None:
        return
    if type(count) is int and len(sidecar.frames) != count:
        yield Finding("frames", _FRAMES, f"has {len(sidecar.frames)} frames; the report tells {count}")
    for place, line in enumerate(sidecar.frames):
        if line.frame != place:
            yield Finding("frames", _FRAMES, f"has frame {line.frame} where {place} is due", place)
            break
    yield from _check_suspects(sidecar, sidecar.frames)
    yield from _check_times(sidecar.frames)


def _check_suspects(sidecar: Sidecar, frames: list[FrameLine]) -> Iterator[Finding]:
    suspects = [line.frame for line in frames if line.verdict == "suspect"]
    for line in frames:
        if line.verdict == "suspect":
            reasons = ", ".join(map(str, line.reasons)) or "no reason given"
            yield Finding("suspect", _FRAMES, f"frame {line.frame} was marked suspect: {reasons}", line.frame)
    told = (sidecar.report or {}).get("suspect")
    if sidecar.report is not None and told is not None and told != suspects:
        yield Finding("sidecar", _REPORT, f"tells the suspect frames {told}; frames.jsonl has {suspects}")


def _check_times(frames: list[FrameLine]) -> Iterator[Finding]:
    for before, line in pairwise(frames):
        if line.simulation_time < before.simulation_time:
            said = f"simulation time runs from {before.simulation_time} back to {line.simulation_time}"
            yield Finding("times", _FRAMES, f"frame {line.frame}: {said}", line.frame)
        elif line.timeline_time < before.timeline_time and not _looped(frames, line):
            said = f"timeline time runs from {before.timeline_time} back to {line.timeline_time}"
            yield Finding("times", _FRAMES, f"frame {line.frame}: {said}", line.frame)


def _looped(frames: list[FrameLine], line: FrameLine) -> bool:
    """Return whether ``line`` is where a timeline that loops began again, at most a step after its start."""
    times = sorted({each.timeline_time for each in frames if each is not line})
    return line.timeline_time <= times[1] if len(times) > 2 else False


def check_tables(sidecar: Sidecar) -> Iterator[Finding]:
    """Yield which frames lack what the manifest has for others, whatever the writer calls its files."""
    cells: dict[tuple[str | None, str], set[int]] = {}
    for entry in sidecar.manifest or []:
        if entry.frame is not None and entry.annotator is not None:
            cells.setdefault((entry.render_product, entry.annotator), set()).add(entry.frame)
    count = sidecar.frame_count
    frames = set().union(*cells.values()) if count is None else set(range(count))
    for (product, annotator), there in cells.items():
        for frame in sorted(frames - there):
            where = f" of render product {product}" if product else ""
            yield Finding("missing", _MANIFEST, f"lists no {annotator}{where} for frame {frame}", frame)
