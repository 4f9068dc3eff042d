"""Data sets in the formats that people train on, from a recording as it is made or when it is finished."""

from .assemble import Filter
from .export import Exported, Request, export
from .formats import FORMATS

__all__ = ["FORMATS", "Exported", "Filter", "Request", "export"]
