"""What can go wrong in the calls that scripts for CARLA make."""

from __future__ import annotations

from simslate.recorder.errors import SimslateError


class CarlaError(SimslateError, RuntimeError):
    """A call that cannot be done as asked. Also a RuntimeError: that is what scripts for CARLA catch."""

    exit_code = 2
