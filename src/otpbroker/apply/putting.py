"""Sections put on disk and taken by the services, all of them or none."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from otpbroker.apply.confirming import Confirming
from otpbroker.apply.host import Host
from otpbroker.apply.journal import Before, Journal
from otpbroker.apply.manager import ServiceManager
from otpbroker.config.registry import SectionInfo
from otpbroker.config.sections._base import Section
from otpbroker.config.store import MAX_OCTETS, Store, render
from otpbroker.errors import BrokerError
from otpbroker.network.plan import Facts, addresses, reaches
from otpbroker.verbs.apply import Confirmation, Problem, ServiceWord

_LOG: Final = logging.getLogger(__name__)
Wanted = Sequence[tuple[SectionInfo, Section]]


@dataclass(frozen=True, slots=True)
class Put:
    """The words of services and machine. With `problems` nothing was changed; `confirmation` is what it waits for."""

    words: list[ServiceWord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    confirmation: Confirmation | None = None


class Putting:
    """Each file is replaced as a whole. What a power cut or a kill leaves half done is taken back by `recover`, which
    is also what has become of a change that nobody confirmed. The caller holds the lock.
    """

    def __init__(self, store: Store, manager: ServiceManager, host: Host, confirming: Confirming) -> None:
        self._store = store
        self._manager = manager
        self._host = host
        self._journal = Journal(store.folder)
        self._confirming = confirming

    def recover(self) -> list[str]:
        """Take back the change that was cut off, and the one that nobody confirmed; the sections of the latter. Raises
        `BrokerError` where the disk refuses.
        """
        before = self._journal.cut_off()
        if before is not None:
            _LOG.warning("a change of settings was cut off and is taken back: %s", ", ".join(before.files))
            self._restore(before)
            self._journal.end()
            self._tell(before.services)
        unconfirmed = self._confirming.unconfirmed()
        if unconfirmed is None:
            return []
        _LOG.warning("nobody confirmed a change of settings; it is taken back: %s", ", ".join(unconfirmed.files))
        return self._go_back(unconfirmed)

    def take_back(self) -> list[str]:
        """Go back to what stood before the change that waits; its sections."""
        before = self._confirming.before()
        return [] if before is None else self._go_back(before)

    def _go_back(self, before: Before) -> list[str]:
        """Nothing is lost where this is cut off: the next `recover` begins anew."""
        self._restore(before)
        self._confirming.end()
        self._tell(before.services)
        return list(before.files)

    def _restore(self, before: Before) -> None:
        for name, content in before.files.items():
            self._store.write(name, content)

    def _tell(self, services: list[str]) -> list[ServiceWord]:
        return self._manager.reload(services) + self._host.converge()

    def put(self, wanted: Wanted) -> Put:
        """Raises `BrokerError` where the disk refuses."""
        contents = {info.name: render(section) for info, section in wanted}
        if too_large := [name for name, content in contents.items() if len(content) > MAX_OCTETS]:
            return Put(problems=[_too_large(name) for name in too_large])
        before = Before(
            files={info.name: self._store.stored(info.name) for info, _ in wanted},
            services=list(dict.fromkeys(service for info, _ in wanted for service in info.services)),
        )
        if held := self._confirming.holds(before.files):
            return Put(problems=[Problem(path=name, key="settings.unconfirmed") for name in held])
        old = self._host.facts()
        self._journal.begin(before.files, before.services)
        self._write(contents, before.files)
        words = self._tell(before.services)
        if refused := [word for word in words if word.state == "refused"]:
            self._restore(before)
            self._tell(before.services)
            self._journal.end()
            return Put(words, [_refusal(wanted, word) for word in refused])
        return Put(words, confirmation=self._ended(before, old))

    def reset(self, infos: Sequence[SectionInfo]) -> list[ServiceWord]:
        """Back to factory, and back before a change that waits for a word; the words of services and machine, which
        undo nothing. Raises `BrokerError` where the disk refuses: whoever takes the lock next takes it back.
        """
        waiting = self._confirming.before() or Before(files={}, services=[])
        services = [service for info in infos for service in info.services] + waiting.services
        before = Before(
            files={info.name: self._readable(info.name) for info in infos} | waiting.files,
            services=list(dict.fromkeys(services)),
        )
        self._journal.begin(before.files, before.services)  # from here on, what was confirmed last is remembered there
        self._confirming.end()
        for name, content in {**waiting.files, **dict.fromkeys(info.name for info in infos)}.items():
            self._store.write(name, content)
        words = self._tell(before.services)
        self._journal.end()
        return words

    def _readable(self, name: str) -> bytes | None:
        """What nobody can read is not worth putting back."""
        try:
            return self._store.stored(name)
        except OSError:
            return None

    def _ended(self, before: Before, old: Facts | None) -> Confirmation | None:
        """The change is whole; some wait for a word that they do not lock their maker out."""
        new = self._host.facts()
        must_be_confirmed = old is not None and new is not None and reaches(old, new)
        if not must_be_confirmed or self._confirming.waiting():
            self._journal.end()
            return None
        assert new is not None  # noqa: S101 - as above
        self._confirming.begin(before.files, before.services)
        self._journal.end()
        return self._confirming.ask(before.files, addresses(new))

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
