"""What only otpb-dial may ask of dispatch."""

import os

import pytest

from otpbroker.errors import BrokerError
from otpbroker.services.dispatch.handlers import Handlers
from otpbroker.system.peercred import Peer
from otpbroker.verbs.dispatch import Status
from otpbroker.verbs.internet import AwaitLines, TellInternet

STRANGER = os.geteuid() + 54_321
LINES = [AwaitLines(life="a"), TellInternet(life="a", states=[], held=[])]


class Answers:
    """Handlers of which only the door is tried."""

    __call__ = Handlers.__call__

    def __init__(self):
        self.asked = []
        self._answers = {type(verb): lambda verb, _reply: self.asked.append(verb) for verb in [*LINES, Status()]}


@pytest.mark.parametrize("verb", LINES)
def test_lines_are_not_for_whoever_brings_messages(verb):
    answers = Answers()
    with pytest.raises(BrokerError, match=r"peer\.refused"):
        answers(verb, Peer(pid=1, uid=STRANGER, gid=1), None)
    assert not answers.asked
    answers(verb, Peer(pid=1, uid=0, gid=0), None)
    assert answers.asked == [verb]


def test_everything_else_is_for_all_that_may_connect():
    answers = Answers()
    answers(Status(), Peer(pid=1, uid=STRANGER, gid=1), None)
    assert answers.asked == [Status()]
