"""Making codes, and what is kept of them: a keyed, slow hash, in memory only."""

import hashlib
import secrets
from collections.abc import Iterable
from typing import Final

# With 2 MiB and 3 ms of a desktop's core for one guess, all codes of six digits take longer than a code lives.
_N, _R, _P = 2**11, 8, 1
SALT_OCTETS: Final = 16


def new_code(length: int) -> str:
    """From the system's random source. The first digit is never 0: a program that takes it for a number loses none."""
    least = 10 ** (length - 1)
    return str(least + secrets.randbelow(9 * least))


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_OCTETS)


class Hashing:
    """Its key lives and dies with the process."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def name(self, kind: bytes, *values: str) -> bytes:
        """A quick fingerprint, for what nobody could gain from guessing."""
        return self._keyed(kind, values, 16)

    def slow(self, salt: bytes, code: str, receiver: str, params: Iterable[str]) -> bytes:
        """What is kept of a code and all that it is bound to."""
        bound = self._keyed(b"otp", (code, receiver, *params), 32)
        return hashlib.scrypt(bound, salt=salt, n=_N, r=_R, p=_P, dklen=32)

    def _keyed(self, kind: bytes, values: Iterable[str], octets: int) -> bytes:
        joined = "".join(f"{len(value)}:{value}" for value in values).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(joined, key=self._key, digest_size=octets, person=kind).digest()
