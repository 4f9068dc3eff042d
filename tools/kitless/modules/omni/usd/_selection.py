"""The selected prims of a context."""

# Parameters are Kit's, the ones without a meaning here too.

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence

from pxr import Sdf, Usd

from kitless.absent import Partial


class Selection(Partial):
    """The paths of the selected prims, in the order of selecting; each change announces SELECTION_CHANGED once."""

    class SourceType(enum.IntEnum):
        """Which representation of the scene a selection is made in; kitless has the USD stage alone."""

        USD = 1
        FABRIC = 2
        ALL = 3

    def __init__(self, stage: Callable[[], Usd.Stage | None], changed: Callable[[], None]) -> None:
        self._stage = stage
        self._changed = changed
        self._paths: list[str] = []

    def get_selected_prim_paths(self, source: SourceType = SourceType.USD) -> list[str]:
        """Return the selected paths."""
        return list(self._paths)

    def set_selected_prim_paths(
        self, paths: Sequence[str], expandInStage: bool = True, source: SourceType = SourceType.USD
    ) -> bool:
        """Select the prims at ``paths`` and no others; return True. A path without a prim is left out, as in Kit."""
        stage = self._stage()
        wanted = [str(path) for path in paths if stage is not None and Sdf.Path.IsValidPathString(str(path))[0]]
        self._set(path for path in wanted if stage is not None and stage.GetPrimAtPath(path))
        return True

    def clear_selected_prim_paths(self, source: SourceType = SourceType.USD) -> bool:
        """Select nothing; return True."""
        self._set(())
        return True

    def is_prim_path_selected(self, path: str, source: SourceType = SourceType.USD) -> bool:
        """Return whether the prim at ``path`` is selected."""
        return str(path) in self._paths

    def set_prim_path_selected(
        self,
        path: str,
        selected: bool,
        forcePrim: bool,
        clearSelected: bool,
        expandInStage: bool = True,
        source: SourceType = SourceType.USD,
    ) -> bool:
        """Select or deselect one prim, the others too unless ``clearSelected`` drops them; return True."""
        others = [] if clearSelected else [each for each in self._paths if each != str(path)]
        return self.set_selected_prim_paths([*others, str(path)] if selected else others)

    def select_all_prims(self, type_names: Sequence[str] | None = None) -> None:
        """Select every prim, or every one of the given types."""
        stage = self._stage()
        prims = [] if stage is None else list(stage.Traverse())
        self._set(str(each.GetPath()) for each in prims if not type_names or each.GetTypeName() in type_names)

    def select_inverted_prims(self) -> None:
        """Select the prims that are not selected."""
        stage = self._stage()
        paths = [] if stage is None else [str(each.GetPath()) for each in stage.Traverse()]
        self._set(path for path in paths if path not in self._paths)

    def _set(self, paths: Iterable[str]) -> None:
        # A dict, not a set: the order of selecting counts.
        unique = list(dict.fromkeys(paths))
        if unique != self._paths:
            self._paths = unique
            self._changed()
