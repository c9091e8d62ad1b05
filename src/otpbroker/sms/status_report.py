"""SMS-STATUS-REPORT: what became of a submitted message (3GPP TS 23.040 §9.2.2.3)."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct

from otpbroker.sms import address, timestamp
from otpbroker.sms.pdu import Pdu, PduError, Reader, octets

MESSAGE_TYPE: Final = 0x02
_TYPE_MASK: Final = 0x03
_NO_MORE: Final = 0x04
SERVICE_REJECTED: Final = 0x63

_ERRORS: Final = ("congestion", "busy", "no_response", "service_rejected", "no_quality", "recipient_error")
_REASONS: Final = {
    0x00: "received",
    0x01: "forwarded",
    0x02: "replaced",
    **{0x20 + offset: name for offset, name in enumerate(_ERRORS)},
    0x40: "procedure_error",
    0x41: "incompatible",
    0x42: "connection_rejected",
    0x43: "not_obtainable",
    0x44: "no_quality",
    0x45: "no_interworking",
    0x46: "validity_expired",
    0x47: "deleted_by_sender",
    0x48: "deleted_by_centre",
    0x49: "unknown_to_centre",
    **{0x60 + offset: name for offset, name in enumerate(_ERRORS)},
}


class DeliveryState(StrEnum):
    DELIVERED = "delivered"
    PENDING = "pending"
    FAILED = "failed"


class StatusReport(Struct, frozen=True):
    """`tp_mr` is the reference that `+CMGS` named, `tp_ra` the recipient, `tp_st` the status octet as it came."""

    smsc: address.Address | None
    tp_mr: int
    tp_ra: address.Address
    scts: datetime | None
    discharged: datetime | None
    tp_st: int

    @property
    def state(self) -> DeliveryState:
        """TP-ST (§9.2.3.15): *pending* while the centre tries on, and when it cannot tell whether it arrived."""
        status = _understood(self.tp_st)
        if status == 0x00 or 0x10 <= status < 0x20:
            return DeliveryState.DELIVERED
        return DeliveryState.PENDING if status == 0x01 or 0x20 <= status < 0x40 else DeliveryState.FAILED

    @property
    def reason(self) -> str:
        """The key of a text that names the status."""
        return "report." + _REASONS.get(_understood(self.tp_st), "of_the_centre")


def _understood(tp_st: int) -> int:
    """A reserved status counts as *service rejected*; the upper half of each group is the service centre's own."""
    return tp_st if tp_st in _REASONS or (tp_st < 0x80 and tp_st & 0x10) else SERVICE_REJECTED


def decode(pdu: str) -> StatusReport:
    """Reads a whole PDU with its SMSC field; the optional parameters behind TP-ST say nothing that we use."""
    reader = Reader(octets(pdu))
    smsc = address.decode_smsc(reader)
    if reader.octet() & _TYPE_MASK != MESSAGE_TYPE:
        raise PduError("not an SMS-STATUS-REPORT")
    tp_mr = reader.octet()
    tp_ra = address.decode(reader)
    scts = timestamp.decode(reader.take(timestamp.OCTETS))
    discharged = timestamp.decode(reader.take(timestamp.OCTETS))
    return StatusReport(smsc, tp_mr, tp_ra, scts, discharged, reader.octet())


def encode(report: StatusReport) -> Pdu:
    """For the simulated modem, and for tests; a time that is None goes out as zeros."""
    times = (timestamp.encode(time) if time else bytes(timestamp.OCTETS) for time in (report.scts, report.discharged))
    head = bytes((MESSAGE_TYPE | _NO_MORE, report.tp_mr)) + address.encode(report.tp_ra)
    tpdu = head + b"".join(times) + bytes((report.tp_st,))
    smsc = address.encode_smsc(report.smsc.value if report.smsc else None)
    return Pdu((smsc + tpdu).hex().upper(), len(tpdu))
