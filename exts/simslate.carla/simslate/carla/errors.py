"""What can go wrong in a script for CARLA's client."""

from __future__ import annotations

from simslate.recorder.errors import SimslateError


class CarlaError(SimslateError, RuntimeError):
    """What CARLA's own client would raise a RuntimeError for, or do silently wrong."""

    exit_code = 2
