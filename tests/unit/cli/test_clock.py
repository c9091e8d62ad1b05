import io
import json
import time

import pytest

from otpbroker.cli.__main__ import main
from otpbroker.ipc.server import Server
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import ClockSet, SetClock


@pytest.fixture
def otpb(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())

    def run(*arguments):
        status = main(["--root", str(tmp_path), "clock", *arguments])
        output = capsys.readouterr()
        return status, output.out, output.err

    return run


@pytest.fixture
def heard(tmp_path):
    """An otpb-apply that sets no clock."""
    found = []

    def take(verb, _peer, reply):
        found.append(verb.unix_s)
        reply.result(ClockSet(unix_s=verb.unix_s))

    server = Server(Paths(tmp_path).socket("apply"), SetClock, take)
    server.start()
    yield found
    server.stop()


def test_it_is_shown_in_the_devices_zone(otpb):
    assert abs(json.loads(otpb("show", "--json")[1])["unix_s"] - time.time()) < 5
    assert "+07:00" in otpb("show")[1]


@pytest.mark.parametrize(
    ("given", "unix_s"),
    [
        ("1800000000", 1_800_000_000),
        ("2027-01-15T15:00", 1_800_000_000),
        ("2027-01-15 15:00:30", 1_800_000_030),
        ("2027-01-15T08:00:00+00:00", 1_800_000_000),
    ],
)
def test_it_is_set_by_what_one_writes(otpb, heard, given, unix_s):
    status, output, _ = otpb("set", given)
    assert (status, heard) == (0, [unix_s])
    assert "2027-01-15 15:00" in output


def test_what_is_no_time_is_refused(otpb, heard):
    assert otpb("set", "tomorrow")[0] == 1
    assert heard == []
