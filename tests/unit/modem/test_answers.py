"""What answers mean: fields, registration, signal, USSD."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.modem import ussd
from otpbroker.modem.bringup import same_imei
from otpbroker.modem.drivers import quirks_of
from otpbroker.modem.facts import as_printed, rssi_dbm
from otpbroker.modem.fields import fields, number
from otpbroker.modem.registration import Registration
from otpbroker.modem.status import ModemState
from otpbroker.modem.urcs import is_urc, restarted


def test_commas_and_empty_fields():
    assert fields('+COPS: 0,0,"A, B",7', "+COPS:") == ["0", "0", "A, B", "7"]
    assert fields("") == [""]
    assert fields('+CNUM: ,"+62",145', "+CNUM:") == ["", "+62", "145"]
    assert (number("21"), number(""), number("\u0663"), number("-1")) == (21, None, None, None)


@given(st.lists(st.text(st.characters(blacklist_characters='",', codec="latin-1")).map(str.strip), min_size=1))
def test_fields_are_found_again(values):
    assert fields(",".join(f'"{value}"' for value in values)) == values


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([], ModemState.READY),
        (["+CREG: 0,1"], ModemState.READY),
        (["+CREG: 1,5"], ModemState.READY),
        (["+CREG: 0,6"], ModemState.READY),
        (["+CREG: 5"], ModemState.READY),
        (['+CREG: 1,"00A1","0001",7'], ModemState.READY),
        (['+CREG: 2,1,"00A1","0001",7'], ModemState.READY),
        (["+CREG: 1,00A1,0001"], ModemState.READY),
        (["+CREG: 0,2"], ModemState.SEARCHING),
        (["+CREG: 0,0"], ModemState.SEARCHING),
        (["+CREG: 0,3"], ModemState.DENIED),
        (["+CREG: 3"], ModemState.DENIED),
        (["+CREG: 0,2", "+CEREG: 0,1"], ModemState.READY),
        (["+CREG: 0,2", "+CGREG: 0,1"], ModemState.SEARCHING),
        (["+CGREG: 0,1"], ModemState.READY),
        (["+CREG: 0,1", "+CREG: 2"], ModemState.SEARCHING),
        (["+CREG: ?"], ModemState.READY),
    ],
)
def test_registration(lines, state):
    registration = Registration()
    assert all(registration.take(line) for line in lines)
    assert registration.state is state


@pytest.mark.parametrize(("rssi", "dbm"), [(0, -113), (1, -111), (21, -71), (31, -51), (99, None), (None, None)])
def test_signal(rssi, dbm):
    assert rssi_dbm(rssi) == dbm


@pytest.mark.parametrize(
    ("line", "status", "text"),
    [
        ('+CUSD: 0,"Pulsa Rp 25.000",15', 0, "Pulsa Rp 25.000"),
        ('+CUSD: 1,"Paket "Hemat", ya?",15', 1, 'Paket "Hemat", ya?'),
        ('+CUSD: 0,"12345678",15', 0, "12345678"),
        ('+CUSD: 0,"0050007500" ,72', 0, "0050007500"),
        ('+CUSD: 0,"00500075006C00730061",72', 0, "Pulsa"),
        ('+CUSD: 0,"656E00500075",17', 0, "Pu"),
        ('+CUSD: 0,"00500075006C00730061",15', 0, "Pulsa"),
        ('+CUSD: 0,"E8329BFD4697D9EC37",15', 0, "hellohello"),
        ("+CUSD: 4", 4, ""),
        ("+CUSD: 2", 2, ""),
        ('+CUSD: 0,"Rp5.000"', 0, "Rp5.000"),
        ('+CUSD:0,"satu\nOK\ndua",15', 0, "satu\nOK\ndua"),
        ('+CUSD: 0,"\u00c2\u00a3",15', 0, "\u00a3"),
    ],
)
def test_ussd_answers(line, status, text):
    answer = ussd.parse(line, "m0", packed=False)
    assert (answer.status, answer.text) == (status, text)


@given(st.text(max_size=40), st.integers(0, 255), st.booleans())
def test_no_ussd_text_is_too_strange(text, dcs, packed):
    shown = text.encode("latin-1", "ignore").decode("latin-1")
    assert isinstance(ussd.decode(shown, dcs, packed=packed), str)


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("8962101234567890123F", "8962101234567890123"),
        ("8962101234567890123", "8962101234567890123"),
        ("98261021436587092143", "89620112345678901234"),
        ("982610214365870921F3", "8962011234567890123"),
    ],
)
def test_an_iccid_as_it_is_printed(shown, printed):
    assert as_printed(shown) == printed


def test_an_imei_with_or_without_its_check_digit():
    assert same_imei("861195009123456", "86119500912345")
    assert same_imei("861195009123456", "8611950091234502")
    assert not same_imei("861195009123456", "861195009123556")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("huawei", "huawei"),
        ("HUAWEI TECHNOLOGIES", "huawei"),
        ("SIMCOM_Ltd", "simcom"),
        ("Quectel", "quectel"),
        ("ZTE CORPORATION", "zte"),
        ("Telit", "generic"),
        ("", "generic"),
    ],
)
def test_makers(said, name):
    assert quirks_of(said).name == name


@pytest.mark.parametrize(
    "line", ["RING", "+CMTI: 1", "^RSSI:18", "NO CARRIER", "Call Ready", "*PSUTTZ: 1", "+ZUSIMR:2", "^MODE: 5,4"]
)
def test_unasked_lines(line):
    assert is_urc(line, "+CSQ:")
    assert is_urc(line, "")


@pytest.mark.parametrize("line", ["huawei", "861195009123456", "+CSQ: 1,2", "0A0B", "Model: EC25"])
def test_lines_of_answers(line):
    assert not is_urc(line, "+CSQ:")


def test_signs_of_a_restart():
    assert restarted("RDY")
    assert restarted("^SYSSTART")
    assert not restarted("RING")
