"""The window of Simslate's recorder. Scripts use ``simslate.recorder``; nothing here is needed to record."""

from .extension import WindowExtension

__all__ = ["WindowExtension"]
