from datetime import UTC, datetime, timedelta, timezone

import pytest

from otpbroker.sms import deliver, gsm7
from otpbroker.sms.address import ALPHANUMERIC, Address
from otpbroker.sms.dcs import Alphabet
from otpbroker.sms.pdu import PduError
from otpbroker.sms.segment import segments

NOON = datetime(2026, 3, 1, 12, 0, 5, tzinfo=timezone(timedelta(hours=7)))


def head(tp_oa="0491" + "2143", tp_dcs="00", first="04"):
    return "00" + first + tp_oa + "00" + tp_dcs + "62301021005082"


def test_the_well_known_hellohello():
    found = deliver.decode("07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37")
    assert found.smsc == Address("27381000015")
    assert (found.tp_oa.value, found.tp_oa.toa, found.tp_oa.alphanumeric) == ("27838890001", 0xC8, False)
    assert found.scts == datetime(2099, 3, 29, 15, 16, 59, tzinfo=timezone(timedelta(hours=2)))
    assert found.user_data.text == "hellohello"


def test_an_alphanumeric_sender():
    (part,) = segments("a")
    for name in ("A", "Telkomsel", "ITSTIMETOGO", "1234567", "12345678", "@@", "{Bank}"):
        found = deliver.decode(deliver.encode(part, Address(name, ALPHANUMERIC), NOON).hex)
        assert (found.tp_oa.value, found.tp_oa.alphanumeric) == (name, True)


@pytest.mark.parametrize("semi_octets", ["0D", "0E"])
def test_a_sender_of_seven_characters_has_no_at_sign_behind_it(semi_octets):
    packed = gsm7.pack(gsm7.septets("Smartfr")).hex()
    assert deliver.decode(head(tp_oa=semi_octets + "D0" + packed) + "0161").tp_oa.value == "Smartfr"


@pytest.mark.parametrize("name", ["", "a" * 12, "\u4f60"])
def test_a_sender_that_fits_no_address_field_is_refused(name):
    (part,) = segments("a")
    with pytest.raises(PduError):
        deliver.encode(part, Address(name, ALPHANUMERIC), NOON)


@pytest.mark.parametrize("hours", [7, 0, -3.5, 5.75, -12, 14])
def test_time_zones_in_quarters(hours):
    moment = NOON.astimezone(timezone(timedelta(hours=hours)))
    (part,) = segments("a")
    found = deliver.decode(deliver.encode(part, Address("3636", 0x81), moment).hex)
    assert found.scts == moment
    assert found.scts.utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize("scts", ["00000000000000", "FFFFFFFFFFFFFF", "62993021005082", "623010210050FF"])
def test_a_clock_that_makes_no_sense_hides_no_text(scts):
    found = deliver.decode("00" + "04" + "0491" + "2143" + "0000" + scts + "0161")
    assert found.scts is None
    assert found.user_data.text == "a"


def test_eight_bit_data_and_compressed_text_are_octets():
    found = deliver.decode(head(tp_dcs="F5") + "03" + "00FF1B")
    assert (found.user_data.alphabet, found.user_data.payload) == (Alphabet.DATA8, b"\x00\xff\x1b")
    found = deliver.decode(head(tp_dcs="20") + "02" + "FFFF")
    assert (found.user_data.alphabet, found.user_data.payload) == (Alphabet.DATA8, b"\xff\xff")


def test_message_waiting_in_ucs2():
    assert deliver.decode(head(tp_dcs="E8") + "02" + "20AC").user_data.text == "\u20ac"


def test_a_16_bit_reference_beside_ports_and_an_unknown_element():
    header = "0A" + "0804" + "BEEF" + "0302" + "7F02" + "0001"
    found = deliver.decode(head(tp_dcs="08", first="44") + "0D" + header + "0061")
    assert tuple(found.user_data.header.concatenation) == (0xBEEF, 3, 2, 16)
    assert found.user_data.text == "a"


@pytest.mark.parametrize("element", ["0003420300", "0003420304", "0003420001", "000242030101"])
def test_a_concatenation_that_contradicts_itself_is_none(element):
    header = bytes([len(element) // 2]).hex() + element
    found = deliver.decode(head(tp_dcs="08", first="44") + f"{len(header) // 2 + 2:02X}" + header + "0061")
    assert found.user_data.header.concatenation is None
    assert found.user_data.text == "a"


def test_a_header_whose_last_element_does_not_fit_is_ignored_whole():
    found = deliver.decode(head(tp_dcs="08", first="44") + "0A" + "07" + "240101" + "25030301" + "0061")
    assert found.user_data.header.elements == {}
    assert found.user_data.text == "a"


def test_a_seven_bit_header_ends_on_a_septet_border():
    # Header of 6 octets: 7 septets, one fill bit; "a" follows it.
    found = deliver.decode(head(first="44") + "08" + "050003420201" + "C2")
    assert found.user_data.text == "a"


def test_octets_that_a_modem_adds_are_let_pass():
    assert deliver.decode(head() + "0161" + "FFFF").user_data.text == "a"


@pytest.mark.parametrize(
    "pdu",
    [
        "",
        "0",
        "0G",
        "08912143",
        "00",
        "0004",
        head(tp_oa="FF91" + "21" * 128) + "00",  # a sender of 255 digits
        head() + "02" + "61",  # two septets in one octet
        head() + "A1" + "00" * 141,  # 161 septets
        head(tp_dcs="04") + "8D" + "00" * 141,
        head(first="44") + "00",  # a header announced, no room for it
        head(first="44") + "01" + "05",
        head(first="44", tp_dcs="04") + "02" + "0500",
        head(first="44") + "04" + "03000102",  # the header takes 5 septets of 4
        head(first="05") + "0161",  # SMS-SUBMIT
        head(first="06") + "0161",  # SMS-STATUS-REPORT
    ],
)
def test_malformed_is_a_typed_error(pdu):
    with pytest.raises(PduError):
        deliver.decode(pdu)


def test_a_delivered_message_does_not_print_itself():
    (part,) = segments("hellohello")
    pdu = deliver.encode(part, Address("6281234567890"), NOON.astimezone(UTC), smsc="62811")
    shown = repr(pdu) + repr(deliver.decode(pdu.hex))
    assert "hello" not in shown
    assert "62812" not in shown
    assert "E8329B" not in shown
