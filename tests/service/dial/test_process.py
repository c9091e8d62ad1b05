"""otpb-dial with dispatch, simulated modems, wvdial and chat; only pppd is a stand-in, where the kernel has no PPP."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from fakes import pppd
from fakes.dispatch_process import DispatchProcess
from fakes.service_process import ServiceProcess
from otpbroker.config.sections.modems import ModemSettings, ModemsSection
from otpbroker.network.plan import DIAL_FOLDER, Facts, plan
from otpbroker.network.wvdial import FOLDER
from otpbroker.simulator.client import SimulatorControl
from otpbroker.simulator.fleet import SimulatedModems

pytestmark = pytest.mark.skipif(shutil.which("chat", path="/usr/sbin") is None, reason="no chat here")
SCRIPTS = Path(__file__).parents[3] / "overlay/usr/lib/otpbroker"
PAUSES = ("--first-pause-s", "0.2", "--longest-pause-s", "0.2")
PATIENCE_S = 15.0


class Device:
    """A device with two modems, the first of which is for the internet."""

    def __init__(self, root, sim):
        self.root = root
        self.sim = sim
        ports = [str(port) for port in sim.ports]
        self.dispatch = DispatchProcess(root, m0={"port": ports[0], "internet_access": True}, m1={"port": ports[1]})
        self.dial = ServiceProcess(root, "dial", "--scripts", str(SCRIPTS), *PAUSES)

    def start(self):
        self.apply()
        self.dispatch.start()
        self.dial.start()

    def apply(self):
        """As otpb-apply does: settings, then the files that follow from them; both services are told by the test."""
        self.dispatch.write()
        modems = tuple(ModemSettings(id=id_, name=id_, **facts) for id_, facts in self.dispatch.modems.items())
        for stale in (self.root / DIAL_FOLDER).glob("*"):
            stale.unlink()
        for file in plan(Facts(taken_over=True, modems=ModemsSection(modems=modems))).files:
            if file.unit == "otpb-dial.service":
                path = self.root / file.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(file.content.replace(str(FOLDER), str(self.root / "run/otpb-dial")))

    def reload(self):
        self.apply()
        self.dispatch.reload()
        self.dial.reload()

    def state(self):
        return next((state for state in self.dispatch.status().internet if state.modem == "m0"), None)

    def modem(self, id_="m0"):
        return next(modem for modem in self.dispatch.status().modems if modem.id == id_)

    def wait(self, ready):
        """The state of the connection, as soon as `ready` says that it is so; nobody is told of it."""
        return self._wait(self.state, lambda state: state is not None and ready(state))

    def _wait(self, look, ready):
        pause, until = threading.Event(), time.monotonic() + PATIENCE_S
        while not ready(found := look()):
            assert time.monotonic() < until, (found, self.modem(), self.dial.log())
            pause.wait(0.02)
        return found

    def is_forgotten(self):
        return self._wait(self.state, lambda state: state is None)

    def is_internet(self):
        return self._wait(self.modem, lambda modem: modem.state == "internet")

    def up(self):
        return self.wait(lambda state: state.state == "up")


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """A folder that comes first in PATH."""
    folder = tmp_path_factory.mktemp("programs") / "bin"
    pppd.install(folder)
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{folder}:/usr/sbin:{before}"
    yield folder
    os.environ["PATH"] = before


@pytest.fixture(scope="module")
def device(tmp_path_factory, programs):
    root, links = tmp_path_factory.mktemp("root"), tmp_path_factory.mktemp("sim")
    with SimulatedModems(2, links, apn="internet") as modems, SimulatorControl(links / "control.sock") as sim:
        sim.ports = modems.ports
        made = Device(root, sim)
        made.dispatch.modems["m0"]["apn"] = "internet"
        made.start()
        yield made
        made.dial.close()
        made.dispatch.close()


def test_a_modem_for_the_internet_is_connected(device):
    state = device.up()
    assert (state.interface, state.address, state.name_servers) == ("ppp7", "10.64.0.2", ["10.64.0.53"])
    assert state.program == ("wvdial" if shutil.which("wvdial") else "chat")
    assert (state.failed_at, state.key) == (None, "")
    assert device.is_internet().operator == "TELKOMSEL"


def test_the_other_modem_sends_meanwhile(device):
    device.dispatch.await_ready(1)
    for turn in range(4):
        assert device.dispatch.send(f"08123456780{turn}").modem == "m1"


def test_the_command_line_shows_it(device):
    """With what the kernel counts for the interface."""
    statistics = device.root / "sys/class/net/ppp7/statistics"
    statistics.mkdir(parents=True)
    (statistics / "rx_bytes").write_text("4096\n")
    (statistics / "tx_bytes").write_text("512\n")
    otpb = [sys.executable, "-m", "otpbroker.cli", "--root", device.root]
    (told,) = json.loads(subprocess.check_output([*otpb, "--json", "internet"]))["internet"]
    expected = {"modem": "m0", "name": "M0", "wanted": True, "state": "up", "sms": False, "received": 4096, "sent": 512}
    assert told.items() >= expected.items()
    assert b"10.64.0.2" in subprocess.check_output([*otpb, "internet"])


def test_a_carrier_that_is_lost_comes_back_by_itself(device):
    device.sim.drop(0)
    failed = device.wait(lambda state: state.failed_at)
    assert failed.key == "dial.carrier_lost"
    assert device.up().failed_at == failed.failed_at


def test_a_call_that_fails_says_why_and_is_made_again(device):
    device.sim.set(0, dial_fault={"result": "BUSY", "times": 1})
    device.sim.drop(0)
    device.wait(lambda state: state.key == "dial.busy")
    device.up()


def test_a_dispatch_that_dies_leaves_the_call_alone(device):
    before = device.up()
    device.dispatch.kill()
    device.dispatch.start()
    assert device.wait(lambda state: state.state == "up") == before
    device.dispatch.await_ready(1)
    device.is_internet()
    assert device.dispatch.send("081234567810").modem == "m1"


def test_other_settings_are_another_call(device):
    before = device.up()
    device.dispatch.modems["m0"]["dial_number"] = "*99***1#"
    device.reload()
    assert device.wait(lambda state: state.state == "up" and state.since > before.since).failed_at == before.failed_at


def test_where_wvdial_dies_chat_calls(device, programs):
    """Before it has said anything to the modem."""
    (programs / "wvdial").write_text("#!/bin/sh\nkill -ABRT $$\n")
    (programs / "wvdial").chmod(0o755)
    try:
        device.sim.drop(0)
        device.wait(lambda state: state.state == "up" and state.program == "chat")
    finally:
        (programs / "wvdial").unlink()
    assert "wvdial died" in device.dial.log()


def test_a_modem_that_was_unplugged_is_connected_again(device):
    before = device.up()
    device.sim.unplug(0)
    device.wait(lambda state: state.state != "up")
    device.sim.replug(0)
    device.wait(lambda state: state.state == "up" and state.since > before.since)


def test_turned_off_it_sends_sms(device):
    device.dispatch.modems["m0"]["internet_access"] = False
    device.reload()
    device.dispatch.await_ready(2)
    assert {device.dispatch.send(f"08123456782{turn}").modem for turn in range(2)} == {"m0", "m1"}


def test_turned_off_after_a_failure_nothing_is_told_of_it(device):
    """Else it would be an alarm for ever."""
    device.dispatch.modems["m0"]["internet_access"] = True
    device.sim.set(0, dial_fault={"result": "BUSY", "times": 1000})
    device.reload()
    device.wait(lambda state: state.key == "dial.busy")
    device.dispatch.modems["m0"]["internet_access"] = False
    device.reload()
    device.is_forgotten()
    device.sim.set(0, dial_fault=None)
    device.dispatch.await_ready(2)


def test_who_stops_hangs_up(device):
    device.dispatch.modems["m0"]["internet_access"] = True
    device.reload()
    device.up()
    device.dial.terminate()
    assert device.dial.wait() == 0
    device.wait(lambda state: state.state == "waiting")
