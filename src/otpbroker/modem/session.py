"""One open port with a modem that is up: the driver its jobs get, and what is done with lines that came unasked."""

import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from otpbroker.modem import facts, network_time, sim
from otpbroker.modem.at import AtChannel, Refused, Silence
from otpbroker.modem.bringup import Brought
from otpbroker.modem.contract import Blame, Events, ModemError
from otpbroker.modem.deadlines import Deadlines
from otpbroker.modem.driver import Sender
from otpbroker.modem.fields import fields, number
from otpbroker.modem.inbox import Inbox
from otpbroker.modem.port import PortGone, PortStalled
from otpbroker.modem.results import command_error
from otpbroker.modem.status import ModemState
from otpbroker.modem.urcs import restarted
from otpbroker.modem.ussd import UssdClient
from otpbroker.sms import status_report
from otpbroker.sms.pdu import PduError
from otpbroker.sms.status_report import DeliveryState, StatusReport
from otpbroker.sms.submit import SubmitPdu
from otpbroker.verbs.dispatch import InboxMessage, UssdAnswer

_FULL = 0.8
_LATE_LOOKS = 2
_PING_S = 5.0
_STORE = re.compile(r"[A-Z]{2}")
_SIM_SIGNS = ("+CPIN:", "^SIMST:", "+QSIMSTAT:", "+QUSIM:", "+SIMCARD:", "+ZUSIMR:", "%SIM")


class Restarted(Exception):
    """The modem says that it started anew, or that its SIM came or went: bring it up again."""


def concerns_sim(urc: str) -> bool:
    return urc.startswith(_SIM_SIGNS) or restarted(urc)


class Outlet(NamedTuple):
    """Whom a session tells; `down` is called as soon as its modem is lost, with a text key."""

    modem_id: str
    events: Events
    down: Callable[[str], None]


class Session:
    """The contract's `Driver`, for as long as the modem stays up."""

    def __init__(self, at: AtChannel, brought: Brought, outlet: Outlet, deadlines: Deadlines) -> None:
        self.at = at
        self.brought = brought
        self.hung = False
        self._outlet = outlet
        self._modem_id, self._events, _ = outlet
        self._deadlines = deadlines
        self._look_at_store = True
        self._late_looks = _LATE_LOOKS
        self._round: deque[Callable[[], None]] = deque()
        self._sender = Sender(at, deadlines)
        self._ussd = UssdClient(at, outlet.modem_id, packed=brought.quirks.ussd_packed)
        self._inbox = Inbox(at, brought.quirks)
        self._born_at = time.monotonic()
        self._check_at = self._born_at + self._period_s()

    @property
    def age_s(self) -> float:
        return time.monotonic() - self._born_at

    @property
    def state(self) -> ModemState:
        return self.brought.registration.state

    @property
    def reason(self) -> str:
        """The text key of why it cannot send now, "" when it can."""
        if self.state is ModemState.SEARCHING and self.brought.signal_dbm is None:
            return "modem.no_signal"
        return "" if self.state is ModemState.READY else f"modem.state.{self.state.value}"

    def submit(self, pdu: SubmitPdu, before_text: Callable[[], None], *, more_to_follow: bool = False) -> int:
        try:
            return self._sender.submit(pdu, before_text, more_to_follow=more_to_follow)
        except ModemError as error:
            if error.hang:
                self._lost(error.key)
            raise

    def _lost(self, key: str) -> None:
        """Told before the job hears of its failure, so that nobody takes this modem for ready while deciding on it."""
        self.hung = True
        self._outlet.down(key)

    def ussd(self, code: str, timeout_s: float) -> UssdAnswer:
        with self._errors():
            return self._ussd.ask(code, timeout_s)

    def ussd_cancel(self) -> None:
        with self._errors():
            self._ussd.cancel()

    def inbox(self) -> list[InboxMessage]:
        with self._errors():
            messages = self._inbox.read()
            self._tell_reports()
            return messages

    def delete(self, key: str) -> None:
        with self._errors():
            self._inbox.delete(key)
            self._look_at_store = True

    def network_time(self) -> float | None:
        with self._errors():
            return network_time.read(self.brought.asker)

    def set_sim_pin(self, pin: str) -> None:
        with self._errors():
            sim.set_lock(self.brought.asker, self.brought.quirks, pin, locked=True)

    def remove_sim_pin(self, pin: str) -> None:
        with self._errors():
            sim.set_lock(self.brought.asker, self.brought.quirks, pin, locked=False)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except Refused as error:
            raise command_error(error.refused) from None
        except (Silence, PortStalled):
            self._lost("modem.hung")
            raise ModemError(Blame.MODEM, "modem.hung", hang=True) from None
        except PortGone:
            self._lost("modem.unplugged")
            raise ModemError(Blame.MODEM, "modem.unplugged", hang=True) from None

    def doubt(self, error: ModemError) -> None:
        """A job failed: look at the modem soon where it may be to blame."""
        if error.blame is Blame.MODEM:
            self._check_at = time.monotonic()

    def check_due_s(self) -> float:
        return self._check_at - time.monotonic()

    def check(self) -> None:
        """One question of a round about health, signal, registration, operator and store: a job that comes meanwhile
        waits for one answer, not for all. Raises `Silence` when the modem is deaf.
        """
        if not self._round:
            self._round.extend((self._check_signal, self._check_registration, self._check_operator))
            self._round.extend(self._occasional())
        self._round.popleft()()
        if not self._round:
            self._check_at = time.monotonic() + self._period_s()

    def _occasional(self) -> Iterator[Callable[[], None]]:
        identity = self.brought.identity
        if self._late_looks and not (identity.imsi and identity.iccid and identity.model):
            self._late_looks -= 1
            yield self._read_facts
        if self._look_at_store:
            self._look_at_store = False
            yield self._warn_of_full_store

    def _check_signal(self) -> None:
        asker = self.brought.asker
        if asker.answers("AT+CSQ"):
            self.brought.signal_dbm = facts.signal_dbm(asker)
        else:
            with suppress(Refused):  # an answer, too
                self.at.command("AT", "", _PING_S)

    def _check_registration(self) -> None:
        self.brought.registration.read(self.brought.asker)

    def _check_operator(self) -> None:
        if self.state is ModemState.READY:
            self.brought.operator = facts.operator(self.brought.asker)

    def _read_facts(self) -> None:
        """A SIM that was busy at first tells later."""
        self.brought.identity = facts.read(self.brought.asker, self.brought.quirks, self.brought.identity)

    def _period_s(self) -> float:
        return self._deadlines.health_s if self.state is ModemState.READY else self._deadlines.search_s

    def _warn_of_full_store(self) -> None:
        store = self._inbox.fullness(self.brought.asker)
        if store is None or not store.total:
            return
        key = "modem.store_full" if store.used >= _FULL * store.total else "modem.store_full.over"
        self._events.alarm(self._modem_id, key, {"store": store.name, "used": store.used, "total": store.total})

    def digest(self) -> bool:
        """Act on the lines that came unasked; True when the status may have changed. Raises `Restarted`."""
        changed = False
        urcs = self.at.urcs
        while urcs:
            changed = self._digest(urcs.popleft()) or changed
        return changed

    def _digest(self, urc: str) -> bool:
        if self.brought.registration.take(urc):
            return True
        if urc.startswith("+CMTI:"):
            self._look_at_store = True
            self._check_at = min(self._check_at, time.monotonic() + self._deadlines.search_s)
            self._events.inbox_changed(self._modem_id)
        elif urc.startswith("+CDS:"):
            self._report(urc.partition("\n")[2])
        elif urc.startswith("+CDSI:"):
            self._stored_report(fields(urc, "+CDSI:"))
        elif (urc.startswith("+CPIN:") and "NOT" in urc.upper()) or restarted(urc):
            raise Restarted
        return False

    def _report(self, pdu: str) -> None:
        with suppress(PduError):
            self._tell(status_report.decode(pdu))

    def _stored_report(self, values: list[str]) -> None:
        if len(values) > 1 and _STORE.fullmatch(values[0]) and (index := number(values[1])) is not None:
            with suppress(Refused, PduError):
                self._inbox.take_report(values[0], index)
            self._tell_reports()

    def _tell_reports(self) -> None:
        while self._inbox.reports:
            self._tell(self._inbox.reports.pop(0))

    def _tell(self, report: StatusReport) -> None:
        delivered = None if report.state is DeliveryState.PENDING else report.state is DeliveryState.DELIVERED
        self._events.delivery_report(self._modem_id, report.tp_mr, report.tp_ra.value, delivered, report.reason)
