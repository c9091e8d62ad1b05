"""One change of settings: check all, write as a whole, let the services take it, take it back where one refuses."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

import msgspec

from otpbroker.apply import clock, diffs, documents, guard, keystore, together
from otpbroker.apply.audit import Trail
from otpbroker.apply.confirming import CONFIRM_S, Confirming
from otpbroker.apply.documents import Plain
from otpbroker.apply.factory_reset import Resetting
from otpbroker.apply.host import ForeignHost, Host
from otpbroker.apply.manager import ServiceManager
from otpbroker.apply.putting import Putting
from otpbroker.apply.whole import Whole
from otpbroker.config import setup_code
from otpbroker.config.crosscheck import clashes, hints
from otpbroker.config.registry import SECTIONS, SectionInfo
from otpbroker.config.schema import SettingsError, read
from otpbroker.config.sections._base import Section
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.store import Store, parse
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.wire import Result, Verb
from otpbroker.system.clock import wall_s
from otpbroker.system.files import Paths, ensure_folder, locked
from otpbroker.verbs import apply as verbs
from otpbroker.verbs.apply import Applied, Document, Problem, SectionSummaries, SectionSummary
from otpbroker.verbs.audit import NOBODY, AuditEntry, AuditTrail, Record, Recorded
from otpbroker.verbs.backup import Backup, BackupVerb, ImportOlder, Restore
from otpbroker.verbs.keystore import ImportCertificate, KeystoreVerb, ListCertificates, MakeCertificate

_ACTIONS: Final[dict[type, str]] = {verbs.ImportSection: "audit.imported", verbs.FirstAdmin: "audit.first_admin"}
_Listed = verbs.AddEntry | verbs.SetEntry | verbs.RemoveEntry
_Edit = verbs.SetSection | verbs.ImportSection | _Listed | verbs.FirstAdmin | ImportCertificate | MakeCertificate
AnyVerb = verbs.ApplyVerb | BackupVerb | KeystoreVerb


class Settings:
    """The settings below one root prefix, and their only writer. Any number of processes: a file lock orders them.
    `set_clock` sets the machine's clock to Unix seconds, or refuses; `host` is the machine itself where it is ours.
    With `audited` every change is written down in the audit trail.
    """

    def __init__(
        self,
        paths: Paths,
        manager: ServiceManager,
        set_clock: Callable[[float], None] = clock.keep,
        *,
        host: Host | None = None,
        audited: bool = True,
        confirm_s: float = CONFIRM_S,
    ) -> None:
        self._paths = paths
        self._store = Store(paths)
        self._confirming = Confirming(self._store.folder, self._expire, confirm_s)
        self._host = host or ForeignHost(paths, manager)
        self._putting = Putting(self._store, manager, self._host, self._confirming)
        self._whole = Whole(self._store, self._putting)
        self._resetting = Resetting(self._store, self._putting, self._host)
        self._set_clock = set_clock
        self._trail = Trail(paths)
        self._audited = audited

    def recover(self) -> None:
        """Take back a change that an earlier process was killed over. Raises `BrokerError`."""
        with self._lock("general"):
            pass

    def call(self, verb: Verb[Result]) -> Result:
        """As `handle`, with the answer's type: what `otpb` uses where no otpb-apply runs."""
        return cast(Result, self.handle(cast(AnyVerb, verb), os.getuid()))

    def handle(self, verb: AnyVerb, uid: int) -> msgspec.Struct:
        """Do what `verb` asks; `uid` is the user of the process that asks. Raises `BrokerError` for what has no
        section, no entry, or no disk to write on.
        """
        if isinstance(verb, verbs.Reading | ListCertificates):
            return self._told(verb)
        match verb:
            case AuditTrail():
                return self._trail.read(verb)
            case Record():
                return self._record(verb.by, uid, verb.action, verb.subject, verb.params)
            case Backup() | Restore() | ImportOlder() | verbs.FactoryReset():
                return self._all(verb, uid)
            case verbs.SetClock() | verbs.Restart() | verbs.Confirm() | verbs.TakeBack():
                return self._act(verb, uid)
            case _:
                return self._change(verb, _section_of(verb), self._edit_of(verb), uid)

    def _act(self, verb: verbs.SetClock | verbs.Restart | verbs.Confirm | verbs.TakeBack, uid: int) -> msgspec.Struct:
        if isinstance(verb, verbs.Confirm | verbs.TakeBack):
            return self._decide(verb, uid)
        if isinstance(verb, verbs.Restart):
            self._host.restart(verb.what)
            self._record(verb.by, uid, "audit.restarted", verb.what)
            return verbs.Restarting(what=verb.what)
        clock.judge(self._paths, verb)
        self._set_clock(verb.unix_s)
        clock.remember(self._paths)
        self._record(verb.by, uid, "audit.time_set")
        return verbs.ClockSet(unix_s=wall_s())

    def _decide(self, verb: verbs.Confirm | verbs.TakeBack, uid: int) -> verbs.Decided:
        with self._lock("general"):
            self._confirming.check(verb.token)
            if isinstance(verb, verbs.Confirm):
                _, sections = self._confirming.waiting() or (None, ())
                self._confirming.end()
                action = "audit.change_confirmed"
            else:
                sections = tuple(self._putting.take_back())
                action = "audit.change_taken_back"
            self._record(verb.by, uid, action, params={"sections": ", ".join(sections)})
        return verbs.Decided(sections=list(sections))

    def _expire(self) -> None:
        """Nobody confirmed in time. A disk that refuses is told of by the next change, which tries again."""
        with contextlib.suppress(BrokerError):
            self.recover()

    def _edit_of(self, verb: _Edit) -> Callable[[SectionInfo, Plain], object]:
        match verb:
            case verbs.FirstAdmin():
                return lambda info, old: self._first(info, old, verb)
            case verbs.SetSection():
                return lambda info, old: _set(info, old, _texts(verb.values))
            case verbs.ImportSection():
                return lambda info, old: _import(info, old, verb.document.reveal())
            case ImportCertificate() | MakeCertificate():
                return lambda _info, old: keystore.put(verb, old, self._store)
            case _:
                return lambda info, old: _entry(info, old, verb)

    def _first(self, info: SectionInfo, document: Plain, verb: verbs.FirstAdmin) -> Plain:
        entries = documents.entries_of(info, document)
        if entries:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "admins.exist")
        if verb.setup_code is not None and not setup_code.is_right(self._paths, verb.setup_code):
            raise BrokerError(ResponseCode.INVALID_REQUEST, "admins.wrong_code")
        entries.append(documents.new_entry(info, document, verb.username, _texts(verb.values)))
        return document

    def _all(self, verb: BackupVerb | verbs.FactoryReset, uid: int) -> msgspec.Struct:
        done: msgspec.Struct
        with self._lock("general"):
            if isinstance(verb, verbs.FactoryReset):
                done, entries = self._resetting.handle(verb, uid, os.getuid())
            else:
                done, entries = self._whole.handle(verb, uid)
            if self._audited:
                for entry in entries:
                    self._trail.add(entry)
        return done

    def _told(self, verb: verbs.Reading | ListCertificates) -> msgspec.Struct:
        match verb:
            case ListCertificates():
                return keystore.told(self._store, self._paths)
            case verbs.GetWaiting():
                confirmation, sections = self._confirming.waiting() or (None, ())
                return verbs.Waiting(confirmation=confirmation, sections=list(sections))
            case verbs.ListSections():
                return SectionSummaries(sections=[self._summary(info) for info in SECTIONS.values()])
            case verbs.GetSection():
                return Document(document=documents.shown(self._store.load(_info(verb.section).kind)))
            case verbs.SectionSchema():
                return Document(document=json_schema(_info(verb.section)))

    def _summary(self, info: SectionInfo) -> SectionSummary:
        entries = None
        if info.entry_key:
            entries = len(getattr(self._store.load(info.kind), info.name))
        factory = self._store.is_factory(info.name)
        return SectionSummary(name=info.name, factory=factory, entries=entries, services=list(info.services))

    def _change(
        self, verb: verbs.Change[Applied], section: str, edit: Callable[[SectionInfo, Plain], object], uid: int
    ) -> Applied:
        info = _info(section)
        with self._lock(info.name):
            try:
                old = self._store.load(info.kind)
                new = self._edited(info, old, edit)
                sms = new if isinstance(new, SmsSection) else self._store.load(SmsSection)
            except SettingsError as refused:
                return Applied(changed=False, problems=refused.problems)
            if problems := guard.refusals(verb, old, new) or together.problems(self._store, [new]):
                return Applied(changed=False, problems=problems)
            told = hints(new, sms) + together.hints(self._store, [new])
            if verb.check_only:
                return Applied(changed=False, hints=told)
            done = self._put(info, new, told)
            if done.changed and self._audited:
                self._write_down(verb, uid, old, new)
            return done

    def _write_down(self, verb: verbs.Change[Applied], uid: int, old: Section, new: Section) -> None:
        entry = diffs.entry_of(verb.by, uid, old, new, _ACTIONS.get(type(verb), ""))
        if entry is not None:
            self._trail.add(entry)

    def _record(
        self, by: str, uid: int, action: str, subject: str = "", params: Mapping[str, str | int] | None = None
    ) -> Recorded:
        entry = AuditEntry(
            number=0,
            at=0,
            by=by,
            uid=None if by else uid,
            action=action,
            subject=subject,
            params=dict(params or {}),
        )
        return Recorded(kept=self._trail.add(entry))

    def _edited(self, info: SectionInfo, old: Section, edit: Callable[[SectionInfo, Plain], object]) -> Section:
        """The section after the edit. Raises `SettingsError` with all that is wrong with it."""
        document = edit(info, documents.revealed(old))
        problems = documents.hash_passwords(info, document)
        try:
            new = read(info.kind, document, self._store.numbering(info.kind))
            told = {problem.path for problem in problems}
            problems += [clash for clash in clashes(new) if clash.path not in told]
        except SettingsError as refused:
            problems += refused.problems
        if problems:
            raise SettingsError(problems)
        return new

    def _put(self, info: SectionInfo, new: Section, told: list[Problem]) -> Applied:
        put = self._putting.put([(info, new)])
        if put.problems:
            return Applied(changed=False, problems=put.problems)
        return Applied(changed=True, hints=told, services=put.words, confirmation=put.confirmation)

    @contextlib.contextmanager
    def _lock(self, section: str) -> Iterator[None]:
        with contextlib.ExitStack() as held:
            try:
                held.enter_context(locked(ensure_folder(self._store.folder) / ".lock"))
            except OSError as error:
                reason = error.strerror or type(error).__name__
                raise BrokerError(ResponseCode.FAILED, "settings.not_saved", section=section, reason=reason) from error
            if gone := self._putting.recover():
                self._record(NOBODY, 0, "audit.change_expired", params={"sections": ", ".join(gone)})
            yield


def json_schema(info: SectionInfo) -> Plain:
    """The section's JSON Schema (2020-12), for editors and for people."""
    return msgspec.json.schema(info.kind, schema_hook=lambda _: {"type": "string", "writeOnly": True})


def _info(section: str) -> SectionInfo:
    if section not in SECTIONS:
        known = ", ".join(SECTIONS)
        raise BrokerError(ResponseCode.INVALID_REQUEST, "settings.no_section", section=section[:40], known=known)
    return SECTIONS[section]


def _section_of(verb: _Edit) -> str:
    match verb:
        case verbs.FirstAdmin():
            return "admins"
        case ImportCertificate() | MakeCertificate():
            return keystore.NAME
    return verb.section


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: value.reveal() for name, value in values.items()}


def _set(info: SectionInfo, document: Plain, values: dict[str, str]) -> Plain:
    """`KEY=VALUE` of a plain section; in a list section the key is `ENTRY.KEY`."""
    for path, value in values.items():
        entry, _, name = path.rpartition(".")
        target = documents.find(info, document, entry) if info.entry_key else document
        documents.change(info, target, {name if info.entry_key else path: value})
    return document


def _import(info: SectionInfo, old: Plain, text: str) -> object:
    document = parse(text)
    if info.entry_key and isinstance(document, list):  # the entries alone
        document = {info.name: document}
    if problems := documents.keep_masked(info, old, document):
        raise SettingsError(problems)
    return document


def _entry(info: SectionInfo, document: Plain, verb: _Listed) -> Plain:
    entries = documents.entries_of(info, document)
    match verb:
        case verbs.AddEntry():
            entries.append(documents.new_entry(info, document, verb.key, _texts(verb.values)))
        case verbs.SetEntry():
            entry = documents.find(info, document, verb.key)
            documents.change(info, entry, _texts(verb.values))
            if "active" in verb.values:
                keystore.one_active(info, document, entry)
        case verbs.RemoveEntry():
            entries.remove(documents.find(info, document, verb.key))
    return document
