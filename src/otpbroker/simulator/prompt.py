from typing import NamedTuple


class Prompt(NamedTuple):
    """What `>` asks for: a PDU whose TPDU has `length` octets or, in text mode, the text for `number`."""

    length: int = 0
    number: str = ""
