"""The open stage as a tree of prims, in step with the context's selection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pxr import Sdf, Usd, UsdGeom, UsdLux, UsdShade

import omni.usd
from kitless.browser.marks import Action, Board, Sketch
from kitless.browser.rows import TreeRow, draw_row, draw_rows
from kitless.browser.stage_events import StageEvents

STAGE = "stage"
_MOST_CHILDREN = 200
_OPEN_LEVELS = 1
_PREDICATE = Usd.TraverseInstanceProxies(Usd.PrimAllPrimsPredicate)
_FAMILIES = (
    ("camera", UsdGeom.Camera),
    ("light", UsdLux.NonboundableLightBase),
    ("light", UsdLux.BoundableLightBase),
    ("material", UsdShade.Material),
    ("material", UsdShade.Shader),
    ("shape", UsdGeom.Gprim),
)


class StageTree:
    """Draws the prims that are open to view."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._context = omni.usd.get_context()
        self._expanded: set[Sdf.Path] = set()
        self._shown_children: dict[Sdf.Path, int] = {}
        self._order: list[str] = []
        self._anchor = ""
        self._dirty = True
        self._open_first()
        self._events = StageEvents(opened=self._on_opened, edited=self._on_edited, selected=self._on_selected)

    def close(self) -> None:
        """Stop listening."""
        self._events.close()

    def draw(self) -> None:
        """Draw the tree if something has changed."""
        if self._dirty:
            self._dirty = False
            self._board.put(STAGE, self._sketch())

    # --- what changes it

    def _on_opened(self) -> None:
        self._expanded.clear()
        self._shown_children.clear()
        self._anchor = ""
        self._open_first()
        self._dirty = True

    def _on_edited(self, notice: Usd.Notice.ObjectsChanged) -> None:
        # Values do not show here; only prims that come, go or change their type.
        if any(path.IsAbsoluteRootOrPrimPath() for path in notice.GetResyncedPaths()):
            self._dirty = True

    def _on_selected(self) -> None:
        for path in self._context.get_selection().get_selected_prim_paths():
            self._expanded.update(Sdf.Path(path).GetParentPath().GetPrefixes())
        self._dirty = True

    def _open_first(self) -> None:
        stage = self._context.get_stage()
        for prim in () if stage is None else stage.GetPseudoRoot().GetFilteredChildren(_PREDICATE):
            if prim.GetPath().pathElementCount <= _OPEN_LEVELS:
                self._expanded.add(prim.GetPath())

    # --- drawing

    def _sketch(self) -> Sketch:
        stage = self._context.get_stage()
        selected = set(self._context.get_selection().get_selected_prim_paths())
        prims = [] if stage is None else list(self._prims(stage.GetPseudoRoot(), 0))
        self._order = [str(prim.GetPath()) for prim, _, more in prims if not more]
        rows = [
            self._more(prim, level, more) if more else self._row(prim, level, selected) for prim, level, more in prims
        ]
        empty = Sketch("p", {"class": "empty"}, text="No stage is open.")
        tree = draw_rows(
            [self._put(row) for row in rows],
            {"class": "stage-rows", "aria-label": "Stage", "style": "--columns:minmax(0,1fr) auto"},
        )
        name = "" if stage is None else stage.GetRootLayer().GetDisplayName()
        head = Sketch(
            "h2", {"class": "pane-title", "title": name}, [Sketch("span", {"class": "pane-note"}, text=name)], "Stage"
        )
        return Sketch("aside", {"class": "pane stage", "aria-label": "Stage"}, [head, tree if rows else empty])

    def _put(self, row: TreeRow) -> str:
        """Draw a row under a key of its own, so that selecting does not draw all the others again."""
        key = f"prim:{row.attrs['data-path']}"
        self._board.put(key, draw_row(row))
        return key

    def _prims(self, parent: Usd.Prim, level: int) -> Iterator[tuple[Usd.Prim, int, int]]:
        """Yield (prim, level, 0) from top to bottom; (parent, level, n) where n more are not shown."""
        children = parent.GetFilteredChildren(_PREDICATE)
        limit = self._shown_children.get(parent.GetPath(), _MOST_CHILDREN)
        for prim in children[:limit]:
            yield prim, level, 0
            if prim.GetPath() in self._expanded:
                yield from self._prims(prim, level + 1)
        if len(children) > limit:
            yield parent, level, len(children) - limit

    def _row(self, prim: Usd.Prim, level: int, selected: set[str]) -> TreeRow:
        path = prim.GetPath()
        kind = prim.GetTypeName()
        name = Sketch("span", {"class": f"prim prim-{_family(prim)}"}, text=prim.GetName())
        return TreeRow(
            [name, Sketch("span", {"class": "prim-type"}, text=kind)],
            level,
            bool(prim.GetFilteredChildren(_PREDICATE)),
            path in self._expanded,
            str(path) in selected,
            attrs={"data-path": str(path), "title": f"{path} ({kind or 'no type'})"},
            select=self._select(str(path)),
            toggle=self._toggle(path),
        )

    def _more(self, parent: Usd.Prim, level: int, count: int) -> TreeRow:
        path = parent.GetPath()

        def show(_: Any) -> None:
            self._shown_children[path] = self._shown_children.get(path, _MOST_CHILDREN) + _MOST_CHILDREN
            self._dirty = True

        name = Sketch("span", {"class": "prim-more"}, text=f"{count} more")
        return TreeRow([name], level, attrs={"data-path": f"{path}:more"}, select=show)

    # --- what a user does

    def _select(self, path: str) -> Action:
        def select(value: Any) -> None:
            selection = self._context.get_selection()
            paths = selection.get_selected_prim_paths()
            if value["shift"] and self._anchor in self._order:
                first, last = sorted((self._order.index(self._anchor), self._order.index(path)))
                paths = self._order[first : last + 1]
            elif value["ctrl"]:
                self._anchor = path
                paths = [each for each in paths if each != path] if path in paths else [*paths, path]
            else:
                self._anchor = path
                paths = [path]
            selection.set_selected_prim_paths(paths)

        return select

    def _toggle(self, path: Sdf.Path) -> Action:
        def toggle(_: Any) -> None:
            self._expanded ^= {path}
            self._dirty = True

        return toggle


def _family(prim: Usd.Prim) -> str:
    return next((name for name, schema in _FAMILIES if prim.IsA(schema)), "group")
