"""Backup of all settings, and their restore: shown first, then done."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from msgspec.structs import replace

from otpbroker.clients import backup
from otpbroker.clients.backup import ListChange, Outcome
from otpbroker.errors import BrokerError
from otpbroker.panel.answers import Answer, Download, Page, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.holding import Holding
from otpbroker.panel.moved import followed
from otpbroker.panel.routes import UPLOAD_OCTETS, Route, get, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.visit import Visit
from otpbroker.panel.words import Words
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import Problem
from otpbroker.verbs.backup import Restore, SectionChange

PATH: Final = "/backup"
_TITLES: Final = {"sms": "sms_settings"}  # sections whose page is called otherwise


class BackupPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._held: Holding[Restore] = Holding()

    def routes(self) -> list[Route]:
        return [
            get(PATH, lambda _visit: self._page()),
            post(f"{PATH}/download", self.download),
            post(f"{PATH}/restore", self.look, most_octets=UPLOAD_OCTETS),
            post(f"{PATH}/confirm", self.confirm),
        ]

    def _page(self, errors: Mapping[str, Notice] | None = None, *, keep_admins: bool = True) -> Page:
        """`errors` by field."""
        values = {"errors": errors or {}, "keep_admins": keep_admins}
        return Page("backup.html", values, 422 if errors else 200)

    def download(self, visit: Visit) -> Answer:
        passphrase = visit.form.get("passphrase")
        if passphrase != visit.form.get("again"):
            return self._page({"again": Notice("failed", "backup.differ")})
        try:
            with self._desk.slow.place():
                file = backup.backup(self._desk.peers.apply, self._desk.peers.dispatch, Secret(passphrase), visit.admin)
        except BrokerError as error:
            return self._page({"passphrase": Notice("failed", error.key, error.params)})
        return Download(file.encode(), "application/json", self._name())

    def _name(self) -> str:
        device = re.sub(r"[^A-Za-z0-9]+", "-", self._desk.settings.general.device_name).strip("-").lower()
        return f"{device or 'otpbroker'}-{datetime.now(UTC):%Y-%m-%d}.json"

    def look(self, visit: Visit) -> Answer:
        """What would change; nothing does."""
        keep_admins = visit.form.get("admins") != "restore"
        files = visit.files.get("file", ())
        if not files:
            return self._page({"file": Notice("failed", "backup.no_file")}, keep_admins=keep_admins)
        verb = Restore(
            file=files[0].decode(errors="replace"),
            passphrase=Secret(visit.form.get("restore_passphrase")),
            keep_admins=keep_admins,
            check_only=True,
            by=visit.admin,
        )
        try:
            outcome = self._restore(verb)
        except BrokerError as error:
            field = "restore_passphrase" if error.key == "backup.wrong_passphrase" else "file"
            return self._page({field: Notice("failed", error.key, error.params)}, keep_admins=keep_admins)
        if outcome.restored.problems:
            return self._preview(visit, outcome, verb, 422)
        held = self._held.keep(session_id(visit), verb)
        return self._preview(visit, outcome, verb, held=held)

    def _preview(self, visit: Visit, outcome: Outcome, verb: Restore, status: int = 200, held: str = "") -> Page:
        values = {
            "held": held,
            "keep_admins": verb.keep_admins,
            "made_at": outcome.restored.made_at,
            "device": outcome.restored.device,
            **shown(outcome, visit.words),
        }
        return Page("backup_preview.html", values, status)

    def confirm(self, visit: Visit) -> Answer:
        verb = self._held.take(session_id(visit), visit.form.get("held"))
        if verb is None:
            return Redirect(PATH, Notice("failed", "backup.gone"))
        port = self._desk.settings.panel.port
        outcome = self._restore(replace(verb, check_only=False))
        if outcome.restored.problems:
            return self._preview(visit, outcome, verb, 422)
        if outcome.restored.confirmation:
            self._desk.look_for_waiting()
        return followed(Redirect(PATH, told(outcome, "backup.done")), visit, self._desk, port)

    def _restore(self, verb: Restore) -> Outcome:
        with self._desk.slow.place():
            return backup.restore(self._desk.peers.apply, self._desk.peers.dispatch, verb)


def session_id(visit: Visit) -> str:
    return visit.session.id if visit.session is not None else ""


def told(outcome: Outcome, done: str) -> Notice:
    """The notice after it was done: also of a service that has not said whether it lives by the new settings."""
    silent = [word.service for word in outcome.restored.services if word.state == "silent"]
    return Notice("hint", "backup.down", {"services": ", ".join(silent)}) if silent else Notice("done", done)


def shown(outcome: Outcome, words: Words) -> dict[str, Any]:
    """What a page says of the changes: sections with their titles and lines, and sentences of what is wrong."""
    restored = outcome.restored
    sections = [(title(change.section, words), _lines(change, words)) for change in restored.sections]
    if outcome.block_list != ListChange():
        counts = outcome.block_list._asdict().items()
        lines = [words.say(f"backup.numbers_{what}", count=count) for what, count in counts if count]
        sections.append((words.say("block_list.title"), lines))
    return {
        "sections": sections,
        "problems": [sentence(problem, words) for problem in restored.problems],
        "hints": [sentence(hint, words) for hint in restored.hints],
        "panel_moves": any(change.section == "panel" for change in restored.sections),
    }


def title(section: str, words: Words) -> str:
    return words.may_say(f"{_TITLES.get(section, section)}.title") or section


def _lines(change: SectionChange, words: Words) -> list[str]:
    def field(name: str) -> str:
        return words.may_say(f"field.{change.section}.{name}") or name

    lines = [words.say("backup.entry_added", name=name) for name in change.added]
    for entry in change.changed:
        fields = ", ".join(map(field, entry.fields))
        lines.append(words.say("backup.entry_changed", name=entry.name, fields=fields))
    lines += [words.say("backup.entry_removed", name=name) for name in change.removed]
    return lines + list(map(field, change.fields)) or [words.say("backup.whole")]


def sentence(problem: Problem, words: Words) -> str:
    """With the names of section and field as the panel has them."""
    section, *rest = problem.path.split(".")
    if section == "file":
        return f"{words.say('import.file_number', number=rest[0])}: {words.say(problem.key, **problem.params)}"
    if rest:
        rest[-1] = words.may_say(f"field.{section}.{rest[-1]}") or rest[-1]
    return f"{' / '.join([title(section, words), *rest])}: {words.say(problem.key, **problem.params)}"
