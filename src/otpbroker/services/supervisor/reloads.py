"""One request to reload several services, answered when the last has given its word or the time is up."""

from collections.abc import Iterable

from otpbroker.ipc.connection import Reply
from otpbroker.services.supervisor.unit import Unit
from otpbroker.verbs.apply import ServiceWord
from otpbroker.verbs.supervisor import Reloaded

DEADLINE_S = 12.0


class Reloading:
    def __init__(self, units: Iterable[Unit], wanted: list[str], reply: Reply, now: float) -> None:
        self.deadline = now + DEADLINE_S
        self.answered = False
        self._reply = reply
        self._words: dict[str, ServiceWord | None] = dict.fromkeys(wanted)
        known = {unit.name: unit for unit in units}
        for name in wanted:
            if name in known:
                known[name].reload(self._word)
            else:
                self._word(ServiceWord(service=name, state="down"))
        self._answer_if_complete()

    def _word(self, word: ServiceWord) -> None:
        if not self.answered:
            self._words[word.service] = word
            self._answer_if_complete()

    def expire(self) -> None:
        """The time is up: who has said nothing is called silent."""
        for name, word in self._words.items():
            if word is None:
                self._words[name] = ServiceWord(service=name, state="silent")
        self._answer_if_complete()

    def _answer_if_complete(self) -> None:
        words = [word for word in self._words.values() if word is not None]
        if not self.answered and len(words) == len(self._words):
            self.answered = True
            self._reply.result(Reloaded(services=words))
