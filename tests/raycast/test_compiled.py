"""Kernels that are kept on disk: none outlives an edit of any source they may have been compiled with."""

import importlib
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numba.core.caching import Cache
from numba.core.dispatcher import Dispatcher

from kitless.raycast import compiled


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("kernel.py", "columns.py"):
        (tmp_path / name).write_text("WIDTH = 1\n")
    monkeypatch.setattr(compiled, "_SOURCES", tmp_path)
    monkeypatch.setattr(compiled, "_CACHE", tmp_path / "cache")
    monkeypatch.setattr(compiled, "_STAMP", tmp_path / "cache/kernels.digest")
    compiled._drop_stale()
    (tmp_path / "cache/kernel.nbi").write_text("kept")
    return tmp_path


def test_kernels_are_kept_while_sources_stay(folder):
    compiled._drop_stale()
    assert (folder / "cache/kernel.nbi").exists()


@pytest.mark.parametrize("name", ["kernel.py", "columns.py", "new.py"])
def test_kernels_go_when_any_source_changes(folder, name):
    (folder / name).write_text("WIDTH = 2\n")
    compiled._drop_stale()
    assert not (folder / "cache/kernel.nbi").exists()
    (folder / "cache/kernel.nbi").write_text("kept")
    compiled._drop_stale()
    assert (folder / "cache/kernel.nbi").exists()


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """Makes kernels of one function in a file of its own, each as if in another process; counts what is announced."""
    (tmp_path / "loops.py").write_text(
        "from kitless.raycast.compiled import compiled\n"
        "@compiled()\ndef double(x):\n    return 2.0 * x\n"
        "@compiled('void(float64[::1])')\ndef fill(out):\n"
        "    for i in range(len(out)):\n        out[i] = double(i) / 0.0 if i == 3 else double(i)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    announced = []
    monkeypatch.setattr(compiled, "_announce", lambda: announced.append("compiling"))

    def make():
        sys.modules.pop("loops", None)
        loops = importlib.import_module("loops")
        assert loops.double(3) == 6.0
        return loops.fill

    make.announced = announced
    yield make
    sys.modules.pop("loops", None)


def filled(kernel):
    out = np.zeros(4)
    kernel(out)
    return out.tolist()


def test_a_kernel_is_compiled_once_and_kept(kernel, tmp_path, monkeypatch):
    first = kernel()
    assert not list(tmp_path.glob("__pycache__/*.nbi"))
    assert filled(first) == [0.0, 2.0, 4.0, np.inf]
    assert kernel.announced == ["compiling"]
    monkeypatch.setattr(Dispatcher, "compile", lambda *_: pytest.fail("it is compiled again"))
    assert filled(kernel()) == [0.0, 2.0, 4.0, np.inf]
    assert kernel.announced == ["compiling"]


def test_a_kernel_is_loaded_once_by_many_threads(kernel, monkeypatch):
    filled(kernel())
    loads, take = [], compiled._take_kept
    monkeypatch.setattr(compiled, "_take_kept", lambda *arguments: loads.append(1) or take(*arguments))
    again = kernel()
    with ThreadPoolExecutor(8) as pool:
        assert all(each == [0.0, 2.0, 4.0, np.inf] for each in pool.map(filled, [again] * 32))
    assert loads == [1]


def test_without_numba_s_own_loader_a_kernel_is_compiled(kernel, monkeypatch):
    monkeypatch.delattr(Cache, "_load_overload")
    monkeypatch.setattr(Cache, "load_overload", lambda *_: None)
    assert filled(kernel()) == [0.0, 2.0, 4.0, np.inf]
