"""What the older products' files hold, fitted into the present settings: what is here stays, what is wrong is left out.
Pure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from otpbroker import msisdn
from otpbroker.apply import documents
from otpbroker.apply.documents import Plain
from otpbroker.apply.older import Older
from otpbroker.config import passwords
from otpbroker.config.canonical import Numbering
from otpbroker.config.crosscheck import clashes
from otpbroker.config.registry import SECTIONS, SectionInfo
from otpbroker.config.schema import SettingsError, read
from otpbroker.config.sections._base import Section
from otpbroker.config.sections.sms import SmsSection
from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import Problem
from otpbroker.verbs.backup import Listed

_UNKEPT_HASH: Final = f"scrypt$32768$8$1${'0' * 32}${'0' * 64}"  # stands for a hash that is not made yet


@dataclass(slots=True)
class Fitted:
    """The sections that hold something of the files, whole; `notes` say what was left out."""

    sections: dict[str, Section] = field(default_factory=dict)
    block_list: Listed | None = None
    notes: list[Problem] = field(default_factory=list)


def fit(older: Older, present: Callable[[SectionInfo], Section], *, hashing: bool) -> Fitted:
    """`present` gives a section as it is. Without `hashing` passwords are only judged, not hashed."""
    fitting = _Fitting(present, hashing)
    fitting.fitted.notes.extend(older.notes)
    for name in sorted(older.plain, key=lambda name: (name != "sms", name)):
        fitting.plain(SECTIONS[name], older.plain[name])
    for name, entries in older.entries.items():
        fitting.entries(SECTIONS[name], entries)
    if older.numbers:
        fitting.numbers(older.numbers)
    return fitting.fitted


class _Fitting:
    def __init__(self, present: Callable[[SectionInfo], Section], hashing: bool) -> None:
        self._present = present
        self._hashing = hashing
        self._numbering = _numbering(present(SECTIONS["sms"]))
        self.fitted = Fitted()

    def plain(self, info: SectionInfo, fields: Plain) -> None:
        old = documents.revealed(self._present(info))
        section = self._read(info, old | fields, set(fields), old, info.name)
        if section is not None:
            self.fitted.sections[info.name] = section
            if isinstance(section, SmsSection):
                self._numbering = _numbering(section)

    def _read(self, info: SectionInfo, document: Plain, ours: set[str], instead: Plain, path: str) -> Section | None:
        """`document` without those of its fields `ours` that are wrong (as they are in `instead`, or by default)."""
        document = dict(document)
        while True:
            problems = self._problems(info, document)
            if not problems:
                return read(info.kind, _whole(info, document), self._numbering)
            wrong = {_last(problem) for problem in problems} & ours
            self.fitted.notes += [
                Problem(path=f"{path}.{_last(problem)}", key=problem.key, params=problem.params) for problem in problems
            ]
            if not wrong:
                switch = next((name for name in ("active", "enabled") if _is_on(info, document, name)), "")
                self.fitted.notes.append(Problem(path=path, key="older.switched_off" if switch else "older.left_out"))
                if not switch:
                    return None
                document[switch] = False
                continue
            ours = ours - wrong
            for name in wrong:
                document.pop(name)
                document |= {name: instead[name]} if name in instead else {}

    def _problems(self, info: SectionInfo, document: Plain) -> list[Problem]:
        try:
            return clashes(read(info.kind, _whole(info, document), self._numbering))
        except SettingsError as refused:
            return refused.problems

    def entries(self, info: SectionInfo, entries: Mapping[str, Plain]) -> None:
        """Each entry is judged alone, then beside those that are here."""
        document = documents.revealed(self._present(info))
        listed = documents.entries_of(info, document)
        before = len(listed)
        for name, fields in entries.items():
            path = f"{info.name}.{name[:64]}"
            if other := _twin(listed, name, fields):
                self.fitted.notes.append(Problem(path=path, key="older.exists", params={"other": other}))
                continue
            entry = documents.new_entry(info, document, name, self._with_password(info, path, fields))
            section = self._read(info, entry, set(fields), {}, path)
            if section is not None:
                listed.extend(documents.entries_of(info, documents.revealed(section)))
        if len(listed) > before:
            self.fitted.sections[info.name] = read(info.kind, document, self._numbering)

    def _with_password(self, info: SectionInfo, path: str, fields: Plain) -> Plain:
        """With the password of a person hashed, or left out with a note where it is too short."""
        least = documents.LEAST_PASSWORDS.get(info.name)
        password = fields.get("password")
        if least is None or password is None:
            return fields
        if len(password) < least:
            params: dict[str, str | int] = {"least": least}
            self.fitted.notes.append(Problem(path=f"{path}.password", key="older.password_short", params=params))
            return {name: value for name, value in fields.items() if name != "password"}
        return fields | {
            "password": passwords.hash_password(Secret(password)).reveal() if self._hashing else _UNKEPT_HASH
        }

    def numbers(self, numbers: Mapping[str, bool]) -> None:
        taken: dict[bool, list[str]] = {True: [], False: []}
        for number, blocked in numbers.items():
            try:
                canonical = msisdn.canonical(
                    number, self._numbering.country_code, self._numbering.international_prefixes
                )
            except BrokerError as error:
                self.fitted.notes.append(Problem(path="block_list", key=error.key, params=error.params))
                continue
            taken[blocked].append(canonical)
        self.fitted.block_list = Listed(blocked=taken[True], unblocked=taken[False])


def _numbering(section: Section) -> Numbering:
    assert isinstance(section, SmsSection)  # noqa: S101 - the section of that name
    return Numbering(section.country_code, section.international_prefixes)


def _whole(info: SectionInfo, document: Plain) -> Plain:
    return {info.name: [document]} if info.entry_key else document


def _is_on(info: SectionInfo, document: Plain, switch: str) -> bool:
    """An entry that does not say is active by default."""
    return bool(document.get(switch, info.entry_key and switch == "active"))


def _last(problem: Problem) -> str:
    """The field that it is about: `recipient_prefix` of `modems.m0.recipient_prefix.2`."""
    return next(part for part in reversed(problem.path.split(".")) if not part.isdigit())


def _twin(listed: list[Plain], name: str, fields: Mapping[str, Any]) -> str:
    """The entry that is the same person, account or modem already, empty for none."""
    for entry in listed:
        called = str(entry.get("username") or entry.get("name"))
        same_stick = "id" in entry and any(
            fields.get(each) and fields[each] == entry[each] for each in ("imei", "port")
        )
        if called == name or same_stick:
            return called
    return ""
