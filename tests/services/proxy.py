"""An HTTP proxy before a real server that can be told to misbehave.

    proxy = FaultyProxy(server.endpoint)
    proxy.fault = lambda r: Status(503) if r.method == "PUT" else None

`fault` is asked for each request; what it returns happens instead of the real thing. `proxy.seen`
lists the requests.
"""
import dataclasses
import http.client
import http.server
import socket
import ssl
import struct
import threading
import time
import urllib.parse


@dataclasses.dataclass
class Request:
    method: str
    path: str  # with its query
    number: int  # of this proxy, from 0
    body: bytes
    headers: dict  # names in lower case


@dataclasses.dataclass
class Status:
    """An answer of the proxy's own; the server never hears of the request."""
    code: int
    body: bytes = b""
    headers: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Reset:
    """The connection is reset: before the request is passed on, or after (its answer is lost)."""
    passed_on: bool = False


@dataclasses.dataclass
class Truncate:
    """The answer breaks off after so many bytes."""
    size: int


@dataclasses.dataclass
class Delay:
    """Passed on after so many seconds."""
    seconds: float


class FaultyProxy:
    def __init__(self, endpoint="http://127.0.0.1:9", certificate=None):
        """`certificate`: a PEM file with a key, to be spoken to by TLS."""
        self.upstream = urllib.parse.urlsplit(endpoint)
        self.fault = lambda request: None
        self.headers = lambda request: None  # what is passed on instead of them
        self.seen = []
        self._lock = threading.Lock()
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def _serve(self):
                proxy._serve(self)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _serve

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.endpoint = f"http://127.0.0.1:{self.port}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.endpoint = f"https://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def _serve(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        with self._lock:
            headers = {name.lower(): value for name, value in handler.headers.items()}
            request = Request(handler.command, handler.path, len(self.seen), body, headers)
            self.seen.append(request)
        fault = self.fault(request)
        try:
            self._act(handler, request, fault)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True

    def _act(self, handler, request, fault):
        if isinstance(fault, Status):
            self._answer(handler, fault.code, list(fault.headers.items()), fault.body)
            return
        if isinstance(fault, Reset) and not fault.passed_on:
            self._reset(handler)
            return
        if isinstance(fault, Delay):
            time.sleep(fault.seconds)
        try:
            status, headers, body = self._pass_on(handler, request)
        except OSError:
            self._reset(handler)  # the server is away
            return
        if isinstance(fault, Reset):
            self._reset(handler)
            return
        self._answer(handler, status, headers, body,
                     fault.size if isinstance(fault, Truncate) else None)

    def _pass_on(self, handler, request):
        connection = http.client.HTTPConnection(self.upstream.hostname, self.upstream.port,
                                                timeout=60)
        try:
            connection.putrequest(request.method, request.path, skip_host=True,
                                  skip_accept_encoding=True)
            for name, value in (self.headers(request) or handler.headers).items():
                if name.lower() not in ("connection", "transfer-encoding"):
                    connection.putheader(name, value)
            connection.endheaders(request.body)
            answer = connection.getresponse()
            # Places that the server names after the host it was asked by, without TLS.
            here = f"http://127.0.0.1:{self.port}"
            headers = [(n, v.replace(here, self.endpoint)) for n, v in answer.getheaders()]
            return answer.status, headers, answer.read()
        finally:
            connection.close()

    @staticmethod
    def _answer(handler, status, headers, body, cut=None):
        handler.send_response_only(status)
        length = False
        for name, value in headers:
            if name.lower() in ("connection", "transfer-encoding"):
                continue
            length = length or name.lower() == "content-length"
            handler.send_header(name, value)
        if not length:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body if cut is None else body[:cut])
        handler.wfile.flush()
        if cut is not None and cut < len(body):
            handler.close_connection = True

    @staticmethod
    def _reset(handler):
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.close_connection = True
        handler.connection.close()
        handler.rfile.close()
