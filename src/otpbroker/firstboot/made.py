"""What is made for one device alone, from the kernel's random source, so that people can read and type it. Pure but for
that source, which waits at boot until it is seeded.
"""

import re
import secrets
from typing import Final

from otpbroker.secrets import Secret

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz"  # without i, l and o: on paper they look like 1 and 0
_CODE: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_GROUP: Final = 4
_SSID_LENGTH: Final = 6  # a thousand devices in one hall: two of a name with a chance of 1 in 2,000


def ssid() -> str:
    return f"OTP-Broker-{_picked(_CODE, _SSID_LENGTH)}"


def passphrase() -> Secret:
    """90 bits, in small letters only: no keyboard need be switched but for the hyphens."""
    return Secret("-".join(_picked(_LETTERS, _GROUP) for _ in range(5)))


def setup_code() -> Secret:
    """59 bits, against somebody who guesses through the panel."""
    return Secret("-".join(_picked(_CODE, _GROUP) for _ in range(3)))


def is_code(text: str) -> bool:
    """Whether `text` is a set-up code as it is made here."""
    return re.fullmatch(rf"[{_CODE}]{{4}}(-[{_CODE}]{{4}}){{2}}", text) is not None


def _picked(alphabet: str, count: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(count))
