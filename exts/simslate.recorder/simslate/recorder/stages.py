"""Stages as the command line opens and saves them: in the app's context, with errors that name the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pxr import Usd

import omni.usd

from .errors import OutputError, StageError


async def open_stage(address: str, said_by: str) -> Usd.Stage:
    """Open the stage at ``address``, a path or URL, and return it. StageError, naming ``said_by``, if that fails."""
    if "://" not in address and not Path(address).is_file():
        raise StageError(f"{said_by}: there is no file {address}")
    done, message = await omni.usd.get_context().open_stage_async(address)
    if not done:
        raise StageError(f"{said_by}: {address} cannot be opened: {message}")
    stage: Any = omni.usd.get_context().get_stage()
    return stage


async def save_stage(copy: Path | None) -> None:
    """Save what has changed of the open stage or, with ``copy``, its root layer as a new file. OutputError names it."""
    context = omni.usd.get_context()
    if copy is None:
        done, message, _ = await context.save_stage_async()
    elif copy.exists():
        raise OutputError(f"{copy}: is there already, and will not be replaced")
    else:
        done, message, _ = await context.save_as_stage_async(str(copy.absolute()))
    if not done:
        raise OutputError(f"{copy or context.get_stage_url()}: cannot be saved: {message}")
