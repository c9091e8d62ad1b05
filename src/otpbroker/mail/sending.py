"""One mail through the accounts in turn, until one server takes it or somebody's word ends it."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from otpbroker.mail.departure import DIRECT, Departure
from otpbroker.mail.failure import Failure
from otpbroker.mail.job import Job
from otpbroker.mail.journal import Journal
from otpbroker.mail.replies import Fault
from otpbroker.mail.rota import NoneLeftError, Rota
from otpbroker.texts import translate
from otpbroker.verbs.mail import Mailed

if TYPE_CHECKING:
    from otpbroker.mail.account import Account
    from otpbroker.mail.direct import Direct

_LOG: Final = logging.getLogger(__name__)
ATTEMPT_S: Final = 15.0  # until the text leaves, while another account could do
SECOND_CHANCE_S: Final = 5.0  # the same for an account that failed last time
_FAIR_S: Final = 2.0  # who had less time than this is not blamed for its silence


class Sending:
    """Called in the mails' own threads. `direct`, where it is set, delivers what no account can."""

    def __init__(self, rota: Rota, journal: Journal) -> None:
        self._rota = rota
        self._journal = journal
        self.direct: Direct | None = None

    def refuse_in_vain(self) -> None:
        """Raise `BrokerError` where it is clear beforehand that nobody will send."""
        if self.direct is None:
            self._rota.refuse_in_vain()

    def outcome(self, job: Job) -> Mailed:
        """By `job.end`. Raises `BrokerError` where quotas leave nobody."""
        if time.monotonic() >= job.end:
            return job.in_vain()
        if job.only:
            account = self._rota.take_named(job.only)
            return self._by_account(job, account, job.end) or job.in_vain()
        tried: set[str] = set()
        try:
            while True:
                account, others = self._rota.take(tried, job.end)
                tried.add(account.name)
                mailed = self._by_account(job, account, _until(job, account) if others else job.end)
                if mailed is not None:
                    return mailed
        except TimeoutError:
            return job.in_vain(self._rota.retry_s())
        except NoneLeftError as none:
            direct = self.direct
            return self._in_vain(job, none.failure) if direct is None else self._directly(job, direct)

    def _in_vain(self, job: Job, failure: Failure | None) -> Mailed:
        job.failure = job.failure or failure
        if job.failure is None:
            raise self._rota.quota_used()
        return job.in_vain(self._rota.retry_s())

    def _by_account(self, job: Job, account: Account, until: float) -> Mailed | None:
        """None: another one may try."""
        departure = Departure(self._journal, job.name, account.name)
        began = time.monotonic()
        try:
            account.attempt(job.letter, until, job.end, departure)
        except Failure as failure:
            departure.failed(failure)
            fair = failure.key != "mail.silent" or time.monotonic() - began >= _FAIR_S
            if self._rota.give_back(account, failure, fair=fair):
                _LOG.warning("account %s rests: %s", account.name, translate(failure.key, failure.params))
            return _judged(job, account.name, failure)
        self._rota.give_back(account, None)
        return job.submitted(account.name)

    def _directly(self, job: Job, direct: Direct) -> Mailed:
        departure = Departure(self._journal, job.name, DIRECT)
        try:
            direct.deliver(job.letter, job.end, departure)
        except Failure as failure:
            departure.failed(failure)
            before = job.failure
            mailed = _judged(job, DIRECT, failure)
            job.failure = before or failure  # that of an account is what somebody can mend
            return mailed or job.in_vain(self._rota.retry_s())
        return job.submitted(DIRECT)


def _until(job: Job, account: Account) -> float:
    """How long one account may hold up a mail that others could send too."""
    now = time.monotonic()
    most_s = SECOND_CHANCE_S if account.ill else ATTEMPT_S
    return now + min(most_s, (job.end - now) / 2)


def _judged(job: Job, account: str, failure: Failure) -> Mailed | None:
    job.failure = failure
    if failure.fault is Fault.UNKNOWN:
        return job.unknown(account)
    if failure.fault in (Fault.RECIPIENT, Fault.MESSAGE):
        return job.in_vain()
    return None
