"""What is done with a stick that has been plugged: nothing, a refusal, or the reset (SPEC §8)."""

import contextlib
import datetime as dt
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret
from otpbroker.system.synchrony import unix_time_if_synchronised
from otpbroker.texts import translate
from otpbroker.usbreset import result, text
from otpbroker.usbreset.fat import FatVolume
from otpbroker.usbreset.fat_write import NoRoom, SmallFile, put
from otpbroker.usbreset.looking import Plea, look
from otpbroker.usbreset.medium import Broken, Device
from otpbroker.usbreset.obeyed import Obeyed
from otpbroker.usbreset.sticks import Stick
from otpbroker.verbs.apply import WasReset

_LOG: Final = logging.getLogger(__name__)
Outcome = Literal["nothing", "refused", "known", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Attended:
    """`mark` is that of a stick which was obeyed, now or before."""

    outcome: Outcome
    mark: str = ""


class Attendant:
    """`reset` does it, or raises `BrokerError`; `note` writes a refusal down; `reset_text` is the file of a text other
    than the product's.
    """

    def __init__(
        self, reset: Callable[[], WasReset], note: Callable[[str], None], reset_text: Path, obeyed: Obeyed
    ) -> None:
        self._reset = reset
        self._note = note
        self._reset_text = reset_text
        self._obeyed = obeyed

    def attend(self, stick: Stick) -> Attended:
        try:
            with _opened(stick.node, os.O_RDONLY) as descriptor:
                plea = self._look(descriptor, stick)
        except OSError as error:
            _LOG.warning("%s cannot be read: %s", stick.node.name, error.strerror)
            return Attended("nothing")
        if plea is None:
            _LOG.info("%s is no reset stick", stick.node.name)
            return Attended("nothing")
        if plea.reason is not None:
            return self._refuse(stick, plea, plea.reason)
        if plea.mark in self._obeyed:
            _LOG.info("%s is a reset stick that was obeyed and left in", stick.node.name)
            return Attended("known", plea.mark)
        return self._obey(stick, plea)

    def _obey(self, stick: Stick, plea: Plea) -> Attended:
        """First the reset, then the memory of it: cut off between the two, it is done once more, and never not."""
        _LOG.warning("%s asks for a reset", stick.node.name)
        try:
            done = self._reset()
        except BrokerError as error:
            _LOG.error("the reset failed: %s", translate(error.key, error.params))
            self._tell(stick, plea, result.of_failure(error.key, error.params, _now()))
            return Attended("failed")
        self._obeyed.add(plea.mark)
        _LOG.warning("reset done: %d administrators deleted", done.administrators)
        self._tell(stick, plea, result.of_reset(done, _now()))
        return Attended("done", plea.mark)

    def _refuse(self, stick: Stick, plea: Plea, reason: str) -> Attended:
        _LOG.warning("%s has /optb, but is no reset: %s", stick.node.name, reason)
        self._note(reason)
        self._tell(stick, plea, result.of_refusal(reason, _now()))
        return Attended("refused")

    def _tell(self, stick: Stick, plea: Plea, file: SmallFile) -> None:
        """On the stick, where that is FAT, writable, and nobody else's (mounted) at the moment."""
        if not isinstance(plea.volume, FatVolume):
            return
        try:
            with _opened(stick.node, os.O_RDWR | os.O_EXCL) as descriptor:
                again = self._look(descriptor, stick)
                if again is not None and again.mark == plea.mark and isinstance(again.volume, FatVolume):
                    put(again.volume, again.folder, file)
        except (OSError, Broken, NoRoom) as error:
            _LOG.info("nothing was written on %s: %s", stick.node.name, getattr(error, "strerror", "") or "no room")

    def _look(self, descriptor: int, stick: Stick) -> Plea | None:
        return look(Device(descriptor), self._wanted(), stick.known_as)

    def _wanted(self) -> Secret:
        """One that cannot be read is no text at all, not the product's, which everybody knows."""
        try:
            return Secret(self._reset_text.read_text(encoding="utf-8").strip())
        except FileNotFoundError:
            return Secret(text.DEFAULT)
        except (OSError, UnicodeDecodeError) as error:
            _LOG.error("the reset text cannot be read: %s", type(error).__name__)
            return Secret()


@contextlib.contextmanager
def _opened(node: Path, flags: int) -> Iterator[int]:
    descriptor = os.open(node, flags | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _now() -> dt.datetime | None:
    unix_s = unix_time_if_synchronised()
    return None if unix_s is None else dt.datetime.fromtimestamp(unix_s).astimezone()
