"""How long a call to a bucket is tried again, and for what."""

import threading
import time

import pytest

from simslate.recorder.s3.client import MangledError, insist


def failing(times, error):
    calls = []

    def call():
        calls.append(None)
        if len(calls) <= times:
            raise error
        return len(calls)

    return call


def test_what_may_pass_is_tried_again():
    assert insist(failing(2, MangledError("other")), 10.0, threading.Event()) == 3


def test_what_will_not_pass_is_not():
    with pytest.raises(ValueError, match="no"):
        insist(failing(1, ValueError("no")), 10.0, threading.Event())


def test_it_ends_in_its_time():
    began = time.monotonic()
    with pytest.raises(MangledError):
        insist(failing(1000, MangledError("other")), 0.5, threading.Event())
    assert time.monotonic() - began < 0.6


def test_it_ends_when_told():
    stopped = threading.Event()
    threading.Timer(0.1, stopped.set).start()
    began = time.monotonic()
    with pytest.raises(MangledError):
        insist(failing(1000, MangledError("other")), 60.0, stopped)
    assert time.monotonic() - began < 5
