"""Which account sends the next mail: taking turns, quotas, and the rest after a failure."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.mail.failure import Failure
from otpbroker.mail.journal import Journal
from otpbroker.verbs.mail import AccountFacts

if TYPE_CHECKING:
    from otpbroker.mail.account import Account

LEAST_RETRY_S: Final = 10.0


class NoneLeftError(Exception):
    """No account may send this mail. `failure` is what keeps one of them from it, None where all quotas are used."""

    def __init__(self, failure: Failure | None) -> None:
        super().__init__(failure)
        self.failure = failure


class Rota:
    """Safe from any thread. `day_left_s` tells how long quotas last."""

    def __init__(self, journal: Journal, day_left_s: Callable[[], float]) -> None:
        self._journal = journal
        self._day_left_s = day_left_s
        self._changed = threading.Condition()
        self._accounts: dict[str, Account] = {}
        self._turn = 0

    @property
    def accounts(self) -> dict[str, Account]:
        return dict(self._accounts)

    def configure(self, accounts: dict[str, Account]) -> None:
        """These from now on; the lines of those that are gone close, what is in flight on them ends there."""
        with self._changed:
            before, self._accounts = self._accounts, accounts
            self._changed.notify_all()
        for name, account in before.items():
            if accounts.get(name) is not account:
                account.kept.close()

    def refuse_in_vain(self) -> None:
        """Raise `BrokerError` where it is clear beforehand that no account will send: 1102 none, 1107 quotas used."""
        with self._changed:
            active = [account for account in self._accounts.values() if account.settings.active]
            if not active:
                raise BrokerError(ResponseCode.FAILED, "mail.no_account")
            if not any(account.has_quota(self._sent(account)) for account in active):
                raise self.quota_used()

    def quota_used(self) -> BrokerError:
        return BrokerError(ResponseCode.LIMIT, "mail.quota_used", retry_after_s=self._day_left_s())

    def take(self, tried: Collection[str], until: float) -> tuple[Account, bool]:
        """The account that sends next, of those not `tried` yet, as soon as one is free; and whether another could.

        `give_back` must follow. Raises `NoneLeftError`, TimeoutError at `until`.
        """
        with self._changed:
            while (account := self._choose(tried)) is None:
                if not self._changed.wait(max(0.0, until - time.monotonic())):
                    raise TimeoutError
            self._begin(account)
            return account, len(self._usable({*tried, account.name})) > 0

    def take_named(self, name: str) -> Account:
        """The account of that name, however it fares. Raises `BrokerError` 1105 where there is none."""
        with self._changed:
            account = self._accounts.get(name)
            if account is None:
                known = ", ".join(self._accounts) or "-"
                raise BrokerError(ResponseCode.INVALID_REQUEST, "settings.no_entry_email", entry=name, known=known)
            self._begin(account)
            return account

    def give_back(self, account: Account, failure: Failure | None, *, fair: bool = True) -> bool:
        """The attempt has ended; whether the account rests from now on. What was not `fair` is not held against it."""
        with self._changed:
            account.in_flight -= 1
            rests = account.ended(failure, fair=fair)
            self._changed.notify_all()
            return rests

    def retry_s(self) -> float:
        """How long until an account that rests may be better."""
        with self._changed:
            now = time.monotonic()
            rests = [account.rest_until_s - now for account in self._accounts.values() if account.settings.active]
            return max(LEAST_RETRY_S, min((rest for rest in rests if rest > 0), default=0.0))

    def facts(self) -> list[AccountFacts]:
        with self._changed:
            return [account.facts(self._sent(account)) for account in self._accounts.values()]

    def _begin(self, account: Account) -> None:
        account.in_flight += 1
        self._turn += 1
        account.turn = self._turn

    def _choose(self, tried: Collection[str]) -> Account | None:
        """None: one that could send is busy."""
        now = time.monotonic()
        usable = self._usable(tried)
        if not usable:
            errors = [a.fortune.error for a in self._accounts.values() if a.settings.active and a.failing(now)]
            raise NoneLeftError(next(filter(None, errors), None))
        best = [account for account in usable if not account.resting(now)] or usable
        free = [account for account in best if account.has_room(self._sent(account))]
        return min(free, key=lambda account: (account.in_flight, account.turn), default=None)

    def _usable(self, tried: Collection[str]) -> list[Account]:
        now = time.monotonic()
        return [
            account
            for name, account in self._accounts.items()
            if name not in tried
            and account.settings.active
            and not account.failing(now)
            and account.has_quota(self._sent(account))
        ]

    def _sent(self, account: Account) -> int:
        return self._journal.sent_today(account.name)
