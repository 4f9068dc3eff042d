"""What is under a prefix already, and what that means for a recording that wants it."""

from __future__ import annotations

from enum import Enum

from ..dataset.layout import JOB, REPORT, SIDECAR
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
