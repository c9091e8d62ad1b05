import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.sms import gsm7
from otpbroker.sms.pdu import PduError

gsm0338 = pytest.importorskip("gsm0338", reason="oracles come from PyPI; Debian has none")
pygsm7 = pytest.importorskip("pygsm7")

CODEC = gsm0338.Codec()
CHARACTERS = [chr(code) for code in range(0x11000) if gsm7.septets(chr(code))]
texts = st.text(st.sampled_from(CHARACTERS), max_size=200)
rows = st.binary(max_size=gsm7.LONGEST).map(lambda octets: bytes(octet & 0x7F for octet in octets))


def packed_bit_by_bit(septets):
    bits = sum(septet << 7 * place for place, septet in enumerate(septets))
    return bits.to_bytes((len(septets) * 7 + 7) // 8, "little")


def test_the_alphabet_has_every_character_of_the_standard_and_no_other():
    assert len(CHARACTERS) == 127 + 10
    for character in map(chr, range(0x3000)):
        try:
            expected = CODEC.encode(character)[0]
        except UnicodeEncodeError:
            expected = None
        assert gsm7.septets(character) == (None if character == "\x1b" else expected)


@given(texts)
def test_septets_agree_with_the_oracles_both_ways(text):
    septets = gsm7.septets(text)
    assert septets == codecs.encode(text, "gsm03.38")
    assert gsm7.text(septets) == text
    if 0 < len(septets) <= gsm7.LONGEST:
        assert gsm7.pack(septets).hex().upper() == pygsm7.encode_gsm7(text)


@given(rows)
def test_packing_is_bits_in_a_row(septets):
    packed = gsm7.pack(septets)
    assert packed == packed_bit_by_bit(septets)
    assert gsm7.unpack(packed, len(septets)) == septets


def test_every_length_packs():
    for length in range(gsm7.LONGEST + 1):
        septets = bytes((7 * place + length) & 0x7F for place in range(length))
        assert gsm7.pack(septets) == packed_bit_by_bit(septets)
        assert gsm7.unpack(gsm7.pack(septets), length) == septets


@pytest.mark.parametrize(
    ("septets", "shown"),
    [
        (b"\x1be", "\u20ac"),
        (b"\x1bA", "A"),  # no such extension character: the main table's
        (b"\x1b\x1be", " e"),  # an escape to a further table that nobody has defined
        (b"a\x1b", "a "),
        (b"\x1b\x0a", "\f"),
        (b"\x1b\x0d", "\r"),
    ],
)
def test_escapes(septets, shown):
    assert gsm7.text(septets) == shown


def test_an_at_sign_at_the_end_is_no_fill_bit():
    # Eight characters and seven with seven spare bits pack alike; only the septet count tells them apart.
    assert gsm7.pack(gsm7.septets("1234567@")) == gsm7.pack(gsm7.septets("1234567"))
    assert gsm7.text(gsm7.unpack(gsm7.pack(gsm7.septets("1234567@")), 8)) == "1234567@"
    assert gsm7.text(gsm7.unpack(gsm7.pack(gsm7.septets("1234567")), 7)) == "1234567"


@pytest.mark.parametrize("text", ["*123#", "1234567", "1234567\r", "12345678", "123456@", "\r", ""])
def test_ussd_pads_with_a_carriage_return(text):
    shown = gsm7.text(gsm7.unpack_ussd(gsm7.pack_ussd(gsm7.septets(text))))
    assert shown == (text + "\r" if text == "1234567\r" else text)


def test_ussd_of_seven_characters_is_the_standards_example():
    assert gsm7.pack_ussd(b"\0" * 7)[-1] == 0x0D << 1


def test_too_much_and_too_little_are_refused():
    with pytest.raises(PduError):
        gsm7.pack(bytes(gsm7.LONGEST + 1))
    with pytest.raises(PduError):
        gsm7.unpack(b"\0" * 6, 7)
    with pytest.raises(PduError):
        gsm7.unpack(b"\0" * 300, 300)
