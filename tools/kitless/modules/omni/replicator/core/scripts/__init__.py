"""Where Replicator's modules lie in its own folder: scripts import some of them from here."""

from . import backends, functional, utils, writers_default

__all__ = ["backends", "functional", "utils", "writers_default"]
