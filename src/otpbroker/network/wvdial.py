"""wvdial's configuration (wvdial.conf(5), 1.61): a section for each modem that is to be connected to the internet.

wvdial is used as what pppd runs to have the modem call, so everything of PPP stands in pppd's own options.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from otpbroker.config.sections.modems import ModemSettings
from otpbroker.network.dial import conversation, dialling
from otpbroker.network.names import number

FOLDER: Final = Path("/run/otpb-dial")  # otpb-dial's own
TIMEOUT_S: Final = 60  # from the dial command to CONNECT
_ALWAYS: Final = (
    # After CONNECT nobody asks for a login: PPP begins.
    ("Stupid Mode", "yes"),
    ("Carrier Check", "no"),
    # One call, then its end: when to call again is otpb-dial's to say.
    ("Dial Attempts", "1"),
    ("Dial Timeout", str(TIMEOUT_S)),
    ("Abort on Busy", "on"),
    ("Auto Reconnect", "off"),
)


def tty(modem: str, folder: Path = FOLDER) -> Path:
    """The link to the port that modem has now. Its name is not the port's: by that, wvdial would find pppd's lock."""
    return folder / modem / f"tty-{modem}"


def render(modems: Iterable[ModemSettings]) -> str:
    """The file; empty where no modem is to be connected. It holds the operators' passwords."""
    return "\n".join("".join(f"{line}\n" for line in _section(modem)) for modem in dialling(modems))


def _section(modem: ModemSettings) -> Iterator[str]:
    said = conversation(modem)
    yield f"[Dialer {said.modem}]"
    yield f"Modem = {tty(said.modem)}"
    yield f"Baud = {number(modem.baud_rate, 300, 4_000_000, 'modems.baud_rate')}"
    for place, command in enumerate(said.commands, 1):
        yield f"Init{place} = {_escaped(command)}"
    yield f"Dial Command = {_escaped(said.dial_command)}"
    yield f"Phone = {said.number}"
    yield f"Username = {_escaped(said.username)}"
    yield f"Password = {_escaped(said.password.reveal())}"
    for key, value in _ALWAYS:
        yield f"{key} = {value}"


def _escaped(text: str) -> str:
    """As wvdial reads words: a backslash takes any character literally, braces and quotes would group."""
    ends = {0, len(text) - 1}
    return "".join(
        f"\\{char}" if char in '\\{}"' or (char == " " and place in ends) else char for place, char in enumerate(text)
    )
