"""Rows of trees, drawn alike for tree views and for the stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kitless.browser.marks import Action, Sketch

INDENT_PX = 14


@dataclass(frozen=True)
class TreeRow:
    """One row: its cells, where it stands in the tree, and what happens when it is clicked or opened."""

    cells: Sequence[Sketch | str]
    level: int = 0
    expandable: bool = False
    expanded: bool = False
    selected: bool = False
    attrs: Mapping[str, Any] = field(default_factory=dict)
    select: Action | None = None
    """Gets {"ctrl": bool, "shift": bool}."""
    toggle: Action | None = None


def draw_rows(rows: Sequence[Sketch | str], attrs: Mapping[str, Any], header: Sequence[Sketch | str] = ()) -> Sketch:
    """Draw a tree of rows, or of their keys."""
    head = [Sketch("div", {"class": "tree-row tree-head", "role": "row"}, header)] if header else []
    return Sketch(
        "ks-rows",
        {"aria-multiselectable": "true", **attrs, "class": f"tree {attrs.get('class') or ''}"},
        [*head, *rows],
    )


def draw_row(row: TreeRow) -> Sketch:
    """Draw one row."""
    twist = Sketch("span", {"class": "twist-none"})
    if row.expandable and row.toggle is not None:
        attrs = {
            "class": f"twist-button twist{' open' if row.expanded else ''}",
            "tabindex": -1,
            "aria-label": "Collapse" if row.expanded else "Expand",
        }
        twist = Sketch("button", attrs, on={"click": row.toggle})
    first, *rest = row.cells or [Sketch("span")]
    lead = Sketch("div", {"class": "cell", "role": "gridcell", "style": _indent(row.level)}, [twist, first])
    return Sketch(
        "div",
        {
            "class": "tree-row",
            "role": "row",
            "tabindex": 0,
            "aria-level": row.level + 1,
            "aria-selected": "true" if row.selected else "false",
            "aria-expanded": ("true" if row.expanded else "false") if row.expandable else None,
            **row.attrs,
        },
        [lead, *(Sketch("div", {"class": "cell", "role": "gridcell"}, [cell]) for cell in rest)],
        on={} if row.select is None else {"click": row.select},
    )


def _indent(level: int) -> str | None:
    return f"padding-left:{level * INDENT_PX}px" if level else None
