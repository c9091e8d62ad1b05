"""Who did what: what otpb-apply writes down and tells again. No secret, no text of a message, no whole number."""

from typing import Annotated

from msgspec import Meta, Struct, field

from otpbroker.ipc.wire import Verb

NOBODY: str = ":"  # no administrator's name: somebody who has not signed in
STICK: str = ":stick"  # no administrator's name: whoever plugged a USB stick
SCHEDULE: str = ":schedule"  # likewise: the time that the settings name
NETWORK: str = ":network"  # likewise: the network's time, by a modem
MAX_SHOWN: int = 60  # characters of a value
MAX_ENTRIES: int = 100
Short = Annotated[str, Meta(max_length=120)]


class Changed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One field of a section, or of one `entry` of a list section. Of a `secret` nothing but that it changed."""

    entry: str = ""
    field: str
    old: str = ""
    new: str = ""
    secret: bool = False


class AuditEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`number` counts up by one, whatever the clock does; `at` is Unix seconds. `by` is an administrator's name, empty
    for the command line (then `uid` is its user), `NOBODY`, `STICK`, `SCHEDULE` or `NETWORK`. `action` is a text key
    (`audit.…`) that names `{section}`, `{subject}` and `params`. `added` and `removed` are entries of a list section;
    `more` counts what is left out.
    """

    number: int
    at: int
    by: str
    uid: int | None = None
    action: str
    section: str = ""
    subject: str = ""
    params: dict[str, str | int] = {}
    added: list[str] = []
    removed: list[str] = []
    changes: list[Changed] = []
    more: int = 0


class Recorded(Struct, frozen=True, kw_only=True):
    """`kept` False: the disk refused. What was done is done all the same."""

    kept: bool


class Record(Verb[Recorded], frozen=True, kw_only=True, tag="record"):
    """Write down what is no change of settings. `by` as in `AuditEntry`. Numbers come masked."""

    by: Short = ""
    action: Annotated[str, Meta(pattern=r"^audit\.[a-z_]{1,40}\Z")]
    subject: Short = ""
    params: Annotated[dict[str, Short | int], Meta(max_length=8)] = field(default_factory=dict)


class AuditEntries(Struct, frozen=True, kw_only=True):
    """The newest first. `older`: there are more before the last one. `lost` could not be written since the start."""

    entries: list[AuditEntry]
    older: bool
    lost: int = 0


class AuditTrail(Verb[AuditEntries], frozen=True, kw_only=True, tag="audit-trail"):
    """At most `limit` entries with a number below `before` (0: the newest), of `by` alone where that is not None."""

    before: Annotated[int, Meta(ge=0)] = 0
    limit: Annotated[int, Meta(ge=1, le=MAX_ENTRIES)] = 50
    by: str | None = None
