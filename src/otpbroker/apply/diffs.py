"""What a change of settings changed, for the audit trail: no secret, numbers masked, everything short. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

from otpbroker.apply.documents import revealed
from otpbroker.config.registry import BY_KIND, SectionInfo, entry_kind, secret_fields
from otpbroker.config.sections._base import Section
from otpbroker.msisdn import mask
from otpbroker.secrets import encode_revealed
from otpbroker.verbs.audit import MAX_SHOWN, AuditEntry, Changed
from otpbroker.verbs.backup import EntryChange, SectionChange

_MOST_CHANGES: Final = 20
_NUMBERS: Final = frozenset({"phone", "msisdn"})
_ADDRESSES: Final = frozenset({"url"})
_UNREADABLE: Final = frozenset({"certificate"})  # that it changed is all that anybody reads of it
_SWITCHES: Final = {
    ("active", "true"): "audit.activated",
    ("active", "false"): "audit.deactivated",
    ("blocked", "true"): "audit.blocked",
    ("blocked", "false"): "audit.unblocked",
}


class _Diff(NamedTuple):
    added: list[str]
    removed: list[str]
    changes: list[Changed]


def entry_of(by: str, uid: int | None, old: Section, new: Section, action: str = "") -> AuditEntry | None:
    """What to write down of a change from `old` to `new`; None where both are the same. `action` where the change
    itself does not say what it was.
    """
    info = BY_KIND[type(old)]
    diff = (_listed if info.entry_key else _plain)(info, old, new)
    touched = {*diff.added, *diff.removed, *(each.entry for each in diff.changes)}
    if not touched:
        return None
    subject = touched.pop() if len(touched) == 1 else ""
    return AuditEntry(
        number=0,
        at=0,
        by=by,
        uid=None if by else uid,
        action=action or (_action(diff) if subject else "audit.changed"),
        section=info.name,
        subject=subject,
        added=[] if subject else diff.added[:_MOST_CHANGES],
        removed=[] if subject else diff.removed[:_MOST_CHANGES],
        changes=diff.changes[:_MOST_CHANGES],
        more=sum(max(0, len(each) - _MOST_CHANGES) for each in diff),
    )


def names_of(old: Section, new: Section) -> SectionChange:
    """What a change from `old` to `new` touches, for people who are asked whether they want it: all of it, no value."""
    info = BY_KIND[type(old)]
    if not info.entry_key:
        return SectionChange(section=info.name, fields=[each.field for each in _plain(info, old, new).changes])
    diff = _listed(info, old, new)
    names = {key: _name(entry, key) for key, entry in (_by_key(info, old) | _by_key(info, new)).items()}
    touched: dict[str, list[str]] = {}
    for each in diff.changes:
        if each.entry not in diff.added:
            touched.setdefault(each.entry, []).append(each.field)
    return SectionChange(
        section=info.name,
        added=[names[key] for key in diff.added],
        changed=[EntryChange(name=names[key], fields=fields) for key, fields in touched.items()],
        removed=[names[key] for key in diff.removed],
    )


def _name(entry: Mapping[str, Any], key: str) -> str:
    """As people call it: a modem by its name, and an account by what it signs in with."""
    return key if "username" in entry else str(entry.get("name") or key)


def _action(diff: _Diff) -> str:
    """Of a change to one entry."""
    if diff.added:
        return "audit.added"
    if diff.removed:
        return "audit.removed"
    if len(diff.changes) == 1:
        (only,) = diff.changes
        return _SWITCHES.get((only.field, only.new), "audit.changed_entry")
    return "audit.changed_entry"


def _plain(info: SectionInfo, old: Section, new: Section) -> _Diff:
    return _Diff([], [], list(_fields(info, revealed(old), revealed(new))))


def _listed(info: SectionInfo, old: Section, new: Section) -> _Diff:
    before, after = _by_key(info, old), _by_key(info, new)
    diff = _Diff([key for key in after if key not in before], [key for key in before if key not in after], [])
    for key, entry in after.items():
        diff.changes.extend(_fields(info, before.get(key) or _factory(info), entry, key))
    return diff


def _by_key(info: SectionInfo, section: Section) -> dict[str, Mapping[str, Any]]:
    return {str(entry[info.entry_key]): entry for entry in revealed(section)[info.name]}


def _factory(info: SectionInfo) -> Mapping[str, Any]:
    """What an added entry is compared with: what it has of its own is what was typed."""
    fields = msgspec.structs.fields(entry_kind(info))
    found = {each.encode_name: each.default for each in fields if each.default is not msgspec.NODEFAULT}
    plain: Mapping[str, Any] = msgspec.to_builtins(found, enc_hook=encode_revealed)
    return plain


def _fields(info: SectionInfo, old: Mapping[str, Any], new: Mapping[str, Any], entry: str = "") -> Iterator[Changed]:
    secret = secret_fields(info)
    for name, value in new.items():
        before = old.get(name, "")
        if name == info.entry_key or _text(before) == _text(value):
            continue
        if name in secret or name in _UNREADABLE:
            yield Changed(entry=entry, field=name, secret=True)
        else:
            yield Changed(entry=entry, field=name, old=_shown(name, before), new=_shown(name, value))


def _shown(name: str, value: Any) -> str:
    text = _text(value)
    if name in _NUMBERS:
        text = mask(text) if text else ""
    elif name in _ADDRESSES:
        text = _address(text)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def _address(url: str) -> str:
    """The server alone: paths and queries of webhooks are often keys."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if url else ""


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
