"""``omni.replicator.core.functional.utils`` by its older path."""

from ...functional.utils import get_world_position

__all__ = ["get_world_position"]
