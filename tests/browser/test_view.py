"""The view beside the app: it starts, listens on this machine alone, and leaves nothing behind."""

import http.client
import socket
import sys
import threading

import pytest

import kitless.browser
from kitless import host
from kitless.browser import BrowserMissingError, require_browser

pytest.importorskip("nicegui", reason="needs the extra browser")

# What NiceGUI and its server do at import and at their end is not ours to mend.
pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture
def view(app):
    from kitless.browser.view import View

    with View(app) as found:
        yield found


def test_it_ends_with_no_thread_left_and_the_port_free(app):
    from kitless.browser.view import View

    before = set(threading.enumerate())
    for _ in range(2):
        with View(app) as view:
            port = int(view.url.split(":")[2].split("/")[0])
            assert status(view, "/") == 303
            app.update()
        assert set(threading.enumerate()) - before == set()
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))


def status(view, path):
    connection = http.client.HTTPConnection("127.0.0.1", int(view.url.split(":")[2].split("/")[0]), timeout=10)
    connection.request("GET", path + "?" + view.url.partition("?")[2])
    answer = connection.getresponse().status
    connection.close()
    return answer


def test_a_taken_port_is_an_error(app, view):
    from kitless.browser.view import View

    port = int(view.url.split(":")[2].split("/")[0])
    before = set(threading.enumerate())
    with pytest.raises(OSError, match="in use"):
        View(app, port)
    assert set(threading.enumerate()) == before


def test_a_deed_that_fails_does_not_end_the_app(app, view):
    view._queue("page", "nonsense", None)
    view._queue("stage|1|0", "click", "not what is expected")
    app.update()
    app.update()


def test_a_deed_wakes_the_app(app, view):
    view.wait()
    threading.Timer(0.002, view._queue, ("", "", None)).start()
    view.wait()
    assert view._deeds.qsize() == 1


def test_without_nicegui_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "nicegui", None)
    monkeypatch.setattr(kitless.browser.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BrowserMissingError, match=r"pip install 'simslate\[browser\]'"):
        require_browser()


@pytest.mark.parametrize(
    ("words", "port", "script"),
    [
        (["--browser"], 0, ""),
        (["--browser", "8080"], 8080, ""),
        (["--browser", "s.py", "8080"], 0, "s.py"),
        (["--browser", "8080", "s.py"], 8080, "s.py"),
        (["s.py", "--browser"], None, "s.py"),
    ],
)
def test_the_command_line_takes_a_port_or_none(words, port, script):
    options = host.parse(words)
    assert (options.browser, options.script) == (port, script)
