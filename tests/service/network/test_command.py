"""`otpb network` and `otpb status` beside a running otpb-network."""

import json

import msgspec
import pytest

from fakes.service_process import ServiceProcess
from otpbroker.cli.__main__ import main
from otpbroker.system.files import Paths
from otpbroker.verbs.dispatch import Alarm
from otpbroker.verbs.network import FilterState, Interface, Lease, NetworkAlarmsTold, NetworkState, OpenPort

SSH = OpenPort(side="ethernet", protocol="tcp", port=22)
PANEL = OpenPort(side="ap", protocol="tcp", port=8888)
SAME = Alarm(
    key="alarm.same_network",
    params={"interface": "eth0", "network": "192.168.0.0/24", "other": "192.168.0.0/24", "instead": "10.77.0.1"},
)


@pytest.fixture
def root(tmp_path):
    return tmp_path


@pytest.fixture
def otpb(root, capsys, monkeypatch):
    """The command line: (status, output, errors)."""
    monkeypatch.setenv("OTPB_LANG", "en")

    def run(*arguments):
        status = main(["--root", str(root), *arguments])
        output = capsys.readouterr()
        return status, output.out, output.err

    return run


def test_where_nobody_looks_at_the_network_that_is_said(otpb):
    status, output, errors = otpb("network")
    assert (status, output) == (1, "")
    assert "not running" in errors


def test_a_computer_of_somebody_is_told_of_as_it_is(otpb, root):
    process = ServiceProcess(root, "network").start()
    try:
        status, output, _ = otpb("network")
        assert (status, output.splitlines()[0].split()) == (
            0,
            ["SIDE", "INTERFACE", "LINK", "ADDRESS", "GATEWAY", "MAC"],
        )
        assert "take effect on a device, or after otpb setup --take-over-network" in output
        document = json.loads(otpb("network", "--json")[1])
    finally:
        process.close()
    assert (document["taken_over"], document["filter"]["state"], document["leases"]) == (False, "not_ours", None)


def test_every_difference_is_in_words(otpb, monkeypatch):
    interface = Interface(name="eth0", side="ethernet", link=True, mac="02:00:00:00:00:01", addresses=["10.1.2.3/24"])
    state = NetworkState(
        taken_over=True,
        interfaces=[interface],
        leases=[Lease(address="192.168.0.104", mac="02:00:00:00:00:07", until=0)],
        filter=FilterState(state="loaded", opened=[PANEL], missing=[SSH], surplus=[PANEL], others=["ip ufw"]),
        alarms=[SAME],
    )
    monkeypatch.setattr("otpbroker.clients.network.NetworkClient.call", lambda *_: state)
    _, output, _ = otpb("network")
    for told in (
        "10.1.2.3/24",
        "192.168.0.104",
        "the kernel does not do what the settings say",
        "open, ap: 8888/tcp",
        "should be open and is not, ethernet: 22/tcp",
        "is open and should not be, ap: 8888/tcp",
        "other programs filter too: ip ufw",
        "such as 10.77.0.1",
    ):
        assert told in output


@pytest.mark.parametrize("word", ["absent", "open", "unreadable", "not_ours", "loaded"])
def test_every_state_of_the_filter_is_in_words(otpb, monkeypatch, word):
    state = NetworkState(taken_over=True, interfaces=[], leases=None, filter=FilterState(state=word))
    monkeypatch.setattr("otpbroker.clients.network.NetworkClient.call", lambda *_: state)
    status, output, _ = otpb("network")
    assert (status, "cli." in output) == (0, False)


def test_the_alarm_stands_in_the_status(otpb, root):
    told = Paths(root).alarms("network")
    told.parent.mkdir(parents=True)
    told.write_bytes(msgspec.json.encode(NetworkAlarmsTold(alarms=[SAME])))
    _, output, _ = otpb("--json", "status")
    assert [alarm["key"] for alarm in json.loads(output)["alarms"]] == ["alarm.same_network"]
    assert "such as 10.77.0.1" in otpb("status")[1]
