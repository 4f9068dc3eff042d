"""Tree views: the rows of an item model, one widget per cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from carb._edge import LoggedErrors
from kitless.absent import Partial
from omni.ui._containers import Container
from omni.ui._item_models import AbstractItemModel, ListModel
from omni.ui._length import Length
from omni.ui._model_helpers import ItemModelHelper
from omni.ui._plain import Label
from omni.ui._properties import Property, anything, callback, flag, lengths


class AbstractItemDelegate(Partial):
    """What makes the cells of a tree view; the base makes a label of the value."""

    def build_branch(
        self, model: Any, item: Any = None, column_id: int = 0, level: int = 0, expanded: bool = False
    ) -> None:
        """Make what stands before a cell and opens its item; the base leaves that to the view."""

    def build_widget(
        self, model: Any, item: Any = None, index: int = 0, level: int = 0, expanded: bool = False
    ) -> None:
        """Make the cell of an item in column ``index``."""
        value = model.get_item_value_model(item, index)
        Label("" if value is None else value.get_value_as_string())

    def build_header(self, column_id: int = 0) -> None:
        """Make the header of a column; the base makes none."""


@dataclass(frozen=True)
class Row:
    """A row of a tree view: its item, depth, state and the slices of the view's children that are its cells."""

    item: Any
    level: int
    expanded: bool
    expandable: bool
    cells: tuple[tuple[int, int], ...]
    """Per column (first, past the last) index into the tree view's children; of the item None, the header's."""


class TreeView(Container, ItemModelHelper):
    """The rows of an item model: header if visible, then the items from top to bottom, the expanded ones with theirs.

    Cells are direct children, as in Kit. They are made at the end of the next update in which the view is shown, after
    each change of the model all again. ``rows`` is not in Kit: what a view of ours lays the children out by.
    """

    delegate: Property[Any] = Property(None, anything)
    header_visible = Property(False, flag)
    root_visible = Property(True, flag)
    root_expanded = Property(True, flag)
    columns_resizable = Property(False, flag)
    resizeable_on_columns_resized = Property(False, flag)
    column_widths: Property[list[Length]] = Property([], lengths)
    min_column_widths: Property[list[Length]] = Property([], lengths)
    drop_between_items = Property(False, flag)
    expand_on_branch_click = Property(True, flag)
    keep_alive = Property(False, flag)
    keep_expanded = Property(False, flag)
    selection: Property[list[Any]] = Property([], list, changed="selection_changed_fn")
    rows: Property[list[Row]] = Property([], list)

    set_selection_changed_fn, has_selection_changed_fn, call_selection_changed_fn = callback("selection_changed_fn")
    set_hover_changed_fn, has_hover_changed_fn, call_hover_changed_fn = callback("hover_changed_fn")

    def __init__(self, model: AbstractItemModel | None = None, **kwargs: Any) -> None:
        self._ui_expanded: dict[int, Any] = {}
        super().__init__(model=ListModel([]) if model is None else model, **kwargs)

    def clear_selection(self) -> None:
        """Select nothing."""
        self.selection = []

    def toggle_selection(self, item: Any) -> None:
        """Select the item in addition, or no more if it is selected."""
        kept = [each for each in self.selection if each is not item]
        self.selection = kept if len(kept) < len(self.selection) else [*kept, item]

    def extend_selection(self, item: Any) -> None:
        """Select all from the last selected item to this one, in the order of the rows."""
        items = [row.item for row in self.rows]
        if not self.selection or not any(each is item for each in items):
            self.selection = [item]
            return
        first, last = sorted((_index(items, self.selection[-1]), _index(items, item)))
        self.selection = items[first : last + 1]

    def is_expanded(self, item: Any) -> bool:
        """Return whether the item shows what is in it; the root, None, always does."""
        return item is None or self.keep_expanded or id(item) in self._ui_expanded

    def set_expanded(self, item: Any, expanded: bool, recursive: bool) -> None:
        """Show or hide what is in an item; ``recursive``: and in the items in it."""
        if recursive:
            for child in self.model.get_item_children(item):
                self.set_expanded(child, expanded, True)
        if item is not None and expanded:
            # The item itself is kept too: its id must not become that of another one.
            self._ui_expanded[id(item)] = item
        elif item is not None:
            self._ui_expanded.pop(id(item), None)
        self.dirty_widgets()

    def dirty_widgets(self) -> None:
        """Make all cells again at the next update."""
        self._ui_node.tree.build_later(self)

    def _ui_model_changed(self) -> None:
        self.dirty_widgets()

    def _ui_build(self) -> None:
        self.clear()
        delegate = self.delegate or AbstractItemDelegate()
        rows = [self._ui_header(delegate)] if self.header_visible else []
        if self.root_visible:
            rows.append(self._ui_row(delegate, None, 0))
        rows.extend(self._ui_row(delegate, item, level) for item, level in self._ui_items(None, int(self.root_visible)))
        self.rows = rows

    def _ui_items(self, parent: Any, level: int) -> Iterator[tuple[Any, int]]:
        for item in self.model.get_item_children(parent):
            yield item, level
            if self.is_expanded(item):
                yield from self._ui_items(item, level + 1)

    def _ui_header(self, delegate: Any) -> Row:
        columns = range(self.model.get_item_value_model_count(None))
        return Row(None, 0, False, False, tuple(self._ui_cell(delegate.build_header, each) for each in columns))

    def _ui_row(self, delegate: Any, item: Any, level: int) -> Row:
        expanded = self.is_expanded(item)

        def build(column: int) -> None:
            delegate.build_branch(self.model, item, column, level, expanded)
            delegate.build_widget(self.model, item, column, level, expanded)

        columns = range(self.model.get_item_value_model_count(item))
        cells = tuple(self._ui_cell(build, column) for column in columns)
        return Row(item, level, expanded, self.model.can_item_have_children(item), cells)

    def _ui_cell(self, build: Any, column: int) -> tuple[int, int]:
        first = len(self._ui_node.children)
        with self, LoggedErrors("omni.ui", "a delegate's cell"):
            build(column)
        return first, len(self._ui_node.children)


def _index(items: list[Any], item: Any) -> int:
    return next((index for index, each in enumerate(items) if each is item), 0)
