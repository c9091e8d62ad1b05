"""The form of an address that is called over HTTP: what a sender's `callback` and an administrator's webhook may be."""

from typing import Final

_PORT: Final = "(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"
MAX_URL: Final = 2000
# ASCII, as RFC 3986 has it (names of other letters in their xn-- form), and without a user name.
_REST: Final = rf"://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:{_PORT})?([/?#][!-~]*)?"
URL: Final = f"https?{_REST}"
HTTPS_URL: Final = f"https{_REST}"
