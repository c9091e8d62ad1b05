"""The supervisor's loop: signals, ends of children, their sd_notify messages, requests, and the clock."""

import contextlib
import logging
import os
import selectors
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from otpbroker.ipc.connection import Reply
from otpbroker.ipc.server import Server
from otpbroker.services.supervisor.reloads import Reloading
from otpbroker.services.supervisor.unit import State, Unit
from otpbroker.system import log
from otpbroker.system.files import Paths
from otpbroker.system.inbox import NotifyInbox
from otpbroker.system.peercred import Peer
from otpbroker.verbs.supervisor import Reload, ServiceStates, SupervisorVerb

_LOG: Final = logging.getLogger("supervisor")
_STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
MIN_WAIT_S = 0.01
SECOND_SIGNAL_S = 0.5  # a process group and its leader may both be sent the first one


class Supervisor:
    """Starts `units` in the order given and stops them in waves, so that each drains while those that it calls still
    work. `ready` is asked ten times a second, once all are up, until it returns True.
    """

    def __init__(self, paths: Paths, units: Sequence[Unit], ready: Callable[[], bool]) -> None:
        self._units = units
        self._ready = ready
        self._became_ready = False
        self._stopping_since: float | None = None
        self._exit_status = 0
        self._requests: deque[tuple[SupervisorVerb, Reply]] = deque()
        self._reloads: list[Reloading] = []
        self._inbox = NotifyInbox()
        self._environment = os.environ | {"NOTIFY_SOCKET": self._inbox.address, "PYTHONUNBUFFERED": "1"}
        self._environment[log.FOLDER] = str(paths.log)
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        self._woken.setblocking(False)
        self._server = Server(paths.socket("supervisor"), SupervisorVerb, self._request)

    def run(self) -> int:
        """Until a signal, or a service that refuses its first start; the exit status."""
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        for number in (*_STOPPING, signal.SIGCHLD):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup(1) means it
                signal.signal(number, lambda *_: None)
        self._server.start()
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._woken, selectors.EVENT_READ)
                selector.register(self._inbox, selectors.EVENT_READ)
                self._step(time.monotonic())
                while not all(unit.stopped for unit in self._units):
                    selector.select(self._wait_s(time.monotonic()))
                    self._step(time.monotonic())
        finally:
            self._server.stop()
            self._inbox.close()
            for number in _STOPPING:  # the interpreter's end would make a late second one fatal
                signal.signal(number, signal.SIG_IGN)
        return self._exit_status

    def _request(self, verb: SupervisorVerb, _peer: Peer, reply: Reply) -> None:
        """In the server's thread: hand over to the loop."""
        self._requests.append((verb, reply))
        with contextlib.suppress(BlockingIOError):  # full of wake-ups is awake
            self._wake.send(b"\0")

    def _step(self, now: float) -> None:
        self._take_signals()
        self._take_messages()
        for unit in self._units:
            unit.reap(now)
        self._take_requests(now)
        if self._stopping_since is not None:
            self._stop_next(now)
            return
        for unit in self._units:
            if unit.state is State.WAITING and unit.start_at <= now and self._is_up(unit.needs):
                unit.start(self._environment, now)
        self._become_ready()

    def _take_signals(self) -> None:
        try:
            numbers = self._woken.recv(4096)
        except BlockingIOError:
            return
        for number in numbers:
            if number in _STOPPING:
                self._stop(0)

    def _stop(self, status: int) -> None:
        """Begin to stop; asked once more, a moment later, stop without draining."""
        now = time.monotonic()
        if self._stopping_since is None:
            _LOG.info("stopping; a second signal ends it without draining")
            self._stopping_since = now
            self._exit_status = status
        elif now - self._stopping_since >= SECOND_SIGNAL_S:
            for unit in self._units:
                unit.kill()

    def _stop_next(self, now: float) -> None:
        """The last wave of those that run; a unit that does not run has stopped at once."""
        while running := [unit for unit in self._units if not unit.stopped]:
            last = max(unit.wave for unit in running)
            wave = [unit for unit in running if unit.wave == last]
            for unit in wave:
                unit.stop(now)
            if not all(unit.stopped for unit in wave):
                return

    def _take_messages(self) -> None:
        by_pid = {unit.pid: unit for unit in self._units}
        for pid, fields in self._inbox.messages():
            if pid in by_pid:
                by_pid[pid].tells(fields)

    def _take_requests(self, now: float) -> None:
        while self._requests:
            verb, reply = self._requests.popleft()
            if isinstance(verb, Reload):
                self._reloads.append(Reloading(self._units, verb.services, reply, now))
            else:
                reply.result(ServiceStates(services=[unit.describe() for unit in self._units]))
        for reloading in self._reloads:
            if reloading.deadline <= now:
                reloading.expire()
        self._reloads = [reloading for reloading in self._reloads if not reloading.answered]

    def _is_up(self, name: str) -> bool:
        up = {unit.name for unit in self._units if unit.state in (State.READY, State.RELOADING)}
        return not name or name in up

    def _become_ready(self) -> None:
        if self._became_ready:
            return
        refused = [unit.name for unit in self._units if unit.refused_at_start]
        if refused:
            _LOG.error("%s could not start; see its reason above", refused[0])
            self._stop(1)
        elif all(self._is_up(unit.name) for unit in self._units):
            self._became_ready = self._ready()

    def _wait_s(self, now: float) -> float | None:
        """Until the next thing that no descriptor tells."""
        due = [unit.start_at for unit in self._units if unit.state is State.WAITING and unit.start_at > now]
        due += [reloading.deadline for reloading in self._reloads]
        if self._stopping_since is not None:
            due += [unit.kill_at for unit in self._units if unit.state is State.STOPPING]
        elif not self._became_ready and all(self._is_up(unit.name) for unit in self._units):
            due.append(now + 0.1)
        return max(MIN_WAIT_S, min(due) - now) if due else None
