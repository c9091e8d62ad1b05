"""The other end of a pty: answers each command line or PDU by a function, and says what it is told to."""

import os
import pty
import re
import select
import threading
import tty

_INPUT = re.compile(rb"[^\r\x1a\x1b]*[\r\x1a\x1b]")


class Peer:
    """`answer(octets)` gets each input with its terminator (CR, 0x1A or ESC) and returns what to say, b"" for nothing.

    Everything that came is in `received`. Use it as a context manager; `path` is the port to open.
    """

    def __init__(self, answer=lambda _: b""):
        self.answer = answer
        self.received = []
        self.raw = b""
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        self._stop_read, self._stop_write = os.pipe()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.unplug()
        os.close(self._stop_read)

    def say(self, octets):
        os.write(self._master, octets)

    def unplug(self):
        if self._stop_write >= 0:
            os.close(self._stop_write)
            self._stop_write = -1
            if threading.current_thread() is not self._thread:
                self._thread.join(5)
            os.close(self._master)
            os.close(self._slave)

    def _serve(self):
        pending = b""
        while self._stop_write >= 0:
            ready, _, _ = select.select([self._master, self._stop_read], [], [])
            if self._stop_read in ready:
                return
            chunk = os.read(self._master, 65536)
            self.raw += chunk
            pending += chunk
            while match := _INPUT.match(pending):
                pending = pending[match.end() :]
                self.received.append(match[0])
                said = self.answer(match[0])
                if said:
                    self.say(said)


def table(answers, otherwise=b"\r\nERROR\r\n"):
    """An `answer` from a dict: key the input without its terminator; a value may be bytes, a list used up one by one,
    or a function of the input.
    """

    def answer(octets):
        said = answers.get(octets.rstrip(b"\r"), answers.get(octets[-1:], otherwise))
        if isinstance(said, list):
            said = said.pop(0) if len(said) > 1 else said[0]
        return said(octets) if callable(said) else said

    return answer
