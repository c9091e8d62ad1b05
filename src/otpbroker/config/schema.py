"""From a document of plain values to a frozen section: every problem at once, each with what would be right.

Values may be typed (JSON) or text (YAML scalars, forms, the command line); the schema types them.
"""

from typing import TypeVar

import msgspec
from msgspec import Struct, field, inspect

from otpbroker.config.canonical import Numbering
from otpbroker.config.leaves import Wrong, leaf
from otpbroker.config.registry import BY_KIND
from otpbroker.config.sections._base import Section
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.readable import readable
from otpbroker.secrets import decode_secret
from otpbroker.texts import translate
from otpbroker.verbs.apply import Problem

SectionType = TypeVar("SectionType", bound=Section)

_MAX_SHOWN = 40


class SettingsError(BrokerError):
    """Settings that are refused, with every problem; its own sentence joins them in English."""

    def __init__(self, problems: list[Problem]) -> None:
        sentences = "; ".join(f"{problem.path}: {translate(problem.key, problem.params)}" for problem in problems)
        super().__init__(ResponseCode.INVALID_REQUEST, "settings.invalid", problems=sentences)
        self.problems = problems


def read(kind: type[SectionType], document: object, numbering: Numbering) -> SectionType:
    """Check `document` against the section's schema and return the section. Raises `SettingsError`."""
    reading = _Reading(numbering)
    info = BY_KIND[kind]
    plain = reading.value(inspect.type_info(kind), document, "" if info.entry_key else info.name)
    if reading.problems:
        raise SettingsError(reading.problems)
    return msgspec.convert(plain, readable(kind), dec_hook=decode_secret)


class _Reading(Struct):
    numbering: Numbering
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, path: str, key: str, **params: str | int) -> None:
        self.problems.append(Problem(path=path, key=f"settings.{key}", params=params))

    def value(self, kind: inspect.Type, given: object, path: str) -> object:
        """`given` as plain data of the kind wanted; whatever is wrong with it is noted."""
        extra: dict[str, str] = {}
        if isinstance(kind, inspect.Metadata):
            extra = kind.extra or {}
            kind = kind.type
        if isinstance(kind, inspect.StructType):
            return self._struct(kind, given, path)
        if isinstance(kind, inspect.VarTupleType):
            return self._list(kind, given, path)
        return self._leaf(kind, extra, given, path)

    def _struct(self, kind: inspect.StructType, given: object, path: str) -> object:
        if not isinstance(given, dict):
            self.wrong(path, "expect_mapping")
            return given
        fields = {entry.encode_name: entry for entry in kind.fields}
        for name in given.keys() - fields.keys():
            self._unknown(str(name), list(fields), path)
        plain = {}
        for name, entry in fields.items():
            if name in given:
                plain[name] = self.value(entry.type, given[name], _join(path, name))
            elif entry.required:
                self.wrong(_join(path, name), "missing")
        return plain

    def _unknown(self, name: str, known: list[str], path: str) -> None:
        import difflib  # noqa: PLC0415 - only where somebody mistyped a name

        nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        if nearest:
            self.wrong(_join(path, name), "unknown_key_nearest", nearest=nearest[0])
        else:
            self.wrong(_join(path, name), "unknown_key", known=", ".join(sorted(known)))

    def _list(self, kind: inspect.VarTupleType, given: object, path: str) -> object:
        if isinstance(given, str) and not isinstance(kind.item_type, inspect.StructType):
            given = [part.strip() for part in given.replace("\n", ",").split(",") if part.strip()]
        if not isinstance(given, list | tuple):
            self.wrong(path, "expect_list")
            return given
        return [self.value(kind.item_type, item, _join(path, _label(item, at))) for at, item in enumerate(given)]

    def _leaf(self, kind: inspect.Type, extra: dict[str, str], given: object, path: str) -> object:
        plain = leaf(kind, extra, given, self.numbering)
        if isinstance(plain, Wrong):
            shown = "" if isinstance(kind, inspect.CustomType) else _shown(given)
            if given == "":
                self.wrong(path, "blank")
            else:
                self.wrong(path, plain.key, given=shown, **plain.params)
        return plain


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _label(item: object, at: int) -> str:
    """How an entry of a list is called in a path: by its id, username or name where it has one."""
    if isinstance(item, dict):
        name = item.get("id") or item.get("username") or item.get("name")
        if isinstance(name, str):
            return _shown(name)
    return str(at + 1)


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    escaped = "".join(char if char.isprintable() else "·" for char in text)
    return escaped if len(escaped) <= _MAX_SHOWN else escaped[: _MAX_SHOWN - 1] + "…"
