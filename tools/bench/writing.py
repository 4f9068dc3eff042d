"""How long writing takes: encoders, the disk, and the queue that hands frames from one to the other.

Pictures are as a recording has them: a shaded one, a mask of few colours, ids, distances. Figures are medians of rounds
in which everything is run in turn.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from kitless import host

host.install_modules()

from bench import report  # noqa: E402  modules of Kit's are found from here on
from bench.rounds import Subject, alternate  # noqa: E402
from kitless.services import service  # noqa: E402
from omni.kit.app import App  # noqa: E402
from omni.replicator.core.backends import DiskBackend  # noqa: E402
from omni.replicator.core.backends.queue import WriteQueue  # noqa: E402
from omni.replicator.core.functional import write_image, write_np  # noqa: E402
from omni.replicator.core.functional.encode import jpeg_bytes, npy_bytes, png_bytes  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = (1280, 720)
QUEUED = 16
"""Files per run of the queue."""


def pictures(size: tuple[int, int]) -> dict[str, np.ndarray]:
    """Return pictures by kind: smooth shades with a little noise, a mask, its ids and distances."""
    width, height = size
    y, x = np.mgrid[:height, :width]
    random = np.random.default_rng(3)
    cells = (x * 24 // width) * 7 + (y * 14 // height) * 3
    ids = (cells % 40).astype(np.uint32)
    shade = 110 + 80 * np.sin(x / width * 9 + ids) * np.cos(y / height * 7) + random.normal(0, 1.5, ids.shape)
    rgb = np.full((height, width, 4), 255, np.uint8)
    rgb[..., :3] = np.clip(shade[..., None] + [0, 6, -9], 0, 255).astype(np.uint8)
    palette = random.integers(0, 256, (40, 4), np.uint8)
    palette[:, 3] = 255
    distance = (4 + y / height * 9 + ids).astype(np.float32)
    return {"rgb": rgb, "mask": palette[ids], "ids": ids, "distance": distance}


def encoders(kinds: dict[str, np.ndarray]) -> dict[str, Callable[[], bytes]]:
    """Return what encodes each picture, by a name."""
    made: dict[str, Callable[[], bytes]] = {}
    for kind in ("rgb", "mask", "ids"):
        made[f"png, {kind}"] = partial(png_bytes, kinds[kind])
        made[f"png by Pillow at level 1, {kind}"] = partial(_by_pillow, kinds[kind])
    made["jpeg, rgb"] = partial(jpeg_bytes, kinds["rgb"])
    made["npy, distance"] = partial(npy_bytes, kinds["distance"])
    return made


def measure(size: tuple[int, int], rounds: int, folder: Path) -> list[dict[str, Any]]:
    """Return a row per encoder, per way to the disk, and for the queue."""
    kinds = pictures(size)
    encode = encoders(kinds)
    subjects = [Subject("encode", what, partial(_drop, call)) for what, call in encode.items()]
    blob = encode["png, rgb"]()
    with App(data_dir=folder / "data"):
        backend = DiskBackend(str(folder / "out"))
        subjects += [
            Subject("disk", "file, fsync", partial(_write_plain, folder / "plain.bin", blob)),
            Subject("disk", "file, fsync, rename", partial(backend.write_blob, "sure.bin", blob)),
            Subject("queue", "rgb as png", partial(_queue, backend, "png", kinds["rgb"]), per=QUEUED),
            Subject("queue", "mask as png", partial(_queue, backend, "png", kinds["mask"]), per=QUEUED),
            Subject("queue", "distance as npy", partial(_queue, backend, "npy", kinds["distance"]), per=QUEUED),
        ]
        alternate(subjects, rounds)
        sizes = {f"encode {what}": len(call()) for what, call in encode.items()}
        shutil.rmtree(folder / "out")
    rows = []
    for each in subjects:
        row = {"scene": each.scene, "what": each.what, "ms": round(each.ms, 3), "cpu_ms": round(each.cpu_ms, 3)}
        kilobytes = sizes.get(f"{each.scene} {each.what}")
        rows.append({**row, "spread": round(each.spread, 2), "kB": None if kilobytes is None else kilobytes // 1000})
    return rows


def _by_pillow(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    plain = pixels if pixels.dtype == np.uint8 else np.minimum(pixels, 65535).astype(np.uint16)
    Image.fromarray(plain).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _drop(encode: Callable[[], bytes]) -> None:
    encode()


def _write_plain(path: Path, blob: bytes) -> None:
    with path.open("wb") as file:
        file.write(blob)
        os.fsync(file.fileno())


def _queue(backend: DiskBackend, suffix: str, data: np.ndarray) -> None:
    write = write_np if suffix == "npy" else write_image
    for number in range(QUEUED):
        backend.schedule(write, path=f"{number:02d}.{suffix}", data=data)
    queue = service(WriteQueue)
    queue.wait()
    queue.raise_failure()


def main(argv: list[str]) -> int:
    """Measure, print a table, and write JSON if asked."""
    parser = argparse.ArgumentParser(prog="tools/bench/writing", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to this file too")
    parser.add_argument("--rounds", type=int, default=9, metavar="N", help="how often everything is run (9)")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="which disk to write to (that of temporary files)")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(dir=options.folder) as place:
        rows = measure(SIZE, options.rounds, Path(place))
    about = report.machine()
    print(report.table(rows))
    print(*(f"{key}: {value}" for key, value in about.items()), sep="\n")
    if options.json:
        options.json.write_text(json.dumps({"machine": about, "rows": rows}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
