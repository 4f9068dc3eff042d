"""Arrays of this machine's memory that scripts may treat as warp's."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


class HostArray(np.ndarray):
    """A numpy array with ``numpy()`` and ``list()``, as warp's arrays have."""

    def numpy(self) -> NDArray[Any]:
        """Return the plain numpy array."""
        return np.asarray(self)

    def list(self) -> list[Any]:
        """Return the rows, a flat array's numbers, as a list."""
        return self.numpy().tolist() if self.ndim == 1 or self.shape[1] > 1 else self.numpy().reshape(-1).tolist()


def host_array(values: ArrayLike, dtype: Any = np.float32) -> HostArray:
    """Return the values as such an array."""
    return np.array(values, dtype=dtype).view(HostArray)


def rows_of(values: Any, count: int, width: int, what: str) -> NDArray[np.float64]:
    """Return (count, width) numbers of an array of numpy or warp or a list, broadcast where it is smaller.

    Raises ValueError for a shape that cannot be broadcast.
    """
    plain = values.numpy() if hasattr(values, "numpy") else values
    found = np.asarray(plain, dtype=np.float64)
    try:
        return np.broadcast_to(found, (count, width))
    except ValueError as error:
        raise ValueError(f"{what} have the shape {found.shape}, not ({count}, {width})") from error
