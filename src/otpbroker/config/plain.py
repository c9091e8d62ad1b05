"""Settings files in the plain form that otpb-apply writes, without PyYAML, which takes 0.8 MB of each process.

Block mappings and lists, and scalars on one line, bare or in single quotes. What somebody wrote in another way, from a
comment to a folded line, is PyYAML's, and so is every error. Pure.
"""

import re
from typing import Final, NamedTuple

# What neither begins nor ends anything in YAML, nor breaks a line, inside such a scalar (YAML 1.1 §9.1.2, §9.1.3).
_BARE: Final = r"[A-Za-z0-9_./+$](?:[!-\"$-9;-~\w]|(?<! )#|:(?! |$)| (?=[^ #]))*"
_QUOTED: Final = r"'(?:[ -&(-~\w]|'')*'"
_KEY: Final = r"[a-z][a-z0-9_]{0,63}"
_LINE: Final = re.compile(rf"( {{0,32}})(?:(- )?({_KEY}):(?: ({_BARE}|{_QUOTED}|\[\]))?|- ({_BARE}|{_QUOTED}))")
Plain = str | list["Plain"] | dict[str, "Plain"]


class _Line(NamedTuple):
    """`- ` begins an entry of a list at `indent`; the `key` of its mapping stands two further."""

    indent: int
    begins: bool
    key: str
    scalar: str


class _NotPlainError(Exception):
    """PyYAML knows what it is."""


def read(text: str) -> Plain | None:
    """A mapping, all scalars as text; None where `text` is not in the plain form."""
    try:
        reading = _Reading([_line(line) for line in text.removesuffix("\n").split("\n")])
        found = reading.mapping(0)
        return found if reading.left() is None else None
    except _NotPlainError:
        return None


def _line(line: str) -> _Line:
    found = _LINE.fullmatch(line)
    if found is None:
        raise _NotPlainError
    indent, dash, key, value, item = found.groups("")
    return _Line(len(indent), bool(dash or not key), key, value or item)


class _Reading:
    def __init__(self, lines: list[_Line]) -> None:
        self._lines = lines
        self._at = 0

    def left(self) -> _Line | None:
        """The line that comes next."""
        return self._lines[self._at] if self._at < len(self._lines) else None

    def mapping(self, indent: int) -> dict[str, Plain]:
        """The keys that stand at `indent`; the first one may follow `- `."""
        found: dict[str, Plain] = {}
        while (line := self.left()) is not None and line.key and _column(line) == indent:
            if line.begins and found:  # the next entry
                break
            if line.key in found:
                raise _NotPlainError
            self._at += 1
            found[line.key] = _scalar(line.scalar) if line.scalar else self._block(indent)
        if not found:
            raise _NotPlainError
        return found

    def _block(self, indent: int) -> Plain:
        """What a key at `indent` has below it: a list there, or a mapping two further."""
        line = self.left()
        if line is not None and line.begins and line.indent == indent:
            return self._list(indent)
        return self.mapping(indent + 2)

    def _list(self, indent: int) -> list[Plain]:
        found: list[Plain] = []
        while (line := self.left()) is not None and line.begins and line.indent == indent:
            if line.key:
                found.append(self.mapping(indent + 2))
            else:
                self._at += 1
                found.append(_scalar(line.scalar))
        return found


def _column(line: _Line) -> int:
    return line.indent + 2 if line.begins else line.indent


def _scalar(written: str) -> Plain:
    if written == "[]":
        return []
    return written[1:-1].replace("''", "'") if written.startswith("'") else written
