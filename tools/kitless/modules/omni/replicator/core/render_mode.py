"""What the render settings ask of the colour picture: direct light, or paths (``settings.set_render_pathtraced``)."""

from dataclasses import dataclass

from pxr import Usd, UsdGeom

import carb.settings

MODE = "/rtx/rendermode"
PATH_TRACING = "PathTracing"
SAMPLES, TOTAL_SAMPLES, BOUNCES = "/rtx/pathtracing/spp", "/rtx/pathtracing/totalSpp", "/rtx/pathtracing/maxBounces"
BLUR, BLUR_SAMPLES = "/omni/replicator/captureMotionBlur", "/omni/replicator/pathTracedMotionBlurSubSamples"
_DEFAULTS = {SAMPLES: 1, TOTAL_SAMPLES: 64, BOUNCES: 4, BLUR_SAMPLES: 8}
_HALF_A_FRAME = (0.0, 0.5)
"""How long a shutter is open that a camera does not tell of, in time codes."""


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


def exposure_times(camera: Usd.Prim, time: Usd.TimeCode, mode: RenderMode) -> list[Usd.TimeCode]:
    """When a frame's light is taken if motion blur is asked for: evenly while the shutter is open. Else none."""
    if not carb.settings.get_settings().get_as_bool(BLUR):
        return []
    seen = UsdGeom.Camera(camera)
    first, last = seen.GetShutterOpenAttr().Get(time), seen.GetShutterCloseAttr().Get(time)
    if not first < last:
        first, last = _HALF_A_FRAME
    count = max(mode.samples, _positive(BLUR_SAMPLES))
    return [Usd.TimeCode(time.GetValue() + first + (last - first) * (k + 0.5) / count) for k in range(count)]


def _positive(name: str) -> int:
    value = carb.settings.get_settings().get(name)
    return max(int(value), 1) if isinstance(value, int | float) else _DEFAULTS[name]
