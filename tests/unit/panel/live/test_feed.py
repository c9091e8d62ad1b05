import threading

import pytest

from fakes.outcomes import mail_outcome, outcome
from otpbroker.panel.live.feed import MOST, Feed
from otpbroker.verbs.dispatch import LedgerRow


def row(message_id, state="submitted", **facts):
    shown = {"accepted_at": 1.0, "door": "rest", "user": "shop", "msisdn_masked": "62812****890", "modem": "m0"}
    rest = {"parts": 1, "units": 6, "reason": "", "latency_ms": 5, "cost": "50", "resent": False}
    return LedgerRow(message_id=message_id, state=state, **(shown | rest | facts))


def test_the_newest_first_and_a_later_word_changes_a_message_where_it_stands():
    feed = Feed(lambda: True)
    one, two = outcome(), mail_outcome()
    feed.take([one, two])
    feed.take([outcome("delivered", message_id=one.message_id)])
    assert [(each.state, each.channel) for each in feed.newest(10)] == [("submitted", "email"), ("delivered", "sms")]
    assert feed.newest(1)[0].recipient == "u****@example.org"


def test_a_bound_is_kept():
    feed = Feed(lambda: True)
    events = [outcome() for _ in range(MOST + 50)]
    feed.take(events)
    assert [each.message_id for each in feed.newest(1000)] == [each.message_id for each in reversed(events[50:])]


def test_what_the_ledger_knows_comes_before_what_is_told_meanwhile():
    feed = Feed(lambda: True)
    told = outcome("delivered")
    feed.take([told])
    feed.recall([row(told.message_id, "sending"), row("b"), row("a")])
    assert [(each.message_id, each.state) for each in feed.newest(10)] == [
        (told.message_id, "delivered"),
        ("b", "submitted"),
        ("a", "submitted"),
    ]


def test_while_messages_may_not_be_shown_none_is_kept():
    wanted = [True]
    feed = Feed(lambda: wanted[0])
    feed.take([outcome()])
    wanted[0] = False
    assert feed.newest(10) == []
    feed.take([outcome()])
    wanted[0] = True
    assert feed.newest(10) == []


@pytest.mark.parametrize("news", [lambda feed: feed.take([outcome()]), Feed.close])
def test_who_waits_goes_on_with_news_and_at_the_end(news):
    feed = Feed(lambda: True)
    version, gone_on = feed.version, threading.Event()

    def wait():
        feed.wait(version, 30)
        gone_on.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert not gone_on.wait(0.05)
    news(feed)
    assert gone_on.wait(10)
    thread.join()
    feed.wait(version, 30)  # at once
