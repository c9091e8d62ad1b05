"""Network and administrators back to factory, in one change; nothing else is lost (SPEC §8 *Reset*)."""

from typing import Final

from otpbroker.apply import diffs
from otpbroker.apply.host import Host
from otpbroker.apply.putting import Putting
from otpbroker.config.registry import SECTIONS, SectionInfo
from otpbroker.config.sections._base import Section
from otpbroker.config.sections.admins import AdminsSection
from otpbroker.config.store import Store
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.network.plan import addresses
from otpbroker.verbs.apply import FactoryReset, WasReset
from otpbroker.verbs.audit import AuditEntry

_NAMES: Final = ("wlan", "dhcp", "ethernet", "admins")
_ACTION: Final = "audit.reset"


class Resetting:
    """The caller holds the settings' lock."""

    def __init__(self, store: Store, putting: Putting, host: Host) -> None:
        self._store = store
        self._putting = putting
        self._host = host

    def handle(self, verb: FactoryReset, uid: int, ours: int) -> tuple[WasReset, list[AuditEntry]]:
        """The answer, and what is to be written down of it. Root may ask, and who has started us (`ours`). Raises
        `BrokerError` for anybody else, and where the disk refuses.
        """
        if uid not in (0, ours):
            raise BrokerError(ResponseCode.UNAUTHORIZED, "reset.root_only")
        infos = [SECTIONS[name] for name in _NAMES]
        old = [self._present(info) for info in infos]
        told = WasReset(
            changed=False,
            sections=[info.name for info in infos if not self._store.is_factory(info.name)],
            administrators=_administrators(old),
        )
        if verb.check_only:
            return told, []
        words = self._putting.reset(infos)
        facts = self._host.facts()
        entries = [AuditEntry(number=0, at=0, by=verb.by, uid=None if verb.by else uid, action=_ACTION)]
        for before, info in zip(old, infos, strict=True):
            if entry := diffs.entry_of(verb.by, uid, before, self._present(info), "audit.changed"):
                entries.append(entry)
        done = WasReset(
            changed=True,
            sections=told.sections,
            administrators=told.administrators,
            services=words,
            ssid=facts.wlan.ssid if facts and facts.access_point else "",
            addresses=list(addresses(facts)) if facts else [],
        )
        return done, entries

    def _present(self, info: SectionInfo) -> Section:
        return self._store.present(info.kind)[0]


def _administrators(sections: list[Section]) -> int:
    return sum(len(section.admins) for section in sections if isinstance(section, AdminsSection))
