"""Settings on disk: one YAML file per section, read against its schema, written as a whole.

Scalars are read as text (the schema types them), so `0812` stays a number to dial and `no` stays what was typed.
"""

from pathlib import Path
from typing import Any, cast

import msgspec
import yaml
from msgspec.structs import replace

from otpbroker.config.canonical import Numbering
from otpbroker.config.crosscheck import clashes
from otpbroker.config.registry import BY_KIND, SECTIONS, reader
from otpbroker.config.schema import SectionType, SettingsError, read
from otpbroker.config.sections._base import Section
from otpbroker.config.sections.sms import SmsSection
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import encode_revealed
from otpbroker.system.files import Paths, ensure_folder, write_atomic
from otpbroker.verbs.apply import Problem

MAX_OCTETS = 1024 * 1024
Identity = tuple[tuple[int, ...], ...]


class Store:
    """The settings files below a root prefix. Reading is anybody's, from any thread; only otpb-apply writes."""

    def __init__(self, paths: Paths) -> None:
        self.folder = paths.settings
        self._factory = paths.factory
        self._read: dict[str, tuple[Identity, Section]] = {}  # checking 1,000 API users takes a tenth of a second

    def load(self, kind: type[SectionType]) -> SectionType:
        """The section as stored, else as first boot made it, else the schema's defaults. Raises `SettingsError`."""
        name = BY_KIND[kind].name
        identity = self._identity(name)
        known = self._read.get(name)
        if known is None or known[0] != identity:
            known = self._read[name] = (identity, self._load(kind, self.folder) or self.factory(kind))
        return cast(SectionType, known[1])

    def factory(self, kind: type[SectionType]) -> SectionType:
        """The section as it is where nothing is stored. Raises `SettingsError`."""
        return self._load(kind, self._factory) or kind()

    def present(self, kind: type[SectionType]) -> tuple[SectionType, BrokerError | None]:
        """What counts now: of a section that cannot be read, as it was made by first boot, else the defaults. Also why
        it cannot be read.
        """
        try:
            return self.load(kind), None
        except BrokerError as error:
            unreadable = error
        try:
            return self.factory(kind), unreadable
        except BrokerError:
            return kind(), unreadable

    def _identity(self, name: str) -> Identity:
        """Tells whether the file, or what prefixes are brought to their stored form by, is still what was read."""
        paths = (self.folder / f"{name}.yaml", self.folder / "sms.yaml", self._factory / f"{name}.yaml")
        return tuple(_facts(path) for path in paths)

    def _load(self, kind: type[SectionType], folder: Path) -> SectionType | None:
        document = _document(folder, BY_KIND[kind].name)
        if document is None:
            return None
        section = read(kind, document, self.numbering(kind))
        found = clashes(section)
        if found:
            raise SettingsError(found)
        return section

    def numbering(self, reading: type[Section] | None = None) -> Numbering:
        """How prefixes are brought to their stored form; from the `sms` section, unless that is being read itself."""
        if reading is SmsSection:
            return Numbering()
        sms = self.load(SmsSection)
        return Numbering(sms.country_code, sms.international_prefixes)

    def is_factory(self, name: str) -> bool:
        """Whether no file is stored for this section."""
        return not (self.folder / f"{name}.yaml").exists()

    def stored(self, name: str) -> bytes | None:
        """The octets of a section's file, for taking a change back; None where there is none."""
        return _octets(self.folder / f"{name}.yaml")

    def write(self, name: str, content: bytes | None) -> None:
        """Put a section's octets in place (`None`: remove the file). Raises `BrokerError` when the disk refuses.

        The caller holds the lock, so a temporary file that is there was left by a killed writer.
        """
        path = self.folder / f"{name}.yaml"
        try:
            ensure_folder(self.folder)
            for left in self.folder.glob(f".{path.name}.*"):
                left.unlink(missing_ok=True)
            if content is None:
                path.unlink(missing_ok=True)
            else:
                write_atomic(path, content, group=reader(SECTIONS[name]))
            self._read.clear()  # another file could have the facts of the one that was read
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise BrokerError(ResponseCode.FAILED, "settings.not_saved", section=name, reason=reason) from error


def _document(folder: Path, name: str) -> object:
    try:
        content = _octets(folder / f"{name}.yaml")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BrokerError(ResponseCode.FAILED, "settings.not_readable", section=name, reason=reason) from error
    try:
        return None if content is None else parse(content.decode(errors="replace"))
    except SettingsError as refused:
        named = [replace(problem, path=f"{name}.yaml") for problem in refused.problems]
        raise SettingsError(named) from None


def _octets(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _facts(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:  # whoever reads it says why
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


def render(section: Section) -> bytes:
    """The section as a YAML file, secrets revealed: for the disk only."""
    document = msgspec.to_builtins(section, enc_hook=encode_revealed)
    return yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True).encode()


def parse(text: str) -> object:
    """A YAML or JSON document as mappings, lists and text. Raises `SettingsError` with the line that is wrong."""
    if len(text.encode()) > MAX_OCTETS:
        raise _refused("too_large", limit=MAX_OCTETS // 1024)
    try:
        if text.lstrip().startswith("{"):
            return msgspec.json.decode(text.encode())
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise _refused("no_anchors", line=_line(event.start_mark))
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - builds text, lists and mappings only
    except yaml.MarkedYAMLError as error:
        raise _refused("not_yaml", line=_line(error.problem_mark), reason=error.problem or "") from None
    except (yaml.YAMLError, msgspec.DecodeError, RecursionError) as error:
        raise _refused("not_yaml", line=1, reason=type(error).__name__) from None


class _Loader(yaml.CBaseLoader):
    """Every scalar is text; a key given twice is refused."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise _refused("double_key", name=str(key.value)[:40], line=_line(key.start_mark))
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


def _line(mark: Any) -> int:
    return mark.line + 1 if mark else 1


def _refused(key: str, **params: str | int) -> SettingsError:
    return SettingsError([Problem(path="", key=f"settings.{key}", params=params)])
