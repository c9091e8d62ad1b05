"""A client of the REST door that sees every octet."""

import base64
import json
import socket


def basic(username="user", password="password"):
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


class Answer:
    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        status_line, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(status_line.split(" ")[1])
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json["response_code"]

    @property
    def data(self):
        return self.json["data"]


class Client:
    """One connection. `request` sends and reads one answer; `raw` sends octets as they are."""

    def __init__(self, port, timeout_s=10):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout_s)
        self._received = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def raw(self, octets):
        self.socket.sendall(octets)

    def answer(self, head_only=False):
        while b"\r\n\r\n" not in self._received:
            self._more()
        head, _, rest = self._received.partition(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        length = int(lengths[0].split(b":")[1]) if lengths and not head_only else 0
        while len(rest) < length:
            self._more()
            rest = self._received.partition(b"\r\n\r\n")[2]
        self._received = rest[length:]
        return Answer(head + b"\r\n\r\n" + rest[:length])

    def _more(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("hung up")
        self._received += data

    def is_closed(self):
        """Wait for the other side to hang up."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def request(self, method, path, body=b"", auth=None, **headers):
        body = body.encode() if isinstance(body, str) else body
        lines = [f"{method} {path} HTTP/1.1", "Host: test"]
        if auth is not None:
            lines.append(f"Authorization: {auth}")
        if body or method in ("POST", "PUT"):
            lines.append(f"Content-Length: {len(body)}")
        lines.extend(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())
        self.raw("\r\n".join([*lines, "", ""]).encode() + body)
        return self.answer(head_only=method == "HEAD")

    def command(self, command, data, path="/api/sms", auth=None, **headers):
        body = json.dumps({"command": command, "data": data})
        return self.request("POST", path, body, basic() if auth is None else auth, **headers)

    def sms(self, msisdn="08126666666", text="OTP Anda adalah 1234", **more):
        headers = {name: more.pop(name) for name in list(more) if name[0].isupper()}
        return self.command("send-sms", {"id": 123456, "msisdn": msisdn, "message": text, **more}, **headers)
