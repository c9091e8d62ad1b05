"""SMS-DELIVER: what a modem shows of a received message (3GPP TS 23.040 §9.2.2.1)."""

from datetime import datetime
from typing import Final

from msgspec import Struct

from otpbroker.sms import address, dcs, timestamp, user_data
from otpbroker.sms.pdu import Pdu, PduError, Reader, octets
from otpbroker.sms.segment import Segment

MESSAGE_TYPE: Final = 0x00
# A reserved type is read as SMS-DELIVER (§9.2.3.1); the other two are what they are.
_OTHER_TYPES: Final = (0x01, 0x02)
_TYPE_MASK: Final = 0x03
_NO_MORE: Final = 0x04
_HEADER: Final = 0x40


class Deliver(Struct, frozen=True):
    """A received message or one part of it. `scts` is None where the service centre's clock made no sense."""

    smsc: address.Address | None
    tp_oa: address.Address
    tp_pid: int
    tp_dcs: int
    scts: datetime | None
    user_data: user_data.UserData


def decode(pdu: str) -> Deliver:
    """Reads a whole PDU with its SMSC field; octets that a modem adds at the end are let pass."""
    reader = Reader(octets(pdu))
    smsc = address.decode_smsc(reader)
    first = reader.octet()
    if first & _TYPE_MASK in _OTHER_TYPES:
        raise PduError("not an SMS-DELIVER")
    tp_oa = address.decode(reader)
    tp_pid, tp_dcs = reader.take(2)
    scts = timestamp.decode(reader.take(timestamp.OCTETS))
    found = user_data.decode(reader, dcs.decode(tp_dcs), has_header=bool(first & _HEADER))
    return Deliver(smsc, tp_oa, tp_pid, tp_dcs, scts, found)


def encode(segment: Segment, tp_oa: address.Address, scts: datetime, *, smsc: str | None = None) -> Pdu:
    """One part as the network would deliver it: for the simulated modem, and for tests."""
    first = MESSAGE_TYPE | _NO_MORE | (_HEADER if segment.reference is not None else 0)
    coding = bytes((0, segment.alphabet)) + timestamp.encode(scts) + bytes((segment.udl,))
    tpdu = bytes((first,)) + address.encode(tp_oa) + coding + segment.octets
    return Pdu((address.encode_smsc(smsc) + tpdu).hex().upper(), len(tpdu))
