"""One open port with a modem that is up: the driver its jobs get, and what is done with lines that came unasked."""

import time
from collections.abc import Callable

from otpbroker.modem import facts
from otpbroker.modem.asking import Asker
from otpbroker.modem.at import AtChannel
from otpbroker.modem.bringup import Brought
from otpbroker.modem.contract import Blame, Events, ModemError
from otpbroker.modem.driver import Sender
from otpbroker.modem.status import ModemState
from otpbroker.modem.urcs import restarted
from otpbroker.sms.submit import SubmitPdu
from otpbroker.verbs.dispatch import InboxMessage, UssdAnswer

_HEALTH_S = 60.0
_SEARCH_S = 3.0
_SIM_SIGNS = ("+CPIN:", "^SIMST:", "+QSIMSTAT:", "+QUSIM:", "+SIMCARD:", "+ZUSIMR:", "%SIM")


class Restarted(Exception):
    """The modem says that it started anew, or that its SIM came or went: bring it up again."""


def concerns_sim(urc: str) -> bool:
    return urc.startswith(_SIM_SIGNS) or restarted(urc)


class Session:
    """The contract's `Driver`, for as long as the modem stays up."""

    def __init__(self, at: AtChannel, brought: Brought, modem_id: str, events: Events) -> None:
        self.at = at
        self.brought = brought
        self.hung = False
        self._modem_id = modem_id
        self._events = events
        self._sender = Sender(at)
        self._check_at = time.monotonic() + self._period_s()

    @property
    def state(self) -> ModemState:
        return self.brought.registration.state

    def submit(self, pdu: SubmitPdu, before_text: Callable[[], None], *, more_to_follow: bool = False) -> int:
        try:
            return self._sender.submit(pdu, before_text, more_to_follow=more_to_follow)
        except ModemError as error:
            self.hung = self.hung or error.hang
            raise

    def doubt(self, error: ModemError) -> None:
        """A job failed: look at the modem soon where it may be to blame."""
        self.hung = self.hung or error.hang
        if error.blame is Blame.MODEM:
            self._check_at = time.monotonic()

    def check_due_s(self) -> float:
        return self._check_at - time.monotonic()

    def check(self) -> None:
        """Signal, registration and operator anew. Raises `Silence` when the modem is deaf."""
        asker = Asker(self.at)
        self.brought.signal_dbm = facts.signal_dbm(asker)
        self.brought.registration.read(asker)
        if self.state is ModemState.READY:
            self.brought.operator = facts.operator(asker)
            self.brought.identity = facts.read(asker, self.brought.quirks, self.brought.identity)
        self._check_at = time.monotonic() + self._period_s()

    def _period_s(self) -> float:
        return _HEALTH_S if self.state is ModemState.READY else _SEARCH_S

    def digest(self) -> bool:
        """Act on the lines that came unasked; True when the status may have changed. Raises `Restarted`."""
        changed = False
        urcs = self.at.urcs
        while urcs:
            changed = self._digest(urcs.popleft()) or changed
        return changed

    def _digest(self, urc: str) -> bool:
        if self.brought.registration.take(urc):
            self._check_at = min(self._check_at, time.monotonic() + self._period_s())
            return True
        if urc.startswith("+CMTI:"):
            self._events.inbox_changed(self._modem_id)
        elif (urc.startswith("+CPIN:") and "NOT" in urc.upper()) or restarted(urc):
            raise Restarted
        return False

    def ussd(self, code: str, timeout_s: float) -> UssdAnswer:
        raise _unsupported(code, timeout_s)

    def ussd_cancel(self) -> None:
        raise _unsupported()

    def inbox(self) -> list[InboxMessage]:
        raise _unsupported()

    def delete(self, key: str) -> None:
        raise _unsupported(key)

    def set_sim_pin(self, pin: str) -> None:
        raise _unsupported(pin)

    def remove_sim_pin(self, pin: str) -> None:
        raise _unsupported(pin)


def _unsupported(*_: object) -> ModemError:
    return ModemError(Blame.MODEM, "modem.refused")
