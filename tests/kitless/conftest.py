"""What every test of the services needs: an app, with a data folder of its own."""

import pytest

from omni.kit.app import App


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def app(data_dir):
    with App(data_dir=data_dir) as running:
        yield running
