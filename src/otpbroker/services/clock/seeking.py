"""The time from a modem, where nobody else has it: dispatch reads it, otpb-apply judges it and sets the clock, once."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

from otpbroker.errors import BrokerError
from otpbroker.ipc.wire import Result, Verb
from otpbroker.texts import translate
from otpbroker.verbs.apply import SetClock
from otpbroker.verbs.audit import NETWORK
from otpbroker.verbs.dispatch import ModemList, NetworkTime
from otpbroker.verbs.feeders import AwaitSendable, Sendable

PATIENCE_S: Final = 900.0  # then a person will have seen that the clock is wrong
_LONGEST_S: Final = 75.0  # dispatch answers every minute
_AGAIN_S: Final = 2.0
_LOG: Final = logging.getLogger(__name__)


class Dispatch(Protocol):
    def call(self, verb: Verb[Result], timeout_s: float | None = 10) -> Result: ...


class Apply(Protocol):
    def call(self, verb: Verb[Result]) -> Result: ...


class Seeking:
    """`needed` says whether nobody else has told the time yet."""

    def __init__(
        self, dispatch: Dispatch, apply: Apply, needed: Callable[[], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._dispatch = dispatch
        self._apply = apply
        self._needed = needed
        self._clock = clock
        self._pause = threading.Event()

    def run(self) -> bool:
        """Whether the clock was set; it is asked again whenever a modem has become ready."""
        known: Sendable | None = None
        until = self._clock() + PATIENCE_S
        while self._needed() and self._clock() < until:
            try:
                known = self._dispatch.call(AwaitSendable(known=known), _LONGEST_S)
                modems = self._dispatch.call(ModemList()).modems
            except BrokerError:
                known = None
                self._pause.wait(_AGAIN_S)
                continue
            if any(self._set_by(modem.id) for modem in modems if modem.state == "ready"):
                return True
        return False

    def _set_by(self, modem: str) -> bool:
        try:
            unix_s = self._dispatch.call(NetworkTime(modem=modem)).unix_s
            if unix_s is None:
                return False
            self._apply.call(SetClock(unix_s=unix_s, source="network", by=NETWORK))
        except BrokerError as error:
            _LOG.info("no time from modem %s: %s", modem, translate(error.key, error.params))
            return False
        _LOG.info("the clock is set by the network's time, from modem %s", modem)
        return True
