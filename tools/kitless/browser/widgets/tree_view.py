"""Tree views."""

from __future__ import annotations

from typing import Any

from kitless.browser.marks import Sketch
from kitless.browser.names import name_of
from kitless.browser.rows import TreeRow, draw_row, draw_rows
from kitless.browser.styles import track
from kitless.browser.widgets.drawing import Draw, Studio, deed, key_of
from omni.ui import _input
from omni.ui._element import Element
from omni.ui._node import Node
from omni.ui._tree_view import Row


def _tree_view(node: Node, _: Studio) -> Sketch:
    rows: list[Row] = node.properties["rows"]
    has_header = bool(rows) and node.properties["header_visible"]
    header = _cells(rows[0], node) if has_header else []
    columns = max([len(row.cells) for row in rows], default=1)
    widths = [track(each) for each in node.properties["column_widths"]][:columns]
    widths += ["minmax(0, 1fr)"] * (columns - len(widths))
    attrs = {"class": "tree-view", "aria-label": name_of(node), "style": f"--columns:{' '.join(widths)}"}
    return draw_rows([draw_row(_row(node, row)) for row in rows[has_header:]], attrs, header)


def _row(node: Node, row: Row) -> TreeRow:
    item = row.item
    selected = any(each is item for each in node.properties["selection"])

    def select(view: Any, value: Any) -> None:
        if not _input.reachable(view):
            return
        if value["shift"]:
            view.extend_selection(item)
        elif value["ctrl"]:
            view.toggle_selection(item)
        else:
            view.selection = [item]

    def toggle(view: Any, _: Any) -> None:
        if _input.reachable(view):
            view.set_expanded(item, not view.is_expanded(item), False)

    return TreeRow(
        _cells(row, node),
        row.level,
        row.expandable,
        row.expanded,
        selected,
        select=deed(node, select),
        toggle=deed(node, toggle),
    )


def _cells(row: Row, node: Node) -> list[Sketch | str]:
    return [_cell(node.children[first:last]) for first, last in row.cells]


def _cell(widgets: list[Element]) -> Sketch | str:
    keys = [key_of(each._ui_node) for each in widgets if each._ui_is_visible()]
    return keys[0] if len(keys) == 1 else Sketch("div", {"class": "row-cell"}, keys)


DRAW: dict[str, Draw] = {"TreeView": _tree_view}
