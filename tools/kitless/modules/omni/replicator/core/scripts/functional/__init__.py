"""``omni.replicator.core.functional`` by its older path."""

from ...functional import create, create_batch, get, modify, physics, randomizer
from . import utils

__all__ = ["create", "create_batch", "get", "modify", "physics", "randomizer", "utils"]
