"""What is under a prefix already, and what that means for a recording that wants it."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from ..dataset.layout import JOB, REPORT, SIDECAR
from ..dataset.manifest import FRAMES
from .uploader import Uploader

_PROBE = f"{SIDECAR}/.probe-"


class State(Enum):
    """What is under a prefix."""

    FREE = "nothing"
    OTHER = "objects that are no data set of ours"
    BEGUN = "a data set that is not whole"
    WHOLE = "a whole data set"

    def complaint(self, policy: str) -> str | None:
        """Return why a recording with this conflict policy cannot have the prefix; None if it can."""
        if self is State.FREE or (self is not State.OTHER and policy in ("overwrite", "resume")):
            return None
        if policy == "overwrite":
            return "is not a data set made by Simslate, so it stays"
        if policy == "resume":
            return "is not a data set made by Simslate, so it cannot be resumed"
        return "is there already; choose another or on_conflict"


def state_of(uploader: Uploader, prefix: str, *, besides: str) -> State:
    """Return what is under ``prefix`` but for the object ``besides`` and probes."""
    start = len(prefix) + 1
    paths = (each["Key"][start:] for each in uploader.listed(f"{prefix}/"))
    if not any(path != besides and not path.startswith(_PROBE) for path in paths):
        return State.FREE
    if uploader.find(f"{prefix}/{SIDECAR}/{JOB}") is None:
        return State.OTHER
    return State.BEGUN if uploader.find(f"{prefix}/{SIDECAR}/{REPORT}") is None else State.WHOLE


def unmake(uploader: Uploader, prefix: str, *, besides: Collection[str]) -> list[str]:
    """Delete what says that there is a whole data set under ``prefix``; return the keys of its files.

    Its job stays, to be replaced: without any, what is there would be no data set, and nobody could go on from there.
    """
    start = len(prefix) + 1
    there = [each["Key"][start:] for each in uploader.listed(f"{prefix}/")]
    own = [path for path in there if path.startswith(f"{SIDECAR}/") and path != f"{SIDECAR}/{JOB}"]
    # What tells most goes first and by itself: whoever looks in between sees less than there was, and nothing wrong.
    first = [path for path in (f"{SIDECAR}/{REPORT}", f"{SIDECAR}/{FRAMES}") if path in own]
    rest = [path for path in own if path not in first and path not in besides]
    for paths in (*([path] for path in first), rest):
        uploader.delete(f"{prefix}/{path}" for path in paths)
    return [f"{prefix}/{path}" for path in there if not path.startswith(f"{SIDECAR}/") and path not in besides]
