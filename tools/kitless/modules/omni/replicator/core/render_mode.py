"""What the render settings ask of the colour picture: direct light, or paths (``settings.set_render_pathtraced``)."""

from dataclasses import dataclass

import carb.settings

MODE = "/rtx/rendermode"
PATH_TRACING = "PathTracing"
SAMPLES, TOTAL_SAMPLES, BOUNCES = "/rtx/pathtracing/spp", "/rtx/pathtracing/totalSpp", "/rtx/pathtracing/maxBounces"
_DEFAULTS = {SAMPLES: 1, TOTAL_SAMPLES: 64, BOUNCES: 4}


@dataclass(frozen=True)
class RenderMode:
    """How the colour picture of a frame is made."""

    samples: int
    """Per pixel."""
    bounces: int | None = None
    """How often light is reflected; None: as direct light only."""


def render_mode(subframes: int) -> RenderMode:
    """The mode that the settings ask for now, for so many subframes.

    A path traced frame is as many pictures of ``spp`` samples as make ``totalSpp``, at least one per subframe.
    Other modes of RTX (RaytracedLighting, RealTimePathTracing, …) are all drawn with direct light.
    """
    if carb.settings.get_settings().get(MODE) != PATH_TRACING:
        return RenderMode(subframes)
    each, total, bounces = (_positive(name) for name in (SAMPLES, TOTAL_SAMPLES, BOUNCES))
    return RenderMode(max(total // each, subframes) * each, bounces)


def _positive(name: str) -> int:
    value = carb.settings.get_settings().get(name)
    return max(int(value), 1) if isinstance(value, int | float) else _DEFAULTS[name]
