"""The other processes, as the panel reaches them."""

from dataclasses import dataclass
from typing import Protocol

from otpbroker.doors.contract import Dispatch, Mail
from otpbroker.ipc.wire import Result, Verb


class Caller(Protocol):
    """A client of one other process."""

    def call(self, verb: Verb[Result]) -> Result: ...


@dataclass(frozen=True, slots=True)
class Peers:
    apply: Caller
    dispatch: Dispatch
    mail: Mail
    notifier: Caller
    ddns: Caller
    acme: Caller
    supervisor: Caller
    network: Caller
