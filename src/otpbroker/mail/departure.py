"""The moment a text leaves: written down before, taken back where a server says that it did not take it."""

from typing import Final

from otpbroker.mail.failure import Failure
from otpbroker.mail.journal import Journal
from otpbroker.mail.replies import Fault

DIRECT: Final = "(direct)"  # no account: none can have this name


class Departure:
    """Of one mail by one account. `left`: the text is with a server, or on its way there."""

    def __init__(self, journal: Journal, name: str, account: str) -> None:
        self._journal = journal
        self._name = name
        self._account = account
        self.left = False

    def begin(self) -> None:
        self._journal.begun(self._name, self._account)
        self.left = True

    def failed(self, failure: Failure) -> None:
        if self.left and failure.fault is not Fault.UNKNOWN:
            self._journal.withdrawn(self._name, self._account)
            self.left = False
