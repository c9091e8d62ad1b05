"""Who answers what is asked about messages past: one thread, so that nobody who sends ever waits for it."""

import logging
import queue
import sqlite3
import threading
from pathlib import Path
from typing import Final

from msgspec import Struct

from otpbroker.dispatch.ledger import Ledger
from otpbroker.dispatch.report import answers
from otpbroker.dispatch.report.book import Book
from otpbroker.dispatch.report.count import Reader
from otpbroker.dispatch.settings import Settings
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.connection import Reply
from otpbroker.verbs.dispatch import Messages
from otpbroker.verbs.report import Report, ReportCells

_LOG: Final = logging.getLogger(__name__)
IDLE_S: Final = 3600.0
MOST_WAITING: Final = 64

Asked = Messages | Report | ReportCells


class ReportDesk:
    """Reads the state file at `path`. What it has counted is forgotten when nobody has asked for `idle_s`."""

    def __init__(self, path: Path, ledger: Ledger, settings: Settings, idle_s: float = IDLE_S) -> None:
        self._path = path
        self._ledger = ledger
        self._idle_s = idle_s
        self._waiting: queue.Queue[tuple[Asked, Reply] | None] = queue.Queue(MOST_WAITING)
        self._book: Book | None = None
        self._counted_by: tuple[str, int] = ("", 0)
        self.configure(settings)
        self._thread = threading.Thread(target=self._run, name="report", daemon=True)
        self._thread.start()

    def configure(self, settings: Settings) -> None:
        self._counting_by = (settings.general.time_zone, settings.sms.recipient_prefix_length)

    def ask(self, call: Asked, reply: Reply) -> None:
        """Raises `BrokerError` (1107) where too many ask at once."""
        try:
            self._waiting.put_nowait((call, reply))
        except queue.Full:
            raise BrokerError(ResponseCode.LIMIT, "history.asked_by_many", retry_after_s=5) from None

    def stop(self) -> None:
        """At most the present question is answered yet."""
        while True:
            try:
                self._waiting.get_nowait()
            except queue.Empty:
                break
        self._waiting.put(None)
        self._thread.join(5)

    def _run(self) -> None:
        while True:
            try:
                asked = self._waiting.get(timeout=self._idle_s if self._book else None)
            except queue.Empty:
                self._forget()
                continue
            if asked is None:
                self._forget()
                return
            call, reply = asked
            try:
                reply.result(self._answer(call))
            except BrokerError as error:
                reply.error(error)
            except sqlite3.Error as error:
                _LOG.warning("the report cannot read the state: %s", error)
                self._forget()
                reply.error(BrokerError(ResponseCode.FAILED, "history.unreadable"))

    def _answer(self, call: Asked) -> Struct:
        self._ledger.settle()
        incomplete = self._ledger.broken
        counting_by = self._counting_by
        if counting_by != self._counted_by:
            self._forget()
        if self._book is None:
            self._book = Book(Reader(self._path), counting_by[1])
            self._counted_by = counting_by
        try:
            return answers.told(self._book, call, counting_by[0], incomplete=incomplete)
        finally:
            if incomplete:  # what can be read may be another file as soon as the disk is well again
                self._forget()

    def _forget(self) -> None:
        if self._book is not None:
            self._book.reader.close()
            self._book = None
