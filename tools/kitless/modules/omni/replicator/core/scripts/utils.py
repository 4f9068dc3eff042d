"""``omni.replicator.core.utils`` by its older path."""

from kitless.absent import Missing

from .. import utils as _utils
from ..utils import compute_aabb, send_og_event

__all__ = ["compute_aabb", "send_og_event"]


def __getattr__(name: str) -> Missing:
    if name.startswith("_"):
        raise AttributeError(name)
    found: Missing = getattr(_utils, name)
    return found
