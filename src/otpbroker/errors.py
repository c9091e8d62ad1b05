"""The one family of errors that crosses a border, and the response codes of every door (SPEC §5.1)."""

from enum import StrEnum


class ResponseCode(StrEnum):
    SUCCESS = "0000"
    PORT_MISSING = "1000"
    UNAUTHORIZED = "1100"
    NO_MODEM = "1101"
    FAILED = "1102"
    BLOCKED = "1103"
    INVALID_NUMBER = "1104"
    INVALID_REQUEST = "1105"
    OUTCOME_UNKNOWN = "1106"
    LIMIT = "1107"
    TOO_LONG = "1108"
    UNKNOWN_COMMAND = "1109"
    DUPLICATE_REFERENCE = "1201"
    WRONG_OTP = "1202"
    EXPIRED = "1203"


class BrokerError(Exception):
    """A refusal or failure with a response code and a translatable text.

    `key` names an entry of `otpbroker.texts`; `params` fill its placeholders and never hold a
    message text or a secret. `retry_after_s` is set where waiting helps (HTTP 429 and 503).
    """

    def __init__(
        self, code: ResponseCode, key: str, *, retry_after_s: float | None = None, **params: str | int
    ) -> None:
        super().__init__(code, key, params)
        self.code = code
        self.key = key
        self.params = params
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        listed = " ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code.value} {self.key} {listed}".rstrip()
