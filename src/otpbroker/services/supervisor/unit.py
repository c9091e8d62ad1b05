"""One supervised service: started, restarted when it dies, reloaded, stopped. No waiting happens here."""

import logging
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum, auto
from typing import Final

from otpbroker.system.command import Child
from otpbroker.verbs.apply import ServiceWord
from otpbroker.verbs.supervisor import ServiceState

_LOG: Final = logging.getLogger("supervisor")
STEADY_S = 5.0
MAX_PAUSE_S = 1.0
MAX_PAUSE_UNREADY_S = 5.0
STOP_DEADLINE_S = 120.0  # above the longest drain: a message's own deadline and the modem's last answer
EX_CONFIG = 78

Word = Callable[[ServiceWord], None]


class State(StrEnum):
    WAITING = "waiting"  # for a service it needs, or for its next start
    STARTING = "starting"
    READY = "ready"
    RELOADING = "reloading"
    STOPPING = "stopping"
    STOPPED = "stopped"


class Wave(IntEnum):
    """Who stops together: the last first, each when those after it have ended, so that it serves them to their end."""

    GROUND = auto()  # settings, simulated modems
    LISTENERS = auto()  # who hears how the last messages end
    WORKERS = auto()  # who sends
    DOORS = auto()


@dataclass(slots=True)
class Unit:
    """`needs` names the service that must be ready before the first start."""

    name: str
    argv: Sequence[str]
    wave: Wave
    needs: str = ""
    state: State = State.WAITING
    restarts: int = 0
    start_at: float = 0.0
    kill_at: float = 0.0
    refused_at_start: bool = False
    _child: Child | None = None
    _started_at: float = 0.0
    _pause_s: float = 0.0
    _announced: bool = False
    _status: str = ""
    _waiting: list[Word] = field(default_factory=list)

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    @property
    def stopped(self) -> bool:
        return self.state is State.STOPPED

    def start(self, environment: Mapping[str, str], now: float) -> None:
        self._child = Child(self.argv, environment)
        self._started_at = now
        self.state = State.STARTING

    def tells(self, fields: Mapping[str, str]) -> None:
        """A message of its sd_notify socket."""
        self._status = fields.get("STATUS", self._status)
        if fields.get("RELOADING") == "1":
            self._announced = True
        if fields.get("READY") == "1":
            self._ready(refusal=self._status if fields.get("ERRNO", "0") != "0" else "")

    def _ready(self, refusal: str) -> None:
        if self.state is State.STARTING:
            self.state = State.READY
            self._begin_reload()  # it may have read its settings before the change that somebody waits for
        elif self.state is State.RELOADING and self._announced:
            self.state = State.READY
            waiting, self._waiting = self._waiting, []
            for word in waiting:
                word(ServiceWord(service=self.name, state="refused" if refusal else "reloaded", text=refusal))

    def reload(self, word: Word) -> None:
        """Make it read its settings anew; `word` gets what it says, once it is ready to say something."""
        self._waiting.append(word)
        self._begin_reload()

    def _begin_reload(self) -> None:
        if self._waiting and self.state is State.READY and self._child:
            self.state = State.RELOADING
            self._announced = False
            self._child.signal(signal.SIGHUP)

    def stop(self, now: float) -> None:
        """Ask it to drain and end; one that has been asked long ago is killed."""
        if self._child is None:
            self.state = State.STOPPED
        elif self.state is not State.STOPPING:
            self.state = State.STOPPING
            self.kill_at = now + STOP_DEADLINE_S
            self._child.signal(signal.SIGTERM)
        elif self.kill_at <= now:
            self.kill()

    def kill(self) -> None:
        if self._child:
            self._child.signal(signal.SIGKILL)

    def reap(self, now: float) -> None:
        """Notice its end: the next start is at once after a steady life, later the oftener it dies young."""
        if self._child is None or (status := self._child.poll()) is None:
            return
        self._child = None
        if self.state is State.STOPPING:
            self.state = State.STOPPED
            return
        self.refused_at_start = self.state is State.STARTING and status == EX_CONFIG
        longest = MAX_PAUSE_UNREADY_S if self.state is State.STARTING else MAX_PAUSE_S
        self._pause_s = 0.0 if now - self._started_at >= STEADY_S else min(longest, self._pause_s * 2 + 0.1)
        _LOG.warning("%s ended with status %d; next start in %.1f s", self.name, status, self._pause_s)
        self.state = State.WAITING
        self.start_at = now + self._pause_s
        self.restarts += 1

    def describe(self) -> ServiceState:
        return ServiceState(
            service=self.name, state=self.state.value, pid=self.pid, restarts=self.restarts, status=self._status
        )
