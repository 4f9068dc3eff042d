"""A node of a graph, and the handle on it that scripts hold."""

from typing import Any, Self

from pxr import Usd

from kitless.absent import Missing
from kitless.services import service


class Node:
    """A step of a graph. In Kit an OmniGraph node; of that class's own members there are none here."""

    name = ""

    def prims(self) -> list[Usd.Prim]:
        """The prims it stands for, as they are on the stage now."""
        return []

    def outputs(self) -> dict[str, Any]:
        """What other nodes can take from it, by name."""
        return {"prims": self.prims()}

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("_"):
            raise AttributeError(attribute)
        return Missing(f"omni.graph.core.Node.{attribute}")


class ReplicatorItem:
    """A handle on a node. In a ``with`` block, what is modified or randomised are the node's prims."""

    def __init__(self, node: Node) -> None:
        self.node = node

    def __enter__(self) -> Self:
        from .graph import Graph  # the graph knows nodes; entering one is the only edge back

        service(Graph).enter(self.node)
        return self

    def __exit__(self, *exc: object) -> None:
        from .graph import Graph

        service(Graph).leave(self.node)

    def get_output_prims(self) -> dict[str, list[Usd.Prim]]:
        """The prims it stands for, in a dictionary under ``prims``."""
        return {"prims": self.node.prims()}

    def get_outputs(self) -> dict[str, Any]:
        """All outputs by name: ``prims``, and ``samples`` for distributions."""
        return self.node.outputs()

    def get_output(self, name: str) -> Any:
        """One output. Raises ``ValueError`` for a name that it does not have."""
        outputs = self.node.outputs()
        if name not in outputs:
            raise ValueError(f"{self!r} has no output '{name}'; it has {sorted(outputs)}")
        return outputs[name]

    def __repr__(self) -> str:
        return f"<ReplicatorItem {type(self.node).__name__} {self.node.name}>".replace(" >", ">")
