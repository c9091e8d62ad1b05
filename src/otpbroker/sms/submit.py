"""SMS-SUBMIT: what a modem is given to send (3GPP TS 23.040 §9.2.2.2)."""

from typing import Final

from msgspec import Struct

from otpbroker.sms import address, dcs, user_data, validity
from otpbroker.sms.pdu import Pdu, PduError, Reader, octets
from otpbroker.sms.segment import Segment

MESSAGE_TYPE: Final = 0x01
_TYPE_MASK: Final = 0x03
_REJECT_DUPLICATES: Final = 0x04
_RELATIVE: Final = 0x10
_PERIOD_MASK: Final = 0x18
_STATUS_REPORT: Final = 0x20
_HEADER: Final = 0x40


class SubmitPdu(Pdu):
    """A SUBMIT ready for AT+CMGS (3GPP TS 27.005 §3.5.1)."""

    __slots__ = ()


class Submit(Struct, frozen=True):
    """A decoded SMS-SUBMIT. `validity_s` is None without a period, or with one of an absolute or enhanced format."""

    smsc: address.Address | None
    tp_da: address.Address
    tp_mr: int
    tp_pid: int
    tp_dcs: int
    status_report: bool
    reject_duplicates: bool
    validity_s: int | None
    user_data: user_data.UserData


def encode(
    segment: Segment,
    tp_da: str,
    *,
    status_report: bool,
    validity_s: float | None,
    tp_mr: int = 0,
    smsc: str | None = None,
    short_code: bool = False,
) -> SubmitPdu:
    """One part as SMS-SUBMIT.

    `tp_da` and `smsc` are canonical E.164 digits and dialled as international numbers; a `short_code` (3636) goes out
    as it is. `validity_s` None leaves the lifetime to the network. Raises `PduError` for what are no digits.
    """
    first = MESSAGE_TYPE
    period = b""
    if validity_s is not None:
        first |= _RELATIVE
        period = bytes((validity.encode(validity_s),))
    if status_report:
        first |= _STATUS_REPORT
    if segment.reference is not None:
        first |= _HEADER
    toa = address.UNKNOWN if short_code else address.INTERNATIONAL
    destination = address.encode(address.Address(tp_da, toa))
    coding = bytes((0, segment.alphabet)) + period + bytes((segment.udl,))
    tpdu = bytes((first, tp_mr)) + destination + coding + segment.octets
    return SubmitPdu((address.encode_smsc(smsc) + tpdu).hex().upper(), len(tpdu))


def decode(pdu: str) -> Submit:
    """Reads a whole PDU with its SMSC field; octets left over at the end are a `PduError`."""
    reader = Reader(octets(pdu))
    smsc = address.decode_smsc(reader)
    first = reader.octet()
    if first & _TYPE_MASK != MESSAGE_TYPE:
        raise PduError("not an SMS-SUBMIT")
    tp_mr = reader.octet()
    tp_da = address.decode(reader)
    tp_pid, tp_dcs = reader.take(2)
    period = first & _PERIOD_MASK
    validity_s = validity.decode(reader.octet()) if period == _RELATIVE else None
    if period not in (0, _RELATIVE):
        reader.take(validity.LONG_OCTETS)
    found = user_data.decode(reader, dcs.decode(tp_dcs), has_header=bool(first & _HEADER))
    if not reader.at_end():
        raise PduError("octets after the user data")
    return Submit(
        smsc, tp_da, tp_mr, tp_pid, tp_dcs, bool(first & _STATUS_REPORT), bool(first & _REJECT_DUPLICATES),
        validity_s, found,
    )  # fmt: skip
