"""What to publish to a message broker for this device, as the customer's document has it. Pure."""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

_NUMBER: Final = "08126666666"
_COMMANDS: Final = (
    ("sms", {"command": "send-sms", "data": {"id": 123456, "msisdn": _NUMBER, "message": "OTP Anda adalah 1234"}}),
    (
        "mail",
        {
            "command": "send-mail",
            "data": {"recipient": "nama@example.com", "subject": "OTP", "message": "OTP Anda adalah 1234"},
        },
    ),
    ("block", {"command": "block-msisdn", "data": {"msisdn": _NUMBER}}),
    ("unblock", {"command": "unblock-msisdn", "data": {"msisdn": _NUMBER}}),
)


class Message(NamedTuple):
    """`what` it does: sms, mail, block, unblock."""

    what: str
    text: str


def for_rabbitmq() -> list[Message]:
    return [Message(what, _json(command)) for what, command in _COMMANDS]


def for_wsmessagebroker(channel: str) -> list[Message]:
    """In the envelope that WSMessageBroker wants."""
    return [
        Message(what, _json({"command": "send-message", "channel": channel, "data": [command]}))
        for what, command in _COMMANDS
    ]


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False)
