"""Kernels that are kept on disk: none outlives an edit of any source they may have been compiled with."""

import importlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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


def test_a_kept_kernel_runs_in_a_process_that_compiles_nothing(tmp_path):
    """It takes memory, calls the C library and raises, for each of which it asks the process by name."""
    (tmp_path / "loops.py").write_text(
        "import math\nimport numpy as np\nfrom kitless.raycast.compiled import compiled\n"
        "@compiled('void(float64[::1])')\ndef fill(out):\n"
        "    if len(out) == 1:\n        raise ValueError('one')\n"
        "    sums = np.zeros(len(out) + 1)\n"
        "    for i in range(len(out)):\n        sums[i + 1] = sums[i] + i\n"
        "    for i in range(len(out)):\n        out[i] = math.acos(-1.0) * sums[i + 1]\n"
    )
    (tmp_path / "main.py").write_text(
        "import sys\nimport numpy as np\nimport loops\nout = np.zeros(5)\nloops.fill(out)\n"
        "try:\n    loops.fill(out[:1])\nexcept ValueError as error:\n    print(error)\n"
        "print((out / np.pi).round(12).tolist(), 'numba.np.arrayobj' in sys.modules)\n"
    )
    path = os.pathsep.join([str(tmp_path), str(Path(compiled.__file__).parents[2])])
    runs = []
    for _ in range(2):
        command = [sys.executable, "-P", str(tmp_path / "main.py")]
        runs.append(subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True))
    sums = "one\n[0.0, 1.0, 3.0, 6.0, 10.0]"
    assert [run.stdout for run in runs] == [f"{sums} True\n", f"{sums} False\n"]
    assert "Compiling" in runs[0].stderr
    assert runs[1].stderr == ""
