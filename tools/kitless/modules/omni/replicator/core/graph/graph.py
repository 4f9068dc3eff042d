"""The graph of the open stage: its triggers, its named distributions, and which ``with`` blocks are open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pxr import Sdf, Usd

import omni.usd
from kitless.services import service

from ..scene.naming import open_stage
from .node import Node

if TYPE_CHECKING:
    from .distribution import Distribution
    from .trigger import Trigger


@dataclass(frozen=True)
class Tick:
    """A frame about to be taken."""

    frame: int
    """How many frames have been taken since the orchestrator was started."""
    time: float
    """The timeline's time in seconds."""


@dataclass(frozen=True)
class Action:
    """What a trigger does, on the layer that was edited when the script said it."""

    run: Callable[[], None]
    layer: Sdf.Layer


class Graph:
    """All nodes that scripts have made for the open stage; another stage begins with none."""

    def __init__(self) -> None:
        self._stage_id = 0
        self._forget()

    def _forget(self) -> None:
        self._triggers: list[Trigger] = []
        self._distributions: list[Distribution] = []
        self._open: list[Node] = []
        self._numbers: dict[str, int] = {}
        self.evaluation = 0

    def _of_open_stage(self) -> None:
        stage_id = omni.usd.get_context().get_stage_id()
        if stage_id != self._stage_id:
            self._forget()
            self._stage_id = stage_id

    @property
    def triggers(self) -> list["Trigger"]:
        """The triggers of the open stage, in the order of their making."""
        self._of_open_stage()
        return self._triggers

    @property
    def distributions(self) -> list["Distribution"]:
        """The distributions of the open stage, in the order of their making."""
        self._of_open_stage()
        return self._distributions

    def number(self, kind: str) -> int:
        """How many nodes of a kind there were before."""
        self._of_open_stage()
        self._numbers[kind] = self._numbers.get(kind, -1) + 1
        return self._numbers[kind]

    def forget_layer(self, layer: Sdf.Layer) -> None:
        """Drop the triggers that were made while a layer was edited, and now is cleared."""
        self.triggers[:] = [trigger for trigger in self.triggers if trigger.layer != layer]

    # --- open blocks

    def enter(self, node: Node) -> None:
        """Open a node's ``with`` block."""
        self._of_open_stage()
        self._open.append(node)

    def leave(self, node: Node) -> None:
        """Close it, and whatever was left open inside."""
        if node in self._open:
            del self._open[self._open.index(node) :]

    @property
    def trigger(self) -> "Trigger | None":
        """The innermost open trigger."""
        from .trigger import Trigger

        self._of_open_stage()
        return next((node for node in reversed(self._open) if isinstance(node, Trigger)), None)

    def subject(self) -> Node:
        """The innermost open node that has prims. Raises ``ValueError`` outside of all."""
        from .trigger import Trigger

        self._of_open_stage()
        found = next((node for node in reversed(self._open) if not isinstance(node, Trigger)), None)
        if found is None:
            raise ValueError("No prims to work on: use 'with item:' around the call, or give input_prims")
        return found

    # --- evaluating

    def evaluate(self, actions: list[Action]) -> None:
        """Run actions with one set of new values."""
        self._of_open_stage()
        self.evaluation += 1
        stage = omni.usd.get_context().get_stage()
        for action in actions:
            with Usd.EditContext(stage, action.layer):
                action.run()

    def tick(self, tick: Tick) -> int:
        """Fire the triggers that are due; returns the largest number of subframes any of them asks for, at least 1."""
        fired = [trigger for trigger in self.triggers if trigger.tick(tick)]
        return max([1, *(trigger.rt_subframes for trigger in fired)])

    def preview(self) -> bool:
        """Fire, uncounted, the triggers that need no event; whether there were any."""
        shown = [trigger for trigger in self.triggers if trigger.previews]
        for trigger in shown:
            self.evaluate(trigger.actions)
        return bool(shown)

    def begin(self) -> None:
        """Begin a run: triggers count from 0, and sequences start with their first item."""
        for trigger in self.triggers:
            trigger.begin()
        for distribution in self.distributions:
            distribution.begin()

    def end_frame(self) -> None:
        """The frame is with the writers: what fired for it has been seen."""
        for trigger in self.triggers:
            trigger.has_fired = False

    @property
    def is_done(self) -> bool:
        """Whether there are triggers, and none will fire again."""
        return bool(self.triggers) and all(trigger.is_done for trigger in self.triggers)

    @property
    def can_end(self) -> bool:
        """Whether there are triggers, and each has a greatest number of executions."""
        return bool(self.triggers) and all(trigger.max_execs for trigger in self.triggers)

    # --- what writers are told

    def trigger_counts(self) -> dict[str, int]:
        """How often each trigger has fired in this run, by name."""
        return {trigger.name: trigger.count for trigger in self.triggers}

    def drawn(self) -> dict[str, Any]:
        """The values that named distributions gave last."""
        return {node.name: node.last() for node in self.distributions if node.name}


def edited_layer() -> Sdf.Layer:
    """The layer that the open stage's edits go to."""
    return open_stage().GetEditTarget().GetLayer()


def perform(run: Callable[[], None]) -> None:
    """Do it each time the open trigger fires; outside of triggers, once and now."""
    graph = service(Graph)
    action = Action(run, edited_layer())
    if graph.trigger is None:
        graph.evaluate([action])
    else:
        graph.trigger.actions.append(action)
