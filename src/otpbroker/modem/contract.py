"""What dispatch and the modem floor promise each other.

One `ModemOwner` thread owns one port. It takes work from a `JobSource` whenever it is ready and free, and runs each
job to its end in its own thread, so commands of two senders can never meet on a port.
"""

from collections.abc import Callable
from enum import Enum
from typing import Protocol

from otpbroker.modem.status import ModemStatus
from otpbroker.sms.submit import SubmitPdu
from otpbroker.verbs.dispatch import InboxMessage, UssdAnswer


class Blame(Enum):
    """Whose fault a failed submission is, and so what happens next (3GPP TS 27.005 §3.2.5, 23.040 §9.2.3.22)."""

    MESSAGE = "message"  # this message is bad: no other modem will do better
    MODEM = "modem"  # this modem is bad: leave it out, try another
    TRANSIENT = "transient"  # try again, on another modem or later
    UNKNOWN = "unknown"  # the text went out and no final result came: never resend silently


class ModemError(Exception):
    """A modem's refusal or silence. `key`/`params` as in `BrokerError`; `hang` asks the owner for its recovery ladder.

    `cms` is the number of a +CMS ERROR where there was one. Nothing in it ever holds a text or a PDU.
    """

    def __init__(
        self, blame: Blame, key: str, *, cms: int | None = None, hang: bool = False, **params: str | int
    ) -> None:
        super().__init__(blame, key, params)
        self.blame = blame
        self.key = key
        self.params = params
        self.cms = cms
        self.hang = hang

    def __str__(self) -> str:
        return f"{self.blame.value} {self.key} {self.params or ''}".rstrip()


class Driver(Protocol):
    """The modem as a job sees it, inside the owner's thread. Every call has a deadline; none returns half done."""

    def submit(self, pdu: SubmitPdu, before_text: Callable[[], None], *, more_to_follow: bool = False) -> int:
        """Hand one SUBMIT to the network (AT+CMGS, 3GPP TS 27.005 §3.5.1); the TP-MR that `+CMGS:` named, -1 for none.

        `before_text` runs after the `>` prompt and before the first octet of the PDU; if it raises, the command is
        cancelled (ESC) and the error goes through: nothing was sent. Raises `ModemError`; blame `UNKNOWN` only after
        the terminating 0x1A was written without a final result.
        """

    def ussd(self, code: str, timeout_s: float) -> UssdAnswer:
        """Run a USSD code, or answer a running session; status 5 when the network did not answer in time."""

    def ussd_cancel(self) -> None:
        """End a running USSD session."""

    def inbox(self) -> list[InboxMessage]:
        """What lies in the stores of SIM and modem, parts joined; reports found there go to `Events`."""

    def delete(self, key: str) -> None:
        """Free the places that `InboxMessage.key` names."""

    def network_time(self) -> float | None:
        """Unix seconds by the modem's clock, which follows the network where that tells the time; None for none."""

    def set_sim_pin(self, pin: str) -> None:
        """Turn the SIM's PIN lock on; refused while only one try is left."""

    def remove_sim_pin(self, pin: str) -> None:
        """Turn the SIM's PIN lock off; refused while only one try is left."""


class Job(Protocol):
    """A piece of work for one modem."""

    def run(self, driver: Driver) -> None:
        """Do it, in the owner's thread. A `ModemError` that leaves it tells the owner about the modem's health."""

    def abandon(self, reason: str) -> None:
        """It will never be run: the modem went away or the service stops. `reason` is a text key."""


class JobSource(Protocol):
    def take(self, modem_id: str) -> Job | None:
        """The next job for this modem, or None; called by the owner when it is ready and free. Never blocks."""


class Events(Protocol):
    """What an owner tells; called in its thread, must not block.

    A modem that is lost while a job runs is told so before the job gets its `ModemError`.
    """

    def status_changed(self, modem_id: str, status: ModemStatus) -> None: ...

    def delivery_report(self, modem_id: str, tp_mr: int, tp_ra: str, delivered: bool | None, reason: str) -> None:
        """A STATUS-REPORT: `delivered` None means still trying (3GPP TS 23.040 §9.2.3.15)."""

    def inbox_changed(self, modem_id: str) -> None: ...

    def alarm(self, modem_id: str, key: str, params: dict[str, str | int]) -> None:
        """Something needs a hand: `key` is a text key; `<key>.over` takes it back."""
