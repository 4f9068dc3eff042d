"""Kernels that are kept on disk: none outlives an edit of any source they may have been compiled with."""

import pytest

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
