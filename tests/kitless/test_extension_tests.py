"""The tests that the extensions have for a real Kit, run in ours as omni.kit.test would."""

import importlib
import unittest
from pathlib import Path

import pytest

from omni.kit.app import App

EXTENSIONS = Path(__file__).parents[2] / "exts"
NAMES = [path.name for path in sorted(EXTENSIONS.glob("simslate.*"))]


@pytest.mark.parametrize("name", NAMES)
def test_the_tests_of_an_extension_pass(tmp_path, name):
    settings = {"/exts/simslate.window/previewUpdates": 1}
    with App(data_dir=tmp_path, ext_folders=[EXTENSIONS], enable=[name], settings=settings):
        module = importlib.import_module(f"{name}.tests")
        suite = unittest.TestSuite(
            unittest.defaultTestLoader.loadTestsFromTestCase(getattr(module, case)) for case in module.__all__
        )
        result = unittest.TestResult()
        suite.run(result)
    assert [text for _, text in (*result.errors, *result.failures)] == []
    assert result.testsRun >= 1
