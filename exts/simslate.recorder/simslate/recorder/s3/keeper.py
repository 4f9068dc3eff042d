"""The thread that keeps a recording's journal in its bucket up to date, and its claim alive."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress

from .claim import Claim
from .client import s3_errors
from .segments import Segments
from .uploader import Limits


class Keeper:
    """Runs from birth to ``stop``. What fails is tried again the next time."""

    def __init__(self, claim: Claim, segments: Segments, limits: Limits, lost: Callable[[], None]) -> None:
        """``lost`` is called if another recording has taken the claim over."""
        self._claim = claim
        self._segments = segments
        self._limits = limits
        self._lost = lost
        self._stopped = threading.Event()
        self._renewed = time.monotonic()
        self._thread = threading.Thread(target=self._work, name="simslate-s3-journal", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End; a call that is under way is waited for."""
        self._stopped.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stopped.wait(min(self._limits.journal, self._limits.lease / 4)):
            self._try()

    def _try(self) -> None:
        with suppress(*s3_errors()):
            self._tick()

    def _tick(self) -> None:
        if time.monotonic() - self._renewed >= self._limits.lease / 4:
            if not self._claim.renew():
                self._stopped.set()
                self._lost()
                return
            self._renewed = time.monotonic()
        self._segments.push()
