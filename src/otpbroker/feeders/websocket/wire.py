"""One WebSocket connection to a WSMessageBroker."""

import base64
import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, urlencode

import msgspec
import websocket
from msgspec import Raw
from websocket import ABNF

from otpbroker.config.sections.feeders import WebSocketSection
from otpbroker.feeders.link import LinkError
from otpbroker.feeders.trust import client_tls
from otpbroker.feeders.websocket.errors import ERRORS, TooLong, closed, in_plain_words, link_error, refused
from otpbroker.feeders.websocket.notices import accepts, is_question

logging.getLogger("websocket").setLevel(logging.CRITICAL)  # ours tell what matters

MOST_OCTETS: Final = 1 << 20
_PATIENCE_S: Final = 1.0
_ENCODER: Final = msgspec.json.Encoder()


class Wire:
    """One connection. `leave` and `cut` may be called by any thread, all else by one. Raises `LinkError` only."""

    def __init__(self, settings: WebSocketSection, topic: str) -> None:
        self._settings = settings
        self._topic = topic
        self._raw: socket.socket | None = None
        self._socket = websocket.WebSocket(skip_utf8_validation=True)  # it would quote what it chokes on
        self._socket.frame_buffer = _Frames(self._socket._recv)  # noqa: SLF001 - no other way to bound a message
        self._open = False
        self._cut = False
        self._late = False
        self._asked = False
        self._proved = False
        self._hurried = False

    def open(self) -> None:
        """Connect within `timeout_s`, unless it is."""
        if self._open:
            return
        guard = threading.Timer(self._settings.timeout_s, self._give_up)  # each step has a deadline; a dribble has none
        guard.daemon = True
        guard.start()
        try:
            self._upgrade()
        except LinkError:
            if self._late:
                raise LinkError("feeder.timeout") from None
            raise
        finally:
            guard.cancel()

    def _give_up(self) -> None:
        self._late = True
        self.cut()

    def _upgrade(self) -> None:
        settings = self._settings
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        query = urlencode({"channel": self._topic, "topic": self._topic}, quote_via=quote)
        with in_plain_words():
            self._socket.connect(
                f"{'wss' if settings.tls else 'ws'}://{host}:{settings.port}{settings.path}?{query}",
                socket=self._secured(self._reach()),
                header=_authorization(settings),
                timeout=settings.timeout_s,
                suppress_origin=True,
                redirect_limit=0,
            )
        if self._socket.status != 101:
            raise refused(self._socket.status)
        self._open = True

    def _reach(self) -> socket.socket:
        settings = self._settings
        failed: OSError = ConnectionRefusedError()
        found = socket.getaddrinfo(settings.host.encode(), settings.port, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, address in found:
            raw = self._adopt(socket.socket(family, kind, protocol))
            raw.settimeout(settings.timeout_s)
            try:
                raw.connect(address)
            except OSError as error:
                raw.close()
                failed = error
            else:
                raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return raw
        raise failed

    def _secured(self, raw: socket.socket) -> socket.socket:
        settings = self._settings
        if not settings.tls:
            return raw
        tls = client_tls(settings.ca_certificate)
        secured = tls.wrap_socket(raw, server_hostname=settings.host, do_handshake_on_connect=False)
        self._adopt(secured)
        secured.do_handshake()
        return secured

    def _adopt(self, raw: socket.socket) -> socket.socket:
        """From here on `cut` ends what is done with it."""
        self._raw = raw
        if self._cut:
            raise ConnectionAbortedError
        return raw

    def command(self, command: str, channel: str, data: list[Raw]) -> None:
        with in_plain_words():
            self._socket.send(_ENCODER.encode({"command": command, "channel": channel, "data": data}))

    def ask(self) -> None:
        """Have the server prove that it has read what we said."""
        self._asked = True
        with in_plain_words():
            self._socket.ping()

    def next(self) -> bytes | None:
        """The next message; None where the server has answered `ask`. It is asked by itself where it has long been
        silent; the connection is lost where it stays so.
        """
        while True:
            opcode, data = self._frame()
            if opcode == ABNF.OPCODE_PONG:
                return None
            if opcode == ABNF.OPCODE_CLOSE:
                raise closed(data)
            if opcode in (ABNF.OPCODE_TEXT, ABNF.OPCODE_BINARY) and not self._is_notice(data):
                return data

    def _is_notice(self, message: bytes) -> bool:
        """Raises `LinkError` where the server refuses us; it then keeps the socket open, and passes nothing on."""
        accepted = accepts(message)
        if accepted is False:
            raise LinkError("feeder.credentials")
        return accepted is not None or is_question(message)

    def _frame(self) -> tuple[int, bytes]:
        """A message in one piece, or a control frame; pings are answered already."""
        while True:
            try:
                opcode, frame = self._socket.recv_data_frame(control_frame=True)
            except websocket.WebSocketTimeoutException:
                if self._hurried:  # by a server that has let us in and answers no ping
                    self._hurry(False)
                    return ABNF.OPCODE_PONG, b""
                if self._asked:
                    raise LinkError("feeder.silent", soon=True) from None
                self.ask()
            except ERRORS as error:
                raise link_error(error, soon=True) from None
            else:
                if not self._proved:
                    self._hurry(opcode != ABNF.OPCODE_PONG)
                self._asked = False
                return opcode, bytes(frame.data)

    def _hurry(self, on: bool) -> None:
        """A server that says anything at all, and no refusal, gets little time to prove that it has read our words."""
        self._hurried, self._proved = on, not on
        timeout_s = self._settings.timeout_s
        self._socket.settimeout(min(timeout_s, _PATIENCE_S) if on else timeout_s)

    def leave(self) -> None:
        """Go politely: what the server sent until it has understood still comes from `next`, which then raises."""
        if not self._open:
            self.cut()
            return
        with contextlib.suppress(LinkError), in_plain_words():
            self._socket.send_close()

    def cut(self) -> None:
        """End at once whatever is being done."""
        self._cut = True
        if self._raw is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._raw, socket.SHUT_RDWR)  # not TLS's own, which is for one thread

    def close(self) -> None:
        self._open = False
        if self._raw is not None:
            self._raw.close()


class _Frames(websocket.frame_buffer):  # type: ignore[misc] # the library has no types
    """Refuses a message that is too long before it fills the memory."""

    def __init__(self, receive: Callable[[int], bytes]) -> None:
        super().__init__(receive, skip_utf8_validation=True)
        self._octets = 0

    def recv_length(self) -> None:
        super().recv_length()
        fin, _, _, _, opcode, *_ = self.header
        if opcode in (ABNF.OPCODE_TEXT, ABNF.OPCODE_BINARY, ABNF.OPCODE_CONT):
            self._octets += self.length
            if self._octets > MOST_OCTETS:
                raise TooLong(MOST_OCTETS)
            if fin:
                self._octets = 0


def _authorization(settings: WebSocketSection) -> list[str]:
    """HTTP Basic (RFC 7617), where there is somebody to name."""
    if not settings.username:
        return []
    pair = f"{settings.username}:{settings.password.reveal()}".encode()
    return [f"Authorization: Basic {base64.b64encode(pair).decode()}"]
