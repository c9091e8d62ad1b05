"""What otpb-apply, the owner of the settings, can be asked, and what it answers (DESIGN §2, §3).

Values travel as text, as a form or a command line gives them; the section's schema types them. They are `Secret`
on the wire types, because any of them may be a PIN or a password.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from otpbroker.ipc.wire import Result, Verb
from otpbroker.secrets import Secret
from otpbroker.verbs.audit import AuditTrail, Record

ListSection = Literal["modems", "api_users", "email", "webhooks", "ddns", "admins", "firewall", "keystore"]


class Problem(Struct, frozen=True, kw_only=True):
    """One thing that is wrong (or worth a hint) at `path`, such as `modems.m0.parity`, and what would be right."""

    path: str
    key: str
    params: dict[str, str | int] = {}


class ServiceWord(Struct, frozen=True, kw_only=True):
    """What one service said to its new settings. `silent`: no word within the deadline; `down`: it does not run."""

    service: str
    state: Literal["reloaded", "refused", "silent", "down"]
    text: str = ""


class Confirmation(Struct, frozen=True, kw_only=True):
    """A change that is in force but waits for `Confirm` with this `token`, for so many seconds. `addresses` are where
    the panel answers by the new settings, as far as they tell.
    """

    token: str
    within_s: float
    addresses: list[str] = []


class Applied(Struct, frozen=True, kw_only=True):
    """The outcome of a change. With `problems`, nothing was changed, and all of them are named.

    A service that answered `refused` made the whole change be taken back (`changed` False).
    """

    changed: bool
    problems: list[Problem] = []
    hints: list[Problem] = []
    services: list[ServiceWord] = []
    confirmation: Confirmation | None = None


class SectionSummary(Struct, frozen=True, kw_only=True):
    """`factory`: no file is stored, the factory settings are in force. `entries` counts a list section's entries."""

    name: str
    factory: bool
    entries: int | None
    services: list[str]


class SectionSummaries(Struct, frozen=True, kw_only=True):
    sections: list[SectionSummary]


class Document(Struct, frozen=True, kw_only=True):
    """A section (secrets masked) or its JSON Schema."""

    document: dict[str, Any]


class ListSections(Verb[SectionSummaries], frozen=True, kw_only=True, tag="sections"):
    pass


class GetSection(Verb[Document], frozen=True, kw_only=True, tag="get"):
    section: str


class SectionSchema(Verb[Document], frozen=True, kw_only=True, tag="schema"):
    section: str


class Change(Verb[Result], frozen=True, kw_only=True):
    """`by` is who asks, for the audit trail: an administrator's name, empty for `otpb`. `check_only` changes nothing
    and tells what would be said of the new settings.
    """

    by: str = ""
    check_only: bool = False


class SetSection(Change[Applied], frozen=True, kw_only=True, tag="set"):
    section: str
    values: dict[str, Secret]


class ImportSection(Change[Applied], frozen=True, kw_only=True, tag="import"):
    """Replace a section by a whole YAML or JSON document; a masked secret in it means *unchanged*."""

    section: str
    document: Secret


class AddEntry(Change[Applied], frozen=True, kw_only=True, tag="add-entry"):
    """A new entry named `key` (a modem's id is made from its name unless given; an API user's username is `key`)."""

    section: ListSection
    key: str
    values: dict[str, Secret]


class SetEntry(Change[Applied], frozen=True, kw_only=True, tag="set-entry"):
    """Change an entry, found by its id, username or name. A blank or masked secret is unchanged."""

    section: ListSection
    key: str
    values: dict[str, Secret]


class RemoveEntry(Change[Applied], frozen=True, kw_only=True, tag="remove-entry"):
    section: ListSection
    key: str


class FirstAdmin(Change[Applied], frozen=True, kw_only=True, tag="first-admin"):
    """The first administrator, where there is none: of any number that ask, one is made. Refused with
    `admins.exist` else. `setup_code` is what was typed where it is asked for; another one than the device's is refused
    with `admins.wrong_code`.
    """

    username: str
    values: dict[str, Secret]
    setup_code: Secret | None = None


class Decided(Struct, frozen=True, kw_only=True):
    """`sections` are those of the change that was kept or taken back."""

    sections: list[str]


class Confirm(Verb[Decided], frozen=True, kw_only=True, tag="confirm"):
    """Keep the change that waits. Refused with `confirm.unknown` when none waits (any more) under this token."""

    token: str
    by: str = ""


class TakeBack(Verb[Decided], frozen=True, kw_only=True, tag="take-back"):
    """Undo the change that waits, at once. Refused as `Confirm`."""

    token: str
    by: str = ""


class Waiting(Struct, frozen=True, kw_only=True):
    """`confirmation` is None where no change waits."""

    confirmation: Confirmation | None = None
    sections: list[str] = []


class GetWaiting(Verb[Waiting], frozen=True, kw_only=True, tag="waiting"):
    pass


class WasReset(Struct, frozen=True, kw_only=True):
    """`sections` had settings of their own until now. `ssid` is the access point's where there is one, `addresses` are
    the panel's as far as the settings tell. The words of `services` undo nothing.
    """

    changed: bool
    sections: list[str] = []
    administrators: int = 0
    services: list[ServiceWord] = []
    ssid: str = ""
    addresses: list[str] = []


class FactoryReset(Change[WasReset], frozen=True, kw_only=True, tag="factory-reset"):
    """Access point, DHCP and Ethernet as the factory set them, and no administrator; a change that waits for a word is
    taken back. `by` is `STICK` for one that asks. Only root may ask.
    """


class ClockSet(Struct, frozen=True, kw_only=True):
    """`unix_s` is what the clock says now."""

    unix_s: float


class SetClock(Verb[ClockSet], frozen=True, kw_only=True, tag="set-clock"):
    """Set this device's clock. Refused with `clock.own` by a machine that is not ours to set. What the `network` says
    by a modem counts only where nobody has told the time yet (`clock.not_needed`), and where it may be true
    (`clock.implausible`).
    """

    unix_s: Annotated[float, Meta(ge=0, le=4_000_000_000)]
    source: Literal["person", "network"] = "person"
    by: str = ""


Restartable = Literal["services", "device"]


class Restarting(Struct, frozen=True, kw_only=True):
    what: Restartable


class Restart(Verb[Restarting], frozen=True, kw_only=True, tag="restart"):
    """Our services, or the whole device; messages in flight are finished first. Refused with `restart.own` by a machine
    that is not ours.
    """

    what: Restartable
    by: str = ""


Reading = ListSections | GetSection | SectionSchema | GetWaiting
ApplyVerb = (
    Reading
    | SetSection
    | ImportSection
    | AddEntry
    | SetEntry
    | RemoveEntry
    | FirstAdmin
    | FactoryReset
    | SetClock
    | Restart
    | Confirm
    | TakeBack
    | Record
    | AuditTrail
)
