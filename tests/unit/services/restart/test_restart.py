"""The timer's service against an otpb-apply that only listens."""

import datetime as dt
import time

import pytest

from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.store import Store, render
from otpbroker.ipc.server import Server
from otpbroker.services.restart.__main__ import main
from otpbroker.system import clock
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import Restart, Restarting
from otpbroker.verbs.audit import SCHEDULE

AT = dt.datetime(2026, 11, 27, 3, 30, 5, tzinfo=clock.zone("Asia/Jakarta"))
TEN_YEARS_S = 10 * 365.25 * 86_400


@pytest.fixture
def paths(tmp_path):
    paths = Paths(tmp_path)
    Store(paths).write("general", render(GeneralSection(restart_device="03:30")))
    return paths


@pytest.fixture
def heard(paths):
    found = []

    def take(verb, _peer, reply):
        found.append(verb)
        reply.result(Restarting(what=verb.what))

    server = Server(paths.socket("apply"), Restart, take)
    server.start()
    yield found
    server.stop()


@pytest.fixture
def run(paths, heard, monkeypatch):
    def run(wall_s, up_s, what="device"):
        monkeypatch.setattr(clock, "wall_s", lambda: wall_s)
        monkeypatch.setattr(time, "clock_gettime", lambda _: up_s)
        return main(["--root", str(paths.root), "--what", what])

    return run


def test_at_its_time_it_is_asked_for(run, heard):
    assert run(AT.timestamp(), 86_400) == 0
    assert heard == [Restart(what="device", by=SCHEDULE)]


@pytest.mark.parametrize("jump_s", [TEN_YEARS_S + 7200, -TEN_YEARS_S + 7200, 3600, -3600])
def test_a_timer_that_a_jump_of_the_clock_set_off_restarts_nothing(run, heard, jump_s):
    assert run(AT.timestamp() + jump_s, 86_400) == 0
    assert heard == []


def test_nor_what_has_just_started_nor_what_is_not_scheduled(run, heard):
    assert run(AT.timestamp(), 60) == 0
    assert run(AT.timestamp(), 86_400, "services") == 0
    assert heard == []
