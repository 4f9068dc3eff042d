"""Where a recording goes, opened as its job says."""

from __future__ import annotations

from pathlib import Path

import carb.settings
import carb.tokens

from .output import OutputFolder
from .output_pair import OutputPair
from .outputs import DiskOutput, GroupOutput, Output
from .s3 import Limits, S3Prefix

SPOOL = "/exts/simslate.recorder/spoolFolder"
"""The folder that keeps what could not be uploaded."""
_LIMITS = "/exts/simslate.recorder/s3"
_DEFAULT_SPOOL = "${data}/simslate.recorder/spool"

Place = OutputFolder | S3Prefix | OutputPair


def open_place(output: Output) -> Place:
    """Take the place that ``output`` asks for. OutputError if that cannot be."""
    if isinstance(output, DiskOutput):
        return OutputFolder(output)
    if isinstance(output, GroupOutput):
        return OutputPair(output, limits=limits())
    return S3Prefix(output, spools=spool_folder(), limits=limits())


def spool_folder() -> Path:
    """Return the folder that keeps what could not be uploaded, a folder for each data set."""
    told = carb.settings.get_settings().get(SPOOL) or _DEFAULT_SPOOL
    return Path(carb.tokens.get_tokens_interface().resolve(str(told))).expanduser()


def limits() -> Limits:
    """Return the limits that the settings say."""
    settings = carb.settings.get_settings()
    told = {name: settings.get(f"{_LIMITS}/{name}Seconds") for name in ("retry", "lease", "journal")}
    return Limits(**{name: float(value) for name, value in told.items() if value is not None})


def drain_seconds(output: Place) -> float:
    """Return how long may pass until the next file is finished: a bucket may be tried for as long as ``limits``."""
    return 0.0 if isinstance(output, OutputFolder) else limits().retry + 60.0
