"""Nobody but this machine's browser with this run's token gets anything."""

import http.client
import socket

import pytest

from kitless.browser.security import Access

HANDSHAKE = "/_nicegui_ws/socket.io/?EIO=4&transport=polling"
SOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def ask(served, path, *, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    body = b"" if answer.status == 101 else answer.read()
    connection.close()
    return answer.status, answer.headers, body


def cookie(served):
    return f"kitless_{served.port}={served.token}"


@pytest.mark.parametrize("path", ["/", "/?token=", "/?token=stale", "/picture/viewport", "/favicon.ico", HANDSHAKE])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_the_token_everything_is_refused(served, path, method):
    status, _, body = ask(served, path, method=method)
    assert status == 403
    assert served.token.encode() not in body


def test_the_token_becomes_a_cookie_and_leaves_the_address(served):
    status, headers, _ = ask(served, f"/?token={served.token}")
    assert (status, headers["location"]) == (303, "/")
    assert headers["set-cookie"].startswith(cookie(served) + ";")
    assert {"HttpOnly", "SameSite=Strict"} <= set(headers["set-cookie"].split("; "))
    assert ask(served, "/", Cookie=cookie(served))[0] == 200


def test_a_stale_token_is_not_saved_by_the_cookie(served):
    assert ask(served, "/?token=stale", Cookie=cookie(served))[0] == 403


def test_the_token_leads_to_no_other_host(served):
    assert ask(served, f"//elsewhere.example/?token={served.token}")[1]["location"] == "/elsewhere.example/"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", ""])
def test_a_server_by_another_name_is_refused(served, host):
    assert ask(served, "/", Host=host.format(port=served.port), Cookie=cookie(served))[0] == 403


def test_localhost_is_a_name_of_it(served):
    assert ask(served, "/", Host=f"localhost:{served.port}", Cookie=cookie(served))[0] == 200


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 403),
        ({"Cookie": "stale"}, 403),
        ({"Cookie": "right", "Origin": "http://evil.example"}, 403),
        ({"Cookie": "right", "Origin": "http://127.0.0.1:1"}, 403),
        ({"Cookie": "right", "Host": "evil.example"}, 403),
        ({"Cookie": "right"}, 101),
    ],
)
def test_the_sockets_handshake_needs_the_same(served, headers, expected):
    values = {"stale": f"kitless_{served.port}=stale", "right": cookie(served)}
    headers = {name: values.get(value, value) for name, value in headers.items()}
    path = HANDSHAKE.replace("polling", "websocket")
    assert ask(served, path, **SOCKET, **headers)[0] == expected


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/picture/../../etc/passwd", "/picture/%2Fetc%2Fpasswd", "/_nicegui/../../etc/passwd"]
)
def test_no_file_is_served_by_its_path(served, path):
    status, _, body = ask(served, path, Cookie=cookie(served))
    assert status == 404
    assert b"root:" not in body


def test_the_page_may_ask_nobody_else(served):
    headers = ask(served, "/", Cookie=cookie(served))[1]
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"


def test_the_token_is_printed_once_and_never_logged(served):
    ask(served, f"/?token={served.token}")
    ask(served, f"/missing?token={served.token}x")
    assert sum(served.token in line for line in served.lines) == 1


def test_only_the_loopback_address_listens(served):
    with socket.socket() as probe:
        probe.connect(("127.0.0.1", served.port))
    address = outer_address()
    if address is None:
        pytest.skip("this machine has no other address")
    with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
        probe.connect((address, served.port))


def outer_address():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: this only asks which address would be used.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith("127.") else address


@pytest.mark.parametrize("client", [("192.168.1.5", 4000), ("::1", 4000), None])
def test_a_client_elsewhere_is_refused(client):
    access = Access(8000)
    headers = [(b"host", b"127.0.0.1:8000"), (b"cookie", f"kitless_8000={access.token}".encode())]
    scope = {"type": "http", "client": client, "headers": headers, "query_string": b""}
    assert access.refusal(scope)
    assert not access.refusal({**scope, "client": ("127.0.0.1", 4000)})


def test_interrupting_ends_it_cleanly(serve):
    quiet = serve()
    assert quiet.stop() == 0
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", quiet.port))
    assert "Traceback" not in "".join(quiet.lines)
