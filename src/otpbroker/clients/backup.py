"""Backup and restore as `otpb` and the panel do them: the settings are otpb-apply's, the block list is dispatch's."""

from collections.abc import Mapping
from typing import Final, NamedTuple, Protocol

from msgspec.structs import replace

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.wire import Result, Verb
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import Change
from otpbroker.verbs.backup import MAX_LISTED, Backup, Listed, Restored
from otpbroker.verbs.dispatch import BlockedList, BlockEntry, ChangeBlocked

_AT_ONCE: Final = 500
_States = Mapping[str, bool]  # number → whether it is blocked


class Caller(Protocol):
    """A client of otpb-apply, or of dispatch."""

    def call(self, verb: Verb[Result]) -> Result: ...


class ListChange(NamedTuple):
    """What becomes of the block list, in numbers."""

    added: int = 0
    changed: int = 0
    removed: int = 0


class Outcome(NamedTuple):
    restored: Restored
    block_list: ListChange = ListChange()


def backup(apply: Caller, dispatch: Caller, passphrase: Secret, by: str = "") -> str:
    """The text of a backup file. Raises `BrokerError`, also where dispatch does not tell its block list."""
    states = _states(dispatch)
    if len(states) > MAX_LISTED:
        raise BrokerError(ResponseCode.LIMIT, "backup.block_list_too_long", count=len(states), most=MAX_LISTED)
    listed = Listed(
        blocked=[msisdn for msisdn, blocked in states.items() if blocked],
        unblocked=[msisdn for msisdn, blocked in states.items() if not blocked],
    )
    return apply.call(Backup(passphrase=passphrase, block_list=listed, by=by)).file


def restore(apply: Caller, dispatch: Caller, verb: Change[Restored], *, merge: bool = False) -> Outcome:
    """Put settings and block list in place, all or nothing as far as both processes live: where the settings are
    refused, the block list is put back. With `merge` numbers are added to it and none is taken off. Where `verb` only
    checks, nothing changes. Raises `BrokerError`.
    """
    checked = apply.call(replace(verb, check_only=True))
    if checked.problems or checked.block_list is None:
        return Outcome(checked if verb.check_only or checked.problems else apply.call(verb))
    before = _states(dispatch)
    wanted = _wanted(checked.block_list, before if merge else {})
    change = _change(before, wanted)
    if verb.check_only:
        return Outcome(checked, change)
    return Outcome(_put(apply, dispatch, verb, before, wanted), change)


def _put(apply: Caller, dispatch: Caller, verb: Change[Restored], before: _States, wanted: _States) -> Restored:
    """The block list first: it is the one that can be put back without anybody's leave."""
    try:
        _set(dispatch, before, wanted)
        restored = apply.call(verb)
    except BrokerError:
        _set(dispatch, wanted, before)
        raise
    if restored.problems:
        _set(dispatch, wanted, before)
        return restored
    return replace(restored, changed=restored.changed or before != wanted)


def _states(dispatch: Caller) -> dict[str, bool]:
    return {entry.msisdn: entry.blocked for entry in dispatch.call(BlockedList()).block_list}


def _wanted(listed: Listed, present: _States) -> dict[str, bool]:
    """What is listed here already stays as it is."""
    return {**dict.fromkeys(listed.unblocked, False), **dict.fromkeys(listed.blocked, True), **present}


def _change(before: _States, wanted: _States) -> ListChange:
    both = before.keys() & wanted.keys()
    changed = sum(before[msisdn] != wanted[msisdn] for msisdn in both)
    return ListChange(len(wanted) - len(both), changed, len(before) - len(both))


def _set(dispatch: Caller, before: _States, wanted: _States) -> None:
    listed = [BlockEntry(msisdn=each, blocked=state) for each, state in wanted.items() if before.get(each) != state]
    deleted = [each for each in before if each not in wanted]
    for at in range(0, len(listed), _AT_ONCE):
        dispatch.call(ChangeBlocked(listed=listed[at : at + _AT_ONCE]))
    for at in range(0, len(deleted), _AT_ONCE):
        dispatch.call(ChangeBlocked(deleted=deleted[at : at + _AT_ONCE]))
