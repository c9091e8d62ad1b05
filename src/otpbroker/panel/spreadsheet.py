"""Tables as CSV (RFC 4180) that a spreadsheet opens by a double click and that scripts can read."""

import re
from collections.abc import Iterable
from typing import Final

BEGINNING: Final = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()  # spreadsheets take a file without it for another encoding
CONTENT_TYPE: Final = "text/csv; charset=utf-8; header=present"
_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
_QUOTED: Final = re.compile(r'[",\r\n]')


def lines(rows: Iterable[Iterable[object]]) -> bytes:
    return "".join(",".join(map(_cell, row)) + "\r\n" for row in rows).encode()


def _cell(value: object) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, str) and _FORMULA.match(text):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
