"""Other people's codecs read what we write. None of them is fit for more than its share (see the filters)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.sms import deliver, gsm7, submit
from otpbroker.sms.address import Address
from otpbroker.sms.segment import segments

oracle = pytest.importorskip("smspdudecoder.easy", reason="oracles come from PyPI; Debian has none")

# The oracle cuts by characters where the length counts septets, so no extension characters for it.
PLAIN = [chr(code) for code in range(0x400) if len(gsm7.septets(chr(code)) or b"") == 1]
BASIC_PLANE = st.characters(codec="utf-16", max_codepoint=0xFFFF)
texts = st.text(st.sampled_from(PLAIN), min_size=1, max_size=600) | st.text(
    BASIC_PLANE, min_size=1, max_size=300
).filter(lambda text: gsm7.septets(text) is None)
numbers = st.from_regex(r"[1-9][0-9]{7,14}", fullmatch=True)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2068, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 zone added


@given(texts, numbers, st.integers(0, 255))
def test_submit(text, number, reference):
    for validity_s in (None, 300.0):
        parts = [
            oracle.read_outgoing_sms(submit.encode(part, number, status_report=True, validity_s=validity_s).hex)
            for part in segments(text, reference=reference)
        ]
        assert "".join(part["content"] for part in parts) == text
        assert {part["recipient"] for part in parts} == {"+" + number}


@given(texts, numbers, moments, st.integers(0, 255))
def test_deliver(text, number, scts, reference):
    coded = segments(text, reference=reference)
    parts = [oracle.read_incoming_sms(deliver.encode(part, Address(number), scts, smsc=number).hex) for part in coded]
    assert "".join(part["content"] for part in parts) == text
    assert {part["date"] for part in parts} == {scts.replace(microsecond=0)}
    if len(parts) > 1:
        assert [part["partial"]["part_number"] for part in parts] == list(range(1, len(parts) + 1))
        assert {part["partial"]["parts_count"] for part in parts} == {len(parts)}
