from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.sms import deliver, gsm7, submit
from otpbroker.sms.address import Address
from otpbroker.sms.assemble import assemble
from otpbroker.sms.segment import measure, segments

GSM7 = [chr(code) for code in range(0x3000) if gsm7.septets(chr(code))]
ALPHABETS = {
    "default": [character for character in GSM7 if len(gsm7.septets(character)) == 1],
    "extended": GSM7,
    "basic plane": [chr(code) for code in range(0x4E00, 0x9FA0)],
    "mixed": [*GSM7, *map(chr, range(0x1F600, 0x1F640)), "\ufeff", "\u0000", "\u001a", "\u001b"],
}


def text_of(parts, alphabet, random):
    """A random text of the alphabet that needs so many parts."""
    text = ""
    while True:
        longer = text + random.choice(ALPHABETS[alphabet])
        if measure(longer).parts > parts:
            return text
        text = longer


@pytest.mark.parametrize("alphabet", ALPHABETS)
@pytest.mark.parametrize("parts", range(1, 11))
def test_through_the_network_and_back(parts, alphabet):
    random = Random(f"{parts} {alphabet}")
    text = text_of(parts, alphabet, random)
    coded = segments(text)
    assert len(coded) == parts
    assert all(len(part.octets) <= 140 for part in coded)
    sent = [
        submit.decode(submit.encode(part, "6281234567890", status_report=False, validity_s=300, smsc="62811").hex)
        for part in coded
    ]
    assert "".join(part.user_data.text for part in sent) == text
    received = [
        (part.sequence, deliver.decode(deliver.encode(part, Address("3636", 0x81), datetime.now(UTC)).hex))
        for part in coded
    ]
    random.shuffle(received)
    (message,) = assemble(received)
    assert (message.text, message.missing) == (text, ())


@given(
    st.text(min_size=1, max_size=100),
    st.from_regex(r"[0-9*#]{1,20}", fullmatch=True),
    st.booleans(),
    st.none() | st.floats(0, 1e8),
    st.integers(0, 255),
)
def test_every_field_of_submit(text, tp_da, status_report, validity_s, tp_mr):
    for part in segments(text, reference=255):
        options = {"status_report": status_report, "validity_s": validity_s, "tp_mr": tp_mr}
        found = submit.decode(submit.encode(part, tp_da, smsc="62811", **options).hex)
        assert (found.tp_da, found.smsc, found.tp_mr) == (Address(tp_da), Address("62811"), tp_mr)
        assert (found.status_report, found.tp_pid, found.tp_dcs) == (status_report, 0, part.alphabet)
        if validity_s is None:
            assert found.validity_s is None
        else:
            assert found.validity_s <= max(validity_s, 300)
