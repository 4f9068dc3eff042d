"""Updating the app, its timeline and its extensions, in the manner of Isaac Sim 6."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import carb
from kitless.absent import absent
from omni.ext import ExtensionError
from omni.kit.app import get_app
from omni.timeline import Timeline, get_timeline_interface

__all__ = [
    "enable_extension",
    "get_extension_dict",
    "get_extension_id",
    "get_extension_path",
    "is_extension_enabled",
    "is_paused",
    "is_playing",
    "is_stopped",
    "pause",
    "play",
    "stop",
    "update_app",
    "update_app_async",
]


def update_app(*, steps: int = 1, callback: Callable[[int, int], bool | None] | None = None) -> None:
    """Do ``steps`` updates; ``callback(step, steps)`` after each ends them by returning False."""
    for step in range(steps):
        get_app().update()
        if callback is not None and callback(step, steps) is False:
            return


async def update_app_async(*, steps: int = 1, callback: Callable[[int, int], bool | None] | None = None) -> None:
    """Wait for ``steps`` updates; ``callback(step, steps)`` after each ends them by returning False."""
    for step in range(steps):
        await get_app().next_update_async()
        if callback is not None and callback(step, steps) is False:
            return


def play(*, commit: bool = True) -> None:
    """Play the timeline; its event is sent at once with ``commit``, else at the next update."""
    with _timeline(commit) as timeline:
        timeline.play()


def pause(*, commit: bool = True) -> None:
    """Pause the timeline."""
    with _timeline(commit) as timeline:
        timeline.pause()


def stop(*, commit: bool = True) -> None:
    """Stop the timeline."""
    with _timeline(commit) as timeline:
        timeline.stop()


def is_playing() -> bool:
    """Return whether the timeline plays."""
    return get_timeline_interface().is_playing()


def is_paused() -> bool:
    """Return whether the timeline is paused."""
    return not is_playing() and not is_stopped()


def is_stopped() -> bool:
    """Return whether the timeline is stopped."""
    return get_timeline_interface().is_stopped()


def enable_extension(name: str, *, enabled: bool = True) -> bool:
    """Enable or disable an extension; return whether it is now as asked. The log says why one cannot be enabled."""
    try:
        return get_app().get_extension_manager().set_extension_enabled_immediate(name, enabled)
    except ExtensionError as error:
        carb.log_error(f"Extension {name} is not enabled: {error}")
        return False


def is_extension_enabled(name: str) -> bool:
    """Return whether an extension is enabled."""
    return get_app().get_extension_manager().is_extension_enabled(name)


def get_extension_path(name: str) -> str:
    """Return an extension's folder, empty when it is unknown."""
    return get_app().get_extension_manager().get_extension_path(name)


def get_extension_id(name: str) -> str | None:
    """Return an enabled extension's id, None when it is not enabled."""
    return get_app().get_extension_manager().get_enabled_extension_id(name)


def get_extension_dict(name: str) -> dict[str, Any] | None:
    """Return the contents of an extension's extension.toml, None when there is none."""
    return get_app().get_extension_manager().get_extension_dict(name)


@contextlib.contextmanager
def _timeline(commit: bool) -> Iterator[Timeline]:
    timeline = get_timeline_interface()
    yield timeline
    if commit:
        timeline.commit()


__getattr__ = absent(__name__)
