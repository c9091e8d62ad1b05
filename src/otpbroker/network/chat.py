"""A script for chat(8): the same conversation as wvdial's, for where wvdial cannot run."""

from typing import Final

from otpbroker.config.sections.modems import ModemSettings
from otpbroker.network.dial import conversation
from otpbroker.network.wvdial import TIMEOUT_S

FAILURES: Final = ("BUSY", "NO CARRIER", "NO DIALTONE", "NO DIAL TONE", "NO ANSWER", "ERROR")
"""Result codes that end a call before it begins (ITU-T V.250 §6.3.1, and as some modems spell them)."""
_ANSWER_S: Final = 10
_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+=,.:;*#&_-/")


def render(modem: ModemSettings) -> str:
    said = conversation(modem)
    lines = [f"ABORT '{failure}'" for failure in FAILURES]
    lines.append(f"TIMEOUT {_ANSWER_S}")
    expected = "''"
    for command in said.commands:
        lines.append(f"{expected} {_word(command)}")
        expected = "OK"
    lines += [f"{expected} {_word(said.dial)}", f"TIMEOUT {TIMEOUT_S}", "CONNECT \\c"]
    return "".join(f"{line}\n" for line in lines)


def _word(text: str) -> str:
    """One word that means just `text`: everything that chat might take for something of its own goes by its code."""
    return "".join(char if char in _PLAIN else f"\\{ord(char):03o}" for char in text)
