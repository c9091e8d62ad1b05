"""Which line is an answer and which came unasked (pure; 3GPP TS 27.007, 27.005 and the makers' manuals)."""

import re
from typing import Final

_SHAPE = re.compile(r"[+^*#%$&!_][A-Z][A-Z0-9_]*\s*[:=]")
_WORDS: Final = (
    "RING",
    "NO CARRIER",
    "NO DIALTONE",
    "NO DIAL TONE",
    "NO ANSWER",
    "BUSY",
    "RDY",
    "CALL READY",
    "SMS READY",
    "SMS DONE",
    "PB DONE",
    "POWERED DOWN",
    "NORMAL POWER DOWN",
    "UNDER-VOLTAGE",
    "OVER-VOLTAGE",
    "RECOVERY",
    "START",
    "MODEM:STARTUP",
    "SYSSTART",
    "^SYSSTART",
)
_HEADS: Final = ("+CDS:", "+CMT:", "+CBM:")
"""Unsolicited lines that a line of hex digits follows in PDU mode (3GPP TS 27.005 §3.4.1)."""
_REGISTRATION: Final = ("+CREG:", "+CGREG:", "+CEREG:", "+C5GREG:")
_STATE_SECOND = re.compile(r"\s*\d\s*,\s*\d{1,2}\s*(,|$)")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")


def is_urc(line: str, prefix: str) -> bool:
    """Whether `line` came unasked while a command waits whose answer begins with `prefix` ("" for bare text).

    Any line of the shape `+NAME:` that is not the awaited one is unsolicited, so no table of names can be short.
    NO CARRIER and its like end a dialled call, never one of our commands: here they are the end of somebody's ringing.
    """
    if prefix and line.startswith(prefix):
        return prefix in _REGISTRATION and _STATE_SECOND.match(line, len(prefix)) is None
    return _SHAPE.match(line) is not None or line.upper().startswith(_WORDS)


def is_head(line: str) -> bool:
    """Whether a PDU in hex digits follows on the next line."""
    return line.startswith(_HEADS)


def is_hex(line: str) -> bool:
    return _HEX.fullmatch(line) is not None


def restarted(urc: str) -> bool:
    """Whether it says that the modem has just started anew, so that its settings are lost."""
    return urc.upper().startswith(("RDY", "^SYSSTART", "SYSSTART", "MODEM:STARTUP", "START"))
