"""The simulator's own codec against `otpbroker.sms`: two readings of 3GPP TS 23.040."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.simulator import air
from otpbroker.sms import deliver, status_report, submit, timestamp
from otpbroker.sms.assemble import assemble

WHEN = dt.datetime(2026, 11, 23, 14, 5, 9, tzinfo=dt.UTC)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Co"]), min_size=1, max_size=700)


@given(TEXTS | st.text("abc {}", min_size=1, max_size=500), st.integers(0, 300))
def test_incoming_texts_arrive_whole(text, reference):
    pdus = air.deliver("+628110000001", text, WHEN, reference)
    parts = [(index, deliver.decode(pdu)) for index, pdu in enumerate(pdus)]
    (message,) = assemble(parts)
    assert message.text == text
    assert message.tp_oa.value == "628110000001"
    assert not message.missing


@pytest.mark.parametrize("sender", ["TELKOMSEL", "3636", "+62811000000"])
def test_senders(sender):
    (pdu,) = air.deliver(sender, "Halo", WHEN)
    assert deliver.decode(pdu).tp_oa.value == sender.removeprefix("+")


def test_status_reports():
    pdu, length = air.status_report(17, air.address("+6281000000126"), WHEN, 0)
    report = status_report.decode(pdu)
    assert (report.tp_mr, report.tp_ra.value) == (17, "6281000000126")
    assert length == len(pdu) // 2 - 1


@given(st.text("abc 1", min_size=1, max_size=160), st.from_regex(r"\+?[1-9][0-9]{7,14}", fullmatch=True))
def test_text_mode_submits(text, number):
    pdu, length = air.submit(number, text)
    read = submit.decode(pdu)
    assert (read.tp_da.value, read.user_data.text) == (number.removeprefix("+"), text)
    assert air.submit_head(bytes.fromhex(pdu), length).number == number.removeprefix("+")


@given(st.binary(max_size=40), st.integers(0, 40))
def test_any_octets_are_read_or_refused(octets, length):
    try:
        air.submit_head(octets, length)
    except ValueError:
        return
    assert octets


def test_a_moment_is_the_same_moment_in_jakarta():
    octets = air.timestamp(WHEN)
    assert timestamp.decode(octets) == WHEN
    assert octets[3] == 0x12  # 21 o'clock, seven hours after 14 in London
