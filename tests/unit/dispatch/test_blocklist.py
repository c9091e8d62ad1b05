import pytest

from otpbroker.dispatch.blocklist import BlockList
from otpbroker.dispatch.ledger import Ledger
from otpbroker.verbs.dispatch import BlockEntry

ONE, TWO = "6281234567890", "6281234567891"


@pytest.fixture
def reopened(tmp_path):
    """The list as the next life of the process finds it."""
    ledgers = []

    def make():
        while ledgers:
            ledgers.pop().close()
        ledgers.append(Ledger(tmp_path / "state.sqlite"))
        return BlockList(ledgers[-1])

    yield make
    ledgers.pop().close()


def test_blocking_outlives_the_process(reopened):
    blocked = reopened()
    blocked.block(ONE)
    assert ONE in blocked
    assert TWO not in blocked
    assert ONE in reopened()


def test_an_unblocked_number_stays_listed(reopened):
    blocked = reopened()
    blocked.block(ONE)
    blocked.unblock(ONE)
    blocked.unblock(TWO)
    for each in (blocked, reopened()):
        assert ONE not in each
        assert each.entries() == [BlockEntry(msisdn=ONE, blocked=False)]


def test_a_deleted_number_is_gone(reopened):
    blocked = reopened()
    blocked.block(ONE)
    blocked.block(TWO)
    assert blocked.delete(ONE)
    assert not blocked.delete(ONE)
    assert [entry.msisdn for entry in reopened().entries()] == [TWO]


def test_blocking_again(reopened):
    blocked = reopened()
    blocked.block(ONE)
    blocked.unblock(ONE)
    blocked.block(ONE)
    assert reopened().entries() == [BlockEntry(msisdn=ONE, blocked=True)]


def test_many_changes_at_once_outlive_the_process(reopened):
    blocked = reopened()
    blocked.block(ONE)
    newly = blocked.change([BlockEntry(msisdn=TWO, blocked=True), BlockEntry(msisdn=ONE, blocked=True)], [])
    assert newly == [TWO]
    assert blocked.change([BlockEntry(msisdn=TWO, blocked=False)], [ONE, "628000000000"]) == []
    for each in (blocked, reopened()):
        assert each.entries() == [BlockEntry(msisdn=TWO, blocked=False)]
