"""SMS-SUBMIT (3GPP TS 23.040 §9.2.2.2)."""


class SubmitPdu:
    """A SUBMIT ready for AT+CMGS: `hex` with the SMSC octets, `tpdu_length` without them (3GPP TS 27.005 §3.5.1)."""

    __slots__ = ("hex", "tpdu_length")

    def __init__(self, hex_digits: str, tpdu_length: int) -> None:
        self.hex = hex_digits
        self.tpdu_length = tpdu_length

    def __repr__(self) -> str:
        return f"<SUBMIT of {self.tpdu_length} octets>"
