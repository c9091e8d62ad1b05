"""Received parts joined to messages (3GPP TS 23.040 §9.2.3.24.1)."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Generic, TypeVar

from msgspec import Struct, field

from otpbroker.sms.address import Address
from otpbroker.sms.dcs import Alphabet
from otpbroker.sms.deliver import Deliver
from otpbroker.sms.udh import Concatenation
from otpbroker.sms.user_data import UserData, decode_text

Key = TypeVar("Key")


class Message(Struct, Generic[Key]):
    """A received message: whole, or with holes. `keys` name all stored parts, duplicates too, as they arrived."""

    tp_oa: Address
    scts: datetime | None
    total: int = 1
    keys: list[Key] = field(default_factory=list)
    parts: dict[int, UserData] = field(default_factory=dict)

    def takes(self, place: Concatenation, part: UserData) -> bool:
        """Whether the part fills a hole or repeats what is here; a message of one part stands alone."""
        return place.total > 1 and self.parts.get(place.sequence, part) == part

    @property
    def missing(self) -> tuple[int, ...]:
        """The sequence numbers, from 1, of the parts that have not arrived."""
        return tuple(sequence for sequence in range(1, self.total + 1) if sequence not in self.parts)

    @property
    def text(self) -> str:
        """A hole shows as `[2/3 …]`, 8-bit data as hexadecimal digits.

        Neighbours of one alphabet are decoded as one, because senders do split escape and surrogate pairs.
        """
        shown: list[str] = []
        for coding, run in groupby(range(1, self.total + 1), self._coding):
            if coding is None:
                shown.extend(f"[{sequence}/{self.total} \u2026]" for sequence in run)
            else:
                shown.append(_joined([self.parts[sequence] for sequence in run]))
        return "".join(shown)

    def _coding(self, sequence: int) -> tuple[Alphabet, int, int] | None:
        part = self.parts.get(sequence)
        return (part.alphabet, part.header.locking_shift, part.header.single_shift) if part else None

    def __repr__(self) -> str:
        return f"<message of {len(self.parts)}/{self.total} parts>"


def assemble(parts: Iterable[tuple[Key, Deliver]]) -> list[Message[Key]]:
    """Messages in the order of their first part; parts come in any order, each with the key it is stored under.

    Parts belong together by sender, reference and total. The same part again is a duplicate; another one with the same
    number begins a new message, because many senders use one reference for all.
    """
    messages: list[Message[Key]] = []
    open_by_reference: dict[tuple[Address, Concatenation], list[Message[Key]]] = {}
    for key, part in parts:
        place = part.user_data.header.concatenation or Concatenation(0, 1, 1)
        known = open_by_reference.setdefault((part.tp_oa, place._replace(sequence=0)), [])
        message = next((each for each in known if each.takes(place, part.user_data)), None)
        if message is None:
            message = Message(part.tp_oa, part.scts, place.total)
            messages.append(message)
            known.append(message)
        message.keys.append(key)
        message.parts[place.sequence] = part.user_data
    return messages


def _joined(run: list[UserData]) -> str:
    payload = b"".join(part.payload for part in run)
    shown = decode_text(run[0].alphabet, payload, run[0].header)
    return payload.hex().upper() if shown is None else shown
