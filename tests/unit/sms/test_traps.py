"""Messages that break other codecs, each by the name of its trap."""

import pytest

from otpbroker.sms import deliver, submit
from otpbroker.sms.dcs import Alphabet
from otpbroker.sms.segment import segments

TEXTS = {
    "at sign at the end of 8 septets": ("1234567@", "GSM7", 1),
    "at sign at the end of 7 septets, 7 bits to spare": ("123456@", "GSM7", 1),
    "only at signs": ("@" * 160, "GSM7", 1),
    "seven septets leave a whole septet of fill, which is no character": ("1234567", "GSM7", 1),
    "carriage return at the end of 8 septets is text, not padding": ("1234567\r", "GSM7", 1),
    "carriage return in the last of 160": ("a" * 159 + "\r", "GSM7", 1),
    "160 septets fill 140 octets": ("a" * 160, "GSM7", 1),
    "euro as the 160th septet": ("a" * 159 + "\u20ac", "GSM7", 2),
    "section sign at the border": ("a" * 152 + "\u00a7" * 10, "GSM7", 2),
    "euro across the border": ("a" * 152 + "\u20ac" * 10, "GSM7", 2),
    "nothing but euros: 76 in a part": ("\u20ac" * 153, "GSM7", 3),
    "ten parts of escape pairs": ("\u20ac" * 760, "GSM7", 10),
    "emoji across the border": ("\u4f60" * 66 + "\U0001f600" * 3, "UCS2", 2),
    "nothing but emoji: 33 in a part": ("\U0001f600" * 67, "UCS2", 3),
    "a family of joined emoji": ("\U0001f468\u200d\U0001f469\u200d\U0001f467" * 9, "UCS2", 2),
    "byte order mark at the start": ("\ufeffkode", "UCS2", 1),
    "byte order mark the wrong way round": ("\ufffekode", "UCS2", 1),
    "the end of file that ends a text on the wire": ("kode\x1a", "UCS2", 1),
    "escape, which cancels a text on the wire": ("kode\x1b", "UCS2", 1),
    "a null in the text": ("ko\x00de", "UCS2", 1),
    "a final result code in the text": ("\r\nOK\r\n+CMS ERROR: 500\r\n> ", "GSM7", 1),
    "grave accent, which GSM-7 lacks": ("`", "UCS2", 1),
    "small c with cedilla, of which GSM-7 has the capital": ("\u00e7", "UCS2", 1),
    "greek capitals that look like latin ones": ("\u0391", "UCS2", 1),
    "every extension character": ("\f^{}\\[~]|\u20ac", "GSM7", 1),
    "white space alone": (" \n", "GSM7", 1),
}


@pytest.mark.parametrize("trap", TEXTS)
def test_texts(trap):
    text, alphabet, parts = TEXTS[trap]
    coded = segments(text)
    assert (coded[0].alphabet, len(coded)) == (Alphabet[alphabet], parts)
    pdus = [submit.encode(part, "62811", status_report=False, validity_s=None).hex for part in coded]
    assert all(set(pdu) <= set("0123456789ABCDEF") for pdu in pdus)
    shown = [submit.decode(pdu).user_data.text for pdu in pdus]
    assert "".join(shown) == text
    assert not any("\ufffd" in part for part in shown)


HEAD = "0491" + "2143" + "00"
SCTS = "62301021005082"
RECEIVED = {
    "a zone west of Greenwich": (
        "07911326040000F0040B911346610089F60000208062917314480CC8F71D14969741F977FD07",
        "How are you?",
    ),
    "no user data at all": ("0004" + HEAD + "00" + SCTS + "00", ""),
    "a header and nothing behind it": ("0044" + HEAD + "00" + SCTS + "07" + "05000307020100", ""),
    "lower case digits": ("0004" + HEAD + "08" + SCTS + "02" + "00e9", "\u00e9"),
    "an escape at the very end": ("0004" + HEAD + "00" + SCTS + "01" + "1B", " "),
    "a flash message": ("0004" + HEAD + "10" + SCTS + "01" + "61", "a"),
    "a voice mail notice, which is GSM-7": ("0004" + HEAD + "C8" + SCTS + "01" + "61", "a"),
    "a reserved coding group is GSM-7": ("0004" + HEAD + "B5" + SCTS + "01" + "61", "a"),
    "a reserved message type is a DELIVER": ("0007" + HEAD + "00" + SCTS + "01" + "61", "a"),
    "UCS-2 with half a unit": ("0004" + HEAD + "08" + SCTS + "03" + "006100", "a\ufffd"),
    "half a surrogate pair": ("0004" + HEAD + "08" + SCTS + "04" + "0061D83D", "a\ufffd"),
    "a sender without digits": ("0004" + "0091" + "0000" + SCTS + "01" + "61", "a"),
    "a sender of 20 digits": ("0004" + "1491" + "21" * 10 + "0000" + SCTS + "01" + "61", "a"),
    "the digits * # a b c": ("0004" + "0581" + "BADCFE" + "0000" + SCTS + "01" + "61", "a"),
}


@pytest.mark.parametrize("trap", RECEIVED)
def test_received(trap):
    pdu, text = RECEIVED[trap]
    assert deliver.decode(pdu).user_data.text == text


def test_a_zone_west_of_greenwich_counts_backwards():
    scts = deliver.decode(RECEIVED["a zone west of Greenwich"][0]).scts
    assert scts.isoformat() == "2002-08-26T19:37:41-01:00"


def test_digits_beyond_nine():
    assert deliver.decode(RECEIVED["the digits * # a b c"][0]).tp_oa.value == "*#abc"
