"""TP-DCS: how the user data of a message are coded (3GPP TS 23.038 §4)."""

from enum import IntEnum
from typing import Final, NamedTuple


class Alphabet(IntEnum):
    """An alphabet, with the TP-DCS octet that means it and nothing else."""

    GSM7 = 0x00
    DATA8 = 0x04
    UCS2 = 0x08


# Bits 3 and 2 of the general groups; the reserved combination counts as GSM-7.
_GENERAL: Final = (Alphabet.GSM7, Alphabet.DATA8, Alphabet.UCS2, Alphabet.GSM7)


class Dcs(NamedTuple):
    """`message_class` 0 is shown at once and not stored; `waiting` marks a message waiting indication."""

    alphabet: Alphabet
    message_class: int | None = None
    compressed: bool = False
    waiting: bool = False


def decode(tp_dcs: int) -> Dcs:
    """Any octet has a meaning: reserved groups count as the GSM 7-bit default alphabet."""
    if tp_dcs < 0x80:  # general data coding, and the same marked for automatic deletion
        message_class = tp_dcs & 0x03 if tp_dcs & 0x10 else None
        return Dcs(_GENERAL[tp_dcs >> 2 & 0x03], message_class, compressed=bool(tp_dcs & 0x20))
    if tp_dcs >= 0xF0:
        return Dcs(Alphabet.DATA8 if tp_dcs & 0x04 else Alphabet.GSM7, tp_dcs & 0x03)
    if tp_dcs >= 0xE0:
        return Dcs(Alphabet.UCS2, waiting=True)
    return Dcs(Alphabet.GSM7, waiting=tp_dcs >= 0xC0)
