"""What the network's sections say of each other once some of them are new."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

from msgspec.structs import replace

from otpbroker.config.registry import BY_KIND, SECTIONS
from otpbroker.config.sections._base import Section
from otpbroker.config.store import Store
from otpbroker.network import check
from otpbroker.network.check import Network
from otpbroker.verbs.apply import Problem

_NAMES: Final = tuple(field.name for field in fields(Network))


def problems(store: Store, new: Iterable[Section]) -> list[Problem]:
    """Every reason to refuse the `new` sections beside those that stay, at the field that somebody is changing."""
    network, changed = _network(store, new), {BY_KIND[type(section)].name for section in new}
    found = [] if network is None else check.problems(network)
    if "ethernet" in changed:
        return found
    at = {"ethernet.address": "wlan.address"}  # the same networks: told to whoever moves the access point there
    return [replace(problem, path=at.get(problem.path, problem.path)) for problem in found]


def hints(store: Store, new: Iterable[Section]) -> list[Problem]:
    """What is allowed but probably not meant; of the `new` sections, and of what the access point's address decides."""
    changed = {BY_KIND[type(section)].name for section in new}
    if "wlan" in changed:
        changed.add("dhcp")
    network = _network(store, new)
    return [] if network is None else [hint for hint in check.hints(network) if hint.path.partition(".")[0] in changed]


def _network(store: Store, new: Iterable[Section]) -> Network | None:
    """None where none of the new ones belongs to it. One on disk that cannot be read counts as the factory's."""
    changed: dict[str, Any] = {name: section for section in new if (name := BY_KIND[type(section)].name) in _NAMES}
    if not changed:
        return None
    kept: dict[str, Any] = {name: store.present(SECTIONS[name].kind)[0] for name in _NAMES if name not in changed}
    return Network(**changed, **kept)
