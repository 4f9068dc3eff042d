"""``rep.new_layer``: a layer of its own for what a script makes."""

from collections.abc import Iterator
from contextlib import contextmanager

from pxr import Sdf, Usd

from kitless.services import service

from .graph import Graph
from .scene.naming import open_stage

DEFAULT_NAME = "Replicator"


class Layers(dict[str, Sdf.Layer]):
    """The layers that were made, by name; USD keeps no layer alive that only a session refers to by name."""


@contextmanager
def new_layer(name: str | None = None) -> Iterator[Sdf.Layer]:
    """Author on a layer of its own in the ``with`` block, and where it was before afterwards.

    The layer lies in the session, so that it is stronger than the stage's own and is not saved with it. One of the
    same name is cleared, and what was randomised there ends.
    """
    stage = open_stage()
    layer = layer_of(stage, name or DEFAULT_NAME)
    with Usd.EditContext(stage, layer):
        yield layer


def layer_of(stage: Usd.Stage, name: str) -> Sdf.Layer:
    """The empty layer of that name in a stage's session."""
    session, known = stage.GetSessionLayer(), service(Layers)
    layer = known.get(name)
    if layer is not None and layer.identifier in session.subLayerPaths:
        service(Graph).forget_layer(layer)
        layer.Clear()
        return layer
    known[name] = layer = Sdf.Layer.CreateAnonymous(name)
    session.subLayerPaths.insert(0, layer.identifier)
    return layer
