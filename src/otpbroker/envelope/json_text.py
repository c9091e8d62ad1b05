"""JSON as customers write it: RFC 8259, with one forgiveness, a comma before `}` or `]` (SPEC §5.1).

Refused by name and place: malformed text, invalid UTF-8, lone surrogates, a key written twice, numbers that no
64-bit field can hold, nesting deeper than any command has.
"""

import json
import math
import re
from typing import Final, NoReturn

from otpbroker.errors import BrokerError, ResponseCode

MAX_DEPTH: Final = 32
_LEAST: Final = -(2**63)
_MOST: Final = 2**64 - 1  # what a 64-bit field holds with or without a sign
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{},:]|[^\s"\[\]{},:]+', re.DOTALL)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def decode(body: bytes) -> object:
    """The value that `body` spells. Raises `BrokerError` 1105 that says what is wrong, with line and column."""
    text = _utf8(body)
    if text.count("[") + text.count("{") > MAX_DEPTH:
        _refuse_depth(text)
    try:
        value: object = _DECODER.decode(text)
    except json.JSONDecodeError:
        value = _forgiving(text)
    if "\\u" in text:
        _refuse_lone_surrogates(value)
    return value


def _utf8(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        line, column = _place(body[: error.start].decode(errors="replace"))
        raise BrokerError(ResponseCode.INVALID_REQUEST, "json.not_utf8", line=line, column=column) from None


def _forgiving(text: str) -> object:
    try:
        return _DECODER.decode(_without_trailing_commas(text))
    except json.JSONDecodeError as error:
        raise BrokerError(
            ResponseCode.INVALID_REQUEST,
            "json.malformed",
            line=error.lineno,
            column=error.colno,
            reason=error.msg,
        ) from None


def _without_trailing_commas(text: str) -> str:
    """`text` with each comma between a member and `}` or `]` made a blank, so that places stay true."""
    characters = list(text)
    before = last = ""
    comma_at = 0
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "]}" and last == "," and before not in ("", ",", "[", "{", ":"):
            characters[comma_at] = " "
        if mark == ",":
            comma_at = token.start()
        before, last = last, mark
    return "".join(characters)


def _refuse_depth(text: str) -> None:
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth > MAX_DEPTH:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "json.too_deep", depth=MAX_DEPTH)


def _place(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _refuse_lone_surrogates(value: object) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _refuse_lone_surrogates(name)
            _refuse_lone_surrogates(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_lone_surrogates(inner)
    elif isinstance(value, str) and _SURROGATE.search(value):
        raise BrokerError(ResponseCode.INVALID_REQUEST, "json.lone_surrogate")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BrokerError(ResponseCode.INVALID_REQUEST, "json.duplicate_key", name=_twice(pairs))
    return members


def _twice(pairs: list[tuple[str, object]]) -> str:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            return ascii(name[:40])[1:-1]
        seen.add(name)
    raise AssertionError


def _integer(digits: str) -> int:
    if len(digits) <= 20 and _LEAST <= (number := int(digits)) <= _MOST:
        return number
    raise _too_large(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if math.isfinite(number):
        return number
    raise _too_large(digits)


def _too_large(digits: str) -> BrokerError:
    return BrokerError(ResponseCode.INVALID_REQUEST, "json.number_too_large", digits=len(digits))


def _constant(name: str) -> NoReturn:
    raise BrokerError(ResponseCode.INVALID_REQUEST, "json.not_a_value", name=name)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)
