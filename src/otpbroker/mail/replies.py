"""Whose fault a server's refusal is (RFC 5321 §4.2, RFC 3463): a table, read from above, first match. Pure."""

import re
from enum import StrEnum
from typing import Final, Literal, NamedTuple

Phase = Literal["connect", "auth", "sender", "recipient", "data", "end"]


class Fault(StrEnum):
    RECIPIENT = "recipient"  # no other account would do better: the mail has failed
    MESSAGE = "message"  # as above
    ACCOUNT = "account"  # another account may do; this one rests until somebody sees to it
    PASSING = "passing"  # another account may do; this one may do again shortly
    ATTEMPT = "attempt"  # another account may do; it says nothing about this one
    UNKNOWN = "unknown"  # the text has left and no answer came: it never leaves again


class Rule(NamedTuple):
    """`status` is the enhanced status code; an empty pattern matches always."""

    phases: frozenset[str]
    code: str
    status: str
    fault: Fault

    def matches(self, phase: Phase, code: int, status: str) -> bool:
        right = phase in self.phases and re.fullmatch(self.code, f"{code:03}")
        return bool(right and (not self.status or re.fullmatch(self.status, status)))


_ABOUT_THE_MAIL: Final = frozenset({"recipient", "data", "end"})
_ALL: Final = frozenset({"connect", "auth", "sender"}) | _ABOUT_THE_MAIL

RULES: Final = (
    Rule(_ALL, "421", "", Fault.PASSING),  # the server is closing
    Rule(_ABOUT_THE_MAIL, "4..", "", Fault.ATTEMPT),  # greylisted, mailbox full for now, …
    Rule(_ALL, "4..", "", Fault.PASSING),
    Rule(_ABOUT_THE_MAIL, "5..", r"5\.1\.[78]", Fault.ACCOUNT),  # its sender's address is not liked
    Rule(_ABOUT_THE_MAIL, "5..", r"5\.[12]\.\d+", Fault.RECIPIENT),  # no such mailbox or domain, mailbox full
    Rule(_ABOUT_THE_MAIL, "5..", r"5\.4\.5", Fault.ACCOUNT),  # the provider's own daily quota
    Rule(frozenset({"end"}), "5..", r"5\.(6\.\d+|3\.4)", Fault.MESSAGE),  # the content cannot be taken
    Rule(_ABOUT_THE_MAIL, "530|535|538", "", Fault.ACCOUNT),  # log in first, encrypt first
    Rule(_ABOUT_THE_MAIL, "5..", r"5\.\d+\.\d+", Fault.ATTEMPT),  # this server's policy or routing
    Rule(frozenset({"recipient"}), "501|55[01236]", "", Fault.RECIPIENT),
    Rule(frozenset({"end"}), "55[024]", "", Fault.MESSAGE),
    Rule(_ABOUT_THE_MAIL, "5..", "", Fault.ATTEMPT),
    Rule(_ALL, "...", "", Fault.ACCOUNT),
)


def fault(phase: Phase, code: int, status: str) -> Fault:
    """`code` is what the server replied in `phase`, `status` its enhanced status code, empty where it gave none."""
    return next((rule.fault for rule in RULES if rule.matches(phase, code, status)), Fault.ACCOUNT)
