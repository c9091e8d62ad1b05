"""Modems that are no friends of ours: a few lines each, written apart from the simulator and its manners."""

import time
from types import SimpleNamespace

from fakes.peer import Peer


class Responder(Peer):
    """Subclasses say what a command is answered; `heard` are the commands, `pdus` the texts that 0x1A ended."""

    prompt = b"\r\n> "
    accepted = b"\r\n+CMGS: %d\r\n\r\nOK\r\n"
    echoes = False

    def __init__(self):
        super().__init__(self._respond)
        self.heard, self.pdus = [], []

    def records(self):
        """What was sent, as the simulator tells it."""
        return [SimpleNamespace(modem=0, pdu=pdu) for pdu in self.pdus]

    def may_send(self):
        return True

    def reply(self, command):
        """Octets for `command`, which has no CR any more."""
        raise NotImplementedError

    def _respond(self, octets):
        said, end = octets[:-1].decode(), octets[-1:]
        return (octets if self.echoes else b"") + self._reaction(said, end)

    def _reaction(self, said, end):
        if end == b"\x1b":
            return b""
        if end == b"\x1a":
            self.pdus.append(said)
            return self.accepted % len(self.pdus)
        self.heard.append(said)
        return self.prompt if said.startswith("AT+CMGS=") and self.may_send() else self.reply(said)


class Terse(Responder):
    """Echoes whatever it is told, knows three commands, and calls everything else an ERROR."""

    echoes = True

    def reply(self, command):
        return b"\r\nOK\r\n" if command in ("AT", "AT+CMGF=0") else b"\r\nERROR\r\n"


class Slow(Responder):
    """A third of a second for each answer, in pieces, with news in between; a bare line feed before its prompt,
    no line end before its answers, no space after a colon, refusals in its own spelling.
    """

    prompt = b"\n> "
    accepted = b"+CMGS:%d\r\n\r\nOK\r\n"
    NEWS = (b"^RSSI:17\r\n", b'+CMTI: "ME",3\r\n', b"RING\r\n", b"+CREG: 1\r\n")
    ANSWERS = (
        ("AT+CREG?", b"+CREG:0,5\r\n\r\nOK\r\n"),
        ("AT+CPIN?", b"+CPIN:READY\r\n\r\nOK\r\n"),
        ("AT+CSQ", b"+CSQ:14,99\r\n\r\nOK\r\n"),
        ("AT+CGSN", b"352099001761481\r\n\r\nOK\r\n"),
        ("AT+CGMI", b"Slowcom\r\n\r\nOK\r\n"),
        ("AT+COPS?", b'+COPS:0,0,"XL, Axiata",2\r\n\r\nOK\r\n'),
        ("AT+CMEE=1", b"Error\r\n"),
        ("AT+CEREG", b"Command not support\r\n"),
    )

    def say(self, octets):
        time.sleep(0.3)
        news = self.NEWS[len(self.heard) % len(self.NEWS)]
        for piece in (news, octets[:1], octets[1:4], octets[4:]):
            super().say(piece)
            time.sleep(0.005)

    def reply(self, command):
        known = (octets for name, octets in self.ANSWERS if command.startswith(name))
        return next(known, b"OK\r\n")


class Locked(Responder):
    """Wants a PIN, takes a while afterwards, and gives its reasons in words."""

    def __init__(self, pin):
        super().__init__()
        self._pin = pin
        self._left = 3
        self._open_at = None

    def may_send(self):
        return self._is_open()

    def _is_open(self):
        return self._open_at is not None and time.monotonic() > self._open_at

    def reply(self, command):
        if command == "AT+CPIN?":
            return b"\r\n" + self._lock() + b"\r\n" if self._busy() else b"\r\n" + self._lock() + b"\r\n\r\nOK\r\n"
        if command.startswith("AT+CPIN="):
            return self._try(command.removeprefix("AT+CPIN=").strip('"'))
        if command.startswith("AT+CMGS"):
            return b"\r\n+CMS ERROR: SIM PIN required\r\n"
        if command.startswith("AT+CREG?"):
            return b"\r\n+CREG: 0,%d\r\n\r\nOK\r\n" % (1 if self._is_open() else 0)
        return b"\r\nOK\r\n"

    def _busy(self):
        return self._open_at is not None and not self._is_open()

    def _lock(self):
        if self._busy():
            return b"+CME ERROR: SIM busy"
        if self._is_open():
            return b"+CPIN: READY"
        return b"+CPIN: SIM PIN" if self._left else b"+CPIN: SIM PUK"

    def _try(self, pin):
        if pin != self._pin or not self._left:
            self._left = max(0, self._left - 1)
            return b"\r\n+CME ERROR: incorrect password\r\n"
        self._open_at = time.monotonic() + 0.8
        return b"\r\nOK\r\n"
