"""What otpb-apply can be asked about all of its settings at once: one file out, one file in (SPEC §10)."""

from msgspec import Struct

from otpbroker.ipc.wire import Verb
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import Change, Confirmation, Problem, ServiceWord

MAX_FILE_OCTETS: int = 1008 * 1024  # with the form around it an upload of 1 MiB
MAX_LISTED: int = 100_000  # numbers of a block list: such a file is still below MAX_FILE_OCTETS
MAX_FRAME_OCTETS: int = 4 * 1024 * 1024  # so many numbers, or such a file, escaped


class Listed(Struct, frozen=True, kw_only=True):
    """A block list in few octets: canonical numbers."""

    blocked: list[str] = []
    unblocked: list[str] = []


class EntryChange(Struct, frozen=True, kw_only=True):
    """An entry of a list section, and which of its fields change."""

    name: str
    fields: list[str]


class SectionChange(Struct, frozen=True, kw_only=True):
    """What a restore changes in one section, without any value: `fields` of a plain section, entries of a list."""

    section: str
    fields: list[str] = []
    added: list[str] = []
    changed: list[EntryChange] = []
    removed: list[str] = []


class BackedUp(Struct, frozen=True, kw_only=True):
    """The text of a backup file; nothing in it can be read without the passphrase."""

    file: str


class Restored(Struct, frozen=True, kw_only=True):
    """As `Applied`, for many sections: with `problems` nothing was changed in any. `notes` say what was not taken, and
    why. `block_list` is for dispatch, None where the file says nothing of it. `made_at` (Unix seconds) and `device`
    are of the backup.
    """

    changed: bool
    sections: list[SectionChange] = []
    problems: list[Problem] = []
    hints: list[Problem] = []
    notes: list[Problem] = []
    services: list[ServiceWord] = []
    confirmation: Confirmation | None = None
    block_list: Listed | None = None
    made_at: float | None = None
    device: str = ""


class Backup(Verb[BackedUp], frozen=True, kw_only=True, tag="backup"):
    """All settings, with their secrets and dispatch's block list, in a file that only `passphrase` opens."""

    passphrase: Secret
    block_list: Listed = Listed()
    by: str = ""


class Restore(Change[Restored], frozen=True, kw_only=True, tag="restore"):
    """Put the settings of a backup in place of the present ones. With `keep_admins` the administrators stay as they
    are, so that nobody is locked out.
    """

    file: str
    passphrase: Secret
    keep_admins: bool = True


class ImportOlder(Change[Restored], frozen=True, kw_only=True, tag="import-older"):
    """Take from the JSON files of OTP-Broker or OTP-Pi what maps. Entries that are here already stay as they are; the
    block list in the answer is to be added to the present one.
    """

    files: list[Secret]


BackupVerb = Backup | Restore | ImportOlder
