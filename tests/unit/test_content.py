"""Files read on many threads at once."""

import gc
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from simslate.recorder.dataset.content import read_content


@pytest.fixture
def hasty():
    """Threads that take turns whenever memory is looked through, which is often: in the middle of anything."""
    before = gc.get_threshold()

    def give_way(_phase, _info):
        time.sleep(0)

    gc.callbacks.append(give_way)
    gc.set_threshold(20)
    yield
    gc.set_threshold(*before)
    gc.callbacks.remove(give_way)


def test_arrays_are_read_on_several_threads(tmp_path, hasty):
    """Python 3.11 fails with a SystemError, or crashes, when two threads parse headers at once."""
    kind = [(f"field_{number}", "<f4") for number in range(12)]
    paths = [tmp_path / f"{number}.npy" for number in range(8)]
    for number, path in enumerate(paths):
        np.save(path, np.full(3, number, kind))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda path: read_content(path, hashed=False), paths * 5))
    assert all(content.flaws == () for content in found)
    assert [content.value["field_3"][0] for content in found[:8]] == list(range(8))
