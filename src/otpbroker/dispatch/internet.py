"""Dispatch's side of the internet by modem: what otpb-dial asks, and what it tells for others to see."""

from typing import Final

from otpbroker.ipc.connection import Reply
from otpbroker.modem.lending import Lending
from otpbroker.system.timers import Timers
from otpbroker.verbs.feeders import Heard
from otpbroker.verbs.internet import AwaitLines, InternetState, Line, Lines, TellInternet

LONGEST_WAIT_S: Final = 60.0


class InternetDesk:
    """Called in the reader's thread."""

    def __init__(self, lending: Lending, timers: Timers) -> None:
        self._lending = lending
        self._timers = timers
        self.states: list[InternetState] = []

    def await_lines(self, call: AwaitLines, reply: Reply) -> None:
        def answer(lines: list[Line]) -> None:
            reply.result(Lines(lines=lines))

        if not self._lending.ask(call.life, call.known, answer):
            self._timers.after(LONGEST_WAIT_S, lambda: self._lending.give_up(answer))

    def tell(self, call: TellInternet, reply: Reply) -> None:
        self.states = call.states
        self._lending.heard(call.life, call.held)
        reply.result(Heard())
