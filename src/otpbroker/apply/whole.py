"""All settings at once: out as a backup file, in from one."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from otpbroker.apply import backup, diffs, documents, together
from otpbroker.apply.backup import Content
from otpbroker.apply.documents import Plain
from otpbroker.apply.importing import fit
from otpbroker.apply.older import read as read_older
from otpbroker.apply.putting import Putting
from otpbroker.config.canonical import Numbering
from otpbroker.config.crosscheck import clashes, hints
from otpbroker.config.registry import BY_KIND, SECTIONS, SectionInfo
from otpbroker.config.schema import SettingsError, read
from otpbroker.config.sections._base import Section
from otpbroker.config.sections.admins import AdminsSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.store import Store
from otpbroker.system.clock import wall_s
from otpbroker.verbs.apply import Problem
from otpbroker.verbs.audit import AuditEntry
from otpbroker.verbs.backup import BackedUp, Backup, BackupVerb, ImportOlder, Restore, Restored

Touched = list[tuple[Section, Section]]  # old and new


class Whole:
    """The caller holds the settings' lock."""

    def __init__(self, store: Store, putting: Putting) -> None:
        self._store = store
        self._putting = putting

    def handle(self, verb: BackupVerb, uid: int) -> tuple[BackedUp | Restored, list[AuditEntry]]:
        """The answer, and what is to be written down of it. Raises `BrokerError`: for a file that cannot be opened, a
        stored section that cannot be read, a disk that refuses.
        """
        who = None if verb.by else uid
        if isinstance(verb, Backup):
            return self._backup(verb), [AuditEntry(number=0, at=0, by=verb.by, uid=who, action="audit.backup_made")]
        importing = isinstance(verb, ImportOlder)
        restored, touched = self._import(verb) if isinstance(verb, ImportOlder) else self._restore(verb)
        action = "audit.settings_imported" if importing else "audit.restored"
        first = AuditEntry(number=0, at=0, by=verb.by, uid=who, action=action)
        entries = [diffs.entry_of(verb.by, uid, old, new, "audit.changed") for old, new in touched]
        return restored, [first, *filter(None, entries)] if restored.changed else []

    def _restore(self, verb: Restore) -> tuple[Restored, Touched]:
        content = backup.opened(verb.file, verb.passphrase)
        skipped = {"admins"} if verb.keep_admins else set()
        sections, problems = self._read({name: each for name, each in content.settings.items() if name not in skipped})
        restored, touched = self._replace(sections, problems, check_only=verb.check_only)
        about = {"block_list": content.block_list, "made_at": content.made_at, "device": content.device}
        return replace(restored, **about), touched

    def _import(self, verb: ImportOlder) -> tuple[Restored, Touched]:
        older = read_older([file.reveal() for file in verb.files])
        fitted = fit(older, lambda info: self._present(info)[0], hashing=not verb.check_only)
        restored, touched = self._replace(fitted.sections, [], check_only=verb.check_only)
        return replace(restored, notes=fitted.notes, block_list=fitted.block_list), touched

    def _backup(self, verb: Backup) -> BackedUp:
        settings = {name: documents.revealed(self._store.load(info.kind)) for name, info in SECTIONS.items()}
        device = str(settings["general"]["device_name"])
        content = Content(made_at=wall_s(), device=device, settings=settings, block_list=verb.block_list)
        return BackedUp(file=backup.seal(content, verb.passphrase))

    def _replace(
        self, sections: Mapping[str, Section], problems: list[Problem], *, check_only: bool
    ) -> tuple[Restored, Touched]:
        """Put `sections` in place of the present ones, those that differ; nothing where there are `problems`. With the
        sections that differ, old and new.
        """
        states = {name: self._present(SECTIONS[name]) for name in sections}
        touched = [
            (old, sections[name]) for name, (old, readable) in states.items() if old != sections[name] or not readable
        ]
        changes = [diffs.names_of(old, new) for old, new in touched]
        sms = sections.get("sms") or self._store.load(SmsSection)
        assert isinstance(sms, SmsSection)  # noqa: S101 - the section of that name
        wanted = [new for _, new in touched]
        told = [hint for new in wanted for hint in hints(new, sms)] + together.hints(self._store, wanted)
        problems = problems + together.problems(self._store, wanted)
        if problems or check_only or not touched:
            return Restored(changed=False, sections=changes, problems=problems, hints=told), touched
        put = self._putting.put([(BY_KIND[type(new)], new) for _, new in touched])
        done = Restored(
            changed=not put.problems,
            sections=changes,
            problems=put.problems,
            hints=told,
            services=put.words,
            confirmation=put.confirmation,
        )
        return done, touched

    def _read(self, settings: Mapping[str, Plain]) -> tuple[dict[str, Section], list[Problem]]:
        """Every section of the file against its schema, and all that is wrong with any. Prefixes are read by the
        country that the file sets.
        """
        sections: dict[str, Section] = {}
        problems = [Problem(path=name, key="backup.unknown_section") for name in settings if name not in SECTIONS]
        numbering = Numbering()
        for name in sorted(settings.keys() & SECTIONS.keys(), key=lambda name: (name != "sms", name)):
            try:
                section = _section(SECTIONS[name], settings[name], numbering)
            except SettingsError as refused:
                problems += refused.problems
                continue
            sections[name] = section
            if isinstance(section, SmsSection):
                numbering = Numbering(section.country_code, section.international_prefixes)
            elif isinstance(section, AdminsSection) and not _lets_in(section):
                problems.append(Problem(path=name, key="backup.nobody_left"))
        return sections, problems

    def _present(self, info: SectionInfo) -> tuple[Section, bool]:
        """Also whether it can be read; what cannot counts as the factory's, and a restore may be its cure."""
        section, unreadable = self._store.present(info.kind)
        return section, unreadable is None


def _section(info: SectionInfo, document: dict[str, Any], numbering: Numbering) -> Section:
    section = read(info.kind, document, numbering)
    found = clashes(section)
    if found:
        raise SettingsError(found)
    return section


def _lets_in(section: AdminsSection) -> bool:
    return any(admin.active and not admin.blocked for admin in section.admins)
