"""How long a server asks to be left alone. Pure."""

from email.utils import parsedate_to_datetime
from typing import Final

_LONGEST_RETRY_AFTER_S: Final = 86400.0


def retry_after_s(header: str, now: float) -> float | None:
    """The seconds of a Retry-After header (RFC 9110 §10.2.3), between one and a day; None where it says nothing.

    `now` is Unix time, for a header that names a moment.
    """
    value = header.strip()
    if value.isascii() and value.isdigit():
        wanted = float(value[:9])
    else:
        try:
            wanted = parsedate_to_datetime(value).timestamp() - now
        except (ValueError, TypeError, OverflowError):
            return None
    return min(max(wanted, 1.0), _LONGEST_RETRY_AFTER_S)
