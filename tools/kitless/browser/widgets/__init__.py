"""How each kind of widget is drawn: a table from the kind to the function."""

from __future__ import annotations

from kitless.browser.marks import Sketch
from kitless.browser.widgets import buttons, containers, fields, images, menus, plain, several, tree_view, windows
from kitless.browser.widgets.drawing import Draw, Studio, dressed
from omni.ui._node import Node

__all__ = ["DRAW", "Studio", "draw_widget"]

DRAW: dict[str, Draw] = {
    **plain.DRAW,
    **buttons.DRAW,
    **fields.DRAW,
    **several.DRAW,
    **containers.DRAW,
    **images.DRAW,
    **tree_view.DRAW,
    **menus.DRAW,
    **windows.DRAW,
}


def draw_widget(node: Node, studio: Studio) -> Sketch:
    """Draw one element; what is in it has keys of its own. A kind that is not known is drawn as a container."""
    return dressed(node, DRAW.get(node.kind, containers.draw_box)(node, studio))
