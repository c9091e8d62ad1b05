from hypothesis import given
from hypothesis import strategies as st

from otpbroker.config.sections.feeders import AmqpSection
from otpbroker.feeders.amqp.fleet import FALLBACK, MORE, MOST_HELD, Source, classes, sources
from otpbroker.verbs.feeders import Sendable

ALONE = AmqpSection(queue="q")
FLEET = AmqpSection(queue="q", fleet=True)
DIGITS = st.text("0123456789", min_size=1, max_size=8)


def test_without_a_modem_nothing_is_consumed():
    assert sources(ALONE, Sendable(), 5) == []
    assert sources(FLEET, Sendable(), 5) == []


def test_alone_two_messages_are_in_hand_for_each_modem():
    assert sources(ALONE, Sendable(modems=3, prefixes={"62811": 3}), 5) == [Source("q", 6)]


@given(held=st.integers(0, 2000))
def test_those_in_hand_that_wait_make_room_for_others(held):
    found = sources(ALONE, Sendable(modems=2), 5, held)
    assert len(set(found)) == len(found)
    assert sum(source.prefetch for source in found) >= 4 + min(held, MOST_HELD)
    assert sum(source.prefetch for source in found) < 4 + min(held, MOST_HELD) + MORE


def test_in_a_fleet_a_device_takes_the_classes_of_its_modems():
    sendable = Sendable(modems=3, general=1, prefixes={"62811": 2, "628120": 1, "62812": 1})
    assert sources(FLEET, sendable, 5) == [Source("q", 2), Source("q.62811", 4), Source("q.62812", 4)]


def test_in_a_fleet_the_default_queue_is_for_those_made_for_it():
    assert sources(FLEET, Sendable(modems=1, prefixes={"62811": 1}), 5)[0] == Source("q", 2, FALLBACK)


def test_classes_of_prefixes():
    assert classes("62811", 5) == ["62811"]
    assert classes("6281123", 5) == ["62811"]
    assert classes("6281", 5) == [f"6281{last}" for last in range(10)]
    assert len(classes("628", 5)) == 100
    assert classes("62", 5) == []


@given(prefix=DIGITS, rest=DIGITS, length=st.integers(2, 8))
def test_a_number_of_a_class_can_begin_with_the_prefix(prefix, rest, length):
    number = (prefix + rest + "0" * 15)[:15]
    found = classes(prefix, length)
    assert all(len(name) == length for name in found)
    assert number[:length] in found or length - len(prefix) > 2
