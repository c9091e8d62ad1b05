import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otpbroker.config.sections.mail import EmailAccount
from otpbroker.errors import BrokerError
from otpbroker.mail.account import MOST_AT_ONCE, Account
from otpbroker.mail.address import parse
from otpbroker.mail.failure import Failure
from otpbroker.mail.journal import Journal
from otpbroker.mail.kept import Kept
from otpbroker.mail.replies import Fault
from otpbroker.mail.rota import NoneLeftError, Rota
from otpbroker.mail.trusts import Trusts
from otpbroker.system.timers import Timers

AWAY = Failure(Fault.PASSING, "mail.silent", host="a")
WRONG = Failure(Fault.ACCOUNT, "mail.refused_auth", code="535")
NOBODY = Failure(Fault.RECIPIENT, "mail.refused_recipient", code="550")


class Desk:
    """Accounts a0, a1, … with these daily quotas; nothing is sent."""

    def __init__(self, *quotas):
        self._folder = tempfile.TemporaryDirectory()
        self.journal = Journal(Path(self._folder.name), lambda: "2026-11-23")
        self.rota = Rota(self.journal, lambda: 3600.0)
        self._timers = Timers()
        self.rota.configure({f"a{at}": self._account(f"a{at}", quota) for at, quota in enumerate(quotas)})

    def _account(self, name, quota):
        facts = EmailAccount(name=name, host="h", sender=f"{name}@b.id", auth=False, quota_day=quota)
        return Account(facts, parse(facts.sender), "", Trusts(), Kept(self._timers))

    def take(self, *tried):
        return self.rota.take(tried, time.monotonic())[0]

    def send(self, *tried, failure=None):
        account = self.take(*tried)
        if failure is None:
            self.journal.begun("aa", account.name)
        self.rota.give_back(account, failure)
        return account.name

    def states(self):
        return {facts.name: facts.state for facts in self.rota.facts()}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._timers.stop()
        self.journal.close()
        self._folder.cleanup()


@given(st.integers(1, 20), st.integers(1, 60))
@settings(max_examples=30)
def test_turns_are_fair_to_one(accounts, mails):
    with Desk(*[0] * accounts) as desk:
        sent = Counter(desk.send() for _ in range(mails))
        assert max(sent.values()) - min(sent.get(f"a{at}", 0) for at in range(accounts)) <= 1


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=4),
    st.lists(st.one_of(st.none(), st.sampled_from([AWAY, WRONG, NOBODY]), st.just("take")), max_size=60),
)
def test_no_account_sends_more_than_its_quota_or_than_it_can_at_once(quotas, events):
    with Desk(*quotas) as desk:
        held = []
        for event in events:
            if event == "take":
                try:
                    held.append(desk.take())
                except (NoneLeftError, TimeoutError):
                    continue
            elif held:
                account = held.pop(0)
                if event is None:
                    desk.journal.begun("aa", account.name)
                desk.rota.give_back(account, event)
            for facts, quota in zip(desk.rota.facts(), quotas, strict=True):
                assert 0 <= facts.in_flight <= MOST_AT_ONCE
                assert not quota or facts.sent_today + facts.in_flight <= quota


def test_who_rests_is_tried_only_where_all_others_are_worse():
    with Desk(0, 0, 0) as desk:
        assert desk.send(failure=AWAY) == "a0"
        assert {desk.send() for _ in range(6)} == {"a1", "a2"}
        assert desk.send("a1", "a2") == "a0"
        assert desk.states() == dict.fromkeys(("a0", "a1", "a2"), "ready")


def test_who_must_be_seen_to_is_left_out_and_says_why():
    with Desk(0, 1) as desk:
        assert desk.send(failure=WRONG) == "a0"
        assert desk.send() == "a1"
        with pytest.raises(NoneLeftError) as none:
            desk.take()
        assert none.value.failure is WRONG
        assert desk.states() == {"a0": "failing", "a1": "quota_used"}
        assert 200 < desk.rota.retry_s() <= 300


def test_a_rest_doubles_until_a_mail_gets_through():
    with Desk(0) as desk:
        rests = []
        for _ in range(7):
            desk.send(failure=AWAY)
            rests.append(round(desk.rota.retry_s()))
        assert rests == [10, 20, 40, 80, 160, 300, 300]
        desk.send()
        desk.send(failure=AWAY)
        assert round(desk.rota.retry_s()) == 10


def test_the_recipients_fault_and_too_little_time_are_not_held_against_it():
    with Desk(0) as desk:
        desk.send(failure=NOBODY)
        desk.rota.give_back(desk.take(), AWAY, fair=False)
        assert desk.states() == {"a0": "ready"}
        assert desk.rota.facts()[0].failed == 2


def test_what_is_in_vain_is_refused_beforehand():
    with Desk(1) as desk:
        desk.rota.refuse_in_vain()
        desk.send()
        with pytest.raises(BrokerError, match=r"1107 mail\.quota_used"):
            desk.rota.refuse_in_vain()
        desk.rota.configure({})
        with pytest.raises(BrokerError, match=r"1102 mail\.no_account"):
            desk.rota.refuse_in_vain()


def waits_in_vain(desk):
    with pytest.raises(NoneLeftError):
        desk.rota.take((), time.monotonic() + 5)


def test_who_waits_gets_the_place_that_becomes_free_also_by_new_settings():
    with Desk(0) as desk:
        held = [desk.take() for _ in range(MOST_AT_ONCE)]
        got = []
        waiting = threading.Thread(target=lambda: got.append(desk.rota.take((), time.monotonic() + 5)[0].name))
        waiting.start()
        desk.rota.give_back(held[0], None)
        waiting.join()
        assert got == ["a0"]
        late = threading.Thread(target=waits_in_vain, args=(desk,))
        late.start()
        desk.rota.configure({})
        late.join(1)
        assert not late.is_alive()
