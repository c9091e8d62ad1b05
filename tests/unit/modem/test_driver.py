"""What a submit ends in, with a modem that restarts again and again, or refuses what every modem knows."""

import pytest

from fakes.modem_jobs import PDU, QUICK
from fakes.peer import Peer, table
from otpbroker.modem.at import AtChannel
from otpbroker.modem.bringup import contact
from otpbroker.modem.contract import Blame, ModemError
from otpbroker.modem.driver import NO_REFERENCE, Sender
from otpbroker.modem.port import LineSettings, Port

OK = b"\r\nOK\r\n"
PROMPT = b"\r\n> "
SENT = b"\r\n+CMGS: 5\r\n\r\nOK\r\n"


@pytest.fixture
def sender():
    opened = []

    def start(answers):
        known = {b"AT": OK, b"ATE0": OK, b"AT+CMGF=0": OK, b"\x1b": b"", b"AT+CMMS=1": OK}
        peer = Peer(table({**known, **answers})).__enter__()
        port = Port.open(peer.path, LineSettings())
        opened.extend([port.close, peer.__exit__])
        at = AtChannel(port)
        at.find_echo()
        return Sender(at, QUICK), peer

    yield start
    for close in opened:
        close()


def outcome(sender, **more):
    try:
        return sender.submit(PDU, lambda: None, **more)
    except ModemError as error:
        return error


def test_one_that_echoes_only_now_and_then_is_sent_nothing_in_doubt(sender):
    echo = b"AT+CMGS=23\r\r\n> "
    one, peer = sender({b"AT+CMGS=23": echo, b"\x1a": SENT})
    error = outcome(one)
    assert (error.blame, error.key, error.hang) == (Blame.TRANSIENT, "modem.no_prompt", True)
    assert not any(octets.endswith(b"\x1a") for octets in peer.received)


def test_an_echo_that_came_once_costs_one_more_question(sender):
    one, peer = sender({b"AT+CMGS=23": [b"AT+CMGS=23\r\r\n> ", PROMPT], b"\x1a": SENT})
    assert outcome(one) == 5
    assert b"AT+CMGF=0\r" in peer.received


@pytest.mark.parametrize(
    ("said", "reference"), [(SENT, 5), (b"\r\n+CMGS:255\r\n" + OK, 255), (b"\r\n+CMGS: \r\n" + OK, NO_REFERENCE)]
)
def test_references(sender, said, reference):
    one, _ = sender({b"AT+CMGS=23": PROMPT, b"\x1a": said})
    assert outcome(one) == reference


@pytest.mark.parametrize(
    ("answers", "blame", "key"),
    [
        ({b"AT+CMGS=23": b"\r\nERROR\r\n"}, Blame.TRANSIENT, "modem.refused"),
        ({b"AT+CMGS=23": b"\r\n+CMS ERROR: 310\r\n"}, Blame.MODEM, "modem.cause.sim_not_inserted"),
        (
            {b"AT+CMGS=23": PROMPT, b"\x1a": b"\r\n+CMS ERROR: 304\r\n"},
            Blame.MESSAGE,
            "modem.cause.invalid_pdu_parameter",
        ),
        (
            {b"AT+CMGS=23": PROMPT, b"\x1a": b"\r\n+CMS ERROR: Congestion\r\n"},
            Blame.TRANSIENT,
            "modem.cause.congestion",
        ),
        ({b"AT+CMGS=23": PROMPT, b"\x1a": OK}, Blame.UNKNOWN, "modem.no_reference"),
        ({b"AT+CMGS=23": PROMPT, b"\x1a": b""}, Blame.UNKNOWN, "modem.silent_after_text"),
        ({b"AT+CMGS=23": b""}, Blame.TRANSIENT, "modem.no_prompt"),
    ],
)
def test_ends(sender, answers, blame, key):
    one, _ = sender(answers)
    error = outcome(one)
    assert (error.blame, error.key) == (blame, key)


def test_the_link_is_kept_once_for_all_parts_and_never_again_where_refused(sender):
    one, peer = sender({b"AT+CMGS=23": PROMPT, b"\x1a": SENT})
    assert [outcome(one, more_to_follow=more) for more in (True, True, False)] == [5, 5, 5]
    assert peer.received.count(b"AT+CMMS=1\r") == 1
    other, refusing = sender({b"AT+CMGS=23": PROMPT, b"\x1a": SENT, b"AT+CMMS=1": b"\r\nERROR\r\n"})
    assert [outcome(other, more_to_follow=more) for more in (True, False, True, False)] == [5] * 4
    assert refusing.received.count(b"AT+CMMS=1\r") == 1


def test_a_modem_that_refuses_even_at_is_there(sender):
    with Peer(table({}, otherwise=b"\r\nERROR\r\n")) as peer, Port.open(peer.path, LineSettings()) as port:
        contact(AtChannel(port))


def test_neither_text_nor_pdu_is_in_an_error(sender):
    one, _ = sender({b"AT+CMGS=23": PROMPT, b"\x1a": b"\r\n+CMS ERROR: 500\r\n"})
    error = outcome(one)
    assert PDU.hex not in f"{error!r}{error}{error.params}"
    assert error.__cause__ is None
