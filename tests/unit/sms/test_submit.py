import pytest

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import MessageText
from otpbroker.sms import submit
from otpbroker.sms.dcs import Alphabet
from otpbroker.sms.pdu import PduError
from otpbroker.sms.segment import segments


def encode(text, tp_da="6281234567890", **options):
    options = {"status_report": False, "validity_s": None, "reference": 0x42} | options
    parts = segments(text, reference=options.pop("reference"))
    return [submit.encode(part, tp_da, **options) for part in parts]


def test_the_well_known_hellohello():
    # The example of every PDU tutorial: "hellohello" to +46708251358, validity 4 days (0xAA).
    (pdu,) = encode("hellohello", "46708251358", validity_s=4 * 86400)
    assert pdu.hex == "0011000B916407281553F80000AA0AE8329BFD4697D9EC37"
    assert pdu.tpdu_length == 23


def test_a_status_report_an_smsc_and_a_message_reference():
    (pdu,) = encode("a", "62811", status_report=True, smsc="62855000000", tp_mr=7)
    assert pdu.hex == "0791" + "2658050000F0" + "2107" + "0591" + "2618F1" + "0000" + "0161"
    assert pdu.tpdu_length == 11


def test_a_short_code_is_dialled_as_it_is_only_when_asked():
    (pdu,) = encode("a", "3636", short_code=True)
    assert pdu.hex.startswith("000100" + "0481" + "6363")
    (pdu,) = encode("a", "3636")
    assert pdu.hex.startswith("000100" + "0491" + "6363")


@pytest.mark.parametrize("number", ["", "+62811", "62 811", "1" * 21, '62811"\r', "\u0661\u0662"])
def test_what_is_no_number_is_refused(number):
    with pytest.raises(PduError):
        encode("a", number)


def test_three_parts_of_ucs2_come_back_with_their_header():
    text = "\u4f60" * 140
    decoded = [submit.decode(pdu.hex) for pdu in encode(MessageText(text))]
    assert "".join(part.user_data.text for part in decoded) == text
    assert [tuple(part.user_data.header.concatenation) for part in decoded] == [(0x42, 3, n, 8) for n in (1, 2, 3)]
    assert {part.tp_da.value for part in decoded} == {"6281234567890"}
    assert decoded[0].tp_dcs == Alphabet.UCS2


def test_refusals_before_anything_is_made():
    with pytest.raises(BrokerError) as caught:
        segments("a" * 1531)
    assert caught.value.code is ResponseCode.TOO_LONG
    assert caught.value.params == {"parts": 11, "most": 10}
    for text in ("", "\ud83d"):
        with pytest.raises(BrokerError) as caught:
            segments(text)
        assert caught.value.code is ResponseCode.INVALID_REQUEST


def test_a_pdu_does_not_print_itself():
    (pdu,) = encode("hellohello")
    assert repr(pdu) == str(pdu) == "<SubmitPdu of 23 octets>"
    assert "hello" not in repr(submit.decode(pdu.hex))
    assert "62812" not in repr(submit.decode(pdu.hex))


def test_foreign_submits_decode():
    # Absolute validity period, reject duplicates, port addressing, flash class; written by hand from the clauses.
    pdu = "00" + "5D" + "00" + "0491" + "2143" + "00F5" + "62112331551482" + "09" + "060504" + "0B84" + "23F0" + "4142"
    found = submit.decode(pdu)
    assert found.reject_duplicates
    assert found.validity_s is None
    assert found.tp_da.international
    assert found.user_data.alphabet is Alphabet.DATA8
    assert found.user_data.text is None
    assert found.user_data.payload == b"AB"
    assert found.user_data.header.ports == (0x0B84, 0x23F0)


@pytest.mark.parametrize("pdu", ["", "0", "zz", "00", "0001", "00010004912143", "000100049121430000056161", "0000"])
def test_malformed_submits_are_a_typed_error(pdu):
    with pytest.raises(PduError):
        submit.decode(pdu)


def test_octets_after_the_end_are_an_error():
    (pdu,) = encode("a")
    with pytest.raises(PduError):
        submit.decode(pdu.hex + "00")
