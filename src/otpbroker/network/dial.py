"""What a modem is told so that it calls its operator, read out of its settings: the same for wvdial and for chat."""

import re
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from otpbroker.config.sections.modems import ModemSettings
from otpbroker.network.names import Unrenderable
from otpbroker.secrets import Secret

_FIRST: Final = "ATE0Q0V1S0=0&C1&D2"  # all of them mandatory, 3GPP TS 27.007 §5
_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_COMMAND: Final = re.compile(r"[Aa][Tt][\x20-\x7e]{0,98}")
_APN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_NUMBER: Final = re.compile(r"[0-9*#+]{1,40}")
_WORD: Final = re.compile(r"[\x20-\x7e]{1,100}")
_NOBODY: Final = "guest"  # operators that want no name take any; PPP must have one to answer with


class Conversation(Struct, frozen=True, kw_only=True):
    """`commands` are answered by OK each, then `dial` by CONNECT; after it PPP gives `username` and `password`."""

    modem: str
    commands: tuple[str, ...]
    dial_command: str
    number: str
    username: str
    password: Secret

    @property
    def dial(self) -> str:
        return self.dial_command + self.number


def dialling(modems: Iterable[ModemSettings]) -> list[ModemSettings]:
    """The modems that are to be connected to the internet."""
    return [modem for modem in modems if modem.active and modem.internet_access]


def conversation(modem: ModemSettings) -> Conversation:
    """Raises `Unrenderable` for what no settings that passed the checks hold."""
    own = (modem.init_dial_1, modem.init_dial_2, modem.init_dial_3, modem.init_dial_4, modem.init_dial_5)
    context = (f'AT+CGDCONT=1,"IP","{_fitting(_APN, modem.apn, "modems.apn")}"',) if modem.apn else ()
    given = tuple(
        _fitting(_COMMAND, command.strip(), f"modems.init_dial_{place}")
        for place, command in enumerate(own, 1)
        if command.strip()
    )
    password = modem.apn_password.reveal() or _NOBODY
    _fitting(_WORD, password, "modems.apn_password")
    return Conversation(
        modem=_fitting(_ID, modem.id, "modems.id"),
        commands=(_FIRST, *context, *given),
        dial_command=_fitting(_COMMAND, modem.dial_command.strip() or "ATDT", "modems.dial_command"),
        number=_fitting(_NUMBER, modem.dial_number or "*99#", "modems.dial_number"),
        username=_fitting(_WORD, modem.apn_username or _NOBODY, "modems.apn_username"),
        password=Secret(password),
    )


def _fitting(pattern: re.Pattern[str], text: str, field: str) -> str:
    if not pattern.fullmatch(text):
        raise Unrenderable(field)
    return text
