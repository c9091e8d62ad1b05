"""The frame of every long-running process: start, tell that it is ready, reload on SIGHUP, drain on SIGTERM.

`main()` of a service only wires and hands its parts to `run`. The main thread waits for signals and nothing else.
"""

import gc
import logging
import os
import resource
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Protocol

from otpbroker.errors import BrokerError
from otpbroker.system import log
from otpbroker.system.notify import Notifier
from otpbroker.texts import translate

EX_CONFIG = 78
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Running(Protocol):
    """A started service."""

    def reload(self) -> None:
        """Take new settings; a `BrokerError` refuses them and leaves the old ones in force."""

    def stop(self) -> None:
        """Refuse new work, finish what is in flight within the service's own deadline, release everything."""


def run(service: str, start: Callable[[], Running]) -> int:
    """Run a service until SIGTERM or SIGINT; the exit status of the process.

    `start` returns when the service listens. A `BrokerError` from it ends the process with status 78. A thread that
    dies of an unexpected error ends it with status 70, so that the service manager starts a fresh one.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold message texts
    logger = log.start(service)
    notifier = Notifier()
    threading.excepthook = lambda died: _end_at_once(logger, died)
    with _Signals() as signals:
        try:
            running = start()
        except BrokerError as error:
            logger.error("cannot start: %s", _sentence(error))  # noqa: TRY400 - a refusal needs no traceback
            return EX_CONFIG
        # What exists now lives as long as the process: the collector need not walk it for each message.
        gc.collect()
        gc.freeze()
        logger.info("ready")  # first: whoever is told may look
        notifier.ready()
        for number in signals:
            if number != signal.SIGHUP:
                break
            _reload(running, notifier, logger)
        notifier.stopping()
        logger.info("stopping")
        running.stop()
    return 0


def _reload(running: Running, notifier: Notifier, logger: logging.Logger) -> None:
    notifier.reloading()
    try:
        running.reload()
    except BrokerError as error:
        logger.error("settings refused, the old ones stay: %s", _sentence(error))  # noqa: TRY400 - as above
        notifier.reloaded(_sentence(error))
    else:
        logger.info("settings reloaded")
        notifier.reloaded()


def _sentence(error: BrokerError) -> str:
    return translate(error.key, error.params)


def _end_at_once(logger: logging.Logger, died: threading.ExceptHookArgs) -> None:
    value = died.exc_value or died.exc_type()
    logger.critical("a thread died", exc_info=(died.exc_type, value, died.exc_traceback))
    os._exit(70)


class _Signals:
    """The signals that arrive, in order. A handler at C level writes their numbers into a socket pair."""

    def __enter__(self) -> Iterator[int]:
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in _SIGNALS:
            signal.signal(number, lambda *_: None)
        return self._arriving()

    def _arriving(self) -> Iterator[int]:
        while True:
            yield from (number for number in self._reader.recv(16) if number in _SIGNALS)

    def __exit__(self, *_: object) -> None:
        for number in _SIGNALS:  # the process ends now: a second signal must not end it in another way
            signal.signal(number, signal.SIG_IGN)
        signal.set_wakeup_fd(-1)
        self._reader.close()
        self._writer.close()
