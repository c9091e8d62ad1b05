from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from otpbroker.dispatch.pending import Pending

SETS = [("a",), ("a", "b"), ("b", "c"), ()]


class Message(SimpleNamespace):
    __hash__ = object.__hash__
    __eq__ = object.__eq__


def test_the_oldest_that_a_modem_may_send():
    pending = Pending()
    messages = [Message() for _ in range(4)]
    for modems, message in zip([("b",), ("a", "b"), ("a",), ()], messages, strict=True):
        pending.add(modems, message)
    assert pending.take("a") is messages[1]
    assert pending.take("b") is messages[0]
    assert pending.take("b") is None
    assert pending.take("a") is messages[2]
    assert len(pending) == 1
    assert pending.take_all() == [messages[3]]


@given(st.lists(st.tuples(st.sampled_from(["add", "take", "discard", "all"]), st.integers(0, 20)), max_size=60))
def test_against_a_plain_list(steps):
    pending, model = Pending(), []
    for step, number in steps:
        if step == "add":
            entry = (SETS[number % 4], Message())
            pending.add(*entry)
            model.append(entry)
        elif step == "take":
            modem = "abc"[number % 3]
            expected = next((entry for entry in model if modem in entry[0]), None)
            assert pending.take(modem) is (expected[1] if expected else None)
            model = [entry for entry in model if entry is not expected]
        elif step == "discard" and model:
            gone = model.pop(number % len(model))
            pending.discard(gone[1])
            pending.discard(gone[1])
        elif step == "all":
            assert pending.take_all() == [message for _, message in model]
            model = []
        assert len(pending) == len(model)
    assert (pending._queues == {}) == (not model)
