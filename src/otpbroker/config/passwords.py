"""Passwords at rest: scrypt, n = 2^15, r = 8, p = 1 (32 MiB and about 0.1 s each), as `scrypt$n$r$p$salt$hash`.

Callers keep hashing to one at a time: it is meant to be dear.
"""

import hashlib
import hmac
import os
import re
import secrets
from typing import Final

from otpbroker.secrets import Secret

MIN_API_PASSWORD: Final = 8
MIN_ADMIN_PASSWORD: Final = 10
_N, _R, _P = 2**15, 8, 1
_FORM = re.compile(r"scrypt\$32768\$8\$1\$([0-9a-f]{32})\$([0-9a-f]{64})")
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # without the letters that look like digits


def hash_password(password: Secret) -> Secret:
    """What is stored in place of `password`."""
    salt = os.urandom(16)
    return Secret(f"scrypt${_N}${_R}${_P}${salt.hex()}${_scrypt(password, salt).hex()}")


def verify(password: Secret, stored: Secret) -> bool:
    """Whether `password` is the one behind `stored`; constant time, and the same cost where `stored` is no hash.

    An empty password is never right.
    """
    form = _FORM.fullmatch(stored.reveal())
    salt, wanted = (bytes.fromhex(form[1]), bytes.fromhex(form[2])) if form else (bytes(16), bytes(32))
    same = hmac.compare_digest(_scrypt(password, salt), wanted)
    return same and form is not None and bool(password)


def is_hash(stored: Secret) -> bool:
    return _FORM.fullmatch(stored.reveal()) is not None


def generate() -> Secret:
    """A password of 80 bits that is easy to read out."""
    letters = [secrets.choice(_ALPHABET) for _ in range(16)]
    return Secret("-".join("".join(letters[at : at + 4]) for at in range(0, 16, 4)))


def _scrypt(password: Secret, salt: bytes) -> bytes:
    return hashlib.scrypt(password.reveal().encode(), salt=salt, n=_N, r=_R, p=_P, maxmem=2**26, dklen=32)
