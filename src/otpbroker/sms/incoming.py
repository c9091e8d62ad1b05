"""What a modem's memory and its notifications hold: received messages and status reports, told apart by TP-MTI."""

from otpbroker.sms import address, deliver, status_report
from otpbroker.sms.deliver import Deliver
from otpbroker.sms.pdu import Reader, octets
from otpbroker.sms.status_report import StatusReport


def decode(pdu: str) -> Deliver | StatusReport:
    """One PDU of +CMGL, +CMGR, +CMT or +CDS (3GPP TS 23.040 §9.2.3.1); `PduError` for a stored SMS-SUBMIT, too."""
    reader = Reader(octets(pdu))
    address.decode_smsc(reader)
    if reader.octet() & 0x03 == status_report.MESSAGE_TYPE:
        return status_report.decode(pdu)
    return deliver.decode(pdu)
