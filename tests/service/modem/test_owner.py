"""One owner on one simulated modem."""

import threading
import time

import pytest

from otpbroker.config.sections.modems import ModemSettings
from otpbroker.modem.owner import ModemOwner
from otpbroker.modem.status import ModemState
from otpbroker.simulator.fleet import SimulatedModems
from otpbroker.sms.submit import SubmitPdu

PDU = SubmitPdu("0011000B916407281553F80000AA0AE8329BFD4697D9EC37", 23)


class Box:
    """Both what gives work and what is told: jobs in, events out."""

    def __init__(self):
        self.jobs = []
        self.states = []
        self.alarms = []
        self.reports = []
        self.told = threading.Condition()

    def take(self, modem_id):
        return self.jobs.pop(0) if self.jobs else None

    def status_changed(self, modem_id, status):
        with self.told:
            self.states.append(status)
            self.told.notify_all()

    def delivery_report(self, modem_id, tp_mr, tp_ra, delivered, reason):
        with self.told:
            self.reports.append((tp_mr, tp_ra, delivered, reason))
            self.told.notify_all()

    def inbox_changed(self, modem_id):
        with self.told:
            self.told.notify_all()

    def alarm(self, modem_id, key, params):
        with self.told:
            self.alarms.append(key)
            self.told.notify_all()

    def wait(self, condition, timeout_s=10.0):
        with self.told:
            assert self.told.wait_for(condition, timeout_s), self.states[-3:]


class SendJob:
    def __init__(self, pdu=PDU, before_text=lambda: None):
        self.pdu = pdu
        self.before_text = before_text
        self.outcome = None
        self.done = threading.Event()

    def run(self, driver):
        try:
            self.outcome = driver.submit(self.pdu, self.before_text)
        except Exception as error:
            self.outcome = error
            raise
        finally:
            self.done.set()

    def abandon(self, reason):
        self.outcome = reason
        self.done.set()


@pytest.fixture
def modem(tmp_path):
    with SimulatedModems(1, tmp_path) as fleet:
        yield fleet


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def owner(modem, box, tmp_path):
    one = ModemOwner(ModemSettings(id="m0", name="m0", port=str(tmp_path / "modem0")), box, box)
    one.start()
    yield one
    one.stop(drain=False)
    assert one.join(10)


def test_a_job_becomes_a_submit(owner, box):
    box.wait(lambda: owner.status.state is ModemState.READY)
    job = SendJob()
    box.jobs.append(job)
    started = time.monotonic()
    owner.wake()
    assert job.done.wait(5)
    assert isinstance(job.outcome, int)
    assert time.monotonic() - started < 1
    assert owner.status.identity.imei
    assert owner.status.operator == "TELKOMSEL"
    assert owner.status.signal_dbm == -71
