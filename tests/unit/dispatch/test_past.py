import time

import pytest

from otpbroker.dispatch import schema
from otpbroker.dispatch.ledger import Ledger
from otpbroker.dispatch.past import Past
from otpbroker.errors import ResponseCode
from otpbroker.secrets import MessageText
from otpbroker.system.keys import Keys

KEYS = Keys(bytes(32))
NUMBER = "6281234567890"
TEXT = MessageText("Kode 1")


@pytest.fixture
def ledger(tmp_path):
    made = Ledger(tmp_path / "state.sqlite")
    yield made
    made.close()


def store(ledger, message_id, state="submitted", reason="", *, key=None, sender=None, ago_s=0.0):
    at = time.time() - ago_s
    row = (message_id, at, "rest", "shop", sender, key, KEYS.number(NUMBER), "62812****890", state, "m0", 1, 6, False)
    ledger.intend(row)
    ledger.write_through(schema.OUTCOME, (state, "m0", reason, 12, "50", False, ",", message_id))


def test_a_message_as_it_stands(ledger):
    past = Past(ledger, KEYS)
    store(ledger, "a")
    (door, user), sent = past.find("a")
    assert (door, user, sent.state, sent.code, sent.modem, sent.cost) == (
        "rest", "shop", "submitted", ResponseCode.SUCCESS, "m0", "50",
    )  # fmt: skip
    assert past.find("b") is None


@pytest.mark.parametrize(
    ("state", "reason", "code"),
    [
        ("failed", "route.no_modem", ResponseCode.NO_MODEM),
        ("failed", "number.blocked", ResponseCode.BLOCKED),
        ("failed", "modem.cms.21", ResponseCode.FAILED),
        ("expired", "message.expired_in_queue", ResponseCode.EXPIRED),
        ("unknown", "message.in_doubt", ResponseCode.OUTCOME_UNKNOWN),
        ("delivered", "", ResponseCode.SUCCESS),
    ],
)
def test_codes_of_ended_messages(ledger, state, reason, code):
    store(ledger, "a", state, reason)
    assert Past(ledger, KEYS).find("a")[1].code is code


def test_an_idempotency_key_names_its_newest_message_for_a_day(ledger):
    past = Past(ledger, KEYS)
    for message_id, ago_s in [("older", 3600), ("newer", 60)]:
        store(ledger, message_id, key=b"k", ago_s=ago_s)
    store(ledger, "yesterday", key=b"old", ago_s=86_500)
    assert past.by_key(b"k", NUMBER, TEXT) == ("newer", True)
    assert past.by_key(b"old", NUMBER, TEXT) == ("", True)
    assert past.by_key(b"never", NUMBER, TEXT) == ("", True)


@pytest.mark.parametrize(("msisdn", "text"), [("6281234500890", TEXT), (NUMBER, MessageText("Kode 12"))])
def test_an_idempotency_key_used_for_something_else(ledger, msisdn, text):
    store(ledger, "a", key=b"k")
    assert Past(ledger, KEYS).by_key(b"k", msisdn, text) == ("a", False)


def test_a_senders_id_names_its_newest_message_of_an_earlier_life_for_a_day(ledger):
    past, began_at = Past(ledger, KEYS), time.time() - 60
    for message_id, ago_s in [("yesterday", 86_500), ("older", 3600), ("newer", 61), ("of this life", 59)]:
        store(ledger, message_id, sender=b"s", ago_s=ago_s)
    assert past.by_sender(b"s", 6, before=began_at).message_id == "newer"
    assert past.by_sender(b"s", 7, before=began_at) is None
    assert past.by_sender(b"s", 6, before=began_at - 4000) is not None
    assert past.by_sender(b"s", 6, before=began_at + 90_000) is None


def test_telling_one_state_walks_through_no_others(ledger):
    """A year's ledger must not hold up the sender that asks for its unknown ones."""
    plan = ledger.read(
        "EXPLAIN QUERY PLAN " + schema.FIND + "WHERE state = ? ORDER BY accepted_at DESC LIMIT ?", ("x", 1)
    )
    assert "messages_by_state (state=?)" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
