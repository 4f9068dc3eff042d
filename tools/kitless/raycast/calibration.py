"""lens_of(): the lens that a camera prim is authored with, beside USD's own pinhole attributes.

Two forms are read, both of Isaac Sim's. The older: `cameraProjectionType` with `fthetaWidth`, `fthetaHeight`,
`fthetaCx`, `fthetaCy`, `fthetaMaxFov` and `fthetaPolyA` ... `F`; for `pinholeOpenCV` also `openCVFx` and `openCVFy`,
whose k1 ... k6 stand in `fthetaPolyA` ... `F`, p1 and p2 in `p0` and `p1`, s1 ... s4 in `s0` ... `s3`. The newer, which
goes first: the schemas `OmniLensDistortionFthetaAPI` and `OmniLensDistortionOpenCvPinholeAPI`, known by the attribute
`omni:lensdistortion:model` or, without it, by being applied. Units and defaults are those of Replicator's camera and
of the schemas; an unauthored coefficient of OpenCV's is 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pxr import UsdGeom

from kitless.raycast.errors import CameraError
from kitless.raycast.lens import Fisheye, Lens, OpenCvPinhole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pxr import Usd

_SPACE = "omni:lensdistortion"
_SCHEMA, _SUFFIX = "OmniLensDistortion", "API"
_MODELS = {"Ftheta": "ftheta", "OpenCvPinhole": "opencvPinhole"}
"""Applied schemas whose names, between prefix and suffix, differ from their model's."""


class _Attributes:
    """Numbers authored on a prim at a time."""

    def __init__(self, prim: Usd.Prim, time: Usd.TimeCode) -> None:
        self._prim, self._time = prim, time

    def number(self, name: str, default: float = 0.0) -> float:
        value = self._prim.GetAttribute(name).Get(self._time)
        return default if value is None else float(value)

    def numbers(self, names: Sequence[str]) -> tuple[float, ...]:
        return tuple(self.number(name) for name in names)

    def pair(self, name: str, default: tuple[float, float]) -> tuple[float, float]:
        value = self._prim.GetAttribute(name).Get(self._time)
        return default if value is None else (float(value[0]), float(value[1]))


def lens_of(prim: Usd.Prim, time: Usd.TimeCode) -> Lens | None:
    """Return a camera's lens; None if nothing but USD's own attributes shapes its picture.

    Raises CameraError for impossible values, NotImplementedError for a model that cannot be drawn: both name the prim.
    """
    model = _model_of(prim, time)
    if model in ("", "pinhole"):
        return None
    if model not in _READERS:
        raise NotImplementedError(f"{prim.GetPath()}: cameras of type {model} cannot be drawn")
    if UsdGeom.Camera(prim).GetProjectionAttr().Get(time) == UsdGeom.Tokens.orthographic:
        raise CameraError(f"{prim.GetPath()}: an orthographic camera has no lens of type {model}")
    try:
        return _READERS[model](_Attributes(prim, time))
    except CameraError as error:
        raise CameraError(f"{prim.GetPath()}: {error}") from None


def _model_of(prim: Usd.Prim, time: Usd.TimeCode) -> str:
    """Return the lens's name as it is authored, empty for none."""
    named = prim.GetAttribute(f"{_SPACE}:model").Get(time)
    if named:
        return str(named)
    # The schemas are not registered here, so only the prim's type information tells of them.
    for schema in prim.GetPrimTypeInfo().GetAppliedAPISchemas():
        if schema.startswith(_SCHEMA) and schema.endswith(_SUFFIX):
            name = schema[len(_SCHEMA) : -len(_SUFFIX)]
            return _MODELS.get(name, name)
    return str(prim.GetAttribute("cameraProjectionType").Get(time) or "")


def _old_frame(found: _Attributes) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the nominal size and the optical centre."""
    size = found.number("fthetaWidth", 1936), found.number("fthetaHeight", 1216)
    return size, (found.number("fthetaCx", 970.94244), found.number("fthetaCy", 600.37482))


def _old_fisheye(found: _Attributes) -> Fisheye:
    size, centre = _old_frame(found)
    a, *rest = found.numbers([f"fthetaPoly{letter}" for letter in "ACDEF"])
    polynomial = a, found.number("fthetaPolyB", 0.00245), *rest
    return Fisheye(size=size, centre=centre, polynomial=polynomial, max_fov=found.number("fthetaMaxFov", 200))


def _old_pinhole(found: _Attributes) -> OpenCvPinhole:
    size, centre = _old_frame(found)
    return OpenCvPinhole(
        size=size,
        centre=centre,
        focal=(found.number("openCVFx", 731.78788), found.number("openCVFy", 731.78789)),
        radial=found.numbers([f"fthetaPoly{letter}" for letter in "ABCDEF"]),
        tangential=found.numbers(["p0", "p1"]),
        prism=found.numbers(["s0", "s1", "s2", "s3"]),
    )


def _new_fisheye(found: _Attributes) -> Fisheye:
    space = f"{_SPACE}:ftheta"
    k0, *rest = found.numbers([f"{space}:k{number}" for number in (0, 2, 3, 4)])
    return Fisheye(
        size=(found.number(f"{space}:nominalWidth", 1936), found.number(f"{space}:nominalHeight", 1216)),
        centre=found.pair(f"{space}:opticalCenter", (970.9424, 600.3748)),
        polynomial=(k0, found.number(f"{space}:k1", 0.00245), *rest, 0.0),
        max_fov=found.number(f"{space}:maxFov", 200),
    )


def _new_pinhole(found: _Attributes) -> OpenCvPinhole:
    space = f"{_SPACE}:opencvPinhole"
    return OpenCvPinhole(
        size=found.pair(f"{space}:imageSize", (2048, 1024)),
        centre=(found.number(f"{space}:cx", 1024), found.number(f"{space}:cy", 512)),
        focal=(found.number(f"{space}:fx", 900), found.number(f"{space}:fy", 800)),
        radial=found.numbers([f"{space}:k{number}" for number in range(1, 7)]),
        tangential=found.numbers([f"{space}:p{number}" for number in (1, 2)]),
        prism=found.numbers([f"{space}:s{number}" for number in (1, 2, 3, 4)]),
    )


_READERS: dict[str, Callable[[_Attributes], Lens]] = {
    "fisheyePolynomial": _old_fisheye,
    "pinholeOpenCV": _old_pinhole,
    "ftheta": _new_fisheye,
    "opencvPinhole": _new_pinhole,
}
