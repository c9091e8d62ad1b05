"""The conversation's traps, each with a peer that plays one."""

import time

import pytest

from fakes.peer import Peer, table
from otpbroker.modem.at import AtChannel, Refused, Reset, Silence
from otpbroker.modem.port import LineSettings, Port, PortGone

OK = b"\r\nOK\r\n"


@pytest.fixture
def talk():
    """A channel to a peer that answers by the given table."""
    opened = []

    def start(answers, otherwise=b"\r\nERROR\r\n"):
        peer = Peer(table({b"AT": OK, **answers}, otherwise)).__enter__()
        port = Port.open(peer.path, LineSettings())
        opened.extend([port.close, peer.__exit__])
        return AtChannel(port), peer

    yield start
    for close in opened:
        close()


def test_an_answer_with_its_prefix(talk):
    at, _ = talk({b"AT+CSQ": b"\r\n+CSQ: 21,99\r\n" + OK})
    assert at.command("AT+CSQ", "+CSQ:") == ["+CSQ: 21,99"]


def test_urcs_between_command_and_answer_are_put_aside_in_order(talk):
    at, _ = talk(
        {
            b"AT+CSQ": b'\r\nRING\r\n\r\n+CMTI: "SM",3\r\n\r\n+CSQ: 21,99\r\n\r\nNO CARRIER\r\n\r\n^RSSI:18\r\n' + OK,
            b"AT+CGMI": b"\r\n^BOOT:1,2\r\n\r\nhuawei\r\n\r\n+CREG: 1\r\n" + OK,
        }
    )
    assert at.command("AT+CSQ", "+CSQ:") == ["+CSQ: 21,99"]
    assert list(at.urcs) == ["RING", '+CMTI: "SM",3', "NO CARRIER", "^RSSI:18"]
    assert at.command("AT+CGMI") == ["huawei"]
    assert list(at.urcs)[4:] == ["^BOOT:1,2", "+CREG: 1"]


def test_a_pushed_report_within_an_answer_stays_whole(talk):
    at, _ = talk({b"AT+CMGL=4": b"\r\n+CDS: 2\r\n0B0C\r\n\r\n+CMGL: 1,1,,5\r\n0A0B\r\n" + OK})
    assert at.command("AT+CMGL=4", "+CMGL:") == ["+CMGL: 1,1,,5", "0A0B"]
    assert list(at.urcs) == ["+CDS: 2\n0B0C"]


@pytest.mark.parametrize("text", ["OK kode OTP 1234", "ERROR", "+CMS ERROR: 38", "OKE"])
def test_a_text_with_a_result_in_it_ends_nothing(talk, text):
    at, _ = talk({b"AT+COPS?": f'\r\n+COPS: 0,0,"{text}"\r\n'.encode() + OK})
    assert at.command("AT+COPS?", "+COPS:") == [f'+COPS: 0,0,"{text}"']


@pytest.mark.parametrize(
    ("urc", "answer"),
    [
        ("+CREG: 1", "+CREG: 0,5"),
        ('+CREG: 2,"00A1","0001F2"', '+CREG: 2,1,"00A1","0001F2"'),
        ("+CREG: 5", "+CREG: 1,1"),
    ],
)
def test_registration_as_answer_and_as_urc(talk, urc, answer):
    at, _ = talk({b"AT+CREG?": f"\r\n{urc}\r\n\r\n{answer}\r\n".encode() + OK})
    assert at.command("AT+CREG?", "+CREG:") == [answer]
    assert list(at.urcs) == [urc]


def test_a_ussd_answer_before_the_ok_is_a_urc(talk):
    at, _ = talk({b'AT+CUSD=1,"*888#",15': b'\r\n+CUSD: 0,"OK\r\nERROR",15\r\n' + OK})
    assert at.command('AT+CUSD=1,"*888#",15') == []
    assert list(at.urcs) == ['+CUSD: 0,"OK\nERROR",15']


def test_pin_state_as_answer_and_as_urc(talk):
    at, _ = talk({b"AT+CPIN?": b"\r\n+CPIN: SIM PIN\r\n" + OK, b'AT+CPIN="1234"': b"\r\n+CPIN: READY\r\n" + OK})
    assert at.command("AT+CPIN?", "+CPIN:") == ["+CPIN: SIM PIN"]
    assert at.command('AT+CPIN="1234"') == []
    assert list(at.urcs) == ["+CPIN: READY"]


def test_echo_is_no_answer(talk):
    at, _ = talk({b"AT+CGMI": b"AT+CGMI\r\r\nhuawei\r\n" + OK})
    assert at.command("AT+CGMI") == ["huawei"]


def test_a_refusal_is_raised_with_its_number(talk):
    at, _ = talk({b"AT+CPIN?": b"\r\n+CME ERROR: 10\r\n"})
    with pytest.raises(Refused) as caught:
        at.command("AT+CPIN?", "+CPIN:")
    assert caught.value.refused.number == 10


def test_partial_reads(talk):
    at, peer = talk({b"AT+CSQ": b""})
    peer.answer = lambda _: b""
    said = b"AT+CSQ\r\r\n+CSQ: 5,0\r\n\r\nOK\r\n"

    def dribble(octets):
        for octet in said:
            peer.say(bytes((octet,)))
            time.sleep(0.002)
        return b""

    peer.answer = dribble
    assert at.command("AT+CSQ", "+CSQ:") == ["+CSQ: 5,0"]


def test_a_late_answer_is_never_the_next_commands(talk):
    at, peer = talk({b"AT+COPS?": b"", b"AT+CIMI": b"\r\n510101234567890\r\n" + OK})
    with pytest.raises(Silence):
        at.command("AT+COPS?", "+COPS:", 0.05)
    peer.say(b'\r\n+COPS: 0,0,"late"\r\n' + OK)
    assert at.command("AT+CIMI") == ["510101234567890"]


def test_an_answer_that_comes_during_resync_is_waited_out(talk):
    at, peer = talk({b"AT+COPS?": b"", b"AT+CIMI": b"\r\n510101234567890\r\n" + OK})
    slow = []

    def late(_):
        slow.append(1)
        return b'\r\n+COPS: 0,0,"late"\r\n' + OK + OK if len(slow) == 1 else OK

    peer.answer = table({b"AT": late, b"AT+COPS?": b"", b"AT+CIMI": b"\r\n510101234567890\r\n" + OK})
    with pytest.raises(Silence):
        at.command("AT+COPS?", "+COPS:", 0.05)
    assert at.command("AT+CIMI") == ["510101234567890"]


def test_a_late_reference_is_credited_to_no_other_message(talk):
    at, peer = talk({b"AT+CMGS=2": b"\r\n> ", b"\x1a": b""})
    at.open_prompt("AT+CMGS=2", 1)
    at.write_text("0011")
    with pytest.raises(Silence):
        at.text_result("+CMGS:", 0.05)
    peer.answer = table(
        {b"AT": b"\r\n+CMGS: 7\r\n" + OK + OK, b"AT+CMGS=2": b"\r\n> ", b"\x1a": b"\r\n+CMGS: 8\r\n" + OK}
    )
    at.open_prompt("AT+CMGS=2", 1)
    at.write_text("0022")
    assert at.text_result("+CMGS:", 1) == "+CMGS: 8"


def test_a_reference_that_comes_before_the_prompt_is_late(talk):
    at, _ = talk({b"AT+CMGS=2": b"\r\n+CMGS: 7\r\n" + OK + b"\r\n> ", b"\x1a": b"\r\n+CMGS: 8\r\n" + OK})
    at.open_prompt("AT+CMGS=2", 1)
    at.write_text("0022")
    assert at.text_result("+CMGS:", 1) == "+CMGS: 8"


def test_a_prompt_that_never_comes_is_cancelled(talk):
    at, peer = talk({b"AT+CMGS=2": b"", b"\x1b": b""})
    with pytest.raises(Silence):
        at.open_prompt("AT+CMGS=2", 0.05)
    at.command("AT")
    assert peer.received[:2] == [b"AT+CMGS=2\r", b"\x1b"]
    assert not any(octets.endswith(b"\x1a") for octets in peer.received)


def test_echo_of_prompt_and_pdu(talk):
    at, _ = talk(
        {b"AT+CMGS=2": b"AT+CMGS=2\r\r\n> ", b"\x1a": b"0011\x1a\r\n+CMGS: 3\r\n" + OK},
    )
    at.open_prompt("AT+CMGS=2", 1)
    at.write_text("0011")
    assert at.text_result("+CMGS:", 1) == "+CMGS: 3"


def test_an_echo_that_was_off_means_a_restart(talk):
    at, peer = talk({b"AT+CMGS=2": b"AT+CMGS=2\r\r\n> ", b"\x1b": OK})
    at.find_echo()
    assert not at.echoes
    with pytest.raises(Reset):
        at.open_prompt("AT+CMGS=2", 1)
    assert at.command("AT") == []
    assert not any(octets.endswith(b"\x1a") for octets in peer.received)


def test_urcs_around_prompt_and_result(talk):
    at, _ = talk(
        {
            b"AT+CMGS=2": b"\r\n+CREG: 1\r\n\r\n> \r\n^RSSI:3\r\n",
            b"\x1a": b'\r\nRING\r\n\r\n+CDS: 2\r\n0A0B\r\n\r\n+CMGS: 3\r\n\r\n+CMTI: "SM",1\r\n' + OK,
        }
    )
    at.open_prompt("AT+CMGS=2", 1)
    at.write_text("0011")
    assert at.text_result("+CMGS:", 1) == "+CMGS: 3"
    assert list(at.urcs) == ["+CREG: 1", "^RSSI:3", "RING", "+CDS: 2\n0A0B", '+CMTI: "SM",1']


def test_a_reference_without_an_ok_counts(talk):
    at, _ = talk({b"AT+CMGS=2": b"\r\n> ", b"\x1a": b"\r\n+CMGS: 3\r\n"})
    at.open_prompt("AT+CMGS=2", 1)
    at.write_text("0011")
    assert at.text_result("+CMGS:", 5) == "+CMGS: 3"


def test_an_ok_without_a_reference_is_none(talk):
    at, _ = talk({b"AT+CMGS=2": b"\r\n> ", b"\x1a": OK})
    at.open_prompt("AT+CMGS=2", 1)
    at.write_text("0011")
    assert at.text_result("+CMGS:", 1) is None


def test_a_silent_modem_is_given_up_by_resync(talk):
    at, peer = talk({})
    peer.answer = lambda _: b""
    with pytest.raises(Silence):
        at.resync(1)


def test_a_modem_unplugged_in_the_middle(talk):
    at, peer = talk({b"AT+CMGS=2": b"\r\n> "})
    at.open_prompt("AT+CMGS=2", 1)
    peer.unplug()
    with pytest.raises(PortGone):
        at.write_text("0011")


def test_a_urc_storm_keeps_memory_bounded(talk):
    at, _peer = talk({b"AT+CSQ": b"\r\n^RSSI:18\r\n" * 1000 + b"\r\n+CSQ: 3,0\r\n" + OK})
    assert at.command("AT+CSQ", "+CSQ:") == ["+CSQ: 3,0"]
    assert len(at.urcs) <= 512
