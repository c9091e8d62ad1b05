"""What every PDU has in common: its error, its hexadecimal form, and a reader that never runs over the end."""


class PduError(ValueError):
    """A PDU or a part of one breaks TS 23.038 or TS 23.040. Its words never hold what the PDU says."""


def octets(pdu: str) -> bytes:
    """The octets of a hexadecimal PDU as a modem prints it; upper or lower case."""
    try:
        return bytes.fromhex(pdu)
    except ValueError:
        raise PduError("not a row of hexadecimal octets") from None


class Reader:
    """Takes octets from the front; asking for more than there are is a `PduError`."""

    __slots__ = ("_at", "_octets")

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0

    def octet(self) -> int:
        return self.take(1)[0]

    def take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._octets):
            raise PduError(f"truncated: octets {self._at} to {end} wanted, {len(self._octets)} there")
        taken = self._octets[self._at : end]
        self._at = end
        return taken

    def at_end(self) -> bool:
        return self._at == len(self._octets)
