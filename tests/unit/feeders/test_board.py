import logging

import pytest

from fakes.waiting import waits_for
from otpbroker.feeders.board import Board


@pytest.fixture
def board():
    made = Board("fake", lambda state: None)
    yield made
    made.stop()


def test_a_server_that_stays_away_is_logged_once(board, caplog):
    caplog.set_level(logging.INFO)
    for _ in range(3):
        board.stands("connecting")
        board.stands("failed", "feeder.nobody_listens")
    assert board.state().state == "failed"
    board.stands("consuming")
    board.stands("failed", "feeder.nobody_listens")
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO", "WARNING"]


def test_a_word_can_be_told_at_once():
    told = []
    made = Board("fake", told.append)
    waits_for(lambda: told)
    made.stands("consuming")
    made.tell_now()
    assert told[-1].state == "consuming"
    made.stop()
    assert told[-1].state == "disabled"


def test_the_last_error_stays(board):
    board.stands("failed", "feeder.ws_closed", {"code": 4001})
    board.stands("consuming")
    state = board.state()
    assert (state.key, state.last_error, state.last_error_params) == ("", "feeder.ws_closed", {"code": 4001})


def test_it_counts_what_several_hold(board):
    board.add_in_hand(2)
    board.add_in_hand(-1)
    board.count("received")
    board.answered("0000")
    state = board.state()
    assert (state.in_hand, state.received, state.answered) == (1, 1, {"0000": 1})
