"""A trigger: when its actions are done."""

from collections.abc import Callable

from kitless.services import service

from .graph import Action, Graph, Tick, edited_layer
from .node import Node


def never(_tick: Tick) -> bool:
    """The condition of triggers that wait for an event, and so for no frame."""
    return False


class Trigger(Node):
    """Does its actions, with new values, each time it fires."""

    def __init__(
        self,
        name: str,
        is_due: Callable[[Tick], bool] = never,
        *,
        max_execs: int = 0,
        rt_subframes: int = 1,
        previews: bool = True,
        begin: Callable[[], None] = lambda: None,
    ) -> None:
        """``is_due`` is asked before each frame, and may count; ``begin`` is called when a run begins.

        ``max_execs`` is how often it fires in a run, 0 for as often as it is due. ``previews``: it is of runs, and
        fires for previews too; else it waits for events.
        """
        if max_execs < 0:
            raise ValueError(f"max_execs must not be negative: {max_execs}")
        self.layer = edited_layer()
        graph = service(Graph)
        self.name = free_name(name, [trigger.name for trigger in graph.triggers])
        self.max_execs, self.rt_subframes, self.previews = max_execs, rt_subframes, previews
        self.actions: list[Action] = []
        self.count = 0
        self.has_fired = False
        self._is_due, self._begin = is_due, begin
        graph.triggers.append(self)

    @property
    def is_done(self) -> bool:
        """Whether it has fired as often as it may."""
        return bool(self.max_execs) and self.count >= self.max_execs

    def begin(self) -> None:
        """Count from 0 again; what waits for events has nothing to begin."""
        if self.previews:
            self.count, self.has_fired = 0, False
            self._begin()

    def tick(self, tick: Tick) -> bool:
        """Fire if a frame makes it due; whether it did."""
        return self._is_due(tick) and self.fire()

    def fire(self) -> bool:
        """Do the actions, unless it has fired often enough; whether it did."""
        if self.is_done:
            return False
        self.count += 1
        self.has_fired = True
        service(Graph).evaluate(self.actions)
        return True


def free_name(name: str, taken: list[str]) -> str:
    """The name, with ``_01``, ``_02``, … where it is taken."""
    candidates = (name, *(f"{name}_{number:02d}" for number in range(1, len(taken) + 1)))
    return next(candidate for candidate in candidates if candidate not in taken)
