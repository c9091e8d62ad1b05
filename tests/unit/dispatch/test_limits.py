import random
import time

import pytest

from otpbroker.config.sections.sms import LimitsSection
from otpbroker.dispatch import schema
from otpbroker.dispatch.ledger import Ledger
from otpbroker.dispatch.limits import Limits, Neighbours, Windows
from otpbroker.errors import BrokerError, ResponseCode

NUMBER, MSISDN = 4711, "6281234567890"
YEAR_S = 365 * 86400
OFF = LimitsSection(per_number_hour=0, per_number_day=0)


@pytest.fixture
def ledger(tmp_path):
    made = Ledger(tmp_path / "state.sqlite")
    yield made
    made.close()


def sent(ledger, ago_s, times=1):
    """Messages to NUMBER in the ledger, accepted `ago_s` before now by the wall clock of then."""
    for _ in range(times):
        at, message_id = time.time() - ago_s, f"{random.getrandbits(96):024x}"
        ledger.write(
            schema.UPSERT, (message_id, at, "rest", "", None, None, NUMBER, "", "submitted", "m0", 1, 1, False)
        )
    ledger.write_through("SELECT 1", ())


def refusal(limits, number_key=NUMBER, msisdn=MSISDN, user="shop"):
    try:
        limits.check(number_key, msisdn, user)
    except BrokerError as error:
        told = error
    else:
        return None
    assert told.code is ResponseCode.LIMIT
    assert told.retry_after_s > 0
    return told.key


def test_per_number_and_hour(ledger):
    limits = Limits(ledger, LimitsSection())
    sent(ledger, 3500, times=4)
    sent(ledger, 3700, times=4)
    assert refusal(limits) is None
    sent(ledger, 1)
    assert refusal(limits) == "limit.per_number_hour"
    assert refusal(limits, number_key=1) is None


def test_per_number_and_day(ledger):
    limits = Limits(ledger, LimitsSection())
    sent(ledger, 7200, times=9)
    sent(ledger, 90_000, times=9)
    assert refusal(limits) is None
    sent(ledger, 7200)
    assert refusal(limits) == "limit.per_number_day"


def test_what_is_under_way_counts_once(ledger):
    limits = Limits(ledger, LimitsSection())
    sent(ledger, 10, times=3)
    ((stored,), *_) = ledger.read("SELECT message_id FROM messages")
    limits.began(NUMBER, "a")
    limits.began(NUMBER, stored)  # the ledger has it already, and is about to say so
    assert refusal(limits) is None
    limits.began(NUMBER, "b")
    assert refusal(limits) == "limit.per_number_hour"
    for each in ("a", "b", stored):
        limits.ended(NUMBER, each)
    assert limits.under_way == {}


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_ten_years_off_blocks_nobody_and_opens_one_window(ledger, years):
    """Rows of a clock that was wrong are in no window; those of the clock as it is now count again."""
    limits = Limits(ledger, LimitsSection())
    sent(ledger, years * YEAR_S, times=50)
    assert refusal(limits) is None
    sent(ledger, 1, times=5)
    assert refusal(limits) == "limit.per_number_hour"


def test_per_user_and_second(ledger):
    limits = Limits(ledger, LimitsSection(per_number_hour=0, per_number_day=0, per_user_second=3))
    assert [refusal(limits) for _ in range(4)] == [None, None, None, "limit.per_user_second"]
    assert refusal(limits, user="other") is None
    assert [refusal(limits, user="") for _ in range(5)] == [None] * 5


def test_all_off(ledger):
    limits = Limits(ledger, OFF)
    sent(ledger, 1, times=20)
    assert [refusal(limits) for _ in range(50)] == [None] * 50


@pytest.mark.parametrize("first", [6281200000000, 6281200005000, 6281200009999])
@pytest.mark.parametrize("order", ["up", "down", "shuffled"])
def test_ten_thousand_adjacent_numbers(ledger, first, order):
    """At most 20 reach a modem wherever the range begins and in whatever order it is tried (ASSURANCE, toll fraud)."""
    limits = Limits(ledger, LimitsSection(per_number_hour=0, per_number_day=0, prefix_burst=20))
    numbers = list(range(first, first + 10_000))
    if order == "down":
        numbers.reverse()
    elif order == "shuffled":
        random.Random(1).shuffle(numbers)
    assert sum(refusal(limits, msisdn=str(number)) is None for number in numbers) <= 20


def test_a_thousand_ordinary_numbers(ledger):
    limits = Limits(ledger, LimitsSection(prefix_burst=20))
    dice = random.Random(2)
    operators = ["62811", "62812", "62813", "62821", "62852", "62856", "62857", "62878", "62895", "62896"]
    numbers = [dice.choice(operators) + f"{dice.randrange(10**8):08}" for _ in range(1000)]
    assert [refusal(limits, number_key=key, msisdn=each) for key, each in enumerate(numbers)] == [None] * 1000


def test_a_window_slides():
    windows = Windows(0.05, "limit.per_user_second")
    windows.check("a", 1)
    with pytest.raises(BrokerError) as refused:
        windows.check("a", 1)
    assert 0 < refused.value.retry_after_s <= 0.05
    until = time.monotonic() + refused.value.retry_after_s
    while time.monotonic() < until:
        pass
    windows.check("a", 1)


@pytest.mark.parametrize("windows", [Windows(0.0, "k"), Neighbours(0.0, "k")])
def test_memory_of_names_that_went_idle_is_given_back(windows):
    for number in range(20_000):
        windows.check(number * 20_000, 1)
    kept = windows._times if isinstance(windows, Windows) else windows._blocks
    assert len(kept) <= 2001


def test_a_stream_of_new_names_stays_cheap():
    begin = time.monotonic()
    for windows in (Windows(3600, "k"), Neighbours(3600, "k")):
        for number in range(30_000):
            windows.check(number * 20_000, 1)
    assert time.monotonic() - begin < 5
