"""Reading request-otp and verify-otp (SPEC §5.1)."""

from typing import Final

from otpbroker.envelope.commands import Params, RequestOtp, VerifyOtp
from otpbroker.envelope.fields import MAX_ADDRESS, MAX_SUBJECT, Fields, number, one_line
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import MessageText, Secret

MAX_PARAM: Final = 255
MAX_OTP: Final = 32
PLACE: Final = "%s"  # where the code goes


def request_otp(command: str, data: object) -> RequestOtp:
    """`%s` is replaced as it stands; no other `%` in the message means anything."""
    fields = Fields(data)
    message = fields.text("message")
    if message.count(PLACE) != 1:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "envelope.otp_place", count=message.count(PLACE))
    return RequestOtp(
        command=command,
        reference=fields.required_label("reference"),
        text=MessageText(message),
        params=_params(fields),
        subject=fields.line("subject", MAX_SUBJECT),
        timing=fields.timing(),
        callback=fields.address("callback"),
        receiver=_receiver(fields),
    )


def verify_otp(command: str, data: object) -> VerifyOtp:
    """A code never begins with 0, so nothing of it is lost where a program sends it as a number."""
    fields = Fields(data)
    return VerifyOtp(
        command=command,
        reference=fields.required_label("reference"),
        otp=Secret(str(fields.required_label("otp", MAX_OTP)).strip()),
        params=_params(fields),
        receiver=_receiver(fields),
    )


def _receiver(fields: Fields) -> str:
    receiver = fields.recipient("receiver")
    return one_line("receiver", receiver, MAX_ADDRESS) if "@" in receiver else number(receiver)


def _params(fields: Fields) -> Params:
    labels = (fields.label(f"param{at}", MAX_PARAM) for at in range(1, 5))
    return tuple("" if label is None else str(label) for label in labels)
