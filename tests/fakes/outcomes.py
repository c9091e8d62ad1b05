"""Outcomes as dispatch tells of them."""

import itertools

from otpbroker.errors import ResponseCode
from otpbroker.verbs.events import OutcomeEvent

_NUMBERS = itertools.count(1)
AT = 1795744302.25


def outcome(state="submitted", **fields):
    """One of a new message, unless `message_id` is given."""
    number = next(_NUMBERS)
    facts = {
        "sequence": number,
        "time": AT,
        "message_id": f"{number:024x}",
        "door": "rest",
        "user": "shop",
        "msisdn_masked": "62812****890",
        "code": ResponseCode.SUCCESS,
        "modem": "m0",
        "parts": 1,
        "id": "42",
    }
    return OutcomeEvent(state=state, **(facts | fields))
