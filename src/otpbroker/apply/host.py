"""The operating system brought to what the settings say: files under `/run/otpbroker`, and units that run or not."""

import contextlib
import dataclasses
import logging
from collections.abc import Iterable
from typing import Any, Final, Protocol

from otpbroker.apply import certificates, identity
from otpbroker.apply.manager import ServiceManager
from otpbroker.apply.units import service_of
from otpbroker.config.registry import SECTIONS
from otpbroker.config.schema import SectionType
from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.network import KeystoreSection
from otpbroker.config.store import Store
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.network import plan, restarts
from otpbroker.network.edge_facts import PEM
from otpbroker.network.plan import Facts, File, Link
from otpbroker.system import bus, command
from otpbroker.system.files import Paths, ensure_folder, lead, write_atomic
from otpbroker.texts import translate
from otpbroker.verbs.apply import Restartable, ServiceWord

_LOG: Final = logging.getLogger(__name__)
_ASK_S: Final = 15.0
_BEGAN_WITH_IT: Final = "exit -15"  # of systemctl: it is one of our processes, which the restart ends
_SECTIONS: Final = tuple(field.name for field in dataclasses.fields(Facts) if field.name in SECTIONS)


class Host(Protocol):
    """The machine below us."""

    def facts(self) -> Facts | None:
        """What the settings on disk say, or None where the machine is not ours."""

    def converge(self) -> list[ServiceWord]:
        """Bring the machine to the settings on disk. `refused` words say what it does not take."""

    def restart(self, what: Restartable) -> None:
        """Begin it, and return. Raises `BrokerError`."""


class ForeignHost:
    """Somebody's computer: nothing of it is touched. Only our own server of HTTPS there is given its certificate."""

    def __init__(self, paths: Paths, manager: ServiceManager) -> None:
        self._paths = paths
        self._manager = manager

    def facts(self) -> None:
        return None

    def converge(self) -> list[ServiceWord]:
        store = Store(self._paths)
        if not store.present(ApiSection)[0].https_enabled:
            certificates.tell(self._paths, "", KeystoreSection())
            return []
        path, wanted = self._paths.run / PEM, self._pem(store)
        certificates.tell(self._paths, wanted, store.present(KeystoreSection)[0])
        if wanted == certificates.shown_now(self._paths):
            return []
        if wanted:
            ensure_folder(path.parent)
            write_atomic(path, wanted.encode(), 0o600)
        else:
            path.unlink(missing_ok=True)
        return self._manager.reload(["api"])

    def _pem(self, store: Store) -> str:
        """Empty where there is a file of the user's own in `etc/otpbroker/tls`."""
        keystore = store.present(KeystoreSection)[0]
        if (store.folder / "tls/api.pem").exists() and certificates.shown(keystore) is None:
            return ""
        names = (*certificates.names_of(store.present(PanelSection)[0]), "localhost")
        return certificates.ensure(self._paths, keystore, names, ("127.0.0.1",)).reveal()

    def restart(self, what: Restartable) -> None:
        raise BrokerError(ResponseCode.FAILED, "restart.own", what=what)


class DeviceHost:
    """The device. With `running` False (at boot, before any unit of ours) files are put in place and nobody is told."""

    def __init__(self, paths: Paths, *, running: bool = True) -> None:
        self._paths = paths
        self._store = Store(paths)
        self._running = running

    def facts(self) -> Facts:
        sections: dict[str, Any] = {name: self._load(SECTIONS[name].kind) for name in _SECTIONS}
        return Facts(
            **sections,
            ipv6=(self._paths.root / "proc/net/if_inet6").exists(),
            taken_over=self._paths.network_taken.exists(),
        )

    def _load(self, kind: type[SectionType]) -> SectionType:
        """One that cannot be read must not cost the device its access point: the factory's stands in."""
        section, unreadable = self._store.present(kind)
        if unreadable:
            _LOG.error("%s: %s", kind.__name__, translate(unreadable.key, unreadable.params))
        return section

    def converge(self) -> list[ServiceWord]:
        facts, refused = self._certified(self.facts())
        wanted = plan.plan(facts)
        if self._running:  # before its file goes: a timer that is masked while it runs has failed
            _switch((unit for unit, wants in wanted.units.items() if not wants), on=False)
        put = [file for file in wanted.files if self._put(file)]
        changed = [file.unit for file in put if file.unit]
        for link in wanted.links:
            self._lead(link)
        self._clear(wanted)
        certificates.tell(self._paths, facts.pem.reveal(), self._load(KeystoreSection))
        if not self._running:
            self._start_later(unit for unit, wants in wanted.units.items() if wants)
            return []
        if any(file.path.is_relative_to(restarts.FOLDER) for file in put):
            _systemctl("daemon-reload")  # a timer that runs goes by its new time from here on
        refused += [word for unit in dict.fromkeys(changed) if (word := _renewed(unit))]
        _switch((unit for unit, wants in wanted.units.items() if wants), on=True)
        identity.tell(self._paths.root / "etc", facts.general)
        return refused

    def _certified(self, facts: Facts) -> tuple[Facts, list[ServiceWord]]:
        """With what HTTPS is to show, where there is to be HTTPS; and the word of who could not have it."""
        if not facts.api.https_enabled:
            return facts, []
        names = certificates.names_of(facts.panel)
        addresses = certificates.addresses_of(facts.wlan, facts.ethernet) if facts.taken_over else ()
        try:
            pem = certificates.ensure(self._paths, self._load(KeystoreSection), names, addresses)
        except BrokerError as error:
            text = translate(error.key, error.params)
            _LOG.error("%s", text)
            return facts, [ServiceWord(service="edge", state="refused", text=text)]
        return dataclasses.replace(facts, pem=pem), []

    def restart(self, what: Restartable) -> None:
        if what == "device":
            bus.reboot()
        elif (failed := _systemctl("restart", "--no-block", "otpb.target")) not in ("", _BEGAN_WITH_IT):
            raise BrokerError(ResponseCode.FAILED, "system.refused", what="restart", reason=failed)

    def _put(self, file: File) -> bool:
        """Whether it was another one before."""
        path = self._paths.root / file.path
        with contextlib.suppress(OSError):
            if path.read_text(encoding="utf-8") == file.content:
                return False
        ensure_folder(path.parent, 0o755)
        write_atomic(path, file.content.encode(), file.mode, file.group)
        return True

    def _lead(self, link: Link) -> None:
        """Where it led before stays until the next time: somebody may be on his way there."""
        path = self._paths.root / link.path
        before = path.readlink().name if path.is_symlink() else ""
        if before == link.target:
            return
        lead(path, link.target)
        for other in path.parent.glob(link.others):
            if other.name not in (before, link.target):
                other.unlink(missing_ok=True)

    def _clear(self, wanted: plan.Plan) -> None:
        """What earlier settings left, an operator's password perhaps."""
        files = {self._paths.root / file.path for file in wanted.files}
        for folder in wanted.folders:
            for stale in set((self._paths.root / folder).glob("*")) - files:
                stale.unlink(missing_ok=True)

    def _start_later(self, wanted: Iterable[str]) -> None:
        """As soon as what they are ordered after has started."""
        if named := list(wanted):
            _systemctl("start", "--no-block", *named)


def _renewed(unit: str) -> ServiceWord | None:
    """None where the unit took its new file, or does not run here."""
    failed = _systemctl("try-reload-or-restart", unit)
    if not failed:
        return None
    return ServiceWord(service=service_of(unit), state="refused", text=_own_word(unit) or failed)


def _own_word(unit: str) -> str:
    """What the unit itself says of its state, empty where it says nothing."""
    try:
        return command.run(
            ["systemctl", "show", "--property=StatusText", "--value", unit], timeout_s=_ASK_S
        ).stdout.strip()
    except (OSError, TimeoutError):
        return ""


def _switch(named: Iterable[str], *, on: bool) -> None:
    if (units := list(named)) and (failed := _systemctl("start" if on else "stop", *units)):
        _LOG.warning("%s", failed)


def _systemctl(*arguments: str) -> str:
    """The first line of its complaint, empty where there is none."""
    try:
        done = command.run(["systemctl", *arguments], timeout_s=_ASK_S)
    except (OSError, TimeoutError) as error:
        return type(error).__name__
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[0][:200]
