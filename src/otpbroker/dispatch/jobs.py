"""What dispatch gives a modem's owner to do; each runs in the owner's thread (`otpbroker.modem.contract.Job`)."""

import time
from collections.abc import Callable
from typing import Protocol

from otpbroker.dispatch.message import OutgoingMessage, WithdrawnError
from otpbroker.modem.contract import Driver, ModemError
from otpbroker.sms import submit


class Conductor(Protocol):
    """The broker, as a job in an owner's thread sees it."""

    def release_text(self, message: OutgoingMessage) -> None:
        """The intent is on disk and the message still wanted: the text may leave. Else `WithdrawnError`."""

    def submitted(self, message: OutgoingMessage, references: list[int]) -> None: ...

    def not_submitted(self, message: OutgoingMessage, error: ModemError, parts_out: int) -> None: ...

    def requeue(self, message: OutgoingMessage) -> None: ...


class SendJob:
    """Hands one message to the network, part by part on the same modem."""

    __slots__ = ("_conductor", "_message")

    def __init__(self, message: OutgoingMessage, conductor: Conductor) -> None:
        self._message = message
        self._conductor = conductor

    def run(self, driver: Driver) -> None:
        message = self._message
        references: list[int] = []
        lifetime_s = message.remaining_s(time.monotonic())
        last = len(message.segments)
        try:
            for number, segment in enumerate(message.segments, 1):
                pdu = submit.encode(
                    segment,
                    message.msisdn,
                    status_report=True,
                    validity_s=lifetime_s,
                    short_code=message.short_code,
                )
                references.append(driver.submit(pdu, self._before_text, more_to_follow=number < last))
        except WithdrawnError:
            return
        except ModemError as error:
            self._conductor.not_submitted(message, error, len(references))
            raise
        self._conductor.submitted(message, references)

    def _before_text(self) -> None:
        if not self._message.text_out:
            self._conductor.release_text(self._message)

    def abandon(self, reason: str) -> None:  # noqa: ARG002 - the message outlives the modem: another one takes it
        self._conductor.requeue(self._message)


class Errand:
    """An administrator's command for one modem (USSD, inbox, PIN); `work` answers itself, `failed` answers for it."""

    def __init__(self, work: Callable[[Driver], None], failed: Callable[[str, dict[str, str | int]], None]) -> None:
        self._work = work
        self._failed = failed

    def run(self, driver: Driver) -> None:
        try:
            self._work(driver)
        except ModemError as error:
            self._failed(error.key, error.params)
            raise

    def abandon(self, reason: str) -> None:
        self._failed(reason, {})
