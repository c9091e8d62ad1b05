"""From the octets of a request to a command (SPEC §5.1). `command` decides, not the path."""

import re
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from otpbroker.envelope import json_text
from otpbroker.envelope.commands import BlockMsisdn, Command, Echo, GetModemList, RequestUssd, SendMail, SendSms
from otpbroker.envelope.fields import MAX_ADDRESS, MAX_SUBJECT, Fields, number, one_line
from otpbroker.envelope.otp import request_otp, verify_otp
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import MessageText

MAX_MODEM_ID: Final = 64
MAX_TOPIC: Final = 200
MAX_TOPIC_OCTETS: Final = 255  # of a routing key
MAX_COMMANDS: Final = 1000
_ENVELOPE: Final = "send-message"  # also the command that sends by SMS or mail: only its data tells them apart
_USSD: Final = re.compile(r"[0-9*#+]{1,160}")


class Frame(Struct, frozen=True):
    """A request whose command is known and whose data are not read yet. `callback_topic` names where, at the message
    broker that it came from, its reply is wanted too.
    """

    command: str
    data: object
    callback_topic: str = ""


def parse(body: bytes) -> Command:
    """The command that `body` asks for. Raises `BrokerError` as `read_frame` and `read_command` do."""
    return read_command(read_frame(body))


def read_frame(body: bytes) -> Frame:
    """Raises `BrokerError`: 1105 malformed JSON, 1109 no or an unknown command."""
    return _frame(json_text.decode(body))


def read_frames(body: bytes) -> list[Frame | BrokerError]:
    """The commands of one message from a message broker, each or why it is none.

    Taken are a command, a list of them, the older `{"data": [{"receiver", "message"}]}`, and all of these as the
    `data` of WSMessageBroker's envelope. Raises `BrokerError` 1105 where the message as a whole is not readable.
    """
    frames = [_frame_or_error(content) for content in _contents(json_text.decode(body))]
    if not 0 < len(frames) <= MAX_COMMANDS:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "envelope.command_count", max=MAX_COMMANDS, count=len(frames))
    return frames


def _contents(message: object) -> list[object]:
    if isinstance(message, list):
        return [content for part in message for content in _contents(part)]
    if isinstance(message, dict) and message.get("command") in (None, _ENVELOPE):
        data = message.get("data")
        if isinstance(data, list) or (isinstance(data, dict) and "command" in data):
            return _contents(data)
    return [message]


def _frame_or_error(content: object) -> Frame | BrokerError:
    try:
        if isinstance(content, dict) and "command" not in content:
            content = {"command": _ENVELOPE, "data": content.get("data", content)}
        return _frame(content)
    except BrokerError as error:
        return error


def _frame(content: object) -> Frame:
    if not isinstance(content, dict):
        raise BrokerError(ResponseCode.INVALID_REQUEST, "envelope.not_object")
    name = content.get("command")
    if not isinstance(name, str) or name not in _READERS:
        raise _unknown_command(name)
    topic = content.get("callback_topic")
    return Frame(name, content.get("data"), "" if topic in (None, "") else _topic(topic))


def _topic(value: object) -> str:
    if not isinstance(value, str):
        raise BrokerError(ResponseCode.INVALID_REQUEST, "envelope.field_not_string", field="callback_topic")
    one_line("callback_topic", value, MAX_TOPIC)
    if (octets := len(value.encode())) > MAX_TOPIC_OCTETS:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "envelope.topic_too_long", max=MAX_TOPIC_OCTETS, octets=octets)
    return value


def read_command(frame: Frame) -> Command:
    """Raises `BrokerError`: 1105 a bad field, 1104 a number that cannot be one. None of them quotes a text."""
    return _READERS[frame.command](frame.command, frame.data)


def _unknown_command(name: object) -> BrokerError:
    if name is None:
        return BrokerError(ResponseCode.UNKNOWN_COMMAND, "envelope.command_missing")
    shown = ascii(name[:40])[1:-1] if isinstance(name, str) else type(name).__name__
    return BrokerError(ResponseCode.UNKNOWN_COMMAND, "envelope.command_unknown", name=shown)


def _send_sms(command: str, data: object) -> SendSms:
    fields = Fields(data)
    return SendSms(
        command=command,
        id=fields.label("id"),
        text=MessageText(fields.text("message")),
        timing=fields.timing(),
        msisdn=number(fields.recipient()),
        callback=fields.address("callback"),
    )


def _send_mail(command: str, data: object) -> SendMail:
    fields = Fields(data)
    return SendMail(
        command=command,
        recipient=one_line("recipient", fields.recipient("recipient"), MAX_ADDRESS),
        subject=_subject(fields, command),
        text=MessageText(fields.text("message")),
        id=fields.label("id"),
        timing=fields.timing(),
        callback=fields.address("callback"),
    )


def _subject(fields: Fields, command: str) -> str:
    """Who sends to numbers and addresses alike knows no subject, as in the older form."""
    if command == _ENVELOPE:
        return fields.line("subject", MAX_SUBJECT)
    return one_line("subject", fields.text("subject"), MAX_SUBJECT)


def _send_message(command: str, data: object) -> SendSms | SendMail:
    return (_send_mail if "@" in Fields(data).recipient("receiver") else _send_sms)(command, data)


def _block(command: str, data: object) -> BlockMsisdn:
    return BlockMsisdn(command=command, msisdn=number(Fields(data).recipient()), blocked=command == "block-msisdn")


def _request_ussd(command: str, data: object) -> RequestUssd:
    fields = Fields(data)
    code = fields.text("ussd_code")
    if not _USSD.fullmatch(code):
        raise BrokerError(ResponseCode.INVALID_REQUEST, "envelope.ussd_code")
    return RequestUssd(
        command=command, modem_id=one_line("modem_id", fields.text("modem_id"), MAX_MODEM_ID), ussd_code=code
    )


_READERS: Final[dict[str, Callable[[str, object], Command]]] = {
    "send-sms": _send_sms,
    "send-message": _send_message,
    "send-mail": _send_mail,
    "send-email": _send_mail,
    "block-msisdn": _block,
    "unblock-msisdn": _block,
    "get-modem-list": lambda command, _: GetModemList(command=command),
    "request-ussd": _request_ussd,
    "request-otp": request_otp,
    "verify-otp": verify_otp,
    "echo": lambda command, data: Echo(command=command, data=data),
}
COMMANDS: Final = tuple(_READERS)
