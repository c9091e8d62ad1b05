"""JSON Schema of the commands, for the OpenAPI document: described here, as they are read field by field."""

from typing import Any, Final

from otpbroker.envelope.fields import MAX_ADDRESS, MAX_ID, MAX_SUBJECT, RECIPIENT_NAMES
from otpbroker.envelope.otp import MAX_OTP, MAX_PARAM
from otpbroker.envelope.parse import MAX_MODEM_ID
from otpbroker.envelope.url import MAX_URL, URL

Json = dict[str, Any]
_NO_CONTROL_CHARACTERS: Final = r"^[^\u0000-\u001f\u007f-\u009f]*$"


def _line(max_length: int, **more: object) -> Json:
    return {"type": "string", "minLength": 1, "maxLength": max_length, "pattern": _NO_CONTROL_CHARACTERS, **more}


def _label(max_length: int) -> Json:
    """A number or one line of text."""
    return {"anyOf": [{"type": "integer", "minimum": -(2**63), "maximum": 2**64 - 1}, _line(max_length)]}


def _optional_line(max_length: int) -> Json:
    return {"anyOf": [_line(max_length), {"const": ""}, {"type": "null"}]}


def _optional_label(max_length: int) -> Json:
    return {"anyOf": [*_label(max_length)["anyOf"], {"const": ""}, {"type": "null"}]}


def _unix_time(description: str) -> Json:
    return {
        "description": description,
        "anyOf": [
            {"type": "number", "minimum": 0, "exclusiveMaximum": 1e11},
            {"type": "string", "pattern": r"^([0-9]{1,11}(\.[0-9]{1,9})?)?$"},
            {"type": "null"},
        ],
    }


def _recipient(field: Json) -> Json:
    return dict.fromkeys(RECIPIENT_NAMES, field)


_TEXT: Final[Json] = {"type": "string", "minLength": 1}
_MSISDN: Final[Json] = {
    "type": "string",
    "minLength": 1,
    "description": "the number as people write it; one that cannot be one is answered 1104",
    "examples": ["08126666666"],
}
_ID: Final[Json] = {"description": "comes back in the reply", **_optional_label(MAX_ID)}
_REFERENCE: Final[Json] = {
    "description": "names the one-time password; comes back in the reply",
    "examples": ["12345678901234567890"],
    **_label(MAX_ID),
}
_OTP_RECEIVER: Final[Json] = {
    **_MSISDN,
    "description": "a number as people write it, or an e-mail address; one that cannot be one is answered 1104 or 1105",
}
_OTP_TEXT: Final[Json] = {
    "type": "string",
    "description": "with one %s, where the code goes; no other % means anything",
    "pattern": "^([^%]|%+[^s%])*%+s([^%]|%+[^s%])*%*$",
    "examples": ["OTP Anda adalah %s"],
}
_PARAMS: Final[Json] = {
    f"param{at}": {"description": "who verifies must name the same", **_optional_label(MAX_PARAM)} for at in range(1, 5)
}
_CALLBACK: Final[Json] = {
    "description": "where the outcome is told to, as Standard Webhooks has it; what is told has no text in it",
    "examples": ["https://app.example/otp-outcome"],
    "anyOf": [
        {"type": "string", "maxLength": MAX_URL, "pattern": f"^({URL})?$"},
        {"type": "null"},
    ],
}
_ONE_RECIPIENT: Final[Json] = {
    "description": "The recipient goes under one of its three names.",
    "oneOf": [{"required": [name]} for name in RECIPIENT_NAMES],
}


def _command(names: tuple[str, ...], data: Json | None) -> Json:
    return {
        "type": "object",
        "properties": {
            "command": {"type": "string", "enum": list(names)},
            "data": {"description": "anything"} if data is None else {"type": "object", **data},
        },
        "required": ["command"] if data is None else ["command", "data"],
    }


SCHEMAS: Final[dict[str, Json]] = {
    "SendSms": _command(
        ("send-sms", "send-message"),
        {
            "properties": {
                "id": _ID,
                **_recipient(_MSISDN),
                "message": _TEXT,
                "date_time": _unix_time("when it was made, Unix seconds"),
                "expiration": _unix_time("Unix seconds; less `date_time` it is the time to live"),
                "callback": _CALLBACK,
            },
            "required": ["message"],
            **_ONE_RECIPIENT,
        },
    ),
    "SendMail": _command(
        ("send-mail", "send-email"),
        {
            "properties": {
                "id": _ID,
                **_recipient(_line(MAX_ADDRESS, examples=["admin@domain.tld"])),
                "subject": _line(MAX_SUBJECT),
                "message": _TEXT,
                "date_time": _unix_time("when it was made, Unix seconds"),
                "expiration": _unix_time("Unix seconds; less `date_time` it is the time to live"),
                "callback": _CALLBACK,
            },
            "required": ["subject", "message"],
            **_ONE_RECIPIENT,
        },
    ),
    "Block": _command(("block-msisdn", "unblock-msisdn"), {"properties": _recipient(_MSISDN), **_ONE_RECIPIENT}),
    "RequestUssd": _command(
        ("request-ussd",),
        {
            "properties": {
                "modem_id": _line(MAX_MODEM_ID),
                "ussd_code": {"type": "string", "pattern": "^[0-9*#+]{1,160}$"},
            },
            "required": ["modem_id", "ussd_code"],
        },
    ),
    "RequestOtp": _command(
        ("request-otp",),
        {
            "properties": {
                "reference": _REFERENCE,
                **_recipient(_OTP_RECEIVER),
                "message": _OTP_TEXT,
                "subject": {"description": "of an e-mail", **_optional_line(MAX_SUBJECT)},
                **_PARAMS,
                "date_time": _unix_time("when it was made, Unix seconds"),
                "expiration": _unix_time("Unix seconds; less `date_time` it is how long the code can be verified"),
                "callback": _CALLBACK,
            },
            "required": ["reference", "message"],
            **_ONE_RECIPIENT,
        },
    ),
    "VerifyOtp": _command(
        ("verify-otp",),
        {
            "properties": {
                "reference": _REFERENCE,
                **_recipient(_OTP_RECEIVER),
                "otp": {"description": "the code that was typed", **_label(MAX_OTP)},
                **_PARAMS,
            },
            "required": ["reference", "otp"],
            **_ONE_RECIPIENT,
        },
    ),
    "GetModemList": _command(("get-modem-list",), None),
    "Echo": _command(("echo",), None),
}
