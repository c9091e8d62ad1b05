"""What is rendered for a modem that dials, in the hands of wvdial, chat and pppd themselves."""

import os
import shutil
import subprocess

import pytest

from otpbroker.config.sections.modems import ModemSettings
from otpbroker.network import chat, pppd, wvdial
from otpbroker.secrets import Secret
from otpbroker.simulator.client import SimulatorControl
from otpbroker.simulator.fleet import SimulatedModems

BAD_OPTION, NO_PPP = 2, 4  # of pppd
NEEDED = ("wvdial", "chat", "pppd")
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
_LACKING = [name for name in NEEDED if shutil.which(name, path=_PATH) is None]
pytestmark = pytest.mark.skipif(bool(_LACKING), reason=f"no {', '.join(_LACKING)} here")

AWKWARD = ModemSettings(
    id="m0",
    name="awkward",
    internet_access=True,
    apn="3data",
    apn_username='a "b" \\c',
    apn_password=Secret("{it's} $HOME #;"),
    init_dial_1='AT+X="a b";+Y={1}',
    init_dial_2="AT\\n\\\\^C^",
    init_dial_3="AT}{#;'$[0]%d@",
    init_dial_4='AT"',
    dial_number="*99***1#",
)
TOLD = [
    "ATE0Q0V1S0=0&C1&D2",
    'AT+CGDCONT=1,"IP","3data"',
    'AT+X="a b";+Y={1}',
    "AT\\n\\\\^C^",
    "AT}{#;'$[0]%d@",
    'AT"',
    "ATDT*99***1#",
]


@pytest.fixture(scope="module")
def sim(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sim")
    with SimulatedModems(1, folder, echo=False) as modems, SimulatorControl(folder / "control.sock") as control:
        control.port = modems.ports[0]
        control.modem = modems._fleet.modems[0]
        yield control


@pytest.fixture
def heard(sim, monkeypatch):
    """The command lines that reach the modem; it takes all of them."""
    lines = []

    def take(body):
        lines.append(f"AT{body}")
        sim.modem.answer([], "CONNECT 150000000" if body.startswith("DT") else "OK")

    monkeypatch.setattr(sim.modem, "_execute", take)
    return lines


def conversation(argv, port):
    """The program speaks with the modem on its standard input and output, as pppd has it do; its status."""
    fd = os.open(port, os.O_RDWR | os.O_NOCTTY)
    try:
        done = subprocess.run(
            argv, stdin=fd, stdout=fd, stderr=subprocess.PIPE, timeout=30, check=False, env={"PATH": _PATH}
        )
    finally:
        os.close(fd)
    return done.returncode


def test_chat_says_what_was_set(sim, heard, tmp_path):
    (tmp_path / "chat").write_text(chat.render(AWKWARD))
    assert conversation(["chat", "-f", tmp_path / "chat"], sim.port) == 0
    assert heard == TOLD


def test_wvdial_says_what_was_set(sim, heard, tmp_path):
    text = wvdial.render([AWKWARD]).replace(str(wvdial.tty("m0")), str(sim.port))
    (tmp_path / "conf").write_text(text)
    assert conversation(["wvdial", "--chat", "-C", tmp_path / "conf", "m0"], sim.port) == 0
    assert [line for line in heard if line != "AT"] == TOLD


@pytest.mark.parametrize("failure", [chat.FAILURES[0], chat.FAILURES[-1]])
def test_chat_tells_by_its_status_why_it_failed(sim, tmp_path, failure, monkeypatch):
    monkeypatch.setattr(sim.modem, "_execute", lambda body: sim.modem.answer([], failure if body[0] == "D" else "OK"))
    (tmp_path / "chat").write_text(chat.render(AWKWARD))
    assert conversation(["chat", "-f", tmp_path / "chat"], sim.port) == 4 + chat.FAILURES.index(failure)


def test_pppd_takes_its_options(sim, tmp_path):
    """It shows what it understood, where the kernel has PPP; else it says that only after it has read all options."""

    def shown(text):
        (tmp_path / "options").write_text(text)
        argv = ["pppd", sim.port.resolve(), "file", tmp_path / "options", "dryrun"]
        return subprocess.run(argv, capture_output=True, text=True, timeout=10, check=False, env={"PATH": _PATH})

    text = pppd.render(AWKWARD, 3)
    assert shown(text + "no-such-option\n").returncode == BAD_OPTION
    done = shown(text)
    assert done.returncode in (0, NO_PPP), done.stderr
    if done.returncode == 0:
        options = {line.partition("#")[0].strip() for line in done.stdout.splitlines()}
        assert {"defaultroute-metric 1003", "115200", "usepeerdns", "noauth"} <= options
