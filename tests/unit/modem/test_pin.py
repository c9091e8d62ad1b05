"""A PIN is tried once, whatever the SIM tells of itself."""

import pytest

from fakes.peer import Peer, table
from otpbroker.modem.asking import Asker
from otpbroker.modem.at import AtChannel
from otpbroker.modem.drivers import generic
from otpbroker.modem.port import LineSettings, Port
from otpbroker.modem.sim import NotReady, SessionPinMemory, unlock
from otpbroker.modem.status import ModemState
from otpbroker.secrets import Secret

OK = b"\r\nOK\r\n"
ICCID = b"\r\n+CCID: 8962101234567890123\r\n" + OK
ASKED, READY = b"\r\n+CPIN: SIM PIN\r\n" + OK, b"\r\n+CPIN: READY\r\n" + OK
PIN = Secret("1234")


@pytest.fixture
def modem():
    """Unlocks once against a modem with the given answers; the state it ends in, and how often a PIN was sent."""
    memory = SessionPinMemory()

    def start(answers, *, keep=memory):
        with Peer(table({b"AT": OK, **answers})) as peer, Port.open(peer.path, LineSettings()) as port:
            try:
                unlock(Asker(AtChannel(port)), generic.QUIRKS, "m0", PIN, keep)
                state = ModemState.READY
            except NotReady as error:
                state = error.state
            return state, peer.raw.count(b'AT+CPIN="')

    return start


REFUSING = {b"AT+CPIN?": ASKED, b'AT+CPIN="1234"': b"\r\n+CME ERROR: 16\r\n"}


@pytest.mark.parametrize("told", [(True, True), (True, False), (False, True), (False, False)])
def test_once_whether_or_not_the_iccid_is_told(modem, told):
    sent = []
    for each in told:
        state, count = modem({**REFUSING, **({b"AT+CCID": ICCID} if each else {})})
        assert state is ModemState.PIN_REFUSED
        sent.append(count)
    assert sent == [1, 0]


def test_another_sim_has_its_own_try(modem):
    assert modem({**REFUSING, b"AT+CCID": ICCID})[1] == 1
    other = ICCID.replace(b"89621", b"89622")
    assert modem({**REFUSING, b"AT+CCID": other})[1] == 1


def test_a_right_pin_is_forgotten_as_a_try(modem):
    answers = {b"AT+CPIN?": [ASKED, READY], b'AT+CPIN="1234"': OK}
    assert modem(dict(answers)) == (ModemState.READY, 1)
    assert modem({b"AT+CPIN?": [ASKED, READY], b'AT+CPIN="1234"': OK}) == (ModemState.READY, 1)


@pytest.mark.parametrize(
    ("tries", "sent"), [(b"\r\n+CPINR: SIM PIN,3,3\r\n" + OK, 1), (b"\r\n+CPINR: SIM PIN,2,3\r\n" + OK, 0), (None, 0)]
)
def test_a_try_that_was_cut_short_counts_unless_all_tries_are_left(modem, tries, sent):
    class CutShort(SessionPinMemory):
        """As after a power cut between the PIN and its answer."""

        def remember(self, modem_id, sim, pin):
            super().remember(modem_id, sim, pin)
            if sim.startswith("begun"):
                raise NotReady(ModemState.ABSENT, "cut short")

    memory = CutShort()
    answers = {b"AT+CPIN?": [ASKED], b'AT+CPIN="1234"': OK}
    assert modem(answers, keep=memory) == (ModemState.ABSENT, 0)
    kept = SessionPinMemory()
    kept._refused = memory._refused
    more = {b"AT+CPINR": tries} if tries else {}
    assert modem({b"AT+CPIN?": [ASKED, READY], b'AT+CPIN="1234"': OK, **more}, keep=kept)[1] == sent


@pytest.mark.parametrize("answer", [b"\r\nERROR\r\n", OK])
def test_a_modem_that_does_not_know_the_question_is_taken_for_unlocked(modem, answer):
    assert modem({b"AT+CPIN?": answer}) == (ModemState.READY, 0)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (b"\r\n+CME ERROR: 10\r\n", ModemState.NO_SIM),
        (b"\r\n+CME ERROR: SIM not inserted\r\n", ModemState.NO_SIM),
        (b"\r\n+CME ERROR: 13\r\n", ModemState.NO_SIM),
        (b"\r\n+CME ERROR: 12\r\n", ModemState.PUK_REQUIRED),
        (b"\r\n+CPIN: SIM PUK\r\n" + OK, ModemState.PUK_REQUIRED),
        (b"\r\n+CPIN: PH-NET PIN\r\n" + OK, ModemState.PIN_REQUIRED),
        (b"\r\n+CPIN: NOT INSERTED\r\n" + OK, ModemState.NO_SIM),
    ],
)
def test_what_stands_in_the_way_is_named(modem, answer, state):
    assert modem({b"AT+CPIN?": answer}) == (state, 0)
