"""What happens at once: prims made and changed, and one piece of data encoded and handed to a backend.

``backend_instance`` is a backend, or the DiskBackend class: then relative paths go below the disk root.
"""

from typing import Any, TypeAlias

from kitless.absent import Missing
from omni.replicator.core import video
from omni.replicator.core.backends import BaseBackend, DiskBackend
from omni.replicator.core.backends.disk import absolute_output

from . import create, create_batch, encode, exr, get, modify, physics, randomizer, utils

Backend: TypeAlias = BaseBackend | type[DiskBackend]

write_pickle = Missing("omni.replicator.core.functional.write_pickle")


def write_image(path: str, data: Any, backend_instance: Backend = DiskBackend, **kwargs: Any) -> None:
    """Write an array (or Pillow image) as png, jpg/jpeg or exr, by the path's suffix."""
    writers: dict[str, Any] = {".png": write_png, ".jpg": write_jpeg, ".jpeg": write_jpeg, ".exr": write_exr}
    writers[encode.image_suffix(path)](path=path, data=data, backend_instance=backend_instance, **kwargs)


def write_png(
    path: str, data: Any, backend_instance: Backend = DiskBackend, compress_level: int = encode.PNG_LEVEL
) -> None:
    """Write a PNG."""
    put(path, encode.png_bytes(data, compress_level), backend_instance)


def write_jpeg(
    path: str,
    data: Any,
    backend_instance: Backend = DiskBackend,
    quality: int = encode.JPEG_QUALITY,
    progressive: bool = False,
    optimize: bool = False,
) -> None:
    """Write a JPEG; alpha is dropped."""
    put(path, encode.jpeg_bytes(data, quality=quality, progressive=progressive, optimize=optimize), backend_instance)


def write_exr(path: str, data: Any, backend_instance: Backend = DiskBackend, half_precision: bool = False) -> None:
    """Write an EXR: floats as they are, 8-bit pictures as linear light."""
    put(path, exr.exr_bytes(data, half_precision), backend_instance)


def read_exr(path: str, backend_instance: Backend = DiskBackend) -> Any:
    """The pixels of an EXR: (H,W) or (H,W,3|4)."""
    if isinstance(backend_instance, type):
        return exr.exr_array(absolute_output(path).read_bytes())
    return exr.exr_array(backend_instance.read_blob(path))


def write_json(
    path: str,
    data: Any,
    backend_instance: Backend = DiskBackend,
    encoding: str = "utf-8",
    errors: str = "strict",
    **kwargs: Any,
) -> None:
    """Write JSON on one line; further keywords go to ``json.dumps``."""
    put(path, encode.json_bytes(data, encoding, errors, **kwargs), backend_instance)


def write_np(
    path: str,
    data: Any,
    backend_instance: Backend = DiskBackend,
    allow_pickle: bool = True,
    fix_imports: bool = True,
) -> None:
    """Write a ``.npy``. Object arrays are refused whatever ``allow_pickle`` says: data sets hold no pickles."""
    put(path, encode.npy_bytes(data), backend_instance)


def write_mp4(
    path: str,
    data: Any,
    backend_instance: Backend = DiskBackend,
    fps: float = 30.0,
    codec: str = "libx264",
    quality: str = "medium",
) -> None:
    """Write a film of pictures uint8 (n,H,W,3|4); see ``video.mp4_bytes`` for qualities and errors."""
    put(path, video.mp4_bytes(data, fps, codec, quality), backend_instance)


def put(path: str, data: bytes, backend: Backend) -> None:
    """Write bytes to a backend; the bare DiskBackend class stands for the disk root."""
    if isinstance(backend, type):
        target = absolute_output(path)
        backend(target.parent).write_blob(target.name, data)
    else:
        backend.write_blob(path, data)


__all__ = [
    "create",
    "create_batch",
    "get",
    "modify",
    "physics",
    "put",
    "randomizer",
    "read_exr",
    "utils",
    "write_exr",
    "write_image",
    "write_jpeg",
    "write_json",
    "write_mp4",
    "write_np",
    "write_pickle",
    "write_png",
]
