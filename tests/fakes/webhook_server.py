"""A server that is called: real HTTP or HTTPS on loopback, which keeps what it got and answers as a test orders."""

import base64
import hashlib
import hmac
import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler

from fakes.called_server import CalledServer

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Call:
    def __init__(self, path, headers, body):
        self.path = path
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.body = body

    @property
    def id(self):
        return self.headers["webhook-id"]

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def type(self):
        return self.json["type"]

    def is_signed(self, secret=SECRET):
        """Written from the standard, not from our code."""
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        key = base64.b64decode(secret.split("_", 1)[1])
        wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return self.headers["webhook-signature"] == f"v1,{wanted}"


class WebhookServer:
    """`answers` holds what comes next: a status, (status, headers), or a function of the request's handler. Then, and
    where it is empty, `usual` is answered. `authority` (trustme) makes it HTTPS, for `name`.
    """

    def __init__(self, authority=None, name="localhost", port=0):
        self.calls = []
        self.answers = deque()
        self.usual = 204
        self._news = threading.Condition()
        self.secure = authority is not None
        self._server = CalledServer(("127.0.0.1", port), _Handler, self, authority, name)
        self.port = self._server.port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.stop()

    @property
    def connections(self):
        return self._server.connections

    def url(self, path="/", host="127.0.0.1"):
        return f"{'https' if self.secure else 'http'}://{host}:{self.port}{path}"

    def until(self, count, timeout_s=10.0):
        """The calls, when so many have come."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.calls) >= count, timeout_s), [call.path for call in self.calls]
            return list(self.calls)

    def came(self, call):
        with self._news:
            self.calls.append(call)
            self._news.notify_all()
            return self.answers.popleft() if self.answers else self.usual


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        ordered = self.server.owner.came(Call(self.path, self.headers, body))
        if callable(ordered):
            ordered(self)
            return
        status, headers = ordered if isinstance(ordered, tuple) else (ordered, {})
        self.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_):
        pass
