"""Typed reading of a command's `data`, with errors that name the field."""

import re
from typing import Final

from otpbroker.envelope.commands import Timing
from otpbroker.envelope.url import MAX_URL, URL
from otpbroker.errors import BrokerError, ResponseCode

MAX_ID: Final = 128
MAX_NUMBER: Final = 64
MAX_ADDRESS: Final = 254
MAX_SUBJECT: Final = 998
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DIGITS: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")
_URL: Final = re.compile(URL)
_MILLISECONDS: Final = 1e11
_EXACT: Final = 2.0**53  # below it a float holds every integer
RECIPIENT_NAMES: Final = ("msisdn", "receiver", "recipient")


class Fields:
    """The members of one command's `data`."""

    def __init__(self, data: object) -> None:
        if not isinstance(data, dict):
            raise BrokerError(ResponseCode.INVALID_REQUEST, "envelope.data_not_object")
        self._data: dict[str, object] = data

    def text(self, name: str) -> str:
        """A required, non-empty string."""
        value = self._data.get(name)
        if value is None or value == "":
            raise BrokerError(ResponseCode.INVALID_REQUEST, "envelope.field_missing", field=name)
        if not isinstance(value, str):
            raise BrokerError(ResponseCode.INVALID_REQUEST, "envelope.field_not_string", field=name)
        return value

    def recipient(self, usual: str = "msisdn") -> str:
        """Who gets it, under any of the names `msisdn`, `receiver`, `recipient`; two that differ are refused. `usual`
        is the name that the command's description has, for who gave none.
        """
        given = [name for name in RECIPIENT_NAMES if self._data.get(name) is not None] or [usual]
        values = {self.text(name) for name in given}
        if len(values) > 1:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "envelope.recipients_differ", fields=", ".join(given))
        return values.pop()

    def label(self, name: str, max_length: int = MAX_ID) -> int | str | None:
        """A number or one line of text, in the sender's form; 5.0 is the integer 5, as JSON Schema has it."""
        value = self._data.get(name)
        if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
            value = int(value)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        if value == "":
            return ""
        return one_line(name, self.text(name), max_length)

    def required_label(self, name: str, max_length: int = MAX_ID) -> int | str:
        """A `label` that is not empty."""
        value = self.label(name, max_length)
        return self.text(name) if value in (None, "") else value

    def line(self, name: str, max_length: int) -> str:
        """One optional line of text, empty where there is none."""
        given = self._data.get(name) not in (None, "")
        return one_line(name, self.text(name), max_length) if given else ""

    def address(self, name: str) -> str:
        """An optional http or https address, empty where there is none."""
        address = self.line(name, MAX_URL)
        if address and not _URL.fullmatch(address):
            raise BrokerError(ResponseCode.INVALID_REQUEST, "envelope.field_not_address", field=name)
        return address

    def timing(self) -> Timing:
        return Timing(date_time=self.unix_time_s("date_time"), expiration=self.unix_time_s("expiration"))

    def unix_time_s(self, name: str) -> float | None:
        """Unix seconds, as a number or its digits; something that can only be milliseconds is refused by name."""
        value = self._data.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str) and _DIGITS.fullmatch(value):
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "envelope.field_not_time", field=name)
        if value >= _MILLISECONDS:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "envelope.field_in_milliseconds", field=name)
        return float(value)


def number(raw: str) -> str:
    """A telephone number as typed; control characters and excessive length never travel further."""
    if len(raw) > MAX_NUMBER:
        raise BrokerError(ResponseCode.INVALID_NUMBER, "envelope.number_too_long", max=MAX_NUMBER, length=len(raw))
    if _CONTROL.search(raw):
        raise BrokerError(ResponseCode.INVALID_NUMBER, "envelope.number_control_character")
    return raw


def one_line(name: str, value: str, max_length: int) -> str:
    """`value` without control characters and not longer than `max_length` characters."""
    if len(value) > max_length:
        raise BrokerError(
            ResponseCode.INVALID_REQUEST, "envelope.field_too_long", field=name, max=max_length, length=len(value)
        )
    if _CONTROL.search(value):
        raise BrokerError(ResponseCode.INVALID_REQUEST, "envelope.control_character", field=name)
    return value
