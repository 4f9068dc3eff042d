"""The built-in writers by their older path."""

from . import basicwriter

__all__ = ["basicwriter"]
