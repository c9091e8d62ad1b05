"""Delivery straight to the recipient's mail exchanger, without an account: not recommended, since many refuse it."""

import ssl
import time
from collections.abc import Callable
from typing import Final

from otpbroker.mail.account import Fortune
from otpbroker.mail.address import Address
from otpbroker.mail.departure import DIRECT, Departure
from otpbroker.mail.exchangers import Exchanger, Exchangers
from otpbroker.mail.failure import Failure
from otpbroker.mail.handover import Server, hand_over, open_line
from otpbroker.mail.letter import Letter
from otpbroker.mail.replies import Fault
from otpbroker.verbs.mail import AccountFacts

_ATTEMPT_S: Final = 15.0
_MAILBOX: Final = "noreply"
_LAST_WORD: Final = (Fault.RECIPIENT, Fault.MESSAGE, Fault.UNKNOWN)


class Direct:
    """`server_name` is what we call ourselves, and the domain of the sender `noreply@…`."""

    def __init__(self, server_name: str, exchangers: Exchangers, port: int, fortune: Fortune | None = None) -> None:
        self.fortune = fortune or Fortune()
        self.sender = Address(_MAILBOX, server_name.lower())
        self._exchangers = exchangers
        self._port = port
        self._tls = unverified_tls()

    def deliver(self, letter: Letter, end: float, departure: Departure) -> None:
        """Raises `Failure`. Only a server that judged the recipient or the mail has the last word; where one fails, or
        will not talk to us, the next is tried.
        """
        last = Failure(Fault.RECIPIENT, "mail.no_such_host", host=letter.recipient.domain)
        for exchanger in self._exchangers.of(letter.recipient.domain, _left(end)):
            try:
                self._hand_over(exchanger, letter, end, departure)
            except Failure as failure:
                departure.failed(failure)
                self.fortune.note(failure)
                if failure.fault in _LAST_WORD:
                    raise
                last = failure
            else:
                self.fortune.note(None)
                return
        raise last

    def facts(self) -> AccountFacts:
        return AccountFacts(name=DIRECT, sender=str(self.sender), state="ready", **self.fortune.told())

    def _hand_over(self, exchanger: Exchanger, letter: Letter, end: float, departure: Departure) -> None:
        now = time.monotonic()
        until = now + min(_ATTEMPT_S, (end - now) / 2)
        server = Server(
            exchanger.host,
            self._port,
            "where_offered",
            self._tls,
            hello=self.sender.domain,
            addresses=exchanger.addresses,
        )
        line = open_line(server, until)
        try:
            hand_over(line, self.sender, letter, end, departure.begin)
        finally:
            line.hang_up()


def unverified_tls() -> ssl.SSLContext:
    """Between mail exchangers certificates prove nothing (RFC 7672 §1.3); still nobody listens in idly (RFC 7435)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _left(end: float) -> Callable[[], float]:
    def left() -> float:
        seconds = end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    return left
