import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.simulator.call import GUARD_S, Frames
from otpbroker.simulator.knobs import DialFault

CONNECT = "\r\nCONNECT 150000000\r\n"
NO_CARRIER = "\r\nNO CARRIER\r\n"


def frame(protocol, body):
    """As RFC 1662 has it with the default map: control characters escaped."""
    plain = b"\xff\x03" + protocol + body + b"\x00\x00"
    escaped = b"".join(bytes((0x7D, o ^ 0x20)) if o < 0x20 or o in (0x7D, 0x7E) else bytes((o,)) for o in plain)
    return b"\x7e" + escaped + b"\x7e"


TERMINATE_REQUEST = frame(b"\xc0\x21", b"\x05\x02\x00\x04")
TERMINATE_ACK = frame(b"\xc0\x21", b"\x06\x02\x00\x04")
ECHO = frame(b"\xc0\x21", b"\x09\x01\x00\x08\x00\x00\x00\x00")


@pytest.fixture
def far(modem):
    """Starts a modem with a far end, in a call; what came out there is `heard`."""

    class Far:
        on_input = None

        def __init__(self):
            self.heard = b""

        def write(self, data):
            self.heard += data

    def start(**knobs):
        one = modem(**knobs)
        one.far = one.network = Far()
        one.far.on_input = one._from_network
        return one

    return start


def called(one, number="*99#"):
    assert one.wire.ask(f"ATD{number}\r") == CONNECT
    return one


def test_octets_pass_both_ways(far):
    one = called(far())
    assert one.wire.ask("~\xff\x03AT\r") == ""
    assert one.far.heard == b"~\xff\x03AT\r"
    one.far.on_input(b"~\xff\x7d")
    assert one.wire.written == b"~\xff\x7d"


def test_outside_of_a_call_the_network_is_not_heard(far):
    one = far()
    one.far.on_input(b"~\xff")
    assert one.wire.written == b""


@pytest.mark.parametrize("number", ["*99#", "T*99#", "P*99***1#", "*99*1#", "#777", "T #777"])
def test_numbers_of_data_calls(modem, number):
    called(modem(), number)


@pytest.mark.parametrize(
    ("cid", "apn", "answer"), [("1", "internet", CONNECT), ("1", "wap", NO_CARRIER), ("2", "internet", NO_CARRIER)]
)
def test_the_context_of_the_call_must_have_the_operators_apn(modem, cid, apn, answer):
    one = modem(apn="internet")
    one.wire.at(f'+CGDCONT=1,"IP","{apn}"')
    assert one.wire.ask(f"ATD*99***{cid}#\r") == answer


@pytest.mark.parametrize("result", ["BUSY", "NO CARRIER", "NO ANSWER", "NO DIALTONE"])
def test_calls_that_fail_do_so_as_often_as_told(modem, result):
    one = modem(dial_fault=DialFault(result, times=1))
    assert one.wire.at("DT*99#") == [result]
    assert not one.data_mode
    called(one)


@pytest.mark.parametrize("knobs", [{"registration": 2}, {"sim_present": False}, {"pin": "1234"}])
def test_without_a_network_there_is_no_call(modem, knobs):
    assert modem(**knobs).wire.at("D*99#") == ["NO CARRIER"]


def test_three_pluses_and_back(far):
    one = called(far())
    assert one.wire.ask("+++") == ""
    time.sleep(GUARD_S)
    one._loop._fire()
    assert one.wire.written == b"\r\nOK\r\n"
    assert one.wire.at("+CSQ")[0] == "+CSQ: 21,99"
    assert one.wire.ask("ATO\r") == CONNECT
    one.wire.ask("~data~")
    assert one.far.heard.endswith(b"~data~")


def test_three_pluses_within_data_are_data(far):
    one = called(far())
    one.wire.ask("~a")
    one.wire.ask("+++")
    assert one.far.heard == b"~a+++"
    assert not one._loop._timers


def test_a_call_that_was_left_is_ended_by_h(far):
    one = called(far())
    one.call.online = False
    assert one.wire.at("H") == ["OK"]
    assert one.wire.at("O") == ["NO CARRIER"]


def test_the_network_hangs_up(far):
    one = called(far())
    one.hang_up()
    assert one.wire.written.decode() == CONNECT + NO_CARRIER
    assert one.wire.at("") == ["OK"]


@pytest.mark.parametrize("side", ["client", "network"])
def test_ppp_that_says_goodbye_ends_the_call(far, side):
    one = called(far())
    if side == "client":
        one.far.on_input(TERMINATE_REQUEST)
        said = one.wire.ask(TERMINATE_ACK.decode("latin-1"))
        assert one.far.heard == TERMINATE_ACK
    else:
        one.wire.ask(TERMINATE_REQUEST.decode("latin-1"))
        one.far.on_input(TERMINATE_ACK)
        said = one.wire.written.decode("latin-1").removeprefix(TERMINATE_ACK.decode("latin-1"))
    assert said == NO_CARRIER
    assert not one.data_mode


def test_who_gives_a_command_has_hung_up(far):
    """chat writes octet by octet."""
    one = called(far())
    one.wire.ask("~frame~")
    assert [one.wire.ask(char) for char in "ATE0\r"] == ["", "", "", "", "\r\nOK\r\n"]
    assert not one.data_mode


def test_an_unplugged_modem_has_no_call(far):
    one = called(far())
    one._restart_state()
    one.far.on_input(ECHO)
    assert one.wire.written.decode() == CONNECT


@given(st.lists(st.sampled_from([ECHO, TERMINATE_REQUEST, b"~", b"\x00"])), st.booleans(), st.integers(1, 9))
def test_a_goodbye_is_heard_however_it_is_cut(before, said, size):
    octets = b"".join(before) + (TERMINATE_ACK if said else b"")
    frames = Frames()
    closed = [frames.closes(octets[at : at + size]) for at in range(0, len(octets), size)]
    assert (True in closed) == said
