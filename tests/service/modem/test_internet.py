"""A modem that is for the internet: its port is lent, comes back, and what that means for its SMS."""

import queue

import msgspec
import pytest

from fakes.modem_jobs import DriverJob, send_job
from otpbroker.modem.internet import InternetSide
from otpbroker.modem.lending import Lending
from otpbroker.modem.port import LineSettings, Port
from otpbroker.modem.probe import probe
from otpbroker.modem.status import ModemState
from otpbroker.simulator.fleet import SimulatedModems

LIFE = "a dialler"


class Dialler:
    """Asks for lines, and holds them."""

    def __init__(self, lending):
        self.lending = lending
        self.answers = queue.SimpleQueue()

    def ask(self):
        """What there is now."""
        return self.news(None)

    def news(self, known):
        """What there is as soon as it is no longer as `known`."""
        self.lending.ask(LIFE, known, self.answers.put)
        return self.answers.get(timeout=10)

    def hold(self, *lines):
        self.lending.heard(LIFE, lines)


@pytest.fixture
def dialler():
    return Dialler(Lending())


@pytest.fixture
def dialled(owner, dialler):
    """Starts an owner whose modem is for the internet; `beside` are the other ports of its stick."""

    def start(*, beside=(), **given):
        side = InternetSide(dialler.lending, lambda _port: [str(port) for port in beside])
        return owner(internet=side, internet_access=True, **given)

    return start


def test_the_only_port_goes_to_the_dialler_and_comes_back(simulator, dialled, dialler, box):
    """When it has hung up, the modem is looked at before it is lent anew."""
    simulator()
    dialler.ask()
    one = dialled(until=ModemState.INTERNET)
    assert ModemState.READY not in {status.state for status in box.states}
    assert (one.status.reason, one.status.operator, one.status.connected) == ("modem.internet_only", "TELKOMSEL", True)
    (line,) = dialler.news([])
    assert (line.modem, line.port, line.shared) == ("m0", one.status.port, False)
    with Port.open(line.port, LineSettings()):  # nobody else has it
        dialler.hold(line)
    box.states.clear()
    dialler.hold()
    box.wait(lambda: ModemState.STARTING in {status.state for status in box.states})
    (again,) = dialler.news([])
    assert again.number != line.number


def test_what_is_asked_of_it_meanwhile_is_refused(simulator, dialled, dialler):
    simulator()
    dialler.ask()
    one = dialled(until=ModemState.INTERNET)
    job = DriverJob(lambda driver: driver.ussd("*888#", 5))
    one.post(job)
    assert job.wait() == "modem.internet_only"


def test_without_a_dialler_it_sends(simulator, dialled, dialler, box):
    """One that comes later takes over when what is in hand is done."""
    simulator()
    one = dialled()
    job = send_job()
    box.jobs.append(job)
    one.wake()
    assert job.wait() == 0
    dialler.ask()
    box.wait(lambda: one.status.state is ModemState.INTERNET)


def test_a_stick_with_another_port_does_both(tmp_path, dialled, dialler, box):
    """A simulated modem with the same IMEI plays the second port, a silent one the third, which is passed over."""
    imei = "356938035600000"
    with SimulatedModems(3, tmp_path, imei=imei) as modems:
        modems._fleet.modems[2].knobs.hang = "hard"
        dialler.ask()
        one = dialled(beside=(modems.ports[2], modems.ports[1]))
        (line,) = dialler.ask()
        assert (line.port, line.shared) == (str(modems.ports[1]), True)
        dialler.hold(line)
        job = send_job()
        box.jobs.append(job)
        one.wake()
        assert job.wait() == 0
        dialler.hold()  # it hung up: it may call again at once
        assert dialler.ask() == [line]
        assert one.status.state is ModemState.READY


def test_a_port_that_comes_a_moment_later_is_used_beside(tmp_path, dialled, dialler):
    """The ports of a stick come one after the other."""
    ports = []
    with SimulatedModems(2, tmp_path, imei="356938035600000") as modems:
        dialler.ask()
        one = dialled(beside=ports, until=ModemState.INTERNET)
        lines = dialler.news([])
        assert not lines[0].shared
        ports.append(modems.ports[1])
        one.rescan()
        while not any(line.shared for line in lines):
            lines = dialler.news(lines)
        assert [line.port for line in lines] == [str(modems.ports[1])]


@pytest.mark.parametrize("change", [{"internet_access": False}, {"active": False}])
def test_a_line_is_called_back_when_it_is_no_longer_wanted(simulator, dialled, dialler, box, change):
    simulator()
    dialler.ask()
    one = dialled(until=ModemState.INTERNET)
    (line,) = dialler.news([])
    dialler.hold(line)
    one.reconfigure(msgspec.structs.replace(one._settings, **change))
    assert dialler.news([line]) == []
    assert one.status.state is ModemState.INTERNET  # until it is given back
    dialler.hold()
    wanted = ModemState.READY if change.get("active", True) else ModemState.INACTIVE
    box.wait(lambda: one.status.state is wanted)


def test_a_new_life_of_ours_leaves_a_call_alone(simulator, dialled, dialler, box):
    """The dialler holds the port of an owner that has just started: it is not opened, nor offered anew."""
    simulator()
    before = Dialler(Lending())
    before.lending.offer("m0", "/dev/null", shared=False)
    (line,) = before.ask()
    dialler.lending.own("m0", lambda: None)
    dialler.hold(line)
    one = dialled(until=ModemState.INTERNET)
    assert one.status.port == "/dev/null"
    assert ModemState.STARTING not in {status.state for status in box.states}
    assert dialler.ask() == [line]


def test_a_locked_port_is_busy(simulator, tmp_path, monkeypatch):
    """pppd leaves the number of its process in a file; one whose process has gone locks nothing."""
    simulator()
    port = str(tmp_path / "modem0")
    monkeypatch.setattr("otpbroker.modem.port._LOCKS", tmp_path)
    lock = tmp_path / f"LCK..{(tmp_path / 'modem0').resolve().name}"
    lock.write_text("         1\n")
    assert probe(port) is None
    for free in ("4194305\n", "0\n", "nobody\n"):
        lock.write_text(free)
        assert probe(port) is not None
