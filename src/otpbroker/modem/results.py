"""Final result codes and what they mean (pure; 3GPP TS 27.005 §3.2.5, 27.007 §9.2, ITU-T V.250 §5.7.1)."""

import re
from typing import Literal

from msgspec import Struct

from otpbroker.modem.causes import CME_NAMES, CME_TEXTS, CMS_BLAMES, CMS_NAMES, CMS_TEXTS, UNKNOWN_CAUSE
from otpbroker.modem.contract import Blame, ModemError

_REFUSALS = frozenset({"ERROR", "COMMAND NOT SUPPORT", "COMMAND NOT SUPPORTED", "TOO MANY PARAMETERS", "NOT SUPPORT"})
_NUMBERED = re.compile(r"\+(CM[ES]) ERROR\s*:\s*(.*)", re.IGNORECASE)
_TEXTS = {"CMS": CMS_TEXTS, "CME": CME_TEXTS}


class Refusal(Struct, frozen=True):
    """A final result that is not OK. `number` is None where the modem said only ERROR or an unknown text."""

    family: Literal["", "CMS", "CME"] = ""
    number: int | None = None


def refusal(line: str) -> Refusal | None:
    """The refusal that `line` is, or None. Only a whole line counts: a text that holds ERROR is none."""
    if line[:1] == "+":
        match = _NUMBERED.fullmatch(line)
        return None if match is None else _numbered(match[1].upper(), match[2].strip())
    return Refusal() if line.upper() in _REFUSALS else None


def _numbered(family: str, detail: str) -> Refusal:
    number = int(detail) if re.fullmatch(r"[0-9]{1,5}", detail) else _TEXTS[family].get(_plain(detail))
    return Refusal("CMS" if family == "CMS" else "CME", number)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower()).split())


def cause_key(refused: Refusal) -> str:
    """The text key of a refusal; an unknown number has a key that shows it."""
    names = CME_NAMES if refused.family == "CME" else CMS_NAMES
    return f"modem.cause.{names.get(refused.number, UNKNOWN_CAUSE)}" if refused.number is not None else "modem.refused"


def submit_error(refused: Refusal) -> ModemError:
    """What a refused AT+CMGS means for the message and for the modem."""
    if refused.number is None:
        return ModemError(Blame.TRANSIENT, "modem.refused")
    if refused.family == "CME":
        blame = Blame.TRANSIENT if refused.number in _CME_TRANSIENT else Blame.MODEM
        return ModemError(blame, cause_key(refused), cause=refused.number)
    blame = CMS_BLAMES.get(refused.number, Blame.TRANSIENT)
    return ModemError(blame, cause_key(refused), cms=refused.number, cause=refused.number)


def command_error(refused: Refusal) -> ModemError:
    """What any other refused command means."""
    if refused.number is None:
        return ModemError(Blame.MODEM, "modem.refused")
    return ModemError(Blame.MODEM, cause_key(refused), cause=refused.number)


_CME_TRANSIENT = frozenset({14, 31, 100, 126, 258, 515})
