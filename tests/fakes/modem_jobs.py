"""Dispatch as an owner sees it: a source of jobs and a listener to events."""

import threading
from collections import deque

from otpbroker.modem.deadlines import Deadlines
from otpbroker.sms.submit import SubmitPdu

QUICK = Deadlines(prompt_s=0.5, final_s=1.0, restart_s=3.0, stand_by_s=0.5, health_s=0.5, search_s=0.3, retry_s=0.5)
PDU = SubmitPdu("0011000B916407281553F80000AA0AE8329BFD4697D9EC37", 23)


class Box:
    """Both what gives work and what is told: jobs in, events out."""

    def __init__(self):
        self.jobs = deque()
        self.states = []
        self.alarms = []
        self.reports = []
        self.inbox_changes = 0
        self.told = threading.Condition()

    def take(self, modem_id):
        try:
            return self.jobs.popleft()
        except IndexError:
            return None

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
            self.inbox_changes += 1
            self.told.notify_all()

    def alarm(self, modem_id, key, params):
        with self.told:
            self.alarms.append((key, params))
            self.told.notify_all()

    def wait(self, condition, timeout_s=10.0):
        with self.told:
            assert self.told.wait_for(condition, timeout_s), self.states[-3:]


class DriverJob:
    """Does `work(driver)` and keeps what came of it: a result, a ModemError, or the reason it was abandoned."""

    def __init__(self, work, pdu=None):
        self.work = work
        self.pdu = pdu
        self.outcome = None
        self.done = threading.Event()

    def run(self, driver):
        try:
            self.outcome = self.work(driver)
        except Exception as error:
            self.outcome = error
            raise
        finally:
            self.done.set()

    def abandon(self, reason):
        self.outcome = reason
        self.done.set()

    def wait(self, timeout_s=10.0):
        assert self.done.wait(timeout_s)
        return self.outcome


def send_job(pdu=PDU, before_text=lambda: None, *, more_to_follow=False):
    return DriverJob(lambda driver: driver.submit(pdu, before_text, more_to_follow=more_to_follow), pdu)
