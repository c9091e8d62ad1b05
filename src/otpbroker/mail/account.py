"""One account as it fares: its turn, its failures, its open lines. Held by the rota's lock."""

import time
from typing import Any, Final

from msgspec import Struct, field

from otpbroker.config.sections.mail import EmailAccount
from otpbroker.mail.address import Address
from otpbroker.mail.departure import Departure
from otpbroker.mail.failure import Failure
from otpbroker.mail.handover import Security, Server, hand_over, open_line
from otpbroker.mail.kept import Kept
from otpbroker.mail.letter import Letter
from otpbroker.mail.line import Line
from otpbroker.mail.replies import Fault
from otpbroker.mail.trusts import Trusts
from otpbroker.secrets import Secret
from otpbroker.system.clock import wall_s
from otpbroker.verbs.mail import AccountFacts, AccountState

MOST_AT_ONCE: Final = 4
_SHORT, _LONG = (10.0, 300.0), (300.0, 3600.0)  # first rest, longest rest
REST_S: Final = {Fault.PASSING: _SHORT, Fault.UNKNOWN: _SHORT, Fault.ACCOUNT: _LONG}
_OF_THE_LINE: Final = (Fault.PASSING, Fault.ACCOUNT)  # on a kept one it may be that alone: servers count what they take


class Fortune(Struct):
    """How a way to send has fared since the start."""

    sent: int = 0
    failed: int = 0
    error: Failure | None = None
    error_at: float | None = None

    def note(self, failure: Failure | None) -> None:
        if failure is None:
            self.sent += 1
        else:
            self.failed += 1
            self.error, self.error_at = failure, wall_s()

    def told(self) -> dict[str, Any]:
        """The fields of `AccountFacts` that say so."""
        key, params = (self.error.key, self.error.params) if self.error else ("", {})
        return {
            "sent": self.sent,
            "failed": self.failed,
            "key": key,
            "params": params,
            "last_error_at": self.error_at,
        }


class Account(Struct, eq=False):
    """`hello` is what we call ourselves, empty: by our address."""

    settings: EmailAccount
    sender: Address
    hello: str
    trusts: Trusts
    kept: Kept
    fortune: Fortune = field(default_factory=Fortune)
    in_flight: int = 0
    turn: int = 0
    ill: Fault | None = None
    rest_until_s: float = 0.0
    _rest_s: float = 0.0

    @property
    def name(self) -> str:
        return self.settings.name

    def failing(self, now: float) -> bool:
        """Its settings or its server must be seen to: it is not tried before its time."""
        return self.ill is Fault.ACCOUNT and now < self.rest_until_s

    def resting(self, now: float) -> bool:
        """It is tried only where all others are worse."""
        return self.ill is not None and now < self.rest_until_s

    def has_room(self, sent_today: int) -> bool:
        """Whether one more mail may begin; one that was ill gets one at a time."""
        quota = self.settings.quota_day
        room = 1 if self.ill else MOST_AT_ONCE
        return self.in_flight < room and (not quota or sent_today + self.in_flight < quota)

    def has_quota(self, sent_today: int) -> bool:
        return not self.settings.quota_day or sent_today < self.settings.quota_day

    def ended(self, failure: Failure | None, *, fair: bool) -> bool:
        """One attempt has; whether it rests from now on."""
        self.fortune.note(failure)
        if failure is None:
            self.ill, self._rest_s = None, 0.0
        elif fair and failure.fault in REST_S:
            first, longest = REST_S[failure.fault]
            self._rest_s = min(longest, max(first, self._rest_s * 2))
            self.ill, self.rest_until_s = failure.fault, time.monotonic() + self._rest_s
            return True
        return False

    def facts(self, sent_today: int) -> AccountFacts:
        now = time.monotonic()
        return AccountFacts(
            name=self.name,
            sender=str(self.sender),
            state=self._state(sent_today, now),
            active=self.settings.active,
            sent_today=sent_today,
            quota_day=self.settings.quota_day,
            in_flight=self.in_flight,
            retry_s=self.rest_until_s - now if self.resting(now) else None,
            **self.fortune.told(),
        )

    def _state(self, sent_today: int, now: float) -> AccountState:
        if not self.settings.active:
            return "inactive"
        if not self.has_quota(sent_today):
            return "quota_used"
        if self.failing(now):
            return "failing"
        return "resting" if self.resting(now) else "ready"

    # -- sending, without the lock -------------------------------------------------------------------------------

    def attempt(self, letter: Letter, until: float, end: float, departure: Departure) -> None:
        """Hand one mail over: to a kept line, or to a fresh one where there is none or the server has left it.

        Raises `Failure`. Bounds as in `hand_over`.
        """
        kept = self.kept.take()
        if kept is not None:
            kept.until = until
            try:
                self._hand_over(kept, letter, end, departure)
            except Failure as failure:
                if departure.left or failure.fault not in _OF_THE_LINE or kept.is_late:
                    raise
            else:
                return
        self._hand_over(open_line(self._server(), until), letter, end, departure)

    def _server(self) -> Server:
        """Raises `Failure` where its file of authorities cannot be used."""
        own = self.settings
        security: Security = "tls" if own.tls else "starttls" if own.starttls else "none"
        tls = None if security == "none" else self.trusts.of(own.ca_certificate)
        login = (str(self.sender), own.password) if own.auth else ("", Secret())
        return Server(own.host, own.port, security, tls, *login, hello=self.hello)

    def _hand_over(self, line: Line, letter: Letter, end: float, departure: Departure) -> None:
        try:
            hand_over(line, self.sender, letter, end, departure.begin)
        except Failure as failure:
            if failure.fault in (Fault.RECIPIENT, Fault.MESSAGE):
                self.kept.keep(line)
            else:
                line.hang_up()
            raise
        self.kept.keep(line)
