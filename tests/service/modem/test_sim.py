"""PIN rules with a SIM that counts its tries."""

import pytest
from msgspec import structs

from fakes.modem_jobs import DriverJob, send_job
from otpbroker.modem.contract import ModemError
from otpbroker.modem.sim import SessionPinMemory
from otpbroker.modem.status import ModemState
from otpbroker.secrets import Secret


def posted(owner, work):
    job = DriverJob(work)
    owner.post(job)
    return job.wait()


@pytest.mark.parametrize("vendor", ["generic", "huawei", "simcom", "quectel", "zte"])
def test_the_right_pin_opens_the_sim(simulator, owner, box, vendor):
    control = simulator(vendor=vendor, pin="4711")
    one = owner(sim_pin=Secret("4711"))
    assert one.status.registered
    assert control.knobs(0).pin_tries == 3


def test_a_wrong_pin_costs_one_try_for_ever(simulator, owner, box):
    control = simulator(pin="4711")
    pins = SessionPinMemory()
    one = owner(until=ModemState.PIN_REFUSED, sim_pin=Secret("1234"), pins=pins)
    assert (one.status.reason, one.status.params) == ("modem.pin_refused", {"tries": 2})
    assert control.knobs(0).pin_tries == 2
    control.unplug(0)
    box.wait(lambda: one.status.state is ModemState.ABSENT)
    control.replug(0)
    box.wait(lambda: one.status.state is ModemState.PIN_REFUSED)
    second = owner(id="m0", until=None, sim_pin=Secret("1234"), pins=pins)
    one.stop(drain=False)
    box.wait(lambda: second.status.state is ModemState.PIN_REFUSED, 15)
    assert control.knobs(0).pin_tries == 2


def test_the_corrected_pin_is_tried(simulator, owner, box):
    control = simulator(pin="4711")
    one = owner(until=ModemState.PIN_REFUSED, sim_pin=Secret("1234"))
    one.reconfigure(_with_pin(one, "4711"))
    box.wait(lambda: one.status.state is ModemState.READY)
    assert control.knobs(0).pin_tries == 3


def _with_pin(one, pin):
    return structs.replace(one._settings, sim_pin=Secret(pin))


def test_the_right_pin_works_again_after_a_replug(simulator, owner, box):
    control = simulator(pin="4711")
    one = owner(sim_pin=Secret("4711"))
    control.unplug(0)
    box.wait(lambda: one.status.state is ModemState.ABSENT)
    control.replug(0)
    box.wait(lambda: one.status.state is ModemState.READY)


def test_the_last_try_is_left_to_a_hand(simulator, owner, box):
    control = simulator(pin="4711", pin_tries=1)
    one = owner(until=ModemState.PIN_REQUIRED, sim_pin=Secret("4711"))
    assert one.status.reason == "modem.pin_last_try"
    assert control.knobs(0).pin_tries == 1


def test_no_pin_in_the_settings(simulator, owner, box):
    control = simulator(pin="4711")
    one = owner(until=ModemState.PIN_REQUIRED)
    assert one.status.connected
    assert one.status.params == {"tries": 3}
    assert control.knobs(0).pin_tries == 3


@pytest.mark.parametrize("pin", ["12", "123456789", "12a4", '1234",CMGD'])
def test_what_is_no_pin_is_never_sent(simulator, owner, box, pin):
    control = simulator(pin="4711")
    one = owner(until=ModemState.PIN_REFUSED, sim_pin=Secret(pin))
    assert one.status.reason == "modem.pin_malformed"
    assert control.knobs(0).pin_tries == 3


def test_puk_and_missing_sim_are_named(simulator, owner, box):
    control = simulator(pin="4711", pin_tries=0)
    one = owner(until=ModemState.PUK_REQUIRED, sim_pin=Secret("4711"))
    control.set(0, sim_present=False)
    box.wait(lambda: one.status.state is ModemState.NO_SIM)
    job = send_job()
    box.jobs.append(job)
    one.wake()
    control.set(0, sim_present=True, pin="", pin_tries=3)
    assert job.wait() == 0


def test_the_lock_is_set_and_removed(simulator, owner, box):
    simulator(pin="")
    one = owner()
    refused = posted(one, lambda driver: driver.set_sim_pin("12"))
    assert isinstance(refused, ModemError)
    assert refused.key == "modem.pin_malformed"
    for work in (lambda driver: driver.set_sim_pin("1234"), lambda driver: driver.remove_sim_pin("1234")):
        assert not isinstance(posted(one, work), ValueError)
