"""How a world runs, and what it was like at one frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .geometry import Transform


@dataclass(repr=False)
class WorldSettings:
    """How a world runs; defaults and order of the CARLA 0.9.16 client."""

    synchronous_mode: bool = False
    """Whether the world waits for ``tick``."""
    no_rendering_mode: bool = False
    fixed_delta_seconds: float | None = None
    """Simulated seconds from frame to frame; None for as many as really passed. 0 and less become None."""
    substepping: bool = True
    max_substep_delta_time: float = 0.01
    max_substeps: int = 10
    max_culling_distance: float = 0.0
    deterministic_ragdolls: bool = False
    tile_stream_distance: float = 3000.0
    actor_active_distance: float = 2000.0
    spectator_as_ego: bool = True

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "fixed_delta_seconds" and value is not None and value <= 0:
            value = None
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        # The client shows no more than these, and 0 for a step that varies.
        return (
            f"WorldSettings(synchronous_mode={self.synchronous_mode},no_rendering_mode={self.no_rendering_mode},"
            f"fixed_delta_seconds={self.fixed_delta_seconds or 0:g},substepping={self.substepping},"
            f"max_substep_delta_time={self.max_substep_delta_time:g},max_substeps={self.max_substeps},"
            f"max_culling_distance={self.max_culling_distance:g},deterministic_ragdolls={self.deterministic_ragdolls})"
        )


@dataclass(repr=False)
class Timestamp:
    """When a frame was. Timestamps are equal if their frames are, as in the client."""

    frame: int = 0
    elapsed_seconds: float = field(default=0.0, compare=False)
    """Seconds of simulated time since the episode began."""
    delta_seconds: float = field(default=0.0, compare=False)
    """Seconds of simulated time since the frame before."""
    platform_timestamp: float = field(default=0.0, compare=False)
    """Seconds of the machine's clock."""

    @property
    def frame_count(self) -> int:
        """``frame`` by its older name."""
        return self.frame

    def __repr__(self) -> str:
        return (
            f"Timestamp(frame={self.frame},elapsed_seconds={self.elapsed_seconds:f},"
            f"delta_seconds={self.delta_seconds:f},platform_timestamp={self.platform_timestamp:f})"
        )


@dataclass(frozen=True, repr=False)
class ActorSnapshot:
    """Where an actor was at one frame."""

    id: int
    transform: Transform

    def get_transform(self) -> Transform:
        """Return where it was, in the world."""
        return self.transform

    def __repr__(self) -> str:
        return f"ActorSnapshot(id={self.id})"


@dataclass(frozen=True, repr=False)
class WorldSnapshot:
    """The actors of one frame, in the order of ``actors``. Snapshots are equal if their frames are."""

    timestamp: Timestamp
    id: int = field(default=0, compare=False)
    """The episode."""
    actors: Mapping[int, ActorSnapshot] = field(default_factory=dict, compare=False)
    """By their ids."""

    @property
    def frame(self) -> int:
        """The frame, as ``World.tick`` returned it."""
        return self.timestamp.frame

    @property
    def frame_count(self) -> int:
        """``frame`` by its older name."""
        return self.frame

    @property
    def elapsed_seconds(self) -> float:
        """Seconds of simulated time since the episode began."""
        return self.timestamp.elapsed_seconds

    @property
    def delta_seconds(self) -> float:
        """Seconds of simulated time since the frame before."""
        return self.timestamp.delta_seconds

    @property
    def platform_timestamp(self) -> float:
        """Seconds of the machine's clock."""
        return self.timestamp.platform_timestamp

    def has_actor(self, actor_id: int) -> bool:
        """Return whether there was an actor of that id."""
        return actor_id in self.actors

    def find(self, actor_id: int) -> ActorSnapshot | None:
        """Return the actor of that id, None if there was none."""
        return self.actors.get(actor_id)

    def __len__(self) -> int:
        return len(self.actors)

    def __iter__(self) -> Iterator[ActorSnapshot]:
        return iter(self.actors.values())

    def __repr__(self) -> str:
        return f"WorldSnapshot(frame={self.frame})"
