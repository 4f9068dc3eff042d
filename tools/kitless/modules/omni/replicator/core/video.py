"""MP4 films, by an ffmpeg that is installed beside kitless: `pip install imageio-ffmpeg`, or ffmpeg on the path."""

import importlib.util
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

QUALITIES = {"low": 28, "medium": 23, "high": 18, "lossless": 0}
"""x264's constant rate factor by name."""
INSTALL = "install ffmpeg, or `pip install imageio-ffmpeg`"


def find_encoder() -> str | None:
    """The path of an ffmpeg; None where there is none."""
    if importlib.util.find_spec("imageio_ffmpeg") is not None:
        import imageio_ffmpeg  # optional

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    return shutil.which("ffmpeg")


def mp4_bytes(frames: Iterable[Any], fps: float = 30.0, codec: str = "libx264", quality: str = "medium") -> bytes:
    """A film of pictures uint8 (H,W,3|4) or (H,W), all of one size; an odd side gets a black row or column.

    Raises ``NotImplementedError``, with what to install, where there is no encoder, ``ValueError`` for no frame or an
    unknown quality, ``RuntimeError`` with what the encoder said.
    """
    if quality not in QUALITIES:
        raise ValueError(f"Unknown quality '{quality}'; there are {', '.join(QUALITIES)}")
    encoder = find_encoder()
    if encoder is None:
        raise NotImplementedError(f"MP4 needs an encoder: {INSTALL}")
    remaining = iter(frames)
    first = next(remaining, None)
    if first is None:
        raise ValueError("A film needs at least one frame")
    height, width = np.asarray(first).shape[:2]
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "film.mp4"
        source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(fps), "-i", "-"]
        # Most players want 4:2:0, and that wants even sides.
        target = ["-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p", "-crf", str(QUALITIES[quality])]
        _feed(
            [encoder, "-loglevel", "error", "-y", *source, *target, "-c:v", codec, str(film)], chain([first], remaining)
        )
        return film.read_bytes()


def _feed(command: list[str], frames: Iterable[Any]) -> None:
    """Run an encoder on frames, one after the other: a clip need not fit into memory."""
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=said) as encoder,  # noqa: S603  found, not given
    ):
        assert encoder.stdin is not None
        # An encoder that has failed no longer listens; what it said is the better message.
        with suppress(BrokenPipeError), encoder.stdin as pipe:
            pipe.writelines(_rgb(frame).tobytes() for frame in frames)
        if encoder.wait() != 0:
            said.seek(0)
            raise RuntimeError(f"{command[0]} failed: {said.read().decode(errors='replace').strip()}")


def _rgb(frame: Any) -> Any:
    array = np.asarray(frame, np.uint8)
    return np.ascontiguousarray(np.repeat(array[..., None], 3, axis=2) if array.ndim == 2 else array[..., :3])
