"""`otpbroker.yaml` on the boot partition: what a new device is to be called, and how one joins it. Pure.

It is written by the flash tool or by hand on any computer, and read once.
"""

import re
from collections.abc import Set as AbstractSet
from typing import Annotated, Final, NamedTuple

import msgspec
from msgspec import field, inspect
from msgspec.structs import replace

from otpbroker.config.canonical import Numbering
from otpbroker.config.crosscheck import clashes
from otpbroker.config.leaves import Wrong, leaf
from otpbroker.config.schema import SettingsError
from otpbroker.config.sections._base import Section, text
from otpbroker.config.sections.network import WlanSection
from otpbroker.config.store import parse, render
from otpbroker.readable import readable
from otpbroker.secrets import Secret, decode_secret
from otpbroker.verbs.apply import Problem

NAME: Final = "otpbroker.yaml"
MAX_OCTETS: Final = 64 * 1024
_RESET_TEXT: Final = re.compile(r"[\x21-\x7e][\x20-\x7e]{6,46}[\x21-\x7e]")
_LONGEST_SHOWN: Final = 40
_HEAD: Final = (
    "# OTP Broker takes this over when it starts, and wipes the file then.\n"
    "# OTP Broker mengambil alih isi berkas ini saat menyala, lalu menghapusnya.\n"
)


class Card(Section, frozen=True, kw_only=True):
    """All of it may be left out or empty: that is then made or left as it is."""

    ssid: Annotated[str, text(r"^[^\x00-\x1f\x7f]{0,32}$", "ssid")] = ""
    passphrase: Secret = field(default_factory=Secret)
    country: Annotated[str, text(r"^[A-Z]{2}$", "country")] = ""
    language: Annotated[str, text(r"^(id|en)?$", "language")] = ""
    reset_text: Secret = field(default_factory=Secret)


class Read(NamedTuple):
    """What of the file can be used, and all that cannot."""

    card: Card
    problems: list[Problem]


def read(content: bytes, countries: AbstractSet[str] = frozenset()) -> Read:
    """`countries` are the country codes that there are; empty: unknown. Nothing that the file holds is raised."""
    try:
        document = _document(content)
    except SettingsError as refused:
        return Read(Card(), refused.problems)
    fields = {each.encode_name: each.type for each in _shape().fields}
    unknown = document.keys() - fields.keys()
    problems = [_problem(_shown(name), "unknown_key", known=", ".join(fields)) for name in unknown]
    plain: dict[str, object] = {}
    for name in fields.keys() & document.keys():
        value = _tidied(name, document[name])
        if value != "":
            found = _leaf(name, fields[name], value)
            if isinstance(found, Problem):
                problems.append(found)
            else:
                plain[name] = found
    card = msgspec.convert(plain, readable(Card), dec_hook=decode_secret)
    for problem in _clashes(card, countries):
        problems.append(problem)
        plain.pop(problem.path, None)
    return Read(
        msgspec.convert(plain, readable(Card), dec_hook=decode_secret), sorted(problems, key=lambda each: each.path)
    )


def _shape() -> inspect.StructType:
    shape = inspect.type_info(Card)
    assert isinstance(shape, inspect.StructType)  # noqa: S101 - a section is a struct
    return shape


def _document(content: bytes) -> dict[object, object]:
    """Raises `SettingsError`."""
    if len(content) > MAX_OCTETS:
        raise SettingsError([_problem("", "too_large", limit=MAX_OCTETS // 1024)])
    document = parse(_decoded(content))
    if document in (None, ""):
        return {}
    if not isinstance(document, dict):
        raise SettingsError([_problem("", "expect_mapping")])
    return document


def _decoded(content: bytes) -> str:
    """As editors write it: UTF-8, with or without a byte-order mark, or UTF-16 with one."""
    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return content.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError([_problem("", "not_text")]) from None


def _tidied(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    return {"country": value.strip().upper(), "language": value.strip().lower()}.get(name, value)


def _leaf(name: str, kind: inspect.Type, given: object) -> object:
    extra: dict[str, str] = {}
    if isinstance(kind, inspect.Metadata):
        extra, kind = kind.extra or {}, kind.type
    found = leaf(kind, extra, given, Numbering())
    if not isinstance(found, Wrong):
        return found
    shown = "" if isinstance(kind, inspect.CustomType) else _shown(given)
    return Problem(path=name, key=f"settings.{found.key}", params={"given": shown, **found.params})


def _shown(value: object) -> str:
    written = value if isinstance(value, str) else type(value).__name__
    return "".join(char if char.isprintable() else "·" for char in written)[:_LONGEST_SHOWN]


def _clashes(card: Card, countries: AbstractSet[str]) -> list[Problem]:
    """What one field's type does not say."""
    wlan = WlanSection(ssid=card.ssid or "any", passphrase=card.passphrase)
    found = [replace(each, path=each.path.removeprefix("wlan.")) for each in clashes(wlan)]
    if card.country and countries and card.country not in countries:
        found.append(_problem("country", "expect_country", given=card.country))
    if card.reset_text and not _RESET_TEXT.fullmatch(card.reset_text.reveal()):
        found.append(_problem("reset_text", "expect_reset_text"))
    return found


def write(card: Card) -> bytes:
    """The file that `read` makes the same card of, secrets revealed."""
    return _HEAD.encode() + render(card)


def _problem(path: str, key: str, **params: str | int) -> Problem:
    return Problem(path=path, key=f"settings.{key}", params=params)
