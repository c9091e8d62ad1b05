"""What the settings mean for the operating system: which files, and which of our units run. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from otpbroker.config.sections.acme import AcmeSection
from otpbroker.config.sections.admins import AdminsSection, PanelSection
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.ddns import DdnsSection
from otpbroker.config.sections.feeders import AmqpSection, WebSocketSection
from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.modems import ModemsSection
from otpbroker.config.sections.network import DhcpSection, EthernetSection, FirewallSection, WlanSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.sections.webhooks import CallbacksSection, WebhooksSection
from otpbroker.network import chat, dnsmasq, ethernet, firewall, hostapd, nginx, pppd, restarts, timesync, wlan, wvdial
from otpbroker.network.dial import dialling
from otpbroker.network.names import DIAL_FOLDER, FOLDER
from otpbroker.secrets import Secret

REACHING: Final = ("wlan", "dhcp", "ethernet", "firewall", "panel")  # sections by which somebody may lock himself out
_EDGE: Final = "otpb-edge"  # nginx's unit and group
_TIME: Final = "systemd-timesyncd.service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the system's files are made of. `pem` is what HTTPS shows: chain and key, empty where there are none.
    `ipv6`: the machine has it.
    """

    general: GeneralSection = field(default_factory=GeneralSection)
    panel: PanelSection = field(default_factory=PanelSection)
    admins: AdminsSection = field(default_factory=AdminsSection)
    api: ApiSection = field(default_factory=ApiSection)
    amqp: AmqpSection = field(default_factory=AmqpSection)
    websocket: WebSocketSection = field(default_factory=WebSocketSection)
    webhooks: WebhooksSection = field(default_factory=WebhooksSection)
    callbacks: CallbacksSection = field(default_factory=CallbacksSection)
    ddns: DdnsSection = field(default_factory=DdnsSection)
    acme: AcmeSection = field(default_factory=AcmeSection)
    wlan: WlanSection = field(default_factory=WlanSection)
    dhcp: DhcpSection = field(default_factory=DhcpSection)
    ethernet: EthernetSection = field(default_factory=EthernetSection)
    firewall: FirewallSection = field(default_factory=FirewallSection)
    sms: SmsSection = field(default_factory=SmsSection)
    modems: ModemsSection = field(default_factory=ModemsSection)
    pem: Secret = field(default_factory=Secret)
    ipv6: bool = True
    taken_over: bool = False

    @property
    def access_point(self) -> bool:
        """Whether there is to be one."""
        return self.taken_over and hostapd.wanted(self.wlan)

    @property
    def set_up(self) -> bool:
        """Whether there is an administrator: until then, nobody but the access point gets anything."""
        return bool(self.admins.admins)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """`path` lies below the root prefix. `unit` takes it anew when its content changes (empty: nobody need be told)."""

    path: Path
    content: str
    unit: str = ""
    mode: int = 0o640
    group: str = "root"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`path` leads to the file `target` beside it; empty: there is no such link. Files there that match `others` and
    were not led to of late are of no use any more.
    """

    path: Path
    target: str
    others: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`units` are those that run only while settings want them. In `folders` nothing lies but `files`."""

    files: tuple[File, ...]
    units: Mapping[str, bool]
    links: tuple[Link, ...] = ()
    folders: tuple[Path, ...] = (DIAL_FOLDER,)


def plan(facts: Facts) -> Plan:
    """The whole state of the system that follows from the settings."""
    network = (*_network_files(facts), *_dial_files(facts)) if facts.taken_over else ()
    certificate, link = _certificate(facts)
    files = (*network, *certificate, _edge_file(facts), *_timers(facts))
    return Plan(files=files, units=_units(facts), links=(link,))


def _timers(facts: Facts) -> Iterator[File]:
    for what in restarts.WHAT:
        content = restarts.render(facts.general, what)
        yield File(path=restarts.FOLDER / restarts.unit(what), content=content, mode=0o644)


def _certificate(facts: Facts) -> tuple[tuple[File, ...], Link]:
    """Nginx looks at each handshake where the link leads: nobody need be told."""
    path = FOLDER.parent / nginx.PEM
    pem = facts.pem.reveal()
    name = f"{path.stem}-{nginx.digest_of(pem)}{path.suffix}" if pem else ""
    files = (File(path=path.with_name(name), content=pem, group=_EDGE),) if pem else ()
    return files, Link(path=path, target=name, others=f"{path.stem}-*{path.suffix}")


def _edge_file(facts: Facts) -> File:
    edge = nginx.Facts(
        panel=facts.panel,
        api=facts.api,
        wlan=facts.wlan,
        deadline_s=facts.sms.deadline_s,
        certificate=bool(facts.pem),
        administrator=facts.set_up,
        taken_over=facts.taken_over,
        ipv6=facts.ipv6,
    )
    return File(path=FOLDER / "nginx.conf", content=nginx.render(edge), unit=f"{_EDGE}.service", group=_EDGE)


def _network_files(facts: Facts) -> tuple[File, ...]:
    """Both network managers' files, for whichever there is: the other's unit does not run."""
    access_point, ours = "otpb-hostapd.service", dnsmasq.render(facts.wlan, facts.dhcp, setting_up=not facts.set_up)
    rules = firewall.render(facts.firewall, facts.api, facts.panel.port)
    wired, profile = ethernet.networkd(facts.ethernet), ethernet.network_manager(facts.ethernet)
    return (
        File(path=FOLDER / "firewall.nft", content=rules, unit="otpb-firewall.service", mode=0o644),
        File(path=FOLDER / "hostapd.conf", content=hostapd.render(facts.wlan), unit=access_point, mode=0o600),
        File(path=FOLDER / "wlan0.ip", content=wlan.render(facts.wlan), unit=access_point, mode=0o644),
        File(path=FOLDER / "dnsmasq.conf", content=ours, unit="otpb-dnsmasq.service", mode=0o644),
        File(path=FOLDER / "timesyncd.conf", content=timesync.render(facts.general), unit=_TIME, mode=0o644),
        File(path=FOLDER / "ethernet.network", content=wired, unit="systemd-networkd.service", mode=0o644),
        File(path=FOLDER / "ethernet.nmconnection", content=profile, unit="otpb-network-manager.service", mode=0o600),
    )


def _dial_files(facts: Facts) -> tuple[File, ...]:
    """For each modem that is to be connected: it may redial only when its own change."""
    unit, modems = "otpb-dial.service", facts.modems.modems
    files = [File(path=FOLDER / "wvdial.conf", content=wvdial.render(modems), unit=unit, mode=0o600)]
    for modem in dialling(modems):
        options = pppd.render(modem, modems.index(modem))
        files.append(File(path=DIAL_FOLDER / f"{modem.id}.chat", content=chat.render(modem), unit=unit, mode=0o600))
        files.append(File(path=DIAL_FOLDER / f"{modem.id}.ppp", content=options, unit=unit, mode=0o600))
    return tuple(files)


def _units(facts: Facts) -> dict[str, bool]:
    """Feeders bring messages, so they wait for an administrator. Without a radio the access point's do not start."""
    network = {
        "otpb-hostapd.service": facts.access_point,
        "otpb-dnsmasq.service": facts.access_point,
        "otpb-dial.service": bool(dialling(facts.modems.modems)),
    }
    return {
        **(network if facts.taken_over else {}),
        **{restarts.unit(what): bool(restarts.when(facts.general, what)) for what in restarts.WHAT},
        "otpb-feeder@amqp.service": facts.set_up and facts.amqp.enabled,
        "otpb-feeder@websocket.service": facts.set_up and facts.websocket.enabled,
        "otpb-notifier.service": facts.set_up and _notifies(facts),
        "otpb-certificate.timer": facts.set_up and facts.acme.active,
        "otpb-ddns.service": facts.set_up and any(record.active for record in facts.ddns.ddns),
    }


def _notifies(facts: Facts) -> bool:
    return facts.callbacks.enabled or any(hook.active for hook in facts.webhooks.webhooks)


def addresses(facts: Facts) -> tuple[str, ...]:
    """Where the panel answers by these settings, as far as they tell."""
    found = [facts.wlan.address] if facts.access_point else []
    if facts.taken_over and facts.ethernet.mode == "static":
        found.append(facts.ethernet.address)
    return tuple(f"http://{address}:{facts.panel.port}/" for address in found)


def reaches(old: Facts, new: Facts) -> bool:
    """Whether who is at the panel now might not reach it by the new settings: such a change must be confirmed."""
    return new.taken_over and (
        (old.wlan, old.dhcp, old.ethernet, old.firewall) != (new.wlan, new.dhcp, new.ethernet, new.firewall)
        or old.panel.port != new.panel.port
    )
