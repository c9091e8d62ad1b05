from datetime import UTC, datetime

import pytest

from otpbroker.sms import incoming, status_report
from otpbroker.sms.address import Address
from otpbroker.sms.deliver import Deliver
from otpbroker.sms.pdu import PduError
from otpbroker.sms.status_report import DeliveryState, StatusReport
from otpbroker.texts import ENGLISH

SENT = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)


def report(tp_st=0, **fields):
    known = {
        "smsc": Address("62811"),
        "tp_mr": 200,
        "tp_ra": Address("6281234567890"),
        "scts": SENT,
        "discharged": SENT,
    }
    return StatusReport(**known | fields, tp_st=tp_st)


def test_a_report_written_out_by_hand():
    times = "62301021000000" + "62301021500000"
    found = status_report.decode("00" + "06C8" + "0D91" + "261832547698F0" + times + "00")
    assert (found.tp_mr, found.tp_ra.value) == (200, "6281234567890")
    assert (found.scts.minute, found.discharged.minute) == (0, 5)
    assert (found.state, found.reason) == (DeliveryState.DELIVERED, "report.received")


@pytest.mark.parametrize("fields", [{}, {"smsc": None}, {"discharged": None}, {"tp_ra": Address("3636", 0x81)}])
def test_round_trip(fields):
    assert status_report.decode(status_report.encode(report(**fields)).hex) == report(**fields)


@pytest.mark.parametrize(
    ("tp_st", "state", "reason"),
    [
        (0x00, DeliveryState.DELIVERED, "received"),
        (0x01, DeliveryState.PENDING, "forwarded"),
        (0x02, DeliveryState.FAILED, "replaced"),
        (0x03, DeliveryState.FAILED, "service_rejected"),  # reserved
        (0x1F, DeliveryState.DELIVERED, "of_the_centre"),
        (0x20, DeliveryState.PENDING, "congestion"),
        (0x25, DeliveryState.PENDING, "recipient_error"),
        (0x30, DeliveryState.PENDING, "of_the_centre"),
        (0x41, DeliveryState.FAILED, "incompatible"),
        (0x46, DeliveryState.FAILED, "validity_expired"),
        (0x60, DeliveryState.FAILED, "congestion"),
        (0x7F, DeliveryState.FAILED, "of_the_centre"),
        (0xFF, DeliveryState.FAILED, "service_rejected"),
    ],
)
def test_states(tp_st, state, reason):
    assert (report(tp_st).state, report(tp_st).reason) == (state, f"report.{reason}")


def test_every_status_has_a_text():
    assert {report(octet).reason for octet in range(256)} == {key for key in ENGLISH if key.startswith("report.")}


def test_optional_parameters_behind_the_status_are_let_pass():
    assert status_report.decode(status_report.encode(report()).hex + "0700000161") == report()


def test_incoming_tells_the_types_apart():
    assert incoming.decode(status_report.encode(report()).hex) == report()
    delivered = incoming.decode("00" + "04" + "0491" + "2143" + "0000" + "62301021005082" + "0161")
    assert isinstance(delivered, Deliver)
    for pdu in ("0001000491214300000161", "", "00"):
        with pytest.raises(PduError):
            incoming.decode(pdu)
    with pytest.raises(PduError):
        status_report.decode("0004")


def test_a_report_does_not_print_the_number():
    assert "62812" not in repr(report())
