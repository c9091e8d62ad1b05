"""The AT conversation with one modem: a command, its answer, and what came unasked in between."""

import re
import time
from collections import deque

from otpbroker.modem.lines import PROMPT, Framer
from otpbroker.modem.port import Port
from otpbroker.modem.results import Refusal, refusal
from otpbroker.modem.urcs import is_head, is_hex, is_urc

_NAME = re.compile(r"AT([+^*#%$&][A-Z0-9]+)")
_URC_LIMIT = 512
_PROBE_S = 1.0
_QUIET_S = 0.3
_ECHO_S = 3.0
_AFTER_REFERENCE_S = 1.0
_THIRD = 2
_ESC = b"\x1b"


class Silence(Exception):
    """No final result within the deadline."""


class Refused(Exception):
    """The modem answered, but not OK."""

    def __init__(self, refused: Refusal) -> None:
        super().__init__(refused)
        self.refused = refused


class Reset(Exception):
    """It echoes a command although its echo was off: it has started anew and lost its settings."""


class AtChannel:
    """One command at a time; each gets the answer that is its own or none.

    A command that timed out leaves an answer owed: before the next one, `resync` waits until nothing is owed any more,
    so a late answer is never taken for another command's. Lines that came unasked are in `urcs`, in order; a `+CDS:`
    or `+CMT:` with its PDU is one entry, joined by a line feed.
    """

    def __init__(self, port: Port) -> None:
        self.urcs: deque[str] = deque(maxlen=_URC_LIMIT)
        self.echoes = True
        self.rtt_s = 0.0
        self._port = port
        self._framer = Framer()
        self._lines: deque[str] = deque()
        self._head = ""
        self._owed = 0
        self._in_text = False

    def command(self, text: str, prefix: str = "", deadline_s: float = 5.0) -> list[str]:
        """The lines of the answer. With a `prefix` only lines that begin with it (and hex digits that follow one),
        without it bare text. Raises `Refused`, `Silence`, and `PortGone` or `PortStalled` of the port.
        """
        if self._owed:
            self.resync()
        self._owed = 1
        self._port.write(f"{text}\r".encode())
        until = time.monotonic() + deadline_s
        found: list[str] = []
        own = prefix or _own_prefix(text)
        while True:
            line = self._next(until)
            if line == "OK":
                self._settle()
                return found
            if line == text:
                continue
            self._raise_refusal(line)
            if not self._sort(line, own):
                _keep(line, prefix, own, found)

    def open_prompt(self, command: str, deadline_s: float) -> None:
        """Send `command` and wait for `> `. An OK or +CMGS that comes before it is late and belongs to no one.

        Raises `Refused`, `Silence` (the prompt was cancelled by ESC), `Reset` (likewise).
        """
        if self._owed:
            self.resync()
        self._owed = 1
        self._in_text = self._framer.expect_prompt = True
        self._port.write(f"{command}\r".encode())
        until = time.monotonic() + deadline_s
        while (line := self._next_or_cancel(until)) != PROMPT:
            if line == command:
                if not self.echoes:
                    self.cancel()
                    raise Reset
            elif line != "OK":
                self._refuse_text(line)
                self._sort(line, "")

    def write_text(self, pdu_hex: str) -> None:
        """The PDU and its 0x1A. When this returns, the modem may send it; when it raises, it cannot."""
        self._port.write(f"{pdu_hex}\x1a".encode())
        self._in_text = False

    def text_result(self, prefix: str, deadline_s: float) -> str | None:
        """The line that begins with `prefix`, None when the modem said only OK. Raises `Refused`, `Silence`.

        That line counts also when no OK follows within a second: the modem has named its reference.
        """
        until = time.monotonic() + deadline_s
        found: str | None = None
        while True:
            try:
                line = self._next(until)
            except Silence:
                if found is None:
                    raise
                return found
            if line == "OK":
                self._settle()
                return found
            if line.startswith(prefix):
                found = line
                until = time.monotonic() + _AFTER_REFERENCE_S
            else:
                if found is None:
                    self._raise_refusal(line)
                self._sort(line, "")

    def cancel(self) -> None:
        """Leave the text prompt: nothing of it is sent (3GPP TS 27.005 §3.5.1)."""
        self._framer.expect_prompt = self._in_text = False
        self._port.write(_ESC)

    def resync(self, attempts: int = 3) -> None:
        """Ask `AT` until the modem answers and nothing more comes. Raises `Silence` when it does not."""
        self._framer.reset()
        while self._lines:
            self._sort(self._lines.popleft(), "")
        for attempt in range(attempts):
            if self._in_text or attempt == 1:
                self._port.write(_ESC)
            self._owed += 1
            asked = time.monotonic()
            # The third time it may be one that was told to answer by numbers or not at all (ATV0, ATQ1).
            self._port.write(b"ATQ0V1\r" if attempt == _THIRD else b"AT\r")
            if self._drain(asked + _PROBE_S + self.rtt_s):
                self._in_text = False
                self._settle()
                return
        raise Silence

    def _drain(self, until: float) -> bool:
        """Whether a final result came and then either all that are owed, or nothing for a while."""
        finals = 0
        while finals < self._owed:
            try:
                line = self._next(until)
            except Silence:
                break
            line = line.lstrip("> ")
            if line == "OK" or refusal(line) is not None:
                finals += 1
                until = time.monotonic() + max(_QUIET_S, 3 * self.rtt_s)
            else:
                self._sort(line, "")
        return finals > 0

    def find_echo(self) -> None:
        """Learn whether it echoes what it is sent. Raises `Silence`."""
        if self._owed:
            self.resync()
        self.echoes = False
        self._owed = 1
        asked = time.monotonic()
        self._port.write(b"AT\r")
        until = asked + _ECHO_S
        while (line := self._next(until)) != "OK":
            if line == "AT":
                self.echoes = True
            else:
                self._raise_refusal(line)
                self._sort(line, "")
        self._settle()
        self.rtt_s = time.monotonic() - asked

    def restart(self, commands: tuple[str, ...]) -> None:
        """Tell a modem that may be deaf to start anew; what it answers is of no interest."""
        for command in commands:
            self._owed += 1
            self._port.write(f"{command}\r".encode())

    def pump(self, timeout_s: float) -> None:
        """Take in what comes unasked, waiting at most `timeout_s` for it."""
        chunk = self._port.read(timeout_s)
        if chunk:
            for line in self._framer.feed(chunk):
                self._sort(line, "")

    def _next(self, until: float) -> str:
        lines = self._lines
        while not lines:
            left = until - time.monotonic()
            if left <= 0:
                raise Silence
            chunk = self._port.read(left)
            if chunk:
                lines.extend(self._framer.feed(chunk))
        return lines.popleft()

    def _next_or_cancel(self, until: float) -> str:
        try:
            return self._next(until)
        except Silence:
            self.cancel()
            raise

    def _settle(self) -> None:
        """Nothing is owed any more: what came behind the result came unasked."""
        self._owed = 0
        while self._lines:
            self._sort(self._lines.popleft(), "")

    def _refuse_text(self, line: str) -> None:
        refused = refusal(line)
        if refused is not None:
            self._framer.expect_prompt = self._in_text = False
            self._settle()
            raise Refused(refused)

    def _raise_refusal(self, line: str) -> None:
        refused = refusal(line)
        if refused is not None:
            self._settle()
            raise Refused(refused)

    def _sort(self, line: str, prefix: str) -> bool:
        """Put an unsolicited line aside; False when it may be part of an answer."""
        if self._head:
            head, self._head = self._head, ""
            if is_hex(line):
                self.urcs.append(f"{head}\n{line}")
                return True
            self.urcs.append(head)
        if not is_urc(line, prefix):
            return False
        if is_head(line):
            self._head = line
        else:
            self.urcs.append(line)
        return True


def _own_prefix(text: str) -> str:
    """How a modem may introduce the bare answer of `text`: `+CGMI: huawei` for AT+CGMI."""
    match = _NAME.fullmatch(text)
    return f"{match[1]}:" if match else ""


def _keep(line: str, prefix: str, own: str, found: list[str]) -> None:
    if not prefix:
        found.append(line.removeprefix(own).strip() if own else line)
    elif line.startswith(prefix) or (found and is_hex(line)):
        found.append(line)
