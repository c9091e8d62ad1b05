"""Cloudflare: API v4 (https://developers.cloudflare.com/api/): zones, and records of any type in them. Pure."""

from collections.abc import Generator, Iterator, Mapping
from typing import Any, Final, Literal, TypeVar
from urllib.parse import urlencode

import msgspec

from otpbroker.config.sections.ddns import CloudflareSection, DdnsRecord
from otpbroker.ddns.exchange import (
    Question,
    Told,
    Update,
    Verdict,
    entities,
    json_of,
    not_understood,
    server_trouble,
    short,
)
from otpbroker.ddns.names import host_name

ENDPOINT: Final = "https://api.cloudflare.com/client/v4"
# 6003 headers that cannot be; 6111 no such form of a token; 9103, 9109 unknown key, unknown token or no right; 10000.
_NOT_ALLOWED: Final = frozenset({6003, 6100, 6103, 6111, 9103, 9106, 9107, 9109, 10000, 10001})
_ZONE_EXISTS: Final = 1061  # but not in this account
_LATER_S: Final = 3600.0

Got = TypeVar("Got")
Steps = Generator[Question, Told, Got]


class Refusal(Exception):
    """What cannot be done, with the verdict on it."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.key)
        self.verdict = verdict


def update(record: DdnsRecord, account: CloudflareSection, address: str) -> Update:
    api = Api(account)
    try:
        zone = yield from api.zone(record.zone, make=record.force_create_zone)
        return (yield from _put(api, record, zone, address))
    except Refusal as refusal:
        return refusal.verdict


def _put(api: "Api", record: DdnsRecord, zone: Mapping[str, Any], address: str) -> Update:
    """One record with this name and type: changed, or made. Other fields of it, such as comments, stay."""
    host = host_name(record)
    found = yield from api.records(str(zone["id"]), host, record.type)
    if len(found) > 1:
        return Verdict(kind="pause", key="ddns.several", params={"count": len(found)}, pause_s=_LATER_S)
    ttl = 1 if record.proxied else record.ttl
    wanted = {"type": record.type, "name": host, "content": address, "ttl": ttl, "proxied": record.proxied}
    if found and all(found[0].get(name) == value for name, value in wanted.items()):
        return _told(zone, "nochg", address)
    path = f"/zones/{zone['id']}/dns_records"
    if found:
        yield from api.call("PATCH", f"{path}/{found[0]['id']}", wanted)
    else:
        yield from api.call("POST", path, wanted)
    return _told(zone, "good", address)


def _told(zone: Mapping[str, Any], word: str, address: str) -> Verdict:
    """Nobody sees the records of a zone that waits for its domain to name Cloudflare's servers."""
    params: dict[str, str | int] = {"address": address}
    if zone.get("status") == "pending":
        servers = zone.get("name_servers")
        named = ", ".join(map(str, servers)) if isinstance(servers, list) else "?"
        return Verdict(kind="done", key="ddns.zone_pending", params=params | {"servers": short(named)})
    return Verdict(kind="done", key=f"ddns.{word}", params=params)


class Api:
    """One account's. Every step raises `Refusal` where it fails."""

    def __init__(self, account: CloudflareSection) -> None:
        self._base = (account.endpoint or ENDPOINT).rstrip("/")
        self._account_id = account.account_id
        if account.token:
            self._headers = {"Authorization": f"Bearer {account.token.reveal()}"}
        else:
            self._headers = {"X-Auth-Email": account.email, "X-Auth-Key": account.api_key.reveal()}

    def call(
        self, method: Literal["GET", "POST", "PATCH", "DELETE"], path: str, body: Mapping[str, object] | None = None
    ) -> Steps[Any]:
        """The `result` of an answer that says success."""
        octets = None if body is None else msgspec.json.encode(body)
        told = yield Question(method, self._base + path, self._headers, octets)
        answer = json_of(told)
        if answer.get("success") is True:
            return answer.get("result")
        raise Refusal(_trouble(told, answer))

    def zone(self, name: str, *, make: bool = False) -> Steps[Mapping[str, Any]]:
        """The zone of that name; where there is none it is made, if it may."""
        found = yield from self._listed(f"/zones?{urlencode({'name': name.lower()})}")
        if found:
            return found[0]
        if not make:
            raise Refusal(Verdict(kind="stop", key="ddns.no_zone", params={"zone": name}))
        wanted: dict[str, object] = {"name": name.lower(), "type": "full"}
        if self._account_id:
            wanted["account"] = {"id": self._account_id}
        return (yield from self.made("/zones", wanted))

    def made(self, path: str, body: Mapping[str, object]) -> Steps[Mapping[str, Any]]:
        """What there is now, with its `id`."""
        made = yield from self.call("POST", path, body)
        if not isinstance(made, dict) or "id" not in made:
            raise Refusal(Verdict(kind="retry", key="ddns.not_understood", params={"answer": "POST"}))
        return made

    def zone_above(self, host: str) -> Steps[Mapping[str, Any]]:
        """The zone that `host` lies in: the longest of its endings that is one."""
        for name in _endings(host.lower()):
            found = yield from self._listed(f"/zones?{urlencode({'name': name})}")
            if found:
                return found[0]
        raise Refusal(Verdict(kind="stop", key="ddns.no_zone_above", params={"host": host}))

    def records(self, zone_id: str, host: str, kind: str) -> Steps[list[Mapping[str, Any]]]:
        query = urlencode({"type": kind, "name": host})
        return (yield from self._listed(f"/zones/{zone_id}/dns_records?{query}"))

    def _listed(self, path: str) -> Steps[list[Mapping[str, Any]]]:
        return entities((yield from self.call("GET", path)))


def _endings(host: str) -> Iterator[str]:
    labels = host.split(".")
    return (".".join(labels[at:]) for at in range(len(labels) - 1))


def _trouble(told: Told, answer: Mapping[str, object]) -> Verdict:
    """Its own error codes say more than the status."""
    errors = answer.get("errors")
    given = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    code, message = given.get("code"), short(str(given.get("message", "")))
    if code in _NOT_ALLOWED or told.status in (401, 403):
        return Verdict(kind="stop", key="ddns.cloudflare_denied", params={"reason": message or "-"}, account=True)
    if code == _ZONE_EXISTS:
        return Verdict(kind="stop", key="ddns.zone_elsewhere")
    if waits := server_trouble(told):
        return waits
    if message and 400 <= told.status < 500:
        return Verdict(kind="stop", key="ddns.refused", params={"reason": f"{message} ({code})"})
    return not_understood(told)
