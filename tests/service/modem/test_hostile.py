"""A modem that answers nonsense: every call ends in a result or in one of the errors that callers know."""

import random

import pytest

from fakes.modem_jobs import PDU, QUICK, Box
from fakes.peer import Peer
from otpbroker.config.sections.modems import ModemSettings
from otpbroker.modem.at import AtChannel, Silence
from otpbroker.modem.bringup import bring_up
from otpbroker.modem.contract import ModemError
from otpbroker.modem.port import LineSettings, Port
from otpbroker.modem.session import Outlet, Restarted, Session
from otpbroker.modem.sim import NotReady, SessionPinMemory
from otpbroker.secrets import Secret

NAMES = [
    "+CPIN:",
    "+CSQ:",
    "+CREG:",
    "+CEREG:",
    "+CGREG:",
    "+COPS:",
    "+CNUM:",
    "+CSCA:",
    "+CPMS:",
    "+CMGL:",
    "+CMGR:",
    "+CMGS:",
    "+CUSD:",
    "+CDS:",
    "+CDSI:",
    "+CMTI:",
    "+CPINR:",
    "^CPIN:",
    "+SPIC:",
    "+QPINC:",
    "+CCID:",
    "^ICCID:",
    "+CMGF:",
    "+CGSN:",
    "+CGMI:",
    "+CMT:",
    "+CME",
    "+CMS",
]
DELIVER = "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"
VALUES = ["", "0", "1", "4", "99", "300", "-1", "READY", "SIM PIN", "SIM PUK", '"', '""', '"SM"', '"SR"', '"00500075"']
VALUES += ["ERROR: 16", "ERROR: x", "0A0B", "89621012345678901234", "861195009123456", "\xff\xfe", "(", "a,b", DELIVER]


def nonsense(chance):
    def line():
        values = ",".join(chance.choice(VALUES) for _ in range(chance.randrange(5)))
        return chance.choice([f"{chance.choice(NAMES)} {values}", values, chance.choice(NAMES) + values])

    def answer(octets):
        if octets in (b"AT\r", b"ATE0\r") and chance.random() < 0.995:
            return b"\r\nOK\r\n"
        lines = [line() for _ in range(chance.randrange(4))]
        if octets.startswith(b"AT+CMGS="):
            lines.append("> ")
        else:
            lines.append(chance.choice(["OK", "OK", "OK", "ERROR"]))
        return "".join(f"\r\n{each}\r\n" for each in lines).encode("latin-1")

    return answer


@pytest.mark.parametrize("seed", range(12))
def test_nonsense_ends_in_an_error_that_is_known(seed):
    box = Box()
    settings = ModemSettings(id="m0", name="m0", sim_pin=Secret("1234"), smsc="+62811")
    with Peer(nonsense(random.Random(seed))) as peer, Port.open(peer.path, LineSettings()) as port:
        at = AtChannel(port)
        try:
            session = Session(at, bring_up(at, settings, SessionPinMemory()), Outlet("m0", box, lambda _: None), QUICK)
        except (NotReady, Silence):
            return
        for work in (
            lambda: session.submit(PDU, lambda: None),
            session.inbox,
            lambda: session.ussd("*123#", 0.1),
            lambda: session.delete("SM:1,2"),
            lambda: session.set_sim_pin("1234"),
            session.digest,
            session.check,
            session.check,
            session.check,
        ):
            try:
                work()
            except (ModemError, Silence, Restarted):
                continue
        assert peer.raw.count(b'AT+CPIN="') <= 1
