"""A WSMessageBroker that behaves as the PHP server does, octet by octet, or as its successors do."""

import base64
import contextlib
import json
import socket
import struct
import threading
import time
import urllib.parse

from fakes import wsframes
from fakes.wsframes import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT

USER, PASSWORD = "qa", "a password: with colon"
_TEXTS = {"00": "Accepted", "01": "Rejected"}
_UPGRADED = (
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: {}\r\nX-Powered-By: Ratchet/0.2.7\r\n\r\n"
)


class WSMessageBroker:
    """Listens on 127.0.0.1.

    `number_of_receiver`, `keep_data` as in its config.ini, the latter in memory. `greets` False: no connect frames.
    `by_url`: the successors' dialect, where a socket hears the topic of its URL, where whatever a socket sends goes to
    all others of its topic, and where wrong credentials end with 401. `tls` is a server's context; `fragment` cuts what
    it sends into frames of that size; `answers` are pieces of octets that answer all requests instead; `pongs` False:
    nothing answers pings. `heard` are the (topic of the URL, text) that clients sent; `requests` the heads of their
    upgrades.
    """

    def __init__(
        self,
        *,
        number_of_receiver=2,
        keep_data=False,
        greets=True,
        by_url=False,
        tls=None,
        fragment=0,
        answers=None,
        pongs=True,
    ):
        self.number_of_receiver, self.keep_data = number_of_receiver, keep_data
        self.greets, self.by_url, self.tls, self.fragment = greets, by_url, tls, fragment
        self.answers, self.pongs = answers, pongs
        self.port = 0
        self.heard, self.requests, self.stored = [], [], []
        self.pings = 0
        self.clients = []
        self.changed = threading.Condition()
        self.awake = threading.Event()
        self._listener = None
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    # Life and faults

    def start(self):
        self.awake.set()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self):
        """As kill does: sockets end without a word."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.awake.set()
        self.drop()

    def drop(self):
        with self.changed:
            clients = list(self.clients)
        for client in clients:
            client.cut()

    def freeze(self):
        """As SIGSTOP does: the kernel still takes connections and octets; nobody answers."""
        self.awake.clear()

    def thaw(self):
        self.awake.set()

    # What it sees and does

    def receivers(self, channel="sms"):
        """Sockets that what is sent to `channel` would go to."""
        if self.by_url:
            return [client for client in self.clients if client.topic == channel]
        return [
            client
            for client in self.clients
            if (client.valid, client.type, client.channel) == (True, "receiver", channel)
        ]

    def until(self, condition, timeout_s=10.0):
        """Wait until `condition()` holds of what it sees."""
        with self.changed:
            assert self.changed.wait_for(condition, timeout_s)

    def until_receivers(self, count=1, channel="sms", timeout_s=10.0):
        self.until(lambda: len(self.receivers(channel)) == count, timeout_s)

    def send(self, octets):
        """Raw octets to every socket, whatever they spell."""
        with self.changed:
            for client in self.clients:
                client.write(octets)

    def publish(self, text, channel="sms"):
        """As a sender that the server knows, and that goes again: how many it went to."""
        with self.changed:
            return self._pass_on(text if isinstance(text, bytes) else text.encode(), channel, None)

    def _accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_Client(self, connection).run, daemon=True).start()

    def attach(self, client):
        with self.changed:
            self.requests.append(client.head)
            self.clients.append(client)
            client.greet()
            self.changed.notify_all()

    def detach(self, client):
        with self.changed:
            if client in self.clients:
                self.clients.remove(client)
            self.changed.notify_all()

    def handle(self, client, opcode, payload, octets):
        """One thing at a time, as the one loop of PHP does. False ends the connection."""
        self.awake.wait()
        with self.changed:
            go_on = client.handle(opcode, payload, octets)
            self.changed.notify_all()
            return go_on

    def receive(self, client, message):
        """A whole message from `client`, as the PHP class reads it; false JSON is like no command."""
        self.heard.append((client.topic, message.decode()))
        if self.by_url:
            self._pass_on(message, client.topic, client)
            return
        content = _php_json(message)
        command, client.channel = content.get("command"), content.get("channel")
        client.type = {"receive-message": "receiver", "send-message": "sender"}.get(command, "client")
        if command == "ping":
            client.greet("00")
        elif command == "receive-message":
            self._hand_over_stored(client)
        elif command == "send-message" and client.valid:
            most = content.get("number_of_receiver", self.number_of_receiver)
            if not self._pass_on(message, client.channel, client, abs(int(most))) and self.keep_data:
                self.stored += [(client.channel, record) for record in content.get("data") or []]

    def _pass_on(self, message, channel, sender, most=0):
        receivers = [client for client in self.receivers(channel) if client is not sender]
        if most:
            del receivers[most:]
        for receiver in receivers:
            receiver.send(message)
        return len(receivers)

    def _hand_over_stored(self, client):
        """One record a frame, as with `limit=1`."""
        mine = [record for record in self.stored if record[0] == client.channel]
        self.stored = [record for record in self.stored if record not in mine]
        for channel, record in mine:
            client.send(_php_encode({"command": "send-message", "channel": channel, "data": [record]}, tags=True))


class _Client:
    """One socket, and what the server knows of it."""

    def __init__(self, server, connection):
        self._server = server
        self._connection = connection
        self.head = ""
        self.topic = ""
        self.valid = False
        self.type = self.channel = None
        self._begun = self._read_ahead = b""

    def run(self):
        try:
            self._server.awake.wait()
            if self._upgrade():
                self._server.attach(self)
                self._serve()
        except (OSError, EOFError):
            pass
        finally:
            self._server.detach(self)
            self._connection.close()

    def _upgrade(self):
        if self._server.tls is not None:
            self._connection = self._server.tls.wrap_socket(self._connection, server_side=True)
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self._read(1)
        self.head = head.decode()
        headers = dict(line.split(": ", 1) for line in self.head.split("\r\n")[1:] if line)
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.head.split(" ")[1]).query)
        self.topic = query.get("topic", [""])[0]
        self.valid = headers.get("Authorization") == basic(USER, PASSWORD)
        self._server.awake.wait()
        refusal = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
        answers = [refusal] if self._server.by_url and not self.valid else self._server.answers
        if answers is not None:
            for piece in answers:
                self._connection.sendall(piece)
            return False
        self.write(_UPGRADED.format(wsframes.accept_key(headers["Sec-WebSocket-Key"])).encode())
        return True

    def greet(self, code=""):
        if self._server.greets and not self._server.by_url:
            code = code or ("00" if self.valid else "01")
            stamp = {"time_stamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())}
            answer = {"command": "connect", "response_code": code, "response_text": _TEXTS[code], "data": [stamp]}
            self.send(_php_encode(answer))

    def _serve(self):
        try:
            while self._server.handle(self, *self._frame()):
                pass
        except wsframes.ProtocolError:
            self.write(wsframes.frame(struct.pack("!H", 1002), CLOSE))

    def _frame(self):
        fin, opcode, payload, octets = wsframes.read_frame(self._read)
        if opcode in (CONTINUATION, TEXT, BINARY):
            self._begun += payload
            if not fin:
                return CONTINUATION, b"", octets
            payload, self._begun = self._begun, b""
            return TEXT, payload, octets
        return opcode, payload, octets

    def handle(self, opcode, payload, octets):
        if opcode == CLOSE:  # given back as it came, mask and all; an empty one with a code
            self.write(octets if payload else wsframes.frame(struct.pack("!H", 1000), CLOSE))
            return False
        if opcode == PING:
            self._server.pings += 1
            if self._server.pongs:
                self.write(wsframes.frame(payload, PONG))
        elif opcode == TEXT:
            return self._message(payload)
        return True

    def _message(self, payload):
        try:
            payload.decode()
        except UnicodeDecodeError:
            self.write(wsframes.frame(struct.pack("!H", 1007), CLOSE))
            return False
        self._server.receive(self, payload)
        return True

    def send(self, message):
        size = self._server.fragment or len(message) + 1
        self.write(b"".join(wsframes.fragments(message, size)))

    def write(self, octets):
        with contextlib.suppress(OSError):
            self._connection.sendall(octets)

    def _read(self, count):
        while len(self._read_ahead) < count:
            more = self._connection.recv(65536)
            if not more:
                raise EOFError
            self._read_ahead += more
        octets, self._read_ahead = self._read_ahead[:count], self._read_ahead[count:]
        return octets

    def cut(self):
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._connection, socket.SHUT_RDWR)


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _php_json(message):
    """As `json_decode` reads it: null for what is no JSON, a trailing comma included."""
    try:
        content = json.loads(message)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _php_encode(value, *, tags=False):
    """As `json_encode` writes it; what was once read as arrays knows no empty object."""
    text = json.dumps(value, separators=(",", ":")).replace("/", "\\/").replace("{}", "[]")
    return (text.replace("<", "\\u003C").replace(">", "\\u003E") if tags else text).encode()
