"""The public names: one list, and it is true."""

import importlib
import subprocess
import sys

import pytest

import simslate.recorder


@pytest.mark.parametrize(
    "module", ["simslate.recorder", "simslate.recorder.labels", "simslate.recorder.dataset", "simslate.window"]
)
def test_the_list_is_what_is_there(module):
    names = vars(importlib.import_module(module))
    here = {name for name, value in names.items() if not name.startswith("_") and not isinstance(value, type(sys))}
    listed = names["__all__"]
    assert len(listed) == len(set(listed))
    assert set(listed) == here - {"annotations"}


def test_each_class_has_one_home_in_the_extension():
    for name in simslate.recorder.__all__:
        home = getattr(getattr(simslate.recorder, name), "__module__", "simslate.recorder")
        assert home.startswith("simslate.recorder") or name.isupper()


def test_importing_needs_no_window():
    code = "import sys; sys.path[:0] = sys.argv[1:]; import simslate.recorder; print('omni.ui' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code, *sys.path], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
