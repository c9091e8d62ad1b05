"""Values that refuse to print themselves: passwords, PINs, texts of messages; and the hooks that encode them."""

import hmac
from typing import Self


class Secret:
    """A password, PIN or key. `reveal()` is the only way to its value; everything else shows `********`."""

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((type(self), self._value))

    def __repr__(self) -> str:
        return "********"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __reduce__(self) -> str:
        raise TypeError(f"{type(self).__name__} is never pickled")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


class MessageText(Secret):
    """The text of an outgoing message: shows only its length."""

    __slots__ = ()

    def __len__(self) -> int:
        return len(self._value)

    def __repr__(self) -> str:
        return f"<text of {len(self._value)}>"

    __str__ = __repr__


def decode_secret(kind: type, value: object) -> object:
    """Msgspec `dec_hook`: strings become `Secret` or `MessageText`."""
    if kind in (Secret, MessageText) and isinstance(value, str):
        return kind(value)
    raise NotImplementedError(kind)


def encode_revealed(value: object) -> str:
    """Msgspec `enc_hook` for the two places that may see a secret: the settings file and the wire to its owner."""
    if isinstance(value, Secret):
        return value.reveal()
    raise NotImplementedError(type(value))


def encode_masked(value: object) -> str:
    """Msgspec `enc_hook` for everything shown: a set secret is `********`, an empty one is empty."""
    if isinstance(value, Secret):
        return str(value) if value else ""
    raise NotImplementedError(type(value))
