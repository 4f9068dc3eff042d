"""Embree 4 through ctypes: finds the library inside the embreex wheel, checks it, wraps what we need.

The wheel's own Python API is single threaded and knows no instances, so only its shared library is used.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import llvmlite.binding
import numpy as np

from kitless.raycast.errors import EmbreeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SUPPORTED = (4, 4)
_VERSION_MAJOR, _VERSION_MINOR, _NATIVE_16 = 1, 2, 34
_TRIANGLES, _ROUND_LINES, _SPHERES, _INSTANCE = 0, 16, 50, 121
_INDEX, _VERTEX, _FLAGS = 0, 1, 32
_UCHAR, _UINT, _UINT3, _FLOAT3, _FLOAT4 = 0x1001, 0x5001, 0x5003, 0x9003, 0x9004
_NEIGHBOUR_BEFORE, _NEIGHBOUR_AFTER = 1, 2
_DYNAMIC, _ROBUST = 1, 4
_MEDIUM_QUALITY = 1
_COHERENT = 1 << 16
_EVERY_RAY = 0xFFFFFFFF
SOLID, OPEN = 1, 2
"""Masks of instances: what stops every ray, and what some may pass through. Rays that look for one have its mask."""

_handle, _unsigned, _integer = ctypes.c_void_p, ctypes.c_uint, ctypes.c_int
_PROTOTYPES: dict[str, tuple[Any, list[Any]]] = {
    "rtcNewDevice": (_handle, [ctypes.c_char_p]),
    "rtcReleaseDevice": (None, [_handle]),
    "rtcGetDeviceProperty": (ctypes.c_ssize_t, [_handle, _integer]),
    "rtcGetDeviceError": (_integer, [_handle]),
    "rtcNewScene": (_handle, [_handle]),
    "rtcReleaseScene": (None, [_handle]),
    "rtcCommitScene": (None, [_handle]),
    "rtcSetSceneFlags": (None, [_handle, _integer]),
    "rtcSetSceneBuildQuality": (None, [_handle, _integer]),
    "rtcNewGeometry": (_handle, [_handle, _integer]),
    "rtcReleaseGeometry": (None, [_handle]),
    "rtcCommitGeometry": (None, [_handle]),
    "rtcEnableGeometry": (None, [_handle]),
    "rtcDisableGeometry": (None, [_handle]),
    "rtcAttachGeometry": (_unsigned, [_handle, _handle]),
    "rtcAttachGeometryByID": (None, [_handle, _handle, _unsigned]),
    "rtcDetachGeometry": (None, [_handle, _unsigned]),
    "rtcSetGeometryMask": (None, [_handle, _unsigned]),
    "rtcSetGeometryInstancedScene": (None, [_handle, _handle]),
    "rtcSetNewGeometryBuffer": (
        _handle,
        [_handle, _integer, _unsigned, _integer, ctypes.c_size_t, ctypes.c_size_t],
    ),
}
# Called from compiled loops, by name: an address compiled in would spoil the cache for the next process.
_KERNEL_SYMBOLS = (
    *(f"rtc{query}{lanes}" for query in ("Intersect", "Occluded") for lanes in (8, 16)),
    "rtcSetGeometryTransform",
    "rtcCommitGeometry",
)


def _library_file() -> Path:
    spec = importlib.util.find_spec("embreex")
    if spec is None or spec.origin is None:
        raise EmbreeError("the ray caster needs Embree: pip install 'embreex>=4.4,<4.5'")
    package = Path(spec.origin).parent
    folders = (package.parent / "embreex.libs", package / ".dylibs", package)
    found = [f for folder in folders for f in sorted(folder.glob("*embree4*")) if f.is_file()]
    if not found:
        places = ", ".join(str(f) for f in folders)
        raise EmbreeError(f"embreex is installed, but no libembree4 was found in {places}")
    return found[0]


def _load() -> ctypes.CDLL:
    path = _library_file()
    if hasattr(os, "add_dll_directory"):
        os.add_dll_directory(str(path.parent))
    try:
        library = ctypes.CDLL(str(path))
        for name, (result, arguments) in _PROTOTYPES.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
        for name in _KERNEL_SYMBOLS:
            llvmlite.binding.add_symbol(name, ctypes.cast(getattr(library, name), _handle).value)
    except (OSError, AttributeError) as error:
        raise EmbreeError(f"{path} cannot be used as Embree 4: {error}") from error
    return library


_rtc = _load()


def _native_lanes() -> int:
    device = _rtc.rtcNewDevice(b"threads=1")
    wide = bool(device) and bool(_rtc.rtcGetDeviceProperty(device, _NATIVE_16))
    if device:
        _rtc.rtcReleaseDevice(device)
    return 16 if wide else 8


LANES = _native_lanes()
"""Rays in a packet: 16 where the processor has AVX-512, else 8. Packets that are wider than the processor Embree traces
a ray at a time, at less than half the speed."""


def query_arguments(*, coherent: bool) -> NDArray[np.int32]:
    """Return an RTCIntersectArguments / RTCOccludedArguments struct as an int32 buffer: flags, then all features."""
    arguments = np.zeros(16, np.int32)
    arguments[0] = _COHERENT if coherent else 0
    arguments[1] = -1
    return arguments


class Device:
    """An Embree device; makes and releases scenes and geometries, which are integer handles.

    Builds run on one thread: the order of triangles in a tree, and with it which of two coincident
    ones is hit, then never depends on the machine.
    """

    def __init__(self) -> None:
        self._device = _rtc.rtcNewDevice(b"threads=1")
        if not self._device:
            raise EmbreeError(f"Embree made no device (error {_rtc.rtcGetDeviceError(None)})")
        version = tuple(_rtc.rtcGetDeviceProperty(self._device, p) for p in (_VERSION_MAJOR, _VERSION_MINOR))
        if version != _SUPPORTED:
            wanted = ".".join(map(str, _SUPPORTED))
            raise EmbreeError(
                f"Embree {'.'.join(map(str, version))} was found; the ray layout is known for {wanted} only"
            )

    def check(self) -> None:
        """Raise EmbreeError if a call since the last check failed."""
        code = _rtc.rtcGetDeviceError(self._device)
        if code:
            raise EmbreeError(f"Embree reports error {code} (see RTCError in its documentation)")

    def triangle_scene(self, points: NDArray[np.float32], triangles: NDArray[np.int32]) -> int:
        """Return a new scene of one mesh; points (n,3), triangles (t,3), both C-contiguous."""
        geometry = _rtc.rtcNewGeometry(self._device, _TRIANGLES)
        self._fill(geometry, _VERTEX, _FLOAT3, points)
        self._fill(geometry, _INDEX, _UINT3, triangles)
        return self._scene_of(geometry)

    def round_scene(self, centres: NDArray[np.float32], radii: NDArray[np.float32], pieces: NDArray[np.int32]) -> int:
        """Return a new scene of round pieces, hits numbered as these.

        centres (n,3), radii (n,); pieces (m,2) of points (a, a) are spheres, of points (a, a + 1) cones that end in
        spheres. A ray exactly along a cone's axis misses all of it (Embree 4.4): spheres at its ends stop those too.
        """
        balls = np.column_stack([centres, radii]).astype(np.float32)
        single = pieces[:, 0] == pieces[:, 1]
        made = []
        # Pieces of the other sort stand in each geometry as invalid ones, which Embree leaves out: one numbering.
        if single.any():
            spheres = np.where(single[:, None], balls[pieces[:, 0]], np.float32(np.nan))
            made.append(_rtc.rtcNewGeometry(self._device, _SPHERES))
            self._fill(made[-1], _VERTEX, _FLOAT4, spheres)
        if not single.all():
            joined = (pieces[1:, 0] == pieces[:-1, 1]) & ~single[1:] & ~single[:-1]
            joined = np.concatenate([[False], joined, [False]])
            flags = joined[:-1] * _NEIGHBOUR_BEFORE + joined[1:] * _NEIGHBOUR_AFTER
            nowhere = np.full((2, 4), np.nan, np.float32)
            made.append(_rtc.rtcNewGeometry(self._device, _ROUND_LINES))
            self._fill(made[-1], _VERTEX, _FLOAT4, np.concatenate([balls, nowhere]))
            self._fill(made[-1], _INDEX, _UINT, np.where(single, len(balls), pieces[:, 0]).astype(np.uint32))
            self._fill(made[-1], _FLAGS, _UCHAR, flags.astype(np.uint8))
        return self._scene_of(*made)

    def instance(self, scene: int, *, is_open: bool = False) -> int:
        """Return a new geometry that is an instance of `scene`; its transform is set by the kernels."""
        geometry = _rtc.rtcNewGeometry(self._device, _INSTANCE)
        _rtc.rtcSetGeometryInstancedScene(geometry, scene)
        _rtc.rtcSetGeometryMask(geometry, OPEN if is_open else SOLID)
        return int(geometry)

    @staticmethod
    def open(geometry: int, *, is_open: bool) -> None:
        """Say of an instance whether rays may pass through it."""
        _rtc.rtcSetGeometryMask(geometry, OPEN if is_open else SOLID)
        _rtc.rtcCommitGeometry(geometry)

    def top_scene(self) -> int:
        """Return a new empty scene that is cheap to change.

        Of the qualities that it may be built with, the lowest builds no faster here and is traced a tenth slower.
        """
        scene = _rtc.rtcNewScene(self._device)
        _rtc.rtcSetSceneFlags(scene, _DYNAMIC | _ROBUST)
        _rtc.rtcSetSceneBuildQuality(scene, _MEDIUM_QUALITY)
        return int(scene)

    @staticmethod
    def attach(scene: int, geometry: int) -> int:
        """Put a geometry into a scene; return the slot that hits will report."""
        return int(_rtc.rtcAttachGeometry(scene, geometry))

    @staticmethod
    def detach(scene: int, slot: int) -> None:
        """Take the geometry in `slot` out of a scene; the slot may be used again."""
        _rtc.rtcDetachGeometry(scene, slot)

    @staticmethod
    def commit(scene: int) -> None:
        """Make changes of a scene effective."""
        _rtc.rtcCommitScene(scene)

    @staticmethod
    def release_scene(scene: int) -> None:
        """Give up a scene."""
        _rtc.rtcReleaseScene(scene)

    @staticmethod
    def release_geometry(geometry: int) -> None:
        """Give up a geometry; a scene it is attached to keeps it alive."""
        _rtc.rtcReleaseGeometry(geometry)

    def close(self) -> None:
        """Give up the device."""
        if self._device:
            _rtc.rtcReleaseDevice(self._device)
            self._device = None

    @staticmethod
    def _fill(geometry: int, kind: int, layout: int, values: NDArray[Any]) -> None:
        buffer = _rtc.rtcSetNewGeometryBuffer(geometry, kind, 0, layout, values.strides[0], len(values))
        if buffer:
            ctypes.memmove(buffer, values.ctypes.data, values.nbytes)

    def _scene_of(self, *geometries: int) -> int:
        scene = _rtc.rtcNewScene(self._device)
        _rtc.rtcSetSceneFlags(scene, _ROBUST)
        for geometry in geometries:
            # Embree 4 gives triangles mask 1; without this an instance with any other mask is invisible.
            _rtc.rtcSetGeometryMask(geometry, _EVERY_RAY)
            _rtc.rtcCommitGeometry(geometry)
            _rtc.rtcAttachGeometry(scene, geometry)
            _rtc.rtcReleaseGeometry(geometry)
        _rtc.rtcCommitScene(scene)
        self.check()
        return int(scene)
