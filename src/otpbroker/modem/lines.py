"""From octets to lines: the one framer of everything a modem says (pure; 3GPP TS 27.005, ITU-T V.250 §5.7).

Any cutting of a stream into chunks gives the same lines.
"""

import re
from typing import Final

PROMPT: Final = "> "
"""The event of a text prompt; no line equals it, because lines come without surrounding white space."""
MAX_LINE: Final = 4096

_TERMINATORS = bytes(10 if octet in b"\r\x1a\x1b" else octet for octet in range(256))
_DELETED = bytes(octet for octet in range(32) if octet not in b"\t\n\r\x1a\x1b") + b"\x7f"
_USSD = "+CUSD:"
_USSD_END = re.compile(r'",\s*\d*\s*$')


class Framer:
    """Feed it octets, it returns the lines that became complete, as Latin-1 so that any octet survives.

    Empty lines, control characters and lines over `MAX_LINE` are dropped. With `expect_prompt` set, `>` at the start
    of a line is the event `PROMPT`, once. A `+CUSD:` whose quoted text holds line ends stays one line.
    """

    def __init__(self) -> None:
        self.expect_prompt = False
        self._rest = ""
        self._too_long = False
        self._ussd = ""

    def reset(self) -> None:
        self.expect_prompt = self._too_long = False
        self._rest = self._ussd = ""

    def feed(self, chunk: bytes) -> list[str]:
        pieces = (self._rest + chunk.translate(_TERMINATORS, _DELETED).decode("latin-1")).split("\n")
        events: list[str] = []
        last = len(pieces) - 1
        for number, piece in enumerate(pieces):
            rest = self._after_prompt(piece, events) if self.expect_prompt else piece
            if number < last:
                self._complete(rest, events)
            else:
                self._keep(rest)
        return events

    def _after_prompt(self, piece: str, events: list[str]) -> str:
        """A prompt begins a new line by itself: nothing but its own characters tells that it is complete."""
        start = piece.find(">")
        if start < 0 or start > MAX_LINE or self._ussd or self._too_long or piece[:start].strip():
            return piece
        self.expect_prompt = False
        events.append(PROMPT)
        return piece[start + 1 :]

    def _complete(self, piece: str, events: list[str]) -> None:
        if self._too_long or len(piece) > MAX_LINE:
            self._too_long = False
            return
        line = piece.strip()
        if self._ussd or line.startswith(_USSD):
            self._continue_ussd(line, events)
        elif line:
            events.append(line)

    def _keep(self, rest: str) -> None:
        self._too_long = self._too_long or len(rest) > MAX_LINE
        self._rest = "" if self._too_long else rest

    def _continue_ussd(self, line: str, events: list[str]) -> None:
        if not line:  # CR LF are two ends of a line here
            return
        joined = f"{self._ussd}\n{line}" if self._ussd else line
        if len(joined) > MAX_LINE:
            self._ussd = ""
        elif _ussd_open(joined):
            self._ussd = joined
        else:
            self._ussd = ""
            events.append(joined)


def _ussd_open(text: str) -> bool:
    """Whether the quoted text of a +CUSD still goes on; inner quotes are possible, a closing one may bring its DCS."""
    if '"' not in text:
        return False
    if text.count('"') > 1 and _USSD_END.search(text):
        return False
    return text.count('"') % 2 == 1
