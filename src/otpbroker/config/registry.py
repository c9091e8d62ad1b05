"""The settings sections: name, schema, and which services live by each."""

from typing import Final, get_args

import msgspec
from msgspec import Struct

from otpbroker.config.sections._base import SecretLines, Section
from otpbroker.config.sections.acme import AcmeSection
from otpbroker.config.sections.admins import AdminsSection, PanelSection
from otpbroker.config.sections.api import ApiSection, ApiUsersSection
from otpbroker.config.sections.ddns import (
    AfraidSection,
    CloudflareSection,
    DdnsSection,
    DynuSection,
    NoIpSection,
    PublicAddressSection,
)
from otpbroker.config.sections.feeders import AmqpSection, WebSocketSection
from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.mail import EmailSection, SmtpSection
from otpbroker.config.sections.modems import ModemsSection
from otpbroker.config.sections.network import (
    DhcpSection,
    EthernetSection,
    FirewallSection,
    KeystoreSection,
    WlanSection,
)
from otpbroker.config.sections.otp import OtpSection
from otpbroker.config.sections.sms import LimitsSection, SmsSection
from otpbroker.config.sections.webhooks import CallbacksSection, WebhooksSection
from otpbroker.secrets import Secret


class SectionInfo(Struct, frozen=True):
    """`entry_key` names the field that tells the entries of a list section apart; empty for a plain section."""

    name: str
    kind: type[Section]
    services: tuple[str, ...]
    entry_key: str = ""


FEEDERS: Final = ("feeder-amqp", "feeder-websocket")

SECTIONS: Final[dict[str, SectionInfo]] = {
    info.name: info
    for info in (
        SectionInfo("general", GeneralSection, ("dispatch", "api", "mail", "admin", *FEEDERS)),
        SectionInfo("sms", SmsSection, ("dispatch", "api", "admin", *FEEDERS)),
        SectionInfo("limits", LimitsSection, ("dispatch",)),
        SectionInfo("modems", ModemsSection, ("dispatch",), "id"),
        SectionInfo("api", ApiSection, ("api", "admin")),
        SectionInfo("api_users", ApiUsersSection, ("api",), "username"),
        SectionInfo("otp", OtpSection, ("dispatch",)),
        SectionInfo("amqp", AmqpSection, ("feeder-amqp",)),
        SectionInfo("websocket", WebSocketSection, ("feeder-websocket",)),
        SectionInfo("email", EmailSection, ("mail",), "name"),
        SectionInfo("smtp", SmtpSection, ("mail",)),
        SectionInfo("webhooks", WebhooksSection, ("notifier",), "name"),
        SectionInfo("callbacks", CallbacksSection, ("notifier",)),
        SectionInfo("ddns", DdnsSection, ("ddns",), "name"),
        SectionInfo("public_address", PublicAddressSection, ("ddns",)),
        SectionInfo("cloudflare", CloudflareSection, ("ddns",)),
        SectionInfo("noip", NoIpSection, ("ddns",)),
        SectionInfo("dynu", DynuSection, ("ddns",)),
        SectionInfo("afraid", AfraidSection, ("ddns",)),
        SectionInfo("admins", AdminsSection, ("admin",), "username"),
        SectionInfo("panel", PanelSection, ("admin",)),
        SectionInfo("wlan", WlanSection, ()),
        SectionInfo("dhcp", DhcpSection, ()),
        SectionInfo("ethernet", EthernetSection, ()),
        SectionInfo("firewall", FirewallSection, (), "name"),
        SectionInfo("keystore", KeystoreSection, (), "name"),
        SectionInfo("acme", AcmeSection, ()),
    )
}


def entry_kind(info: SectionInfo) -> type[Section]:
    """What the entries of a list section are."""
    (entries,) = (field for field in msgspec.structs.fields(info.kind) if field.name == info.name)
    kind: type[Section] = get_args(entries.type)[0]
    return kind


def secret_fields(info: SectionInfo) -> frozenset[str]:
    """The names of the fields, of the section or of its entries, that hold a secret."""
    fields = msgspec.structs.fields(entry_kind(info) if info.entry_key else info.kind)
    return frozenset(field.encode_name for field in fields if field.type in (Secret, SecretLines))


def reader(info: SectionInfo) -> str:
    """The Unix group that may read the section's file: of the one service whose secrets it holds, of root where none
    does, else of all.
    """
    if not secret_fields(info):
        return "otpb"
    return f"otpb-{info.services[0]}" if info.services else "root"


BY_KIND: Final[dict[type[Section], SectionInfo]] = {info.kind: info for info in SECTIONS.values()}
