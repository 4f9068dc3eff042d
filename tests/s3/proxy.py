"""A proxy in front of the server that answers some requests otherwise than the server would."""

import socket
import struct
import threading
import time
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_HOP = ("connection", "transfer-encoding", "keep-alive", "expect")


class Proxy:
    """Forwards to ``endpoint``. ``fault`` is asked with method, path and the number of the put among those of data.

    It answers None for none, a status, a number of seconds to wait as a float, "reset" for a connection that breaks
    before the server hears of the request, or "cut" for one that breaks after it has done what it was asked.
    """

    def __init__(self, endpoint):
        self.target = urlsplit(endpoint).netloc
        self.fault = lambda method, path, number: None
        self.is_down = False
        self.puts = 0
        self.seen = []
        self.lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"proxy": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def next_fault(self, method, path):
        if self.is_down:
            return "reset"
        with self.lock:
            self.seen.append((method, path))
            is_data = method == "PUT" and "/simslate/" not in path
            self.puts += is_data
            return self.fault(method, path, self.puts if is_data else 0)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy = None

    def log_message(self, *arguments):
        pass

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def forward(self):
        fault = self.proxy.next_fault(self.command, self.path)
        if fault == "reset":
            self.reset()
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if isinstance(fault, int):
            self.answer(fault, [], b"<Error><Code>ServiceUnavailable</Code><Message>later</Message></Error>")
            return
        if isinstance(fault, float):
            time.sleep(fault)
        try:
            status, headers, data = self.ask(body)
        except (OSError, HTTPException):
            self.reset()
            return
        if fault == "cut":
            self.reset()
        else:
            self.answer(status, headers, data)

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.forward
        raise AttributeError(name)

    def ask(self, body):
        connection = HTTPConnection(self.proxy.target, timeout=60)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in _HOP:
                    connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def answer(self, status, headers, data):
        self.send_response_only(status)
        kept = [(name, value) for name, value in headers if name.lower() not in _HOP]
        if not any(name.lower() == "content-length" for name, _ in kept):
            kept.append(("Content-Length", str(len(data))))
        for name, value in kept:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def reset(self):
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
