"""The audit trail: who did what, the newest first."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from otpbroker.panel.answers import Answer, Page
from otpbroker.panel.desk import Desk
from otpbroker.panel.routes import Route, get
from otpbroker.panel.visit import Visit
from otpbroker.panel.words import Words
from otpbroker.verbs.audit import NETWORK, NOBODY, SCHEDULE, STICK, AuditEntry, AuditTrail, Changed

COMMAND_LINE: Final = ":otpb"  # as somebody to look for: no administrator's name has a colon
_NEW: Final = ("audit.added", "audit.first_admin")
_LATEST: Final = 1_000_000_000


class Line(NamedTuple):
    """`who` is a name, or a text key where it is nobody's; `key` is what to look for to see only theirs."""

    at: int
    who: str
    key: str
    sentence: str
    details: Sequence[str]


class AuditPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [get("/audit", self.show)]

    def show(self, visit: Visit) -> Answer:
        who = visit.query.get("who")
        before = visit.query.number("before", 0, _LATEST)
        found = self._desk.peers.apply.call(AuditTrail(before=before, by=_by(who)))
        values = {
            "lines": [_line(entry, visit.words) for entry in found.entries],
            "older": found.entries[-1].number if found.older else 0,
            "before": before,
            "lost": found.lost,
            "who": who,
            "people": self._people(who),
        }
        return Page("audit.html", values)

    def _people(self, who: str) -> list[str]:
        """Whom to choose from: who is an administrator, and who was one and is looked for."""
        names = sorted(self._desk.settings.admins)
        return [*names, who] if who and not who.startswith(":") and who not in names else names


_OTHERS: Final = {STICK: "audit.stick", SCHEDULE: "audit.schedule", NETWORK: "audit.network"}


def _by(who: str) -> str | None:
    if who == COMMAND_LINE:
        return ""
    return who or None


def _line(entry: AuditEntry, words: Words) -> Line:
    who, key = entry.by, entry.by
    if entry.uid is not None:
        who, key = words.say("audit.command_line"), COMMAND_LINE
    elif entry.by in _OTHERS:
        who = words.say(_OTHERS[entry.by])
    elif entry.by in ("", NOBODY):
        who = words.say("audit.nobody")
    section = words.may_say(f"audit.section.{entry.section}") or entry.section
    named = {**entry.params, "subject": entry.subject, "section": section}
    return Line(entry.at, who, key, words.say(entry.action, **named), list(_details(entry, words)))


def _details(entry: AuditEntry, words: Words) -> list[str]:
    details = [words.say("audit.entry_added", name=name) for name in entry.added]
    details += [words.say("audit.entry_removed", name=name) for name in entry.removed]
    details += [_change(each, entry, words) for each in entry.changes]
    return [*details, words.say("audit.more", count=entry.more)] if entry.more else details


def _change(each: Changed, entry: AuditEntry, words: Words) -> str:
    label = words.may_say(f"field.{entry.section}.{each.field}") or each.field
    if each.entry and not entry.subject:
        label = f"{each.entry}: {label}"
    if each.secret:
        return words.say("audit.secret_set" if entry.action in _NEW else "audit.secret", field=label)
    if entry.action in _NEW:
        return words.say("audit.value", field=label, value=_value(each.new, words))
    old, new = (_value(value, words) for value in (each.old, each.new))
    return words.say("audit.change", field=label, old=old, new=new)


def _value(value: str, words: Words) -> str:
    named = {"true": "common.yes", "false": "common.no", "": "audit.empty_value"}
    return words.say(named[value]) if value in named else value
