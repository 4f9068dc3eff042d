"""How loops are compiled: once, kept on disk for later processes, without Python's lock and its checks on division."""

from __future__ import annotations

from functools import partial

from numba import njit

compiled = partial(njit, cache=True, nogil=True, error_model="numpy")
"""Decorator: @compiled() for helpers, @compiled(signature) for kernels. x / 0 is infinite, as in numpy."""
