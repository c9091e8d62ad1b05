"""The commands of every door, as structs (SPEC §5.1). A text is a `MessageText` from the first moment."""

from msgspec import Struct

from otpbroker.secrets import MessageText, Secret

Id = int | str | None
Params = tuple[str, ...]  # param1 to param4


class Timing(Struct, frozen=True, kw_only=True):
    """What the sender says about the life of a message, in Unix seconds; see `otpbroker.envelope.lifetime`."""

    date_time: float | None = None
    expiration: float | None = None


class SendSms(Struct, frozen=True, kw_only=True):
    """`id` is kept in the sender's form, so that 123456 comes back as a number and "123456" as a string. `callback` is
    the address that is told of the outcome.
    """

    command: str
    msisdn: str
    text: MessageText
    id: Id = None
    timing: Timing = Timing()
    callback: str = ""


class SendMail(Struct, frozen=True, kw_only=True):
    """An empty `subject`: the device's name stands there. `callback` is as in `SendSms`."""

    command: str
    recipient: str
    subject: str
    text: MessageText
    id: Id = None
    timing: Timing = Timing()
    callback: str = ""


class BlockMsisdn(Struct, frozen=True, kw_only=True):
    """`blocked` False takes the number off the block list (unblock-msisdn)."""

    command: str
    msisdn: str
    blocked: bool


class GetModemList(Struct, frozen=True, kw_only=True):
    command: str


class RequestUssd(Struct, frozen=True, kw_only=True):
    command: str
    modem_id: str
    ussd_code: str


class RequestOtp(Struct, frozen=True, kw_only=True):
    """`text` has one `%s`, where the code goes. `receiver` is a number or an e-mail address; `reference` is kept in the
    sender's form. Who verifies must name the same `params`; `timing` is the life of the code.
    """

    command: str
    reference: int | str
    receiver: str
    text: MessageText
    params: Params
    subject: str = ""
    timing: Timing = Timing()
    callback: str = ""


class VerifyOtp(Struct, frozen=True, kw_only=True):
    command: str
    reference: int | str
    receiver: str
    otp: Secret
    params: Params


class Echo(Struct, frozen=True, kw_only=True):
    """`data` comes back as it is, whatever it is."""

    command: str
    data: object


Command = SendSms | SendMail | BlockMsisdn | GetModemList | RequestUssd | RequestOtp | VerifyOtp | Echo
