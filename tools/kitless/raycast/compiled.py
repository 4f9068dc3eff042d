"""How loops are compiled: once, kept on disk for later processes, without Python's lock and its checks on division."""

from __future__ import annotations

import logging
import os
from functools import partial
from pathlib import Path

from numba import njit

compiled = partial(njit, cache=True, nogil=True, error_model="numpy")
"""Decorator: @compiled() for helpers, @compiled(signature) for kernels. x / 0 is infinite, as in numpy."""

_CACHE = Path(__file__).with_name("__pycache__")

if os.access(_CACHE.parent, os.W_OK) and not any(_CACHE.glob("*.nbi")):
    # Half a minute of silence at the very first picture would look like a hang.
    logging.getLogger("kitless").warning("Compiling the ray caster: once, about half a minute")
