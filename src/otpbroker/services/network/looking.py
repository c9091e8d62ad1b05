"""How the machine's network is, put together from what the kernel and dnsmasq say."""

import logging
import time
from pathlib import Path
from typing import Final

from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.network import FirewallSection
from otpbroker.config.store import Store
from otpbroker.errors import BrokerError
from otpbroker.network import dnsmasq, firewall, leased, overlap, ruleset
from otpbroker.system import command, netinfo
from otpbroker.system.files import Paths
from otpbroker.verbs.dispatch import Alarm
from otpbroker.verbs.network import FilterState, Interface, Lease, NetworkState, OpenPort

_LOG: Final = logging.getLogger(__name__)
_NFT_S: Final = 4.0
_MOST_OCTETS: Final = 256 * 1024
_NO_TABLE: Final = "No such file"


class Looking:
    """`paths` say where settings and leases are; interfaces and packet filter are this process's own machine's."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._store = Store(paths)

    def state(self) -> NetworkState:
        """Everything, as it is now."""
        interfaces = self._interfaces()
        taken_over = self._paths.network_taken.exists()
        return NetworkState(
            taken_over=taken_over,
            interfaces=interfaces,
            leases=self._leases(),
            filter=self._filter() if taken_over else FilterState(state="not_ours"),
            alarms=overlap.alarms(interfaces) if taken_over else [],
        )

    def alarms(self) -> list[Alarm]:
        """What needs a hand, by the addresses that there are now; on somebody's computer they are his affair."""
        return overlap.alarms(self._interfaces()) if self._paths.network_taken.exists() else []

    @staticmethod
    def _interfaces() -> list[Interface]:
        found = [
            Interface(
                name=each.name,
                side=overlap.side_of(each.name),
                link=each.link,
                mac=each.mac,
                addresses=list(each.addresses),
                gateways=list(each.gateways),
            )
            for each in netinfo.interfaces()
        ]
        order = ("ap", "ethernet", "mobile", "other")
        return sorted(found, key=lambda interface: (order.index(interface.side), interface.name))

    def _leases(self) -> list[Lease] | None:
        try:
            with (self._paths.root / Path(dnsmasq.LEASES).relative_to("/")).open(encoding="utf-8") as file:
                return leased.parse(file.read(_MOST_OCTETS), time.time())
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            _LOG.warning("the list of leases cannot be read: %s", type(error).__name__)
            return None

    def _filter(self) -> FilterState:
        try:
            wanted, said = self._wanted(), _nft(ruleset.LIST_TABLE)
            own = None if said is None else ruleset.read(said)
            others = ruleset.others(_nft(ruleset.LIST_CHAINS) or "")
        except (BrokerError, OSError, ValueError) as error:
            _LOG.warning("the packet filter cannot be read: %s", error)
            return FilterState(state="unreadable")
        return ruleset.compared(own, wanted, others)

    def _wanted(self) -> list[OpenPort]:
        rules, api = self._store.load(FirewallSection), self._store.load(ApiSection)
        doors = firewall.doors(rules, api, self._store.load(PanelSection).port)
        return [OpenPort(side=door.side, protocol=door.protocol, port=door.port) for door in doors]


def _nft(argv: tuple[str, ...]) -> str | None:
    """What nft says; None where there is no such table. Raises OSError where it does not run or refuses."""
    done = command.run(argv, timeout_s=_NFT_S)
    if done.returncode == 0:
        return done.stdout
    if _NO_TABLE in done.stderr:
        return None
    raise OSError(done.stderr.strip().partition("\n")[0][:200])
