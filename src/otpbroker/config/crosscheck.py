"""What one field cannot know: entries that clash with each other, with another section or with this machine.

`clashes` are refused; `hints` are told and stored.
"""

import base64
import binascii
import re
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from otpbroker.config import passwords
from otpbroker.config.sections._base import Section
from otpbroker.config.sections.acme import AcmeSection
from otpbroker.config.sections.admins import Admin, AdminsSection
from otpbroker.config.sections.api import ApiSection, ApiUser, ApiUsersSection
from otpbroker.config.sections.ddns import CloudflareSection, DdnsRecord, DdnsSection, PublicAddressSection
from otpbroker.config.sections.feeders import AmqpSection, WebSocketSection
from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.mail import EmailAccount, EmailSection, SmtpSection
from otpbroker.config.sections.modems import ModemSettings, ModemsSection
from otpbroker.config.sections.network import KeystoreSection, NetworkSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.sections.webhooks import CallbacksSection, WebhooksSection
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import Problem

SMTPS_PORT: Final = 465
_LEAST_TTL: Final = 30
_PHONE: Final = re.compile(r"\+?[0-9 .()-]{3,31}")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
RESERVED_PATHS = ("/api/messages", "/openapi.json", "/healthz", "/readyz", "/metrics")


def clashes(section: Section) -> list[Problem]:
    """Every reason to refuse `section` as a whole."""
    if isinstance(section, NetworkSection):
        from otpbroker.config.crosscheck_network import CHECKS  # noqa: PLC0415 - only otpb-apply stores these sections

        return list(CHECKS[type(section)](section))
    check = _CHECKS.get(type(section))
    return [] if check is None else list(check(section))


def hints(section: Section, sms: SmsSection) -> list[Problem]:
    """What is allowed but probably not meant."""
    match section:
        case ModemsSection():
            return [hint for modem in section.modems for hint in _modem_hints(modem, sms)]
        case EmailSection():
            return [hint for account in section.email for hint in _account_hints(account)]
        case DdnsSection():
            return [hint for record in section.ddns for hint in _record_hints(record)]
        case KeystoreSection():
            from otpbroker.config.crosscheck_network import certificate_hints  # noqa: PLC0415 - as above

            return [hint for one in section.keystore for hint in certificate_hints(one)]
    return []


def _general_clashes(section: GeneralSection) -> Iterator[Problem]:
    """A time zone is refused when this machine has time zones, but not that one."""
    if _has_zone(GeneralSection().time_zone) and not _has_zone(section.time_zone):
        yield problem("general.time_zone", "expect_time_zone", given=section.time_zone)


def _has_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _modem_clashes(section: ModemsSection) -> Iterator[Problem]:
    for name in ("id", "port", "imei"):
        pairs = [(modem.id, str(getattr(modem, name))) for modem in section.modems]
        yield from doubles("modems", name, pairs)
    for modem in section.modems:
        rules = [_rule(tariff) for tariff in modem.tariffs]
        for rule in sorted({rule for rule in rules if rules.count(rule) > 1}):
            yield problem(f"modems.{modem.id}.tariffs", "double_tariff", rule=rule)


def _rule(tariff: str) -> str:
    """The part of a tariff that decides when it holds: `62871:50@10` → `62871@10`."""
    prefix, _, price = tariff.partition(":")
    return prefix + "".join(price.partition("@")[1:])


def _modem_hints(modem: ModemSettings, sms: SmsSection) -> Iterator[Problem]:
    wanted = sms.recipient_prefix_length
    for prefix in modem.recipient_prefix:
        if len(prefix) != wanted:
            yield problem(f"modems.{modem.id}.recipient_prefix", "hint_prefix_length", prefix=prefix, wanted=wanted)
    if sms.routing == "tariff" and modem.active and modem.sms_api and not modem.tariffs:
        yield problem(f"modems.{modem.id}.tariffs", "hint_no_tariffs")


def _api_clashes(section: ApiSection) -> Iterator[Problem]:
    if section.http_enabled and section.https_enabled and section.http_port == section.https_port:
        yield problem("api.https_port", "same_port", port=section.http_port)
    names = ("message_path", "blocking_path", "unblocking_path", "mail_path", "otp_path")
    yield from doubles("api", "", [(name, getattr(section, name)) for name in names])
    for name in names:
        if getattr(section, name) in RESERVED_PATHS:
            yield problem(f"api.{name}", "reserved_path", given=getattr(section, name))


def _user_clashes(section: ApiUsersSection | AdminsSection) -> Iterator[Problem]:
    name, users = ("admins", section.admins) if isinstance(section, AdminsSection) else ("api_users", section.api_users)
    yield from doubles(name, "username", [(user.username, user.username) for user in users])
    for user in users:
        if user.password_hash and not passwords.is_hash(user.password_hash):
            yield problem(f"{name}.{user.username}.password", "password_not_hashed")
        if isinstance(section, AdminsSection) and not user.password_hash:
            yield problem(f"admins.{user.username}.password", "password_missing")
        if isinstance(section, AdminsSection):
            yield from _contact_clashes(user)


def _contact_clashes(admin: Admin | ApiUser) -> Iterator[Problem]:
    """A code for a forgotten password goes there."""
    if admin.phone and not _PHONE.fullmatch(admin.phone):
        yield problem(f"admins.{admin.username}.phone", "expect_phone", given=admin.phone)
    if admin.email and not _EMAIL.fullmatch(admin.email):
        yield problem(f"admins.{admin.username}.email", "expect_email", given=admin.email)


def _feeder_clashes(section: AmqpSection | WebSocketSection) -> Iterator[Problem]:
    name = "amqp" if isinstance(section, AmqpSection) else "websocket"
    if section.enabled and not section.host:
        yield problem(f"{name}.host", "host_missing")
    if isinstance(section, AmqpSection):
        yield from _sealing_clashes(section)


def _sealing_clashes(section: AmqpSection) -> Iterator[Problem]:
    if section.private_key and not _is_key(section.private_key):
        yield problem("amqp.private_key", "not_a_key")
    if section.require_sealed and not section.private_key:
        yield problem("amqp.private_key", "private_key_missing")


def _is_key(keys: Secret) -> bool:
    """Base64 of the 32 octets of an X25519 private key, or several of them with commas between."""
    return all(len(_base64(key) or b"") == 32 for key in keys.reveal().split(","))


def _email_clashes(section: EmailSection) -> Iterator[Problem]:
    yield from doubles("email", "name", [(account.name, account.name) for account in section.email])

    for account in section.email:
        if account.active and not account.host:
            yield problem(f"email.{account.name}.host", "host_missing")
        if account.active and account.auth and not account.password:
            yield problem(f"email.{account.name}.password", "account_password_missing")


def _account_hints(account: EmailAccount) -> Iterator[Problem]:
    if account.auth and not (account.tls or account.starttls):
        yield problem(f"email.{account.name}.starttls", "hint_password_in_the_clear")
    if account.port == SMTPS_PORT and not account.tls:
        yield problem(f"email.{account.name}.tls", "hint_smtps", port=SMTPS_PORT)


def _smtp_clashes(section: SmtpSection) -> Iterator[Problem]:
    if section.active and not _is_host_name(section.server_name):
        yield problem("smtp.server_name", "server_name_missing")
    if bool(section.relay_username) != bool(section.relay_password):
        yield problem("smtp.relay_password", "relay_credentials")
    if section.active and section.relay_username and not section.address:
        yield problem("smtp.address", "relay_address_missing")


def _is_host_name(name: str) -> bool:
    return "." in name and ":" not in name and not name.rpartition(".")[2].isdigit()


def _webhook_clashes(section: WebhooksSection | CallbacksSection) -> Iterator[Problem]:
    if isinstance(section, WebhooksSection):
        yield from doubles("webhooks", "name", [(hook.name, hook.name) for hook in section.webhooks])
        secrets = [(f"webhooks.{hook.name}", hook.secret) for hook in section.webhooks]
    else:
        secrets = [("callbacks", section.secret)]
        for network in section.private_networks:
            if not _is_network(network):
                yield problem("callbacks.private_networks", "expect_network", given=network)
    for path, secret in secrets:
        key = _base64(secret.reveal().removeprefix("whsec_"))
        if secret and (key is None or not 24 <= len(key) <= 64):
            yield problem(f"{path}.secret", "not_a_webhook_secret")


def _ddns_clashes(section: DdnsSection) -> Iterator[Problem]:
    yield from doubles("ddns", "name", [(record.name, record.name) for record in section.ddns])
    for record in section.ddns:
        if not record.zone and (record.provider == "cloudflare" or "." not in record.record_name):
            yield problem(f"ddns.{record.name}.zone", "ddns_zone_missing", given=record.record_name)
        if 1 < record.ttl < _LEAST_TTL:
            yield problem(f"ddns.{record.name}.ttl", "ddns_ttl")


def _record_hints(record: DdnsRecord) -> Iterator[Problem]:
    path, elsewhere = f"ddns.{record.name}", record.provider != "cloudflare"
    if record.proxied and elsewhere:
        yield problem(f"{path}.proxied", "hint_ddns_only_cloudflare", provider=record.provider)
    elif record.proxied and record.ttl != 1:
        yield problem(f"{path}.ttl", "hint_ddns_proxied_ttl")


def _address_clashes(section: PublicAddressSection) -> Iterator[Problem]:
    for name in ("web_ipv4", "web_ipv6"):
        if section.source == "web" and not getattr(section, name):
            yield problem(f"public_address.{name}", "ddns_sources_missing")


def _cloudflare_clashes(section: CloudflareSection) -> Iterator[Problem]:
    if section.api_key and not section.email and not section.token:
        yield problem("cloudflare.email", "ddns_token_missing")


def _acme_clashes(section: AcmeSection) -> Iterator[Problem]:
    if section.active and not section.names:
        yield problem("acme.names", "acme_names_missing")
    if section.active and not section.terms_agreed:
        yield problem("acme.terms_agreed", "acme_terms")


def _is_network(network: str) -> bool:
    import ipaddress  # noqa: PLC0415 - a quarter of a megabyte for what few settings have

    try:
        ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
    return True


def _base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def doubles(section: str, field: str, pairs: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for owner, value in pairs:
        if value and value in first:
            path = ".".join(part for part in (section, owner, field) if part)
            yield problem(path, "double", given=value, other=first[value])
        first.setdefault(value, owner)


def problem(path: str, key: str, **params: str | int) -> Problem:
    return Problem(path=path, key=f"settings.{key}", params=params)


_CHECKS: Final[dict[type[Section], Callable[[Any], Iterator[Problem]]]] = {
    GeneralSection: _general_clashes,
    ModemsSection: _modem_clashes,
    ApiSection: _api_clashes,
    ApiUsersSection: _user_clashes,
    AdminsSection: _user_clashes,
    AmqpSection: _feeder_clashes,
    WebSocketSection: _feeder_clashes,
    EmailSection: _email_clashes,
    SmtpSection: _smtp_clashes,
    WebhooksSection: _webhook_clashes,
    CallbacksSection: _webhook_clashes,
    DdnsSection: _ddns_clashes,
    PublicAddressSection: _address_clashes,
    CloudflareSection: _cloudflare_clashes,
    AcmeSection: _acme_clashes,
}
