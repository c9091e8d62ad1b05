"""The wall clock jumps by ten years, either way, while messages are under way: nothing that lasts notices."""

import time

import pytest

from fakes.floor import Gate, modem
from fakes.otp import NUMBER, Otps
from fakes.waiting import waits_for
from otpbroker.config.sections.sms import LimitsSection
from otpbroker.errors import BrokerError

MSISDN = "6281234567890"
YEARS_S = 10 * 365.25 * 86_400


@pytest.fixture(params=[YEARS_S, -YEARS_S], ids=["ahead", "back"])
def jump(request, monkeypatch):
    """Sets the clock of this process; back again at the end."""
    real = time.time

    def jump():
        monkeypatch.setattr(time, "time", lambda: real() + request.param)

    return jump


def test_what_waits_ends_at_its_time_and_not_before(desk, jump):
    one = desk(modem("m0"))
    gate = Gate()
    one.floor["m0"].plan.append(gate)
    one.send()
    assert gate.reached.wait(5)
    waiting, longer = one.send("6281234567891", lifetime_s=1), one.send("6281234567892", lifetime_s=60)
    began = time.monotonic()
    jump()
    assert one.send("6281234567893", lifetime_s=60).came is False
    assert waiting.get().state == "expired"
    assert 0.8 < time.monotonic() - began < 5
    assert not longer.came
    gate.open.set()
    assert longer.get().state == "submitted"


def test_a_repetition_is_one_in_flight_and_after(desk, jump):
    one = desk()
    gate = Gate()
    one.floor["m0"].plan.append(gate)
    first = one.send(idempotency_key="k1")
    assert gate.reached.wait(5)
    jump()
    second = one.send(idempotency_key="k1")
    gate.open.set()
    assert {first.get().message_id, second.get().message_id} == {first.get().message_id}
    assert one.send(idempotency_key="k1").get().replayed
    same = {"id": "123456", "text": "Kode 77"}
    assert one.send(**same).get().state == "submitted"
    assert one.send(**same).get().replayed
    assert len(one.received) == 2


def test_limits_of_a_number_still_count_what_went_before(desk, jump):
    one = desk(limits=LimitsSection(per_number_hour=2, per_number_day=0))
    for _ in range(2):
        one.send().get()
    one.settle()
    jump()
    with pytest.raises(BrokerError) as refused:
        one.send()
    assert refused.value.key == "limit.per_number_hour"


def test_a_delivery_report_finds_its_message(desk, jump):
    one = desk()
    sent = one.send().get()
    one.settle()
    jump()
    one.send("6281234567891").get()
    one.broker.delivery_report("m0", 1, "+6281234567890", delivered=True, reason="")
    waits_for(lambda: one.rows()[sent.message_id].state == "delivered")


def test_a_code_is_still_right(desk, jump):
    otps = Otps(desk())
    try:
        otps.request(receiver=NUMBER)
        (code,) = otps.codes()
        jump()
        assert otps.verify(code) is None
    finally:
        otps.close()
