import queue
import time

import pytest

from fakes.history import many, open_file, put
from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.modems import ModemsSection
from otpbroker.config.sections.sms import LimitsSection, SmsSection
from otpbroker.dispatch.ledger import Ledger
from otpbroker.dispatch.report.desk import ReportDesk
from otpbroker.dispatch.settings import Settings
from otpbroker.errors import BrokerError
from otpbroker.verbs.dispatch import Messages
from otpbroker.verbs.report import Report


def settings(**general):
    return Settings(ModemsSection(), SmsSection(), LimitsSection(), GeneralSection(**general))


class Answer:
    def __init__(self):
        self._told = queue.SimpleQueue()
        self.result = self.error = self._told.put

    def wait(self):
        told = self._told.get(timeout=5)
        if isinstance(told, BrokerError):
            raise told
        return told


class Desk:
    def __init__(self, path):
        self.ledger = Ledger(path, retry_s=0)
        self.desk = ReportDesk(path, self.ledger, settings())

    def ask(self, call):
        answer = Answer()
        self.desk.ask(call, answer)
        return answer.wait()

    def close(self):
        self.desk.stop()
        self.ledger.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state.sqlite"


@pytest.fixture
def desk(path):
    put(open_file(path), many(50, until=time.time(), days=2))
    made = Desk(path)
    yield made
    made.close()


def test_it_answers_from_the_file_and_goes_on_after_a_refusal(desk):
    with pytest.raises(BrokerError):
        desk.ask(Report(from_day="2026-02-30"))
    assert len(desk.ask(Messages(limit=10)).messages) == 10
    told = desk.ask(Report())
    assert (told.incomplete, told.from_day) == (False, told.to_day)


def test_it_takes_a_new_time_zone_and_prefix_length(desk):
    desk.ask(Report())
    desk.desk.configure(settings(time_zone="Pacific/Kiritimati"))
    assert desk.ask(Report()).to_day >= time.strftime("%Y-%m-%d", time.gmtime())


def test_without_a_file_it_says_that_the_report_is_incomplete(tmp_path):
    folder = tmp_path / "folder"
    folder.touch()
    desk = Desk(folder / "state.sqlite")
    told = desk.ask(Report())
    assert (told.incomplete, told.total.count) == (True, 0)
    assert desk.ask(Messages()).messages == []
    desk.close()


def test_nobody_waits_in_a_line_without_end(desk):
    first, refusal = Answer(), ""
    desk.desk.ask(Messages(limit=1000), first)
    for _ in range(2000):
        try:
            desk.desk.ask(Messages(limit=1000), Answer())
        except BrokerError as refused:
            refusal = refused.key
            break
    assert refusal == "history.asked_by_many"
    assert len(first.wait().messages) == 50
