import pytest

from otpbroker.sms import gsm7
from otpbroker.sms.dcs import Alphabet
from otpbroker.sms.segment import measure, segments
from otpbroker.sms.transliterate import to_gsm7


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\u201cKode\u201d \u2013 caf\u00ea", '"Kode" - cafe'),
        ("it\u2019s\u00a0here\u2026", "it's here..."),
        ("\u0110\u1ed3ng \u0142\u00f3d\u017a", "Dong lodz"),
        ("\uff11\uff12\uff13", "123"),  # full-width digits
        ("zero\u200bwidth", "zerowidth"),
        ("\u2009caf\u00e9 \u00fc\u00f1 \u20ac", " caf\u00e9 \u00fc\u00f1 \u20ac"),  # what GSM-7 has stays
        ("cafe\u0301 e\u0302", "caf\u00e9 e"),  # accents that stand alone join their letter where GSM-7 has it
    ],
)
def test_stand_ins(text, plain):
    result, replaced = to_gsm7(text)
    assert result == plain
    rebuilt = text
    for original, stand_in in replaced:
        assert gsm7.septets(original) is None
        rebuilt = rebuilt.replace(original, stand_in)
    assert rebuilt == plain


@pytest.mark.parametrize("text", ["\u4f60", "\U0001f600", "\u00bd", "\u0301", "\ud83d", "\x00", "\u0416"])
def test_what_has_no_stand_in_stays(text):
    assert to_gsm7(text + "\u2013") == (text + "-", (("\u2013", "-"),))


def test_only_on_request_and_never_silent():
    text = "\u201cKode\u201d \u2013 caf\u00ea"
    assert segments(text)[0].alphabet is Alphabet.UCS2
    assert segments(text)[0].replaced == ()
    (part,) = segments(text, transliterate=True)
    assert part.alphabet is Alphabet.GSM7
    assert part.octets == segments('"Kode" - cafe')[0].octets
    assert part.replaced == (("\u201c", '"'), ("\u201d", '"'), ("\u2013", "-"), ("\u00ea", "e"))
    assert measure(text, transliterate=True).alphabet is Alphabet.GSM7


@pytest.mark.parametrize("text", ["caf\u00e9 \u00a7", "\u201ckode\u201d \U0001f600"])
def test_a_text_that_fits_or_cannot_be_made_to_fit_is_left_alone(text):
    assert segments(text, transliterate=True) == segments(text)


def test_a_text_that_nothing_is_left_of_is_not_made_empty():
    (part,) = segments("\u200b", transliterate=True)
    assert (part.alphabet, part.replaced) == (Alphabet.UCS2, ())
