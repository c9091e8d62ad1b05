"""What a modem says of itself and of its network (3GPP TS 27.007 §5, §7.3, §8.5, 27.005 §3.3.1)."""

import re

from otpbroker.modem.asking import Asker
from otpbroker.modem.drivers.quirks import Quirks
from otpbroker.modem.fields import fields, number
from otpbroker.modem.status import Identity

_IMEI = re.compile(r"\d{14,16}")
_IMSI = re.compile(r"\d{6,16}")
_ICCID = re.compile(r"\d{17}[0-9Ff]{1,5}")
_LONGEST = 64


def bare(asker: Asker, command: str) -> str:
    """The first line of a bare answer (AT+CGMI …), unquoted and bounded, as it is shown to people."""
    return asker.first(command).strip('" ')[:_LONGEST]


def manufacturer(asker: Asker) -> str:
    return bare(asker, "AT+CGMI") or bare(asker, "AT+GMI") or _ati(asker)


def _ati(asker: Asker) -> str:
    return next((line.removeprefix("Manufacturer:").strip()[:_LONGEST] for line in asker.ask("ATI") or ()), "")


def imei(asker: Asker) -> str:
    return _digits(_IMEI, asker.ask("AT+CGSN") or asker.ask("AT+GSN"))


def sim_identity(asker: Asker, quirks: Quirks) -> tuple[str, str, str]:
    """IMSI, ICCID and own number; "" for what the SIM does not tell."""
    imsi = _digits(_IMSI, asker.ask("AT+CIMI"))
    return imsi, iccid(asker, quirks), own_number(asker)


def iccid(asker: Asker, quirks: Quirks) -> str:
    for command in quirks.iccid:
        # A bare command may be answered bare (SIM800) or by its name.
        found = _digits(_ICCID, asker.ask(command, f"{command[2:-1]}:" if command.endswith("?") else ""))
        if found:
            return as_printed(found)
    return ""


def as_printed(iccid: str) -> str:
    """The digits on the card: every ICCID begins with 89, and some modems show its octets nibble by nibble (98…)."""
    if iccid.startswith("98"):
        iccid = "".join(iccid[at : at + 2][::-1] for at in range(0, len(iccid), 2))
    return iccid.rstrip("Ff")


def own_number(asker: Asker) -> str:
    """The first number of AT+CNUM, digits only (27.007 §7.1)."""
    for line in asker.ask("AT+CNUM", "+CNUM:") or ():
        values = fields(line, "+CNUM:")
        if len(values) > 1 and (digits := re.sub(r"\D", "", values[1])):
            return digits
    return ""


def operator(asker: Asker) -> str:
    """The name of the network, or its PLMN where the modem knows no name; "" when it is on none."""
    name = _operator(asker)
    if re.fullmatch(r"\d{5,6}", name) and asker.ask("AT+COPS=3,0") is not None:  # a PLMN until it is asked for names
        name = _operator(asker)
    return name


def _operator(asker: Asker) -> str:
    values = fields(asker.first("AT+COPS?", "+COPS:"))
    return values[2][:_LONGEST] if len(values) > 2 else ""


def signal_dbm(asker: Asker) -> int | None:
    return rssi_dbm(number(fields(asker.first("AT+CSQ", "+CSQ:"))[0]))


def rssi_dbm(rssi: int | None) -> int | None:
    """<rssi> of AT+CSQ as dBm; 99 is unknown."""
    return None if rssi is None or not 0 <= rssi <= 31 else 2 * rssi - 113


def smsc(asker: Asker) -> str:
    return fields(asker.first("AT+CSCA?", "+CSCA:"))[0]


def read(asker: Asker, quirks: Quirks, known: Identity) -> Identity:
    """Everything of the identity that `known` lacks."""
    imsi, card, own = (
        (known.imsi, known.iccid, known.msisdn) if known.imsi and known.iccid else sim_identity(asker, quirks)
    )
    return Identity(
        manufacturer=known.manufacturer,
        model=known.model or bare(asker, "AT+CGMM") or bare(asker, "AT+GMM"),
        revision=known.revision or (bare(asker, "AT+CGMR") or bare(asker, "AT+GMR")).removeprefix("Revision:").strip(),
        imei=known.imei,
        imsi=imsi,
        iccid=card,
        msisdn=own,
        smsc=known.smsc,
    )


def _digits(shape: re.Pattern[str], lines: list[str] | None) -> str:
    for line in lines or ():
        match = shape.search(line)
        if match:
            return match[0]
    return ""
