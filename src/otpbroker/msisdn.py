"""Telephone numbers: everything inside works on MSISDN, E.164 digits without `+` (SPEC §2)."""

import unicodedata
from collections.abc import Iterable

from otpbroker.errors import BrokerError, ResponseCode

_DROPPED = str.maketrans("", "", " -.()\u00a0\u2010\u2011\u2012\u2013")
MIN_DIGITS = 8
MAX_DIGITS = 15


def canonical(raw: str, country_code: str, international_prefixes: Iterable[str], *, short_code: bool = False) -> str:
    """The MSISDN of what somebody typed: 8 to 15 digits, no `+`.

    In order: leading `+` goes; a leading international prefix goes, the longest that matches; a leading `0` becomes
    the country code. With `short_code` 3 to 7 digits are taken as they are. Raises 1104 for anything else.
    """
    digits, plus = _digits(raw)
    if short_code and not plus and 3 <= len(digits) < MIN_DIGITS:
        return digits
    for prefix in sorted(international_prefixes, key=len, reverse=True):
        if prefix and digits.startswith(prefix):
            digits = digits[len(prefix) :]
            break
    if digits.startswith("0"):
        digits = country_code + digits[1:]
    if len(digits) < MIN_DIGITS:
        raise BrokerError(ResponseCode.INVALID_NUMBER, "number.too_short", digits=len(digits), least=MIN_DIGITS)
    if len(digits) > MAX_DIGITS:
        raise BrokerError(ResponseCode.INVALID_NUMBER, "number.too_long", digits=len(digits), most=MAX_DIGITS)
    return digits


def _digits(raw: str) -> tuple[str, bool]:
    if raw.isascii() and raw.isdigit():
        return raw, False
    text = unicodedata.normalize("NFKC", raw.strip()).translate(_DROPPED)
    plus = text.startswith("+")
    digits = "".join(_digit(character) for character in text.removeprefix("+"))
    if not digits:
        raise BrokerError(ResponseCode.INVALID_NUMBER, "number.empty")
    return digits, plus


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    if value is None:
        raise BrokerError(ResponseCode.INVALID_NUMBER, "number.not_digits")
    return str(value)


def prefix(raw: str, country_code: str, international_prefixes: Iterable[str]) -> str:
    """The canonical form of a typed prefix: `0871` is stored `62871`."""
    digits, plus = _digits(raw)
    for international in sorted(international_prefixes, key=len, reverse=True):
        if not plus and digits.startswith(international):
            return digits[len(international) :]
    return country_code + digits[1:] if digits.startswith("0") else digits


def mask(msisdn: str) -> str:
    """`62812****666`: enough to recognise one's own number, never enough to dial it (at least four digits hidden)."""
    shown_first = max(0, min(5, len(msisdn) - 7))
    shown_last = 3 if len(msisdn) > 7 else 0
    return msisdn[:shown_first] + "****" + msisdn[len(msisdn) - shown_last :]
