"""omni.syntheticdata as far as recordings need it: the global semantic filter."""

from typing import Any

from kitless.services import service
from omni.replicator.core._missing import Missing
from omni.replicator.core.semantic_filter import SemanticFilter, parse

ALL = "*:*"


class SyntheticData:
    """Which labels of the stage annotators see at all."""

    def __init__(self) -> None:
        self._predicate = ALL
        self._filter = parse(ALL)

    @staticmethod
    def Get() -> "SyntheticData":
        """The process's one."""
        return service(SyntheticData)

    @property
    def instance_mapping_filter(self) -> SemanticFilter:
        """The filter in force, parsed."""
        return self._filter

    def set_instance_mapping_semantic_filter(self, predicate: str = ALL) -> None:
        """Hide labels from all annotators. Raises ``FilterError`` (a ``ValueError``) for a malformed predicate."""
        self._filter = parse(predicate)
        self._predicate = predicate

    def get_instance_mapping_semantic_filter(self) -> str:
        """The predicate in force."""
        return self._predicate

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return Missing(f"omni.syntheticdata.SyntheticData.{name}")
