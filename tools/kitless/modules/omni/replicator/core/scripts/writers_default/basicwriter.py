"""BasicWriter by its older path."""

from ...basic_writer import BasicWriter

__all__ = ["BasicWriter"]
