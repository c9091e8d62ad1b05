"""What a vendor is asked and what its answer means. Pure.

An update is a generator: it yields a `Question`, gets the `Told` answer, and returns a `Verdict`. Whoever drives it
does the input and output (`otpbroker.ddns.driving`), so that every vendor's rules are plain data and text.
"""

import base64
from collections.abc import Generator, Mapping
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from otpbroker.readable import readable
from otpbroker.secrets import Secret

PAUSE_S = 1800.0  # the vendors' own word for 911: no sooner than 30 minutes


class Question(Struct, frozen=True):
    """`headers`, and the path for some, hold secrets: so it does not print itself."""

    method: Literal["GET", "POST", "PATCH", "DELETE"]
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None

    def __repr__(self) -> str:
        return f"<{self.method} of {len(self.url)}>"


class Told(Struct, frozen=True):
    """An HTTP answer; `retry_after_s` where it asks for that."""

    status: int
    text: str
    retry_after_s: float | None = None


class Verdict(Struct, frozen=True, kw_only=True):
    """What has become of an update, as a text key with parameters. `kind`: done; `stop`: nothing more is asked until
    the settings change; `pause`: nothing for at least `pause_s`; `retry`: later, less and less often. `account`: it
    holds for all records of the vendor.
    """

    kind: Literal["done", "stop", "pause", "retry"]
    key: str
    params: dict[str, str | int] = {}
    pause_s: float = 0.0
    account: bool = False


Update = Generator[Question, Told, Verdict]


def basic(username: str, password: Secret) -> str:
    """The header's value (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{username}:{password.reveal()}".encode()).decode()


def with_query(url: str, **fields: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}"


def json_of(told: Told) -> dict[str, object]:
    """The object in an answer; empty where there is none."""
    try:
        return msgspec.json.decode(told.text, type=readable(dict[str, object]))
    except (msgspec.DecodeError, RecursionError):
        return {}


def entities(value: object) -> list[Mapping[str, Any]]:
    """The objects with an `id` in what should be a list of them."""
    listed = value if isinstance(value, list) else ()
    return [each for each in listed if isinstance(each, dict) and "id" in each]


def server_trouble(told: Told) -> Verdict | None:
    """What its status alone says: that it has too much to do, or is out of order."""
    if told.status == 429:
        wait_s = max(told.retry_after_s or 0.0, 60.0)
        return Verdict(kind="pause", key="ddns.rate_limited", pause_s=wait_s, account=True)
    if 300 <= told.status < 400:
        return Verdict(kind="retry", key="ddns.redirected", params={"status": told.status})
    if told.status >= 500:
        wait_s = told.retry_after_s or 0.0
        return Verdict(kind="retry", key="ddns.server_error", params={"status": told.status}, pause_s=wait_s)
    return None


def not_understood(told: Told) -> Verdict:
    return Verdict(kind="retry", key="ddns.not_understood", params={"answer": short(told.text) or str(told.status)})


def short(text: str) -> str:
    """The beginning of a vendor's own words, harmless to show."""
    return " ".join("".join(char if char.isprintable() else " " for char in text[:400]).split())[:120]
