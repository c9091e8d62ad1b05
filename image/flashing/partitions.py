"""Where on a card the FAT partition lies that it boots from. Pure; MBR, and GPT (UEFI 2.10 §5)."""

import struct
import uuid
from collections.abc import Iterator
from typing import Final

SECTOR: Final = 512
HEAD: Final = 34 * SECTOR  # both tables
_MBR_END: Final = b"\x55\xaa"
_ENTRIES_AT: Final = 446
_FAT_TYPES: Final = {0x01, 0x04, 0x06, 0x0B, 0x0C, 0x0E, 0xEF}
_PROTECTIVE: Final = 0xEE
_GPT_KINDS: Final = {
    uuid.UUID("c12a7328-f81f-11d2-ba4b-00a0c93ec93b"),  # EFI system
    uuid.UUID("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7"),  # basic data
}


def candidates(head: bytes) -> list[int]:
    """Where partitions begin, in octets, that can be FAT by their type; `head` is the beginning of the card."""
    if len(head) < SECTOR or head[SECTOR - 2 : SECTOR] != _MBR_END:
        return []
    entries = [head[_ENTRIES_AT + 16 * number :][:16] for number in range(4)]
    if any(entry[4] == _PROTECTIVE for entry in entries):
        return list(_gpt(head))
    return [struct.unpack_from("<I", entry, 8)[0] * SECTOR for entry in entries if entry[4] in _FAT_TYPES]


def _gpt(head: bytes) -> Iterator[int]:
    if head[SECTOR : SECTOR + 8] != b"EFI PART" or len(head) < HEAD:
        return
    table, count, size = struct.unpack_from("<QII", head, SECTOR + 72)
    if size < 128:
        return
    for number in range(min(count, 128)):
        entry = head[table * SECTOR + number * size :][:128]
        if len(entry) == 128 and uuid.UUID(bytes_le=entry[:16]) in _GPT_KINDS:
            yield struct.unpack_from("<Q", entry, 32)[0] * SECTOR


def is_fat(sector: bytes) -> bool:
    """Whether it is the first of a FAT file system: FAT32 says so at 82, the others at 54."""
    named = sector[82:87] == b"FAT32" or sector[54:58] in (b"FAT1", b"FAT ")
    return named and sector[SECTOR - 2 : SECTOR] == _MBR_END
