import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import MessageText
from otpbroker.sms import user_data
from otpbroker.sms.dcs import Alphabet, Dcs
from otpbroker.sms.pdu import Reader
from otpbroker.sms.segment import References, measure, refuse_hopeless, segments


def shown(part):
    octets = bytes((part.udl,)) + part.octets
    return user_data.decode(Reader(octets), Dcs(part.alphabet), has_header=part.reference is not None)


def texts_of(text, **options):
    return [shown(part).text for part in segments(text, **options)]


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("a" * 160, [160]),
        ("a" * 161, [153, 8]),
        ("a" * 306, [153, 153]),
        ("a" * 152 + "\u20ac" + "a" * 7, [152, 8]),  # 161 septets: the pair would straddle the border
        ("a" * 158 + "\u20ac", [159]),
        ("a" * 159 + "\u20ac", [153, 7]),
        ("\u4f60" * 70, [70]),
        ("\u4f60" * 71, [67, 4]),
        ("\u4f60" * 66 + "\U0001f600" + "\u4f60" * 3, [66, 4]),  # so would the surrogate pair
        ("\U0001f600" * 35, [35]),
        ("\U0001f600" * 36, [33, 3]),
        ("\u00a7" * 161, [153, 8]),
    ],
)
def test_borders(text, lengths):
    parts = texts_of(text)
    assert [len(part) for part in parts] == lengths
    assert "".join(parts) == text


@given(st.text(max_size=500), st.booleans())
def test_parts_join_to_the_text_and_fit(text, extended):
    text = text + "\u20ac{}" * 70 if extended else text or "x"
    parts = segments(text)
    assert "".join(texts_of(text)) == text
    assert all(len(part.octets) <= 140 for part in parts)
    assert [part.sequence for part in parts] == list(range(1, len(parts) + 1))
    assert {part.total for part in parts} == {len(parts)}
    counted = measure(MessageText(text))
    assert (counted.alphabet, counted.parts) == (parts[0].alphabet, len(parts))


def test_a_counter_says_what_is_left():
    assert measure("") == (Alphabet.GSM7, 0, 0, 160)
    assert measure("\u20ac") == (Alphabet.GSM7, 1, 2, 158)
    assert measure("\u4f60") == (Alphabet.UCS2, 1, 1, 69)
    assert measure("a" * 161) == (Alphabet.GSM7, 2, 161, 145)
    assert measure("\U0001f600" * 36) == (Alphabet.UCS2, 2, 72, 61)
    assert measure("a" * 10_000).parts == 66
    typed = measure(MessageText("kode"))
    assert (typed.units, typed.units_left) == (4, 156)


def test_references_start_anywhere_and_differ_from_message_to_message():
    assert len({References().take() for _ in range(64)}) > 8
    references = References()
    assert len({references.take() for _ in range(256)}) == 256
    first, second = (segments("a" * 161)[0].reference for _ in range(2))
    assert first != second


def test_a_part_does_not_print_its_text():
    (part,) = segments("hellohello")
    assert "E8329BFD" not in repr(part).upper()
    assert "2\\x9b" not in repr(part)


def test_a_hopeless_length_is_refused_before_anything_is_coded():
    refuse_hopeless(MessageText("x" * 1530))
    with pytest.raises(BrokerError) as refused:
        refuse_hopeless(MessageText("x" * 1531))
    assert (refused.value.code, refused.value.params["parts"]) == (ResponseCode.TOO_LONG, 11)
