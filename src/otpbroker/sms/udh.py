"""The user data header: concatenation, ports, national language tables (3GPP TS 23.040 §9.2.3.24)."""

from typing import Final, NamedTuple

from msgspec import Struct

CONCATENATION_8: Final = 0x00
CONCATENATION_16: Final = 0x08
PORTS_8: Final = 0x04
PORTS_16: Final = 0x05
SINGLE_SHIFT: Final = 0x24
LOCKING_SHIFT: Final = 0x25


class Concatenation(NamedTuple):
    """Part `sequence` (from 1) of `total` parts that share `reference`, which is 8 or 16 bits wide."""

    reference: int
    total: int
    sequence: int
    bits: int = 8


class Udh(Struct, frozen=True):
    """A header's information elements by identifier; of a repeated one the last counts."""

    elements: dict[int, bytes]

    @property
    def concatenation(self) -> Concatenation | None:
        """None also for numbers that contradict themselves: such an element is ignored (§9.2.3.24.1)."""
        for identifier, width in ((CONCATENATION_16, 2), (CONCATENATION_8, 1)):
            data = self.elements.get(identifier, b"")
            if len(data) == width + 2 and 1 <= data[-1] <= data[-2]:
                return Concatenation(int.from_bytes(data[:width]), data[-2], data[-1], 8 * width)
        return None

    @property
    def ports(self) -> tuple[int, int] | None:
        """Destination and originator port (§9.2.3.24.3, §9.2.3.24.4)."""
        for identifier, width in ((PORTS_16, 2), (PORTS_8, 1)):
            data = self.elements.get(identifier, b"")
            if len(data) == 2 * width:
                return int.from_bytes(data[:width]), int.from_bytes(data[width:])
        return None

    @property
    def locking_shift(self) -> int:
        return self._language(LOCKING_SHIFT)

    @property
    def single_shift(self) -> int:
        return self._language(SINGLE_SHIFT)

    def _language(self, identifier: int) -> int:
        data = self.elements.get(identifier, b"")
        return data[0] if len(data) == 1 else 0


NO_HEADER: Final = Udh({})


def decode(header: bytes) -> Udh:
    """The elements behind the length octet; where the last one does not fit, the whole header counts for nothing."""
    elements: dict[int, bytes] = {}
    at = 0
    while at < len(header):
        end = at + 2 + header[at + 1] if at + 1 < len(header) else len(header) + 1
        if end > len(header):
            return NO_HEADER
        elements[header[at]] = header[at + 2 : end]
        at = end
    return Udh(elements)


def encode(elements: dict[int, bytes]) -> bytes:
    """The whole header with its length octet; nothing for no elements."""
    body = b"".join(bytes((identifier, len(data))) + data for identifier, data in elements.items())
    return bytes((len(body),)) + body if body else b""


def concatenation(part: Concatenation) -> bytes:
    """The whole header of one part of a longer message."""
    identifier = CONCATENATION_16 if part.bits == 16 else CONCATENATION_8
    return encode({identifier: part.reference.to_bytes(part.bits // 8) + bytes((part.total, part.sequence))})
