"""One value of a settings field: typed from text where it came as text, or what would have been right. Pure."""

import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct, field, inspect

from otpbroker.config.canonical import Numbering

_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_DEFAULT_TEXT_LIMIT = 255
_LINE_ENDS = str.maketrans("", "", "\r\n\t")


class Wrong(Struct, frozen=True):
    """`key` (below `settings.`) and `params` say what the field takes."""

    key: str
    params: dict[str, str | int] = field(default_factory=dict)


def leaf(kind: inspect.Type, extra: dict[str, str], given: object, numbering: Numbering) -> object:
    """The plain value that `kind` wants, or `Wrong`. `extra` is what `config.sections._base` wrote."""
    if isinstance(kind, inspect.StrType):
        return _text(kind, extra, given, numbering)
    if isinstance(kind, inspect.CustomType):
        return given if isinstance(given, str) and _is_printable(given, extra) else Wrong("expect_secret")
    return _KINDS[type(kind)](kind, given)


def _boolean(_kind: inspect.Type, given: object) -> object:
    value = _WORDS.get(given.strip().lower()) if isinstance(given, str) else given
    return value if isinstance(value, bool) else Wrong("expect_bool")


def _choice(kind: Any, given: object) -> object:
    if not isinstance(given, bool):
        for choice in kind.values:
            if str(choice) == str(given):
                return choice
    in_order = sorted(kind.values, key=lambda value: (isinstance(value, str), value))
    return Wrong("expect_one_of", {"choices": ", ".join(map(str, in_order))})


def _whole(kind: Any, given: object) -> object:
    value = int(given) if isinstance(given, str) and re.fullmatch(r"\s*-?[0-9]{1,12}\s*", given) else given
    if isinstance(value, int) and not isinstance(value, bool) and _in_range(kind, value):
        return value
    return Wrong("expect_count" if kind.le is None else "expect_int", _range(kind))


def _number(kind: Any, given: object) -> object:
    value = (
        float(given) if isinstance(given, str) and re.fullmatch(r"\s*-?[0-9]{1,12}(\.[0-9]{1,6})?\s*", given) else given
    )
    if isinstance(value, int | float) and not isinstance(value, bool) and _in_range(kind, value):
        return float(value)
    return Wrong("expect_number" if kind.le is None else "expect_seconds", _range(kind))


def _is_printable(value: str, extra: dict[str, str]) -> bool:
    return (value.translate(_LINE_ENDS) if "lines" in extra else value).isprintable()


def _text(kind: inspect.StrType, extra: dict[str, str], given: object, numbering: Numbering) -> object:
    """A bare number is taken as its digits. `fullmatch`, since a `$` would let a trailing newline through."""
    value = str(given) if isinstance(given, int) and not isinstance(given, bool) else given
    if isinstance(value, str):
        value = numbering.canonical(extra.get("canonical", ""), value)
        long_enough = (kind.min_length or 0) <= len(value) <= (kind.max_length or _DEFAULT_TEXT_LIMIT)
        fits = kind.pattern is None or re.fullmatch(kind.pattern, value)
        if _is_printable(value, extra) and long_enough and fits:
            return value
    if extra.get("expected"):
        return Wrong(f"expect_{extra['expected']}")
    return Wrong("expect_text", {"limit": kind.max_length or _DEFAULT_TEXT_LIMIT})


def _in_range(kind: inspect.IntType | inspect.FloatType, value: float) -> bool:
    return (
        (kind.ge is None or value >= kind.ge)
        and (kind.gt is None or value > kind.gt)
        and (kind.le is None or value <= kind.le)
    )


def _range(kind: inspect.IntType | inspect.FloatType) -> dict[str, str | int]:
    low = kind.ge if kind.ge is not None else kind.gt
    limits: dict[str, str | int] = {"low": f"{low or 0:g}"}
    return limits if kind.le is None else limits | {"high": f"{kind.le:g}"}


_KINDS: dict[type[inspect.Type], Callable[[Any, object], object]] = {
    inspect.BoolType: _boolean,
    inspect.LiteralType: _choice,
    inspect.IntType: _whole,
    inspect.FloatType: _number,
}
