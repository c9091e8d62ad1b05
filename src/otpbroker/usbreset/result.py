"""The words on the stick for whoever plugged it: what was done, or why not; no reset text, no passphrase. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from otpbroker.texts import Language, translate
from otpbroker.usbreset.fat_write import SmallFile
from otpbroker.verbs.apply import WasReset

NAME: Final = "reset-result.txt"
_SHORT: Final = b"RESET-~1TXT"
_OCTETS: Final = 2048  # each time, so that the next one fits into its place
_LANGUAGES: Final[tuple[Language, ...]] = ("id", "en")
_FIRST_DAY: Final = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)  # of DOS
Sentence = tuple[str, Mapping[str, str | int]]


def of_reset(done: WasReset, now: dt.datetime | None) -> SmallFile:
    """`now` is None where the clock is not set."""
    joining: Sentence = ("usbreset.reach", {})
    if done.ssid and done.addresses:
        joining = ("usbreset.join", {"ssid": done.ssid, "address": done.addresses[0]})
    return _file([("usbreset.done", {"administrators": done.administrators}), joining, ("usbreset.remove", {})], now)


def of_refusal(reason: str, now: dt.datetime | None) -> SmallFile:
    return _file([("usbreset.nothing_changed", {}), (f"usbreset.{reason}", {})], now)


def of_failure(key: str, params: Mapping[str, str | int], now: dt.datetime | None) -> SmallFile:
    return _file([("usbreset.failed", {}), (key, params)], now)


def _file(sentences: list[Sentence], now: dt.datetime | None) -> SmallFile:
    stamp = now or _FIRST_DAY
    lines = ["OTP Broker", *([now.strftime("%Y-%m-%d %H:%M %z")] if now else [])]
    for language in _LANGUAGES:
        lines += ["", *(translate(key, params, language) for key, params in sentences)]
    content = "".join(f"{line}\r\n" for line in lines).encode()[: _OCTETS - 2]
    return SmallFile(
        name=NAME,
        short=_SHORT,
        content=content.ljust(_OCTETS - 2) + b"\r\n",
        date=stamp.year - 1980 << 9 | stamp.month << 5 | stamp.day,
        time=stamp.hour << 11 | stamp.minute << 5 | stamp.second // 2,
    )
