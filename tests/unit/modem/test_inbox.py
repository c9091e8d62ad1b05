"""Stores as makers really answer for them."""

import pytest

from fakes.peer import Peer, table
from otpbroker.modem.at import AtChannel
from otpbroker.modem.contract import ModemError
from otpbroker.modem.drivers import generic, huawei
from otpbroker.modem.inbox import Inbox
from otpbroker.modem.port import LineSettings, Port

OK = b"\r\nOK\r\n"
HELLO = b"07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"
REPORT = b"079126181042000F06050B912618214365F7111111111111824111111111118200"
SIM = {
    b"AT": OK,
    b"AT+CPMS=?": b'\r\n+CPMS: ("SM"),("SM"),("SM")\r\n' + OK,
    b'AT+CPMS="SM"': b"\r\n+CPMS: 1,3,1,3,1,3\r\n" + OK,
    b"AT+CMGR=2": b"\r\n+CMGR: 1,,30\r\n" + HELLO + b"\r\n" + OK,
}


@pytest.fixture
def inbox():
    opened = []

    def start(answers, quirks=generic.QUIRKS):
        peer = Peer(table({**SIM, **answers})).__enter__()
        port = Port.open(peer.path, LineSettings())
        opened.extend([port.close, peer.__exit__])
        return Inbox(AtChannel(port), quirks, list_s=0.2), peer

    yield start
    for close in opened:
        close()


def asked(peer, command):
    return sum(octets.startswith(command) for octets in peer.received)


def test_a_modem_that_hangs_on_a_list_is_read_by_places_for_ever_after(inbox):
    one, peer = inbox({b"AT+CMGL=4": b""})
    for _ in range(2):
        [message] = one.read()
        assert (message.key, message.sender, message.text) == ("SM:2", "+31641600986", "How are you?")
    assert asked(peer, b"AT+CMGL") == 1


def test_a_maker_known_to_hang_is_never_asked_for_a_list(inbox):
    one, peer = inbox({}, huawei.QUIRKS)
    assert len(one.read()) == 1
    assert asked(peer, b"AT+CMGL") == 0
    assert asked(peer, b"AT+CMGR=3") == 0  # all that are used were found


def test_an_empty_store_is_not_listed(inbox):
    one, peer = inbox({b'AT+CPMS="SM"': b"\r\n+CPMS: 0,3,0,3,0,3\r\n" + OK})
    assert one.read() == []
    assert asked(peer, b"AT+CMG") == 0


def test_a_modem_that_wants_all_three_stores_named(inbox):
    one, _ = inbox(
        {
            b'AT+CPMS="SM"': b"\r\n+CMS ERROR: 302\r\n",
            b'AT+CPMS="SM","SM","SM"': b"\r\n+CPMS: 1,3,1,3,1,3\r\n" + OK,
            b"AT+CMGL=4": b"\r\n+CMGL: 2,0,,30\r\n" + HELLO + b"\r\n" + OK,
        }
    )
    assert len(one.read()) == 1


def test_sent_and_broken_entries_between_good_ones(inbox):
    listed = b"".join(
        (
            b"\r\n+CMGL: 0,3,,30\r\n" + HELLO,
            b"\r\n+CMGL: 1,1,,5\r\n0A0B",
            b'\r\n+CMGL: 2,1,"Anna, B",30\r\n' + HELLO,
            b"\r\n+CMGL: 3,1,,24\r\n" + REPORT,
            b"\r\n" + OK,
        )
    )
    one, _ = inbox({b"AT+CMGL=4": listed})
    assert [(message.key, message.complete) for message in one.read()] == [("SM:2", True), ("SM:1", False)]


@pytest.mark.parametrize("key", ["", "SM", "SM:", "SM:1;2", "../SM:1", 'SM":1'])
def test_what_is_no_key_deletes_nothing(inbox, key):
    one, peer = inbox({})
    with pytest.raises(ModemError):
        one.delete(key)
    assert asked(peer, b"AT+CMGD") == 0
