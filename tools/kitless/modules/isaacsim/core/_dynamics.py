"""kitless has no physics: what says so, once."""

from __future__ import annotations

import carb
from kitless.services import service


class _Notice:
    """Whether the user has been told."""

    def __init__(self) -> None:
        self.given = False


def warn_of_dynamics(what: str) -> None:
    """Warn, once for each app, that ``what`` moves nothing here."""
    notice = service(_Notice)
    if not notice.given:
        notice.given = True
        carb.log_warn(
            f"{what}: kitless has no physics. Schemas and velocities are written to the stage, the timeline moves, and "
            "every object keeps its pose."
        )
