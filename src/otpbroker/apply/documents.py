"""Sections as the user sees them, and a user's changes merged into them. Pure.

A stored secret is shown as `********`; that mask, or nothing at all, typed back means *unchanged*.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from otpbroker.config import passwords
from otpbroker.config.registry import SectionInfo, secret_fields
from otpbroker.config.sections._base import Section
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import Secret, encode_masked, encode_revealed
from otpbroker.verbs.apply import Problem

MASK = str(Secret("x"))
LEAST_PASSWORDS: Final = {"api_users": passwords.MIN_API_PASSWORD, "admins": passwords.MIN_ADMIN_PASSWORD}

Plain = dict[str, Any]


def shown(section: Section) -> Plain:
    """The section for human eyes."""
    return _plain(section, encode_masked)


def revealed(section: Section) -> Plain:
    """The section with its secrets, to merge a change into."""
    return _plain(section, encode_revealed)


def _plain(section: Section, hook: Any) -> Plain:
    plain: Plain = msgspec.json.decode(msgspec.json.encode(section, enc_hook=hook))
    return plain


def entries_of(info: SectionInfo, document: Plain) -> list[Plain]:
    """The list of a list section (its key is the section's name)."""
    entries: list[Plain] = document[info.name]
    return entries


def find(info: SectionInfo, document: Plain, key: str) -> Plain:
    """The entry whose id or username is `key`, else the only one of that name. Raises 1105 where there is none."""
    entries = entries_of(info, document)
    for field in (info.entry_key, "name"):
        found = [entry for entry in entries if entry.get(field) == key]
        if len(found) == 1:
            return found[0]
    known = ", ".join(str(entry[info.entry_key]) for entry in entries) or "-"
    raise BrokerError(ResponseCode.INVALID_REQUEST, f"settings.no_entry_{info.name}", entry=key, known=known)


def change(info: SectionInfo, entry: Plain, values: Mapping[str, Any]) -> None:
    """Set `values` in `entry`. A blank or masked secret stays as it is; the word `none` takes a secret away."""
    secret = secret_fields(info)
    for name, value in values.items():
        if name in secret and value in ("", MASK):
            continue
        entry[name] = "" if name in secret and value == "none" else value


def new_entry(info: SectionInfo, document: Plain, key: str, values: Mapping[str, Any]) -> Plain:
    """The entry that `add` makes: a modem's id is made from its name."""
    taken = {str(entry[info.entry_key]) for entry in entries_of(info, document)}
    if info.name == "modems":
        entry: Plain = {"id": key if key in taken else _free_id(key, taken), "name": key}
    else:
        entry = {info.entry_key: key}
    change(info, entry, values)
    return entry


def _free_id(name: str, taken: set[str]) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:24] or "modem"
    return next(free for free in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if free not in taken)


def keep_masked(info: SectionInfo, old: Plain, new: object) -> list[Problem]:
    """Put the stored secrets back where an imported document shows the mask; the problems with those that hide none."""
    if not isinstance(new, dict):
        return []
    if not info.entry_key:
        return _unmask(info, old, new, info.name)
    stored = {entry[info.entry_key]: entry for entry in entries_of(info, old)}
    given = new.get(info.name)
    problems = []
    for entry in given if isinstance(given, list) else ():
        if isinstance(entry, dict):
            key = str(entry.get(info.entry_key))
            problems += _unmask(info, stored.get(key, {}), entry, f"{info.name}.{key}")
    return problems


def _unmask(info: SectionInfo, stored: Plain, given: Plain, path: str) -> list[Problem]:
    masked = [name for name in secret_fields(info) & given.keys() if given[name] == MASK]
    for name in masked:
        given[name] = stored.get(name, "")
    return [Problem(path=f"{path}.{name}", key="settings.nothing_masked") for name in masked if not given[name]]


def hash_passwords(info: SectionInfo, document: object) -> list[Problem]:
    """Replace clear passwords of people by their hashes; the problems with those that are too short."""
    least = LEAST_PASSWORDS.get(info.name)
    if least is None or not isinstance(document, dict) or not isinstance(document.get(info.name), list):
        return []
    problems = []
    for entry in document[info.name]:
        password = entry.get("password") if isinstance(entry, dict) else None
        if not isinstance(password, str) or not password or passwords.is_hash(Secret(password)):
            continue
        if len(password) < least:
            path = f"{info.name}.{entry.get('username', '')}.password"
            params: dict[str, str | int] = {"least": least}
            problems.append(Problem(path=path, key="settings.password_too_short", params=params))
            entry["password"] = ""
            continue
        entry["password"] = passwords.hash_password(Secret(password)).reveal()
    return problems
