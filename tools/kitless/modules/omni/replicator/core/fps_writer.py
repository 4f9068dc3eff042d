"""FPSWriter: how fast frames come."""

import time
from typing import Any

from .annotators import AnnotatorRegistry
from .writer import Writer


class FPSWriter(Writer):
    """Prints how long each frame took, in seconds, and at the end the average; writes no file."""

    def __init__(self) -> None:
        self.version = "0.0.1"
        self.annotators = [AnnotatorRegistry.get_annotator("LdrColor")]
        self._last = time.perf_counter()
        self._seconds: list[float] = []

    def write(self, data: dict[str, Any]) -> None:
        """Print one frame's time."""
        now = time.perf_counter()
        self._seconds.append(now - self._last)
        self._last = now
        print(f"Frame {len(self._seconds)}: {self._seconds[-1]:.4f} s")  # noqa: T201  Replicator's writer prints

    def on_final_frame(self) -> None:
        """Print the average."""
        if self._seconds:
            average = sum(self._seconds) / len(self._seconds)
            print(f"Average of {len(self._seconds)} frames: {average:.4f} s, {1 / average:.2f} FPS")  # noqa: T201

    def write_metadata(self) -> None:
        """Write none: there is no backend, and that is no mistake."""
