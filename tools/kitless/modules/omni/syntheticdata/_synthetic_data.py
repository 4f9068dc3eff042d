"""The global semantic filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kitless.absent import Missing
from kitless.services import service

if TYPE_CHECKING:
    from omni.replicator.core.semantic_filter import SemanticFilter

ALL = "*:*"


class SyntheticData:
    """Which labels of the stage annotators see at all."""

    def __init__(self) -> None:
        self.set_instance_mapping_semantic_filter(ALL)

    @staticmethod
    def Get() -> SyntheticData:
        """The process's one."""
        return service(SyntheticData)

    @property
    def instance_mapping_filter(self) -> SemanticFilter:
        """The filter in force, parsed."""
        return self._filter

    def set_instance_mapping_semantic_filter(self, predicate: str = ALL) -> None:
        """Hide labels from all annotators. Raises ``FilterError`` (a ``ValueError``) for a malformed predicate."""
        # Replicator asks this module for the filter when it is imported, so that neither can import the other first.
        from omni.replicator.core.semantic_filter import parse

        self._filter = parse(predicate)
        self._predicate = predicate

    def get_instance_mapping_semantic_filter(self) -> str:
        """The predicate in force."""
        return self._predicate

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return Missing(f"omni.syntheticdata.SyntheticData.{name}")
