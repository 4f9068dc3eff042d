"""Stands in for a Kit's test_ext.sh: runs the tests of an extension of the folder, as omni.kit.test would."""

import argparse
import importlib
import sys
import unittest
from pathlib import Path

from kitless import host


def main():
    parser = argparse.ArgumentParser(prog="test_ext.sh", allow_abbrev=False)
    parser.add_argument("extension")
    parser.add_argument("--ext-folder", type=Path, required=True)
    asked = parser.parse_args()
    host.install_modules()
    from omni.kit.app import App

    with App(ext_folders=[asked.ext_folder], enable=[asked.extension]):
        module = importlib.import_module(f"{asked.extension}.tests")
        cases = [getattr(module, name) for name in module.__all__]
        suite = unittest.TestSuite(map(unittest.defaultTestLoader.loadTestsFromTestCase, cases))
        result = unittest.TextTestRunner().run(suite)
    return 0 if result.testsRun and result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
