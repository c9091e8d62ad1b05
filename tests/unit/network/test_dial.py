"""What a modem is told: the same by wvdial and by chat, and just what was set."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import system_files
from fakes.awkward_settings import DIALLING, DIALLING_BROKEN
from otpbroker.config.sections.modems import ModemSettings
from otpbroker.network import chat, pppd, wvdial
from otpbroker.network.names import Unrenderable
from otpbroker.secrets import Secret

MODEM = ModemSettings(id="m0", name="a modem", internet_access=True, apn="internet")
WVDIAL_KEYS = {"Modem", "Baud", "Dial Command", "Phone", "Username", "Password", "Stupid Mode", "Carrier Check"} | {
    "Dial Attempts",
    "Dial Timeout",
    "Abort on Busy",
    "Auto Reconnect",
}


def commands(modem):
    """What is said to the modem before it dials, by its settings."""
    own = [getattr(modem, f"init_dial_{place}").strip() for place in range(1, 6)]
    return [*([f'AT+CGDCONT=1,"IP","{modem.apn}"'] if modem.apn else []), *filter(None, own)]


def dialled(modem):
    return (modem.dial_command.strip() or "ATDT") + (modem.dial_number or "*99#")


def credentials(modem):
    return modem.apn_username or "guest", modem.apn_password.reveal() or "guest"


def wvdial_says(text):
    """Of one modem: what it is told before, then the dial command, then who we are."""
    ((name, section),) = system_files.wvdial(text).items()
    said = [section[key] for key in sorted(key for key in section if key.startswith("Init"))]
    assert section.keys() == WVDIAL_KEYS | {f"Init{place}" for place in range(1, len(said) + 1)}
    assert section["Modem"] == f"/run/otpb-dial/{name}/tty-{name}"
    (_, *own) = said
    return own, section["Dial Command"] + section["Phone"], (section["Username"], section["Password"])


def chat_says(text):
    words = system_files.chat(text)
    aborts = words[: 2 * len(chat.FAILURES)]
    assert aborts == [word for failure in chat.FAILURES for word in ("ABORT", failure)]
    rest = words[len(aborts) :]
    assert rest[:3] == ["TIMEOUT", "10", ""]
    assert rest[-4:] == ["TIMEOUT", "60", "CONNECT", "\\c"]
    (_, *own, dial) = rest[3:-4:2]
    assert set(rest[4:-4:2]) == {"OK"}
    return own, dial


def pppd_says(text):
    options = system_files.pppd(text)
    always = {word.split(" ")[0] for word in pppd._ALWAYS}
    (baud,) = options.keys() - always - {"defaultroute-metric", "user", "password"}
    return int(baud), int(options["defaultroute-metric"][0]), (*options["user"], *options["password"])


@given(DIALLING)
def test_what_is_rendered_says_what_was_set(modem):
    assert wvdial_says(wvdial.render([modem])) == (commands(modem), dialled(modem), credentials(modem))
    assert chat_says(chat.render(modem)) == (commands(modem), dialled(modem))
    assert pppd_says(pppd.render(modem, 2)) == (modem.baud_rate, 1002, credentials(modem))


@given(DIALLING_BROKEN)
def test_nothing_that_is_set_becomes_another_line(modem):
    """Also where no schema stood before."""
    for render, says in (
        (lambda: wvdial.render([modem]), wvdial_says),
        (lambda: chat.render(modem), chat_says),
        (lambda: pppd.render(modem, 0), pppd_says),
    ):
        try:
            says(render())
        except Unrenderable:
            continue


@given(st.lists(DIALLING, max_size=4, unique_by=lambda modem: modem.id), st.booleans(), st.booleans())
def test_only_modems_that_are_to_be_connected_are_in_it(modems, active, wanted):
    changed = [msgspec.structs.replace(modem, active=active, internet_access=wanted) for modem in modems]
    sections = system_files.wvdial(wvdial.render(changed))
    assert list(sections) == ([modem.id for modem in modems] if active and wanted else [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"apn": 'x";+CMGD=1,4;"'},
        {"init_dial_1": "ATZ\rATD*99#"},
        {"init_dial_5": "ATZ\n[Dialer m0]"},
        {"init_dial_2": "+++"},
        {"dial_command": "!sh"},
        {"dial_number": "*99#;"},
        {"apn_username": "x\nconnect /bin/sh"},
        {"apn_password": Secret("\u00e9")},
        {"id": "../m0"},
    ],
)
def test_what_would_be_something_else_is_refused(wrong):
    modem = msgspec.structs.replace(MODEM, **wrong)
    for render in (lambda: wvdial.render([modem]), lambda: chat.render(modem), lambda: pppd.render(modem, 0)):
        with pytest.raises(Unrenderable):
            render()


def test_a_usual_modem_reads_well():
    assert wvdial.render([MODEM]).splitlines()[:8] == [
        "[Dialer m0]",
        "Modem = /run/otpb-dial/m0/tty-m0",
        "Baud = 115200",
        "Init1 = ATE0Q0V1S0=0&C1&D2",
        'Init2 = AT+CGDCONT=1,\\"IP\\",\\"internet\\"',
        "Dial Command = ATDT",
        "Phone = *99#",
        "Username = guest",
    ]
