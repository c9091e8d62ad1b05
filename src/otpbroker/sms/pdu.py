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


class Pdu:
    """A PDU as a modem writes or reads it: `hex` with the SMSC octets, `tpdu_length` without them (TS 27.005 §3.1)."""

    __slots__ = ("hex", "tpdu_length")

    def __init__(self, hex_digits: str, tpdu_length: int) -> None:
        self.hex = hex_digits
        self.tpdu_length = tpdu_length

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.tpdu_length} octets>"
