"""Keeps one modem connected for as long as it has a line: call, and call again, ever more seldom, without an end."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

from otpbroker.dial import words
from otpbroker.dial.board import Board
from otpbroker.dial.call import Call
from otpbroker.dial.resolver import Resolver
from otpbroker.system.doorbell import Doorbell
from otpbroker.texts import translate
from otpbroker.verbs.internet import Line

_LOG: Final = logging.getLogger(__name__)


class Pauses(Struct, frozen=True):
    """In seconds: before the second call, at most, and how long a connection must have held to begin with `first`
    again.
    """

    first: float = 5.0
    longest: float = 120.0
    sound: float = 60.0


class Keeper:
    """`settings` are the files of the modem that a call lives by: it is made anew where they are others."""

    def __init__(
        self,
        modem: str,
        *,
        call: Callable[[Doorbell], Call],
        settings: tuple[Path, ...],
        board: Board,
        resolver: Resolver,
        pauses: Pauses,
    ) -> None:
        self._modem = modem
        self._bell = Doorbell()
        self._call = call(self._bell)
        self._settings = settings
        self._board = board
        self._resolver = resolver
        self._pauses = pauses
        self._line: Line | None = None
        self._used = 0
        self._pause_s = pauses.first
        self._reread = False
        self._stopping = False
        self._interface = ""
        self._key = self._program = ""
        self._thread = threading.Thread(target=self._run, name=f"dial-{modem}", daemon=True)
        self._thread.start()

    def lend(self, line: Line | None) -> None:
        """The line it has from now on; None: none, and a call is ended."""
        self._line = line
        self._bell.ring()

    def reread(self) -> None:
        """Its settings may be others."""
        self._reread = True
        self._bell.ring()

    def stop(self) -> None:
        self._stopping = True
        self._bell.ring()

    def join(self) -> None:
        """After `stop`: it has hung up."""
        self._thread.join()

    def _run(self) -> None:
        due = 0.0
        while not self._stopping:
            line = self._usable()
            left_s = due - time.monotonic()
            if left_s > 0:
                self._bell.wait(left_s)
            elif line is None:
                self._board.stands(self._modem, "waiting")
                self._bell.wait(None)
            else:
                due = time.monotonic() + self._once(line)
                continue
            if self._reread:  # somebody has just changed something: it may go well now
                self._reread, due, self._pause_s = False, 0.0, self._pauses.first
        self._bell.close()

    def _usable(self) -> Line | None:
        """The line to call on; None while there is none, or only the one that was given back."""
        line = self._line
        if line is None or line.number == self._used or self._made() is None:
            return None
        return line

    def _made(self) -> tuple[bytes, ...] | None:
        try:
            return tuple(path.read_bytes() for path in self._settings)
        except OSError:
            return None

    def _once(self, line: Line) -> float:
        """One call; how long to wait then before the next."""
        made, began = self._made(), time.monotonic()
        self._interface = self._key = self._program = ""
        self._reread = False
        self._board.stands(self._modem, "dialling")
        self._board.hold(line)
        try:
            status = self._call.run(line.port, self._told, lambda: self._unwanted(line, made))
            key = self._key or words.ending(status, was_up=bool(self._interface))
        except OSError as error:
            _LOG.error("%s: %s", self._modem, error.strerror)
            key = "dial.no_pppd"
        self._used = 0 if line.shared else line.number
        if self._interface:
            self._resolver.withdraw(self._interface)
        pause_s = self._after(time.monotonic() - began, line, made, key)
        self._board.give_back(self._modem)
        return pause_s

    def _unwanted(self, line: Line, made: tuple[bytes, ...] | None) -> bool:
        if self._reread:
            self._reread = False
            if self._made() != made:
                return True
        return self._stopping or self._line != line

    def _after(self, lasted_s: float, line: Line, made: tuple[bytes, ...] | None, key: str) -> float:
        if self._stopping or self._line != line or self._made() != made:
            self._board.stands(self._modem, "waiting")
            return 0.0
        if self._interface and lasted_s > self._pauses.sound:
            self._pause_s = self._pauses.first
        pause_s, self._pause_s = self._pause_s, min(self._pause_s * 2, self._pauses.longest)
        _LOG.warning("%s: %s; again in %d s", self._modem, translate(key, {}), pause_s)
        self._board.failed(self._modem, key, pause_s)
        return pause_s

    def _told(self, word: words.Word) -> None:
        match word:
            case words.Connected():
                self._program = word.program
                self._board.stands(self._modem, "dialling", program=word.program)
            case words.Crashed():
                _LOG.warning("%s: %s died before it was done; chat calls instead", self._modem, word.program)
            case words.Refused():
                self._key = word.key
            case words.Up():
                self._interface = word.interface
                servers = list(word.name_servers)
                _LOG.info("%s: up, %s has %s", self._modem, word.interface, word.address)
                facts = {"interface": word.interface, "address": word.address, "name_servers": servers}
                self._board.stands(self._modem, "up", program=self._program, **facts)
                self._resolver.publish(word.interface, servers)
            case words.Down():
                _LOG.info("%s: down", self._modem)
                self._board.stands(self._modem, "dialling")
