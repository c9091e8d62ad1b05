"""Sections put on disk and taken by the services, all of them or none."""

import logging
from collections.abc import Mapping, Sequence
from typing import Final

from otpbroker.apply.journal import Journal
from otpbroker.apply.manager import ServiceManager
from otpbroker.config.registry import SectionInfo
from otpbroker.config.sections._base import Section
from otpbroker.config.store import MAX_OCTETS, Store, render
from otpbroker.errors import BrokerError
from otpbroker.verbs.apply import Problem, ServiceWord

_LOG: Final = logging.getLogger(__name__)
Wanted = Sequence[tuple[SectionInfo, Section]]


class Putting:
    """Each file is replaced as a whole. What a power cut or a kill leaves half done is taken back by `recover`."""

    def __init__(self, store: Store, manager: ServiceManager) -> None:
        self._store = store
        self._manager = manager
        self._journal = Journal(store.folder)

    def recover(self) -> None:
        """Take back the change that was cut off, if any. The caller holds the lock, so none is under way. Raises
        `BrokerError` where the disk refuses.
        """
        before = self._journal.cut_off()
        if before is None:
            return
        _LOG.warning("a change of settings was cut off and is taken back: %s", ", ".join(before.files))
        for name, content in before.files.items():
            self._store.write(name, content)
        self._journal.end()
        self._manager.reload(before.services)

    def put(self, wanted: Wanted) -> tuple[list[ServiceWord], list[Problem]]:
        """The words of the services; with problems nothing was changed. Raises `BrokerError` where the disk refuses."""
        contents = {info.name: render(section) for info, section in wanted}
        if too_large := [name for name, content in contents.items() if len(content) > MAX_OCTETS]:
            return [], [_too_large(name) for name in too_large]
        services = list(dict.fromkeys(service for info, _ in wanted for service in info.services))
        before = {info.name: self._store.stored(info.name) for info, _ in wanted}
        self._journal.begin(before, services)
        self._write(contents, before)
        words = self._manager.reload(services)
        refused = [word for word in words if word.state == "refused"]
        if refused:
            for name, content in before.items():
                self._store.write(name, content)
            self._manager.reload(services)
        self._journal.end()
        return words, [_refusal(wanted, word) for word in refused]

    def _write(self, contents: Mapping[str, bytes], before: Mapping[str, bytes | None]) -> None:
        written = []
        try:
            for name, content in contents.items():
                self._store.write(name, content)
                written.append(name)
        except BrokerError:
            for name in written:
                self._store.write(name, before[name])
            self._journal.end()
            raise


def _refusal(wanted: Wanted, word: ServiceWord) -> Problem:
    """At the first section that the service lives by."""
    path = next((info.name for info, _ in wanted if word.service in info.services), wanted[0][0].name)
    params: dict[str, str | int] = {"service": word.service, "reason": word.text}
    return Problem(path=path, key="settings.service_refused", params=params)


def _too_large(name: str) -> Problem:
    """Nobody would read it again."""
    return Problem(path=name, key="settings.too_large", params={"limit": MAX_OCTETS // 1024})
