"""Settings and block list together: both or neither."""

import pytest

from otpbroker.clients.backup import ListChange, backup, restore
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import Problem
from otpbroker.verbs.backup import MAX_LISTED, BackedUp, Backup, Listed, Restore, Restored
from otpbroker.verbs.dispatch import BlockedList, BlockEntries, BlockEntry, Done

ONE, TWO, THREE = "6281234567890", "6281234567891", "6281234567892"


class Dispatch:
    def __init__(self, **states):
        self.states = states
        self.calls = 0
        self.away_after = 1000

    def call(self, verb):
        if self.calls >= self.away_after:
            raise BrokerError(ResponseCode.FAILED, "dispatch.unavailable")
        if isinstance(verb, BlockedList):
            return BlockEntries(block_list=[BlockEntry(msisdn=m, blocked=b) for m, b in sorted(self.states.items())])
        self.calls += 1
        assert len(verb.listed) <= 1000
        self.states |= {entry.msisdn: entry.blocked for entry in verb.listed}
        for msisdn in verb.deleted:
            del self.states[msisdn]
        return Done()


class Apply:
    def __init__(self, answer=None):
        self.answer = answer
        self.done = []

    def call(self, verb):
        if isinstance(verb, Backup):
            self.done.append(verb)
            return BackedUp(file="file")
        if verb.check_only:
            return Restored(changed=False, block_list=self.answer.block_list)
        self.done.append(verb)
        return self.answer


VERB = Restore(file="file", passphrase=Secret("x"))
LISTED = Listed(blocked=[TWO], unblocked=[ONE])


def test_a_backup_holds_the_block_list():
    apply = Apply()
    assert backup(apply, Dispatch(**{ONE: True, TWO: False}), Secret("x")) == "file"
    assert apply.done[0].block_list == Listed(blocked=[ONE], unblocked=[TWO])


def test_a_block_list_that_is_too_long_is_told():
    numbers = {f"62{at:09}": True for at in range(MAX_LISTED + 1)}
    with pytest.raises(BrokerError) as refused:
        backup(Apply(), Dispatch(**numbers), Secret("x"))
    assert refused.value.key == "backup.block_list_too_long"


def test_the_list_becomes_what_the_file_says():
    dispatch = Dispatch(**{ONE: True, THREE: True})
    outcome = restore(Apply(Restored(changed=False, block_list=LISTED)), dispatch, VERB)
    assert dispatch.states == {ONE: False, TWO: True}
    assert (outcome.restored.changed, outcome.block_list) == (True, ListChange(added=1, changed=1, removed=1))


def test_merging_only_adds():
    dispatch = Dispatch(**{ONE: True, THREE: True})
    outcome = restore(Apply(Restored(changed=True, block_list=LISTED)), dispatch, VERB, merge=True)
    assert dispatch.states == {ONE: True, TWO: True, THREE: True}
    assert outcome.block_list == ListChange(added=1)


def test_a_look_first_changes_nothing():
    apply, dispatch = Apply(Restored(changed=True, block_list=LISTED)), Dispatch(**{ONE: True})
    verb = Restore(file="file", passphrase=Secret("x"), check_only=True)
    assert restore(apply, dispatch, verb).block_list == ListChange(added=1, changed=1)
    assert (apply.done, dispatch.states) == ([], {ONE: True})


@pytest.mark.parametrize("refusal", ["problem", "error"])
def test_where_the_settings_are_refused_the_list_is_put_back(refusal):
    problem = Problem(path="email", key="settings.service_refused")
    apply = Apply(Restored(changed=False, problems=[problem], block_list=LISTED))
    dispatch = Dispatch(**{ONE: True, THREE: True})
    if refusal == "error":
        call = apply.call

        def failing(verb):
            if not verb.check_only:
                raise BrokerError(ResponseCode.FAILED, "settings.not_saved")
            return call(verb)

        apply.call = failing
        with pytest.raises(BrokerError):
            restore(apply, dispatch, VERB)
    else:
        assert restore(apply, dispatch, VERB).restored.problems == [problem]
    assert dispatch.states == {ONE: True, THREE: True}


def test_without_dispatch_nothing_changes():
    apply, dispatch = Apply(Restored(changed=True, block_list=LISTED)), Dispatch()
    dispatch.away_after = 0
    with pytest.raises(BrokerError):
        restore(apply, dispatch, VERB)
    assert apply.done == []


def test_a_long_list_goes_in_portions():
    listed = Listed(blocked=[f"62{at:09}" for at in range(2345)])
    dispatch = Dispatch()
    restore(Apply(Restored(changed=True, block_list=listed)), dispatch, VERB)
    assert (len(dispatch.states), dispatch.calls) == (2345, 5)
